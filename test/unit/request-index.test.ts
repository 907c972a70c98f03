import fc from 'fast-check';
import { newRequest, type RequestRecord } from '../../src/core/request/record';
import {
  cleanUpKey,
  endedKey,
  haveSameRows,
  isEndedKey,
  isOpen,
  openRequestOf,
  requestOfKey,
  rowsOf,
} from '../../src/core/request/request-index';
import { endStates, isFinal, requestStates } from '../../src/core/request/states';

const requestId = '6f0c7f5e-2f7b-4c39-9c5a-0d2f1b8a7e11';
const at = '2026-11-23T12:00:00.000Z';
const request = (change: Partial<RequestRecord> = {}): RequestRecord => ({
  ...newRequest({
    ...{ requestId, organisation: 'main', createdAt: at, receivedAt: at, bodyHash: 'hash' },
    ...{ law: 'gdpr', wrappedSecret: 'secret', hasCallback: false, locale: 'de' },
  }),
  ...change,
});
const ended = { state: 'refused', reason: 'excessive' } as const;

describe('the rows of a request in the index', () => {
  const partitions = (record: RequestRecord): string[] => {
    const { open, ended: end, cleanUp } = rowsOf(record);
    return [
      ...(open ? ['open'] : []),
      ...(end ? ['ended'] : []),
      ...(cleanUp ? [cleanUp.stage] : []),
    ];
  };

  it.each<[string, Partial<RequestRecord>, string[]]>([
    ['has not ended', {}, ['open']],
    ['has failed', { state: 'failed' }, ['open']],
    ['is available', { state: 'available' }, ['open']],
    ['has ended, and is not cleaned up', ended, ['open', 'ended']],
    [
      'is cleaned up, and has webhooks that wait',
      { ...ended, cleanedAt: at, pendingWebhooks: 2 },
      ['open', 'ended', 'annotations'],
    ],
    ['is cleaned up', { ...ended, cleanedAt: at }, ['ended', 'annotations']],
    [
      'has no names of officers any more',
      { ...ended, cleanedAt: at, annotationsDeletedAt: at },
      ['ended', 'proof'],
    ],
  ])('of one that %s', (_name, change, expected) => {
    expect(partitions(request(change))).toEqual(expected);
  });

  it.each(requestStates)('is among the open ones or the ended ones, or both: %s', (state) => {
    const rows = rowsOf(request({ state }));
    expect([rows.open !== null, rows.ended !== null]).toEqual([true, isFinal(state)]);
  });

  it('changes with what a list, the sweeper or the monitor looks at, and with nothing else', () => {
    const before = request();
    const seen: Partial<RequestRecord>[] = [
      { state: 'failed' },
      { reason: 'noContact' },
      { verificationRequestedAt: at },
      { verifiedAt: at },
      { extendedAt: at },
      { isDeadlineMissed: true },
      { missingPermissions: ['a'] },
      { decisionVersion: 1 },
      { resolvedDecisionVersion: 1 },
      { releasedAt: at },
      { availableUntil: at },
      { downloadUntil: at },
      { releases: 2 },
      { announcedRelease: 2 },
      { officerCodeAt: at },
      { handOverApprovedAt: at },
      { pendingWebhooks: 1 },
      { cleanedAt: at },
    ];
    for (const change of seen)
      expect([change, haveSameRows(before, request(change))]).toEqual([change, false]);
    const unseen: Partial<RequestRecord>[] = [
      { wrappedSecret: null },
      { waiting: { reason: 'sourceUnavailable', at } },
      { conversations: 3, pages: 1 },
      { packageBytes: 3 },
      { exportAttempts: 1, exportCall: 'call' },
    ];
    for (const change of unseen)
      expect([change, haveSameRows(before, request(change))]).toEqual([change, true]);
    const waits = request({ pendingWebhooks: 1 });
    expect(haveSameRows(waits, request({ pendingWebhooks: 7 }))).toBe(true);
  });

  it('has nothing of the request’s secret, and no hash of its body', () => {
    const text = JSON.stringify(rowsOf(request({ ...ended, wrappedSecret: 'secret-1' })));
    expect(text).not.toMatch(/secret-1|hash/);
  });

  it('says of an open request what it says of itself', () => {
    const record = request({ sourceSystem: 'Jira', releases: 2, pendingWebhooks: 5 });
    const { pendingWebhooks, ...open } = openRequestOf(record);
    expect(record).toMatchObject(open);
    expect(pendingWebhooks).toBe(1);
  });

  it('is open as long as anything is stored that it was about', () => {
    for (const state of endStates) {
      expect(isOpen(request({ state }))).toBe(true);
      expect(isOpen(request({ state, cleanedAt: at }))).toBe(false);
      expect(isOpen(request({ state, cleanedAt: at, pendingWebhooks: 1 }))).toBe(true);
    }
  });
});

describe('keys of the index', () => {
  const times = fc
    .date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((time) => time.toISOString());
  const ids = fc.uuid();

  it('of ended requests are in the order of their ends, the newest first', () => {
    fc.assert(
      fc.property(times, times, ids, ids, (one, other, oneId, otherId) => {
        const [a, b] = [
          endedKey({ requestId: oneId, stateSince: one }),
          endedKey({ requestId: otherId, stateSince: other }),
        ];
        if (one !== other) expect(a < b).toBe(one > other);
        else expect(a < b).toBe(oneId < otherId);
      }),
    );
  });

  it('of requests that were cleaned up are in the order of that', () => {
    fc.assert(
      fc.property(times, times, ids, ids, (one, other, oneId, otherId) => {
        if (one === other) return;
        expect(cleanUpKey(one, oneId) < cleanUpKey(other, otherId)).toBe(one < other);
        // A time is a border: it comes before its own requests and after those of earlier times.
        expect(cleanUpKey(one, oneId) >= one).toBe(true);
        expect(cleanUpKey(one, oneId) < `${one}~`).toBe(true);
      }),
    );
  });

  it('name their request, and are known by their form', () => {
    fc.assert(
      fc.property(times, ids, (time, id) => {
        const key = endedKey({ requestId: id, stateSince: time });
        expect([requestOfKey(key), requestOfKey(cleanUpKey(time, id))]).toEqual([id, id]);
        expect(isEndedKey(key)).toBe(true);
        // Table Storage allows none of these in a key.
        expect(`${key}${cleanUpKey(time, id)}`).not.toMatch(/[/\\#?\t\n]/);
      }),
    );
    expect(isEndedKey("1' or PartitionKey ne '")).toBe(false);
  });
});
