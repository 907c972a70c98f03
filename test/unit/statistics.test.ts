import fc from 'fast-check';
import type { CustodyEntry, CustodyFact } from '../../src/core/custody/record';
import { newRequest, type RequestRecord } from '../../src/core/request/record';
import { endStates } from '../../src/core/request/states';
import {
  bucketOf,
  factsOf,
  noRequests,
  outcomes,
  plusRequest,
  type AnswerFacts,
  type RequestFacts,
} from '../../src/core/statistics/counters';
import { isSettled } from '../../src/services/statistics';

const policy = {
  timeZone: 'Europe/Berlin',
  holidays: new Set<string>(),
  isSuspendedByVerification: false,
};
const recordOf = (change: Partial<RequestRecord> = {}): RequestRecord => ({
  ...newRequest({
    ...{ requestId: 'r', organisation: 'main', bodyHash: '', wrappedSecret: null },
    ...{ createdAt: '2026-11-02T09:00:00.000Z', receivedAt: '2026-11-02T09:00:00.000Z' },
    hasCallback: false,
  }),
  ...change,
});
const entryOf = (at: string, fact: CustodyFact, actor: string | null = null): CustodyEntry => ({
  ...fact,
  ...{ sequence: 1, at, actor, commitment: null, previous: '', hash: '' },
});
const moved = (at: string, to: RequestRecord['state'], actor: string | null = null): CustodyEntry =>
  entryOf(at, { event: 'stateChanged', to }, actor);
const answerOf = (record: Partial<RequestRecord>, ...entries: CustodyEntry[]): AnswerFacts | null =>
  factsOf(recordOf(record), entries, policy).answer;

const received = moved('2026-11-02T09:00:00.000Z', 'received');
const available = moved('2026-11-05T09:00:00.000Z', 'available');
const endNotice = (end: (typeof endStates)[number]) =>
  ({ end, reasonCode: 'r', by: 'email', tell: null }) as const;

describe('what is counted of a request', () => {
  it.each([
    ['2026-10-31T22:59:59.000Z', '2026-10'],
    ['2026-10-31T23:00:00.000Z', '2026-11'],
    ['2026-12-31T23:30:00.000Z', '2027-01'],
  ])('is of the month of receipt where the controller is: %s', (receivedAt, month) => {
    expect(factsOf(recordOf({ receivedAt }), [], policy)).toEqual({ month, answer: null });
  });

  it.each(['received', 'awaitingVerification', 'needsDecision', 'exporting', 'failed'] as const)(
    'is no answer while it is open: %s',
    (state) => {
      expect(answerOf({ state }, received)).toBeNull();
    },
  );

  it.each(['available', 'delivered', 'expired'] as const)(
    'is that the data was given, at its first release: %s',
    (state) => {
      const again = moved('2026-12-20T09:00:00.000Z', 'available', 'officer');
      expect(answerOf({ state }, received, available, again)).toEqual({
        ...{ outcome: 'dataGiven', isInTime: true, days: '3' },
        ...{ isWithoutOfficer: false, isOpened: false },
      });
    },
  );

  it('is how it ends when it is cleaned up before its last state', () => {
    for (const [state, end] of [
      ['awaitingVerification', 'unverified'],
      ['received', 'noDataFound'],
    ] as const) {
      const told = entryOf('2026-11-20T09:00:00.000Z', { event: 'endNoticed' });
      const answer = answerOf({ state, endNotice: endNotice(end) }, received, told);
      expect(answer).toMatchObject({ outcome: end, days: '18', isInTime: true });
    }
    expect(answerOf({ state: 'available', endNotice: endNotice('expired') }, available)).toEqual(
      answerOf({ state: 'expired' }, available),
    );
  });

  it.each(endStates)('is the same by its last state with and without a notice: %s', (state) => {
    const entries = [received, available, moved('2026-11-06T09:00:00.000Z', state)];
    const outcome = state === 'expired' ? 'dataGiven' : state;
    expect(answerOf({ state }, ...entries)?.outcome).toBe(outcome);
    expect(answerOf({ state, endNotice: endNotice(state) }, ...entries)?.outcome).toBe(outcome);
  });

  it.each([
    ['2026-12-02T22:59:59.000Z', true, '30'],
    ['2026-12-02T23:00:00.000Z', false, '31-60'],
  ])('is late from the first moment after the period on: %s', (at, isInTime, days) => {
    expect(answerOf({ state: 'available' }, moved(at, 'available'))).toMatchObject({
      isInTime,
      days,
    });
  });

  it('is in time within an extended period', () => {
    const late = moved('2027-01-20T09:00:00.000Z', 'available');
    expect(answerOf({ state: 'available' }, late)?.isInTime).toBe(false);
    const extendedAt = '2026-11-20T09:00:00.000Z';
    expect(answerOf({ state: 'available', extendedAt }, late)?.isInTime).toBe(true);
  });

  it.each<[CustodyFact, boolean]>([
    [{ event: 'decided' }, false],
    [{ event: 'extended' }, false],
    [{ event: 'handOverApproved' }, false],
    [{ event: 'identifiersRevealed' }, true],
    [{ event: 'roleRefused' }, true],
    [{ event: 'messageRead' }, true],
    [{ event: 'messageSentAgain' }, false],
  ])('is without an officer unless one has changed something: %j', (fact, isWithoutOfficer) => {
    const act = entryOf('2026-11-03T09:00:00.000Z', fact, 'officer');
    expect(answerOf({ state: 'available' }, act, available)).toMatchObject({ isWithoutOfficer });
  });

  it.each<[CustodyFact, boolean]>([
    [{ event: 'linkMinted' }, true],
    [{ event: 'downloadReported' }, true],
    [{ event: 'handedOver' }, true],
    [{ event: 'downloadsLogged', detail: { reads: 1 } }, true],
    [{ event: 'downloadsLogged', detail: { reads: 0 } }, false],
    [{ event: 'passphraseShown' }, false],
  ])('is opened when the data was fetched or handed over: %j', (fact, isOpened) => {
    const entry = entryOf('2026-11-06T09:00:00.000Z', fact);
    expect(answerOf({ state: 'expired' }, available, entry)).toMatchObject({ isOpened });
    expect(answerOf({ state: 'recalled' }, available, entry)).toMatchObject({ isOpened });
    expect(answerOf({ state: 'cancelled' }, entry)).toMatchObject({ isOpened: false });
  });
});

