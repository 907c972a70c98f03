import { createReconcile } from '../../src/activities/reconcile';
import { countItems, type ItemKind, type ItemStatus } from '../../src/core/package/items';
import { newRequest, type RequestRecord } from '../../src/core/request/record';
import type { Organisation } from '../../src/ports';

const requestId = 'request-1';
const record = (change: Partial<RequestRecord>): RequestRecord => ({
  ...newRequest({
    requestId,
    organisation: 'main',
    createdAt: '2026-11-25T12:00:00.000Z',
    receivedAt: '2026-11-25T12:00:00.000Z',
    bodyHash: 'hash',
    wrappedSecret: 'wrapped',
    hasCallback: false,
  }),
  ...change,
});

type Counted = [kind: ItemKind, status: ItemStatus];

/** The result for a request whose ledger has these items. */
async function reconcile(
  items: Counted[],
  change: Partial<RequestRecord> = {},
  failuresAllowed = 0,
) {
  const asked: string[] = [];
  const activity = createReconcile({
    clock: { now: () => new Date('2026-11-25T12:00:00.000Z') },
    ledger: {
      get: () => Promise.resolve(record({ conversations: 2, ...change })),
      update: () => Promise.resolve(record(change)),
    },
    organisations: new Map([['main', { divisionContacts: new Map() } as unknown as Organisation]]),
    items: {
      counts: (id) => {
        asked.push(id);
        return Promise.resolve(countItems(items.map(([kind, status]) => ({ kind, status }))));
      },
    },
    settings: { completeness: { failuresAllowed } },
  });
  const result = await activity({ requestId });
  expect(asked).toEqual([requestId]);
  return result;
}

const conversations: Counted[] = [
  ['conversation', 'exported'],
  ['conversation', 'withheld'],
];
const failed: Counted[] = [
  ['audio', 'failed'],
  ['note', 'failed'],
];

describe('the reconciliation of a package with the ledger', () => {
  it.each<[string, Counted[], Partial<RequestRecord>, number, boolean]>([
    ['every item exported or accounted for', [...conversations, ['audio', 'absent']], {}, 0, true],
    ['a conversation too few', conversations.slice(0, 1), {}, 0, false],
    ['a conversation too many', [...conversations, ['conversation', 'expired']], {}, 0, false],
    ['conversations not counted yet', [], { conversations: null }, 0, false],
    ['no conversations at all', [], { conversations: 0 }, 0, true],
    ['a pending item', [...conversations, ['audio', 'pending']], {}, 9, false],
    ['failures, which nobody allows', [...conversations, ...failed], {}, 0, false],
    ['more failures than policy allows', [...conversations, ...failed], {}, 1, false],
    ['failures that policy allows', [...conversations, ...failed], {}, 2, true],
    [
      'failures that an officer accepted',
      [...conversations, ...failed],
      { acceptedFailures: 2 },
      0,
      true,
    ],
    [
      'more failures than accepted',
      [...conversations, ...failed],
      { acceptedFailures: 1 },
      0,
      false,
    ],
    [
      'failures above either limit, not their sum',
      [...conversations, ...failed],
      { acceptedFailures: 1 },
      1,
      false,
    ],
  ])('finds it complete or not with %s', async (_name, items, change, allowed, isComplete) => {
    expect(await reconcile(items, change, allowed)).toMatchObject({ value: { isComplete } });
  });

  it.each<[string, [number, number], [number, number], boolean]>([
    ['no decision', [0, 0], [0, 0], true],
    ['a decision on the person before', [1, 1], [1, 1], true],
    ['a decision on the person since', [2, 2], [1, 1], false],
    ['answers on conversations before', [2, 1], [1, 2], true],
    ['answers on conversations since', [2, 1], [1, 1], false],
  ])('with %s finds it current or not', async (_name, decided, done, isCurrent) => {
    const [decisionVersion, subjectVersion] = decided;
    const [exportedDecisionVersion, planned] = done;
    const versions = {
      decisionVersion,
      subjectVersion,
      exportedDecisionVersion,
      planned: { attempt: 1, decisionVersion: planned, unanswered: null },
    };
    expect(await reconcile(conversations, versions)).toMatchObject({ value: { isCurrent } });
  });
});
