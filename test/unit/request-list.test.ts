import fc from 'fast-check';
import { newRequest } from '../../src/core/request/record';
import { openRequestOf, type OpenRequest } from '../../src/core/request/request-index';
import {
  byDeadline,
  countsOf,
  endedKeyOf,
  endedToken,
  listed,
  needsOfficer,
  nextDeadlineOf,
  pageLength,
  pageOf,
  placeOf,
  placeToken,
  requestClockOf,
  waitsForApproval,
  type ListPlace,
  type ListedRequest,
  type OpenView,
  type PageChoice,
} from '../../src/core/request/request-list';
import { isFinal, requestStates, type RequestState } from '../../src/core/request/states';

const now = new Date('2026-11-23T12:00:00.000Z');
const legalClock = {
  timeZone: 'UTC',
  holidays: new Set<string>(),
  isSuspendedByVerification: false,
};
const policy = { legalClock, handOver: 'twoOfficers', now } as const;
const id = '6f0c7f5e-2f7b-4c39-9c5a-0d2f1b8a7e11';
const at = '2026-11-10T08:00:00.000Z';
const request = (change: Partial<OpenRequest> = {}): OpenRequest => ({
  ...openRequestOf(
    newRequest({
      ...{ requestId: id, organisation: 'main', createdAt: at, receivedAt: at, bodyHash: 'hash' },
      ...{ law: 'gdpr', wrappedSecret: null, hasCallback: false },
    }),
  ),
  ...change,
});

const openStates = requestStates.filter((state) => !isFinal(state));
const requests = fc
  .record({
    requestId: fc.uuid(),
    state: fc.constantFrom(...openStates),
    receivedAt: fc
      .integer({ min: 0, max: 80 })
      .map((days) => new Date(now.getTime() - days * 86_400_000).toISOString()),
    reason: fc.constantFrom(null, 'a', 'b'),
    locale: fc.constantFrom('de', 'en'),
    officerCodeAt: fc.constantFrom(at, undefined),
  })
  .map(({ officerCodeAt, ...change }) =>
    request({ ...change, ...(officerCodeAt === undefined ? {} : { officerCodeAt }) }),
  );
const lists = fc
  .uniqueArray(requests, { selector: ({ requestId }) => requestId, maxLength: 90, size: 'max' })
  .map((all) => all.map((one) => listed(one, policy)));
const choices = fc.record({
  view: fc.constantFrom<OpenView>('open', 'needsYou', 'failed', 'running'),
  filter: fc.record(
    {
      reason: fc.constantFrom('a', 'b'),
      locale: fc.constantFrom('de', 'en'),
      dueWithinDays: fc.integer({ min: 0, max: 40 }),
    },
    { requiredKeys: [] },
  ),
});

/** Every request of a view, page by page, as a caller reads it. */
function pagesOf(all: readonly ListedRequest[], choice: Omit<PageChoice, 'after' | 'now'>) {
  const pages: ListedRequest[][] = [];
  let after: ListPlace | null = null;
  do {
    const page = pageOf(all, { ...choice, after, now });
    pages.push(page.requests);
    after = page.next === null ? null : placeOf(placeToken(page.next));
  } while (after !== null);
  return pages;
}

describe('a list of requests', () => {
  it('has each request of a view on one page, in one order', () => {
    fc.assert(
      fc.property(lists, choices, (all, choice) => {
        const pages = pagesOf(all, choice);
        const shown = pages.flat();
        const ids = shown.map(({ requestId }) => requestId);
        expect(new Set(ids).size).toBe(ids.length);
        expect(shown).toEqual(shown.toSorted(byDeadline));
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(pageLength);
        const { reason, locale } = choice.filter;
        for (const { request: one } of shown) {
          if (reason !== undefined) expect(one.reason).toBe(reason);
          if (locale !== undefined) expect(one.locale).toBe(locale);
        }
      }),
    );
  });

  it('begins with the earliest deadline, and ends with what is answered', () => {
    const made = (state: RequestState, receivedAt: string): ListedRequest =>
      listed(request({ state, receivedAt }), policy);
    const all = [
      made('available', '2026-09-01T08:00:00.000Z'),
      made('exporting', '2026-11-20T08:00:00.000Z'),
      made('failed', '2026-10-20T08:00:00.000Z'),
      made('delivered', '2026-08-01T08:00:00.000Z'),
    ];
    const [shown = []] = pagesOf(all, { view: 'open', filter: {} });
    expect(shown.map(({ request: { state } }) => state)).toEqual([
      ...['failed', 'exporting', 'delivered', 'available'],
    ]);
  });

  it('counts what its views have, and every open request in one of two', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const counts = countsOf(all);
        for (const view of ['open', 'needsYou', 'failed', 'running'] as const)
          expect(counts[view]).toBe(pagesOf(all, { view, filter: {} }).flat().length);
        expect(counts.needsYou + counts.running).toBe(counts.open);
        expect(counts.failed).toBeLessThanOrEqual(counts.needsYou);
      }),
    );
  });

  it('names the request that is due next, which is the first of those that are not answered', () => {
    fc.assert(
      fc.property(lists, (all) => {
        const [first] = pagesOf(all, { view: 'open', filter: {} }).flat();
        expect(nextDeadlineOf(all)).toEqual(first?.isAnswered === false ? first : null);
      }),
    );
  });

  it('has those within so many days of their deadline, overdue ones included, and none that is answered', () => {
    const made = (state: RequestState, receivedAt: string): ListedRequest =>
      listed(request({ state, receivedAt }), policy);
    const all = [
      made('exporting', '2026-10-01T08:00:00.000Z'),
      made('exporting', '2026-10-27T08:00:00.000Z'),
      made('exporting', '2026-11-20T08:00:00.000Z'),
      made('delivered', '2026-10-01T08:00:00.000Z'),
    ];
    const { requests: due } = pageOf(all, {
      ...{ view: 'open', filter: { dueWithinDays: 7 }, after: null, now },
    });
    expect(due.map(({ request: { receivedAt } }) => receivedAt)).toEqual([
      '2026-10-01T08:00:00.000Z',
      '2026-10-27T08:00:00.000Z',
    ]);
  });
});