describe('days to an answer', () => {
  it.each([
    [-1, '0'],
    [0, '0'],
    [30, '30'],
    [31, '31-60'],
    [60, '31-60'],
    [61, '61-90'],
    [90, '61-90'],
    [91, '91+'],
    [4000, '91+'],
  ])('%d are counted as %s', (days, bucket) => {
    expect(bucketOf(days)).toBe(bucket);
  });
});

describe('counters', () => {
  const facts = fc.record<RequestFacts>({
    month: fc.constant('2026-11'),
    answer: fc.option(
      fc.record<AnswerFacts>({
        outcome: fc.constantFrom(...outcomes),
        isInTime: fc.boolean(),
        days: fc.integer({ min: 0, max: 120 }).map(bucketOf),
        isWithoutOfficer: fc.boolean(),
        isOpened: fc.boolean(),
      }),
    ),
  });
  const sum = (numbers: Record<string, number>): number =>
    Object.values(numbers).reduce((a, b) => a + b, 0);

  it('only grow, and each answer is in every sum once', () => {
    fc.assert(
      fc.property(fc.array(facts), (all) => {
        let counters = { ...noRequests };
        for (const one of all) {
          const next = plusRequest(counters, one);
          for (const name of ['received', 'answeredInTime', 'answeredLate', 'opened'] as const)
            expect(next[name]).toBeGreaterThanOrEqual(counters[name]);
          counters = next;
        }
        const answered = all.filter(({ answer }) => answer !== null).length;
        expect(counters.received).toBe(all.length);
        expect(counters.answeredInTime + counters.answeredLate).toBe(answered);
        expect(sum(counters.byOutcome)).toBe(answered);
        expect(sum(counters.daysToAnswer)).toBe(answered);
      }),
    );
    expect(noRequests).toEqual({
      ...{ received: 0, answeredInTime: 0, answeredLate: 0, withoutOfficer: 0, opened: 0 },
      ...{ byOutcome: {}, daysToAnswer: {} },
    });
  });

  it('know which request was counted until it says so itself, and an hour longer', () => {
    const now = new Date('2026-11-23T12:00:00.000Z');
    const counted = { isCounted: true, cleanedAt: '2026-11-23T11:00:00.000Z' } as const;
    expect(isSettled(null, now)).toBe(true);
    expect(isSettled(recordOf(counted), now)).toBe(true);
    expect(isSettled(recordOf({ ...counted, cleanedAt: '2026-11-23T11:00:01.000Z' }), now)).toBe(
      false,
    );
    expect(isSettled(recordOf({ cleanedAt: counted.cleanedAt }), now)).toBe(false);
    expect(isSettled(recordOf(), now)).toBe(false);
  });
});
