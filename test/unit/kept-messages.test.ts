import fc from 'fast-check';
import {
  againKey,
  mayBeSentAgain,
  messageNameOf,
  messageView,
  webhookNumberOf,
  type KeptMessage,
} from '../../src/core/messages/kept-messages';
import { newRequest, type RequestRecord } from '../../src/core/request/record';
import { requestStates } from '../../src/core/request/states';

const now = new Date('2026-11-23T12:00:00.000Z');
const recordOf = (change: Partial<RequestRecord>): RequestRecord => ({
  ...newRequest({
    ...{ requestId: 'r', organisation: 'main', bodyHash: '', wrappedSecret: 'secret' },
    ...{ createdAt: now.toISOString(), receivedAt: now.toISOString(), hasCallback: false },
  }),
  ...change,
});
/** States in which a message may be sent again, of a request that is as far as it can be. */
const statesOf = (key: string, change: Partial<RequestRecord> = {}): string[] =>
  requestStates.filter((state) =>
    mayBeSentAgain(
      messageNameOf(key),
      recordOf({ state, availableUntil: '2026-11-30T12:00:00.000Z', ...change }),
      now,
    ),
  );
const released = ['available', 'delivered'];

describe('the key of a message', () => {
  it.each([
    ['invitation', { original: 'invitation', template: 'invitation', again: 0 }],
    ['available-2', { original: 'available-2', template: 'available', again: 0 }],
    ['available-2-again-3', { original: 'available-2', template: 'available', again: 3 }],
    ['code-12', { original: 'code-12', template: 'code', again: 0 }],
    ['handedOver-1763899200000', { template: 'handedOver', again: 0 }],
    ['decision-0-2026-11-23', { template: 'decision', again: 0 }],
    ['', { original: '', template: '', again: 0 }],
  ])('says what is sent, and which sending it is: %s', (key, name) => {
    expect(messageNameOf(key)).toMatchObject(name);
  });

  it('names a further sending and its first', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{1,9}(-\d{1,4})?$/),
        fc.integer({ min: 1, max: 999_999 }),
        (original, again) => {
          expect(messageNameOf(againKey(original, again))).toMatchObject({ original, again });
        },
      ),
    );
  });

  it.each([
    ['webhook-1', 1],
    ['webhook-000012', 12],
    ['webhook-', null],
    ['webhook-1x', null],
    ['webhook--1', null],
    ['invitation', null],
  ])('of a webhook is the number of its event: %s', (id, number) => {
    expect(webhookNumberOf(id)).toBe(number);
  });
});

describe('a message may be sent again', () => {
  it.each<[string, string[], Partial<RequestRecord>]>([
    ['invitation', ['awaitingVerification'], {}],
    ['invitation', [], { verifiedAt: now.toISOString() }],
    ['reminder', ['awaitingVerification'], {}],
    ['available', released, {}],
    ['available', [], { releases: 2 }],
    ['available-2', released, { releases: 2 }],
    ['available-2-again-1', released, { releases: 2 }],
    ['available', [], { availableUntil: now.toISOString() }],
    ['available', [], { availableUntil: null }],
    ['expiring', ['available'], {}],
    ['handedOver-1', released, {}],
    ['extended', [], {}],
    ['extended', [], { extendedAt: 'x', releasedAt: 'x' }],
    ['invitation', [], { wrappedSecret: null }],
    ['code-1', [], {}],
    ['decision-0-2026-11-23', [], {}],
    ['refused', [], {}],
    ['constructor', [], {}],
  ])('where the request is at it: %s in %j', (key, states, change) => {
    expect(statesOf(key, change)).toEqual(states);
  });

  it('about an extension until the package is released, and not after the end', () => {
    const states = statesOf('extended', { extendedAt: now.toISOString() });
    expect(states).toContain('needsDecision');
    expect(states).not.toContain('cancelled');
  });

  it.each(['intended', 'superseded'] as const)('when it was sent, or refused: %s', (state) => {
    const message: KeptMessage = {
      ...{ key: 'invitation', state, at: now.toISOString() },
      ...{ attempts: 0, nextTryAt: null, content: null },
    };
    const record = recordOf({ state: 'awaitingVerification' });
    expect(messageView(message, record, now).canBeSentAgain).toBe(false);
    for (const settled of ['sent', 'refused'] as const)
      expect(messageView({ ...message, state: settled }, record, now).canBeSentAgain).toBe(true);
  });
});