describe('a place in a list', () => {
  const places = fc.record({
    isAnswered: fc.boolean(),
    dueAt: fc
      .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((time) => time.toISOString()),
    requestId: fc.uuid(),
  });

  it('is the same after its way through an address', () => {
    fc.assert(
      fc.property(places, (place) => {
        const token = placeToken(place);
        expect(token).toMatch(/^[\w-]+$/);
        expect(placeOf(token)).toEqual(place);
        expect(endedKeyOf(token)).toBeNull();
      }),
    );
    const key = `8638236360000000_${id}`;
    expect(endedKeyOf(endedToken(key))).toBe(key);
    expect(placeOf(endedToken(key))).toBeNull();
  });

  it('is nothing that a caller makes up', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect([placeOf(text), endedKeyOf(text)]).toEqual([null, null]);
      }),
    );
    const forged = (text: string): string => Buffer.from(text).toString('base64url');
    for (const text of ["0000000000000000_' or true", `1 2026 ${id}`, `2 ${at} ${id}`])
      expect([placeOf(forged(text)), endedKeyOf(forged(text))]).toEqual([null, null]);
  });

  it('is before or after every other one', () => {
    fc.assert(
      fc.property(places, places, places, (a, b, c) => {
        expect(Math.sign(byDeadline(a, b))).toBe(-Math.sign(byDeadline(b, a)) + 0);
        if (byDeadline(a, b) <= 0 && byDeadline(b, c) <= 0)
          expect(byDeadline(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('what waits for an officer', () => {
  it.each<[boolean, string, Partial<OpenRequest>]>([
    [true, 'has failed', { state: 'failed' }],
    [true, 'needs a decision', { state: 'needsDecision' }],
    [
      false,
      'is decided, which nobody has looked at yet',
      { state: 'needsDecision', decisionVersion: 1 },
    ],
    [
      true,
      'needs another decision',
      { state: 'needsDecision', decisionVersion: 1, resolvedDecisionVersion: 1 },
    ],
    [false, 'is exporting', { state: 'exporting' }],
    [false, 'is available', { state: 'available', verifiedBy: 'sms' }],
    [true, 'is available, by a code of an officer', { state: 'available', officerCodeAt: at }],
    [
      true,
      'is available to somebody whom officers know',
      { state: 'available', verifiedBy: 'officer' },
    ],
    [false, 'is approved', { state: 'available', verifiedBy: 'officer', handOverApprovedAt: at }],
    [false, 'has a code before there is a package', { state: 'exporting', officerCodeAt: at }],
  ])('%s: one that %s', (expected, _name, change) => {
    expect(needsOfficer(request(change), 'twoOfficers')).toBe(expected);
  });

  it('is no hand-over where one officer is enough', () => {
    const handedOver = request({ state: 'delivered', verifiedBy: 'officer' });
    expect(waitsForApproval(handedOver, 'twoOfficers')).toBe(true);
    expect(waitsForApproval(handedOver, 'oneOfficer')).toBe(false);
  });
});

describe('the clock of a request', () => {
  const suspended = { ...legalClock, isSuspendedByVerification: true };
  const clockOf = (change: Partial<OpenRequest>, law = suspended) =>
    requestClockOf(request(change), law, now);
  const asked = '2026-11-13T08:00:00.000Z';

  it('says since when it stands still, and when it would end otherwise', () => {
    expect(clockOf({ state: 'awaitingVerification', verificationRequestedAt: asked })).toEqual({
      receivedAt: at,
      dueAt: '2026-12-22T00:00:00.000Z',
      pausedSince: asked,
      movedFrom: '2026-12-11T00:00:00.000Z',
      extendableUntil: '2026-12-22T00:00:00.000Z',
      isExtended: false,
      answeredAt: null,
    });
  });

  it('goes on when the person has proven who they are, and always where policy does not stop it', () => {
    const verified = {
      verificationRequestedAt: asked,
      verifiedAt: asked,
      state: 'exporting',
    } as const;
    expect(clockOf(verified)).toMatchObject({ pausedSince: null, movedFrom: null });
    const waiting = { state: 'awaitingVerification', verificationRequestedAt: asked } as const;
    const unmoved = { pausedSince: null, movedFrom: null };
    expect(clockOf(waiting, legalClock)).toMatchObject(unmoved);
    expect(clockOf({ ...waiting, law: 'ccpa' })).toMatchObject(unmoved);
  });

  it.each<[string, Partial<OpenRequest>]>([
    ['was extended', { state: 'exporting', extendedAt: at }],
    ['is answered', { state: 'available', releasedAt: at }],
    ['is late', { state: 'exporting', receivedAt: '2026-10-01T08:00:00.000Z' }],
  ])('may not be extended of one that %s', (_name, change) => {
    expect(clockOf(change).extendableUntil).toBeNull();
  });

  it('ends with the answer: the release of the package, or the end', () => {
    expect(clockOf({ state: 'delivered', releasedAt: asked }).answeredAt).toBe(asked);
    expect(clockOf({ state: 'refused', stateSince: asked }).answeredAt).toBe(asked);
    expect(clockOf({ state: 'failed', releasedAt: asked }).answeredAt).toBeNull();
  });
});
