import fc from 'fast-check';
import { createAdvanceSearches } from '../../src/activities/advance-searches';
import { createPlanPages } from '../../src/activities/plan-pages';
import { createPlanSearches } from '../../src/activities/plan-searches';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import { daysOf, type SearchWindow } from '../../src/core/genesys/search-windows';
import { msPerDay } from '../../src/core/time/time';
import type { SearchRecord, SearchState, Source } from '../../src/ports';
import { conversationIn, fakeSource, requestEnvironment } from '../helpers/exports';
import { expectWhole } from '../helpers/windows';

const now = new Date('2026-11-25T12:00:00.000Z');
const requestId = 'request';

/** A source of searches: which windows it refuses, and how a job of a window ends. */
interface Searches {
  refuses?: (window: SearchWindow) => boolean;
  /** @param attempt how often this window was submitted, from 1 */
  stateOf?: (window: SearchWindow, attempt: number) => SearchState;
  found?: (window: SearchWindow) => SourceConversation[];
  /** Results of a job by the page; null where the source has deleted them. */
  pageOf?: (attempt: number, page: number) => SourceConversation[] | null;
}

function environmentOf({ refuses, stateOf, found, pageOf }: Searches) {
  const jobs = new Map<string, { window: SearchWindow; attempt: number }>();
  const attempts = new Map<string, number>();
  const calls = { submitted: [] as SearchWindow[], asked: [] as string[] };
  const answers: Partial<Source> = {
    retention: () => Promise.resolve({ days: 1825, now }),
    indexedUntil: () => Promise.resolve(now.toISOString()),
    submitSearch: (window) => {
      calls.submitted.push(window);
      if (refuses?.(window)) return Promise.resolve(null);
      const attempt = (attempts.get(window.from + window.to) ?? 0) + 1;
      attempts.set(window.from + window.to, attempt);
      const jobId = `job-${jobs.size}`;
      jobs.set(jobId, { window, attempt });
      return Promise.resolve(jobId);
    },
    searchState: (jobId) => {
      calls.asked.push(jobId);
      const job = jobs.get(jobId);
      return Promise.resolve(job ? (stateOf?.(job.window, job.attempt) ?? 'fulfilled') : 'gone');
    },
    searchResults: (jobId, cursor) => {
      const { window, attempt = 0 } = jobs.get(jobId) ?? {};
      if (pageOf !== undefined && window?.to === now.toISOString()) {
        const page = Number(cursor ?? 1);
        const conversations = pageOf(attempt, page);
        const next = pageOf(attempt, page + 1)?.length === 0 ? null : String(page + 1);
        return Promise.resolve(conversations && { conversations, cursor: next });
      }
      return Promise.resolve({ conversations: (window && found?.(window)) ?? [], cursor: null });
    },
  };
  const request = requestEnvironment(fakeSource(answers).source);
  const { env } = request;
  const advance = (group = 1) => createAdvanceSearches(env)({ requestId, group });
  return {
    ...request,
    calls,
    advance,
    plan: async (): Promise<number> => {
      const planned = await createPlanSearches(env)({ requestId });
      if (planned.kind !== 'done') throw new Error(`The plan is ${planned.kind}.`);
      return planned.value.groups;
    },
    /** Advances all groups until they are done; returns how one of them ended. */
    run: async (groups: number) => {
      for (let group = 1; group <= groups; group += 1) {
        for (let calls = 0; ; calls += 1) {
          if (calls > 1000) throw new Error('The searches do not end.');
          const result = await advance(group);
          if (result.kind !== 'done') return result;
          if (result.value.waiting === 0) break;
        }
      }
      return { kind: 'done' } as const;
    },
    searches: () => env.searches.list(requestId),
    known: (length?: { days: number; refusedAt: string }) =>
      length === undefined
        ? env.windowLengths.get('main', 'search')
        : env.windowLengths.set('main', 'search', length),
  };
}

const doneOf = (searches: SearchRecord[]): SearchWindow[] =>
  searches.filter(({ state }) => state === 'done').map(({ window }) => window);

describe('the searches of a request', () => {
  it('are seven for seven years where the source takes a year', async () => {
    const request = environmentOf({});
    expect(await request.run(await request.plan())).toEqual({ kind: 'done' });
    expect(request.calls.submitted).toHaveLength(7);
    expect(await request.known()).toBeNull();
    expect(request.record['searched']).toEqual({
      from: '2019-11-25T00:00:00.000Z',
      to: now.toISOString(),
      windows: 7,
    });
  });

  it('cover the years exactly once, whatever the source refuses and whichever jobs fail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { size: 'max', maxLength: 100 }),
        fc.array(fc.constantFrom<SearchState>('running', 'failed', 'gone', 'fulfilled'), {
          size: 'max',
          maxLength: 300,
        }),
        fc.integer({ min: 7, max: 366 }),
        async (refusals, states, longest) => {
          const request = environmentOf({
            refuses: (window) =>
              daysOf(window) > longest || (daysOf(window) > 31 && refusals.pop() === true),
            stateOf: (_window, attempt) =>
              attempt >= 3 ? 'fulfilled' : (states.pop() ?? 'fulfilled'),
          });
          expect(await request.run(await request.plan())).toEqual({ kind: 'done' });
          const searches = await request.searches();
          const done = doneOf(searches);
          expectWhole(done, '2019-11-25T00:00:00.000Z', now.toISOString());
          // Boundaries are midnights: the source tells conversations by the day of their start.
          expect(done.filter(({ from }) => Date.parse(from) % msPerDay !== 0)).toEqual([]);
          expect(searches.every(({ state }) => state === 'done' || state === 'split')).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('go on after a crash at any call of the source, and cover the years exactly once', async () => {
    for (let crashAt = 1; crashAt <= 40; crashAt += 1) {
      let calls = 0;
      const crash = (): void => {
        calls += 1;
        if (calls === crashAt) throw new Error('The process has ended.');
      };
      const request = environmentOf({
        refuses: (window) => {
          crash();
          return daysOf(window) > 100;
        },
        stateOf: () => {
          crash();
          return 'fulfilled';
        },
      });
      const groups = await request.plan();
      await request.run(groups).catch(() => null);
      expect(await request.run(groups)).toEqual({ kind: 'done' });
      const done = doneOf(await request.searches());
      expectWhole(done, '2019-11-25T00:00:00.000Z', now.toISOString());
    }
  });

  it('find each conversation in one window, and hand them on in the order of time', async () => {
    const starts = [20, 400, 800, 801, 1500, 2400].map((days) =>
      new Date(now.getTime() - days * msPerDay).toISOString(),
    );
    const conversations = starts.map((conversationStart, i) => ({
      ...conversationIn('voice').conversation,
      conversationId: `c${i}`,
      conversationStart,
      participants: [{ purpose: 'customer', externalContactId: 'contact-1' }],
    }));
    const request = environmentOf({
      refuses: (window) => daysOf(window) > 46,
      found: ({ from, to }) =>
        [...conversations]
          .reverse()
          .filter(({ conversationStart: start }) => start >= from && start < to),
    });
    await request.run(await request.plan());
    const planned = await createPlanPages(request.env)({ requestId });
    expect(planned).toEqual({ kind: 'done', value: { conversations: 6, pages: 2 } });
    const pages = [...request.blobs]
      .filter(([name]) => name.startsWith('page-'))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([, text]) => JSON.parse(text) as { conversation: SourceConversation }[]);
    expect(pages.map(({ conversation }) => conversation.conversationStart)).toEqual(
      [...starts].sort(),
    );
  });

  it('ask about the oldest job alone while that is running', async () => {
    let isDone = false;
    const request = environmentOf({ stateOf: () => (isDone ? 'fulfilled' : 'running') });
    await request.plan();
    for (let polls = 0; polls < 4; polls += 1)
      expect(await request.advance()).toMatchObject({ value: { waiting: 7 } });
    expect(request.calls.asked).toEqual(['job-0', 'job-0', 'job-0']);
    isDone = true;
    expect(await request.advance()).toMatchObject({ value: { waiting: 0 } });
    expect(request.calls.asked).toHaveLength(3 + 7);
  });
});

describe('the length of the windows', () => {
  it('is learned by few refused calls, and kept for the next request', async () => {
    const refuses = (window: SearchWindow) => daysOf(window) > 31;
    const request = environmentOf({ refuses });
    await request.run(await request.plan());
    const refused = request.calls.submitted.filter(refuses).map(daysOf);
    expect(refused).toEqual([366, 183, 92, 46]);
    expect(await request.known()).toEqual({ days: 31, refusedAt: now.toISOString() });

    const next = environmentOf({ refuses });
    await next.known({ days: 31, refusedAt: now.toISOString() });
    await next.run(await next.plan());
    expect(next.calls.submitted).toHaveLength(83);
    expect(next.calls.submitted.filter(refuses)).toEqual([]);
  });

  const weekAgo = new Date(now.getTime() - 7 * msPerDay).toISOString();

  it('is tried again at twice as much after a week, and raised when that is taken', async () => {
    const request = environmentOf({});
    await request.known({ days: 62, refusedAt: weekAgo });
    await request.run(await request.plan());
    expect(Math.max(...request.calls.submitted.map(daysOf))).toBe(124);
    expect(await request.known()).toEqual({ days: 124, refusedAt: weekAgo });
  });

  it('stays for another week when that is refused, which costs each group a call', async () => {
    const refuses = (window: SearchWindow) => daysOf(window) > 62;
    const request = environmentOf({ refuses });
    await request.known({ days: 62, refusedAt: weekAgo });
    const groups = await request.plan();
    await request.run(groups);
    expect(request.calls.submitted.filter(refuses)).toHaveLength(groups);
    expect(await request.known()).toEqual({ days: 62, refusedAt: now.toISOString() });
  });

  it('is not learned where the source refuses any: the length is not the reason', async () => {
    const request = environmentOf({ refuses: () => true });
    expect(await request.run(await request.plan())).toEqual({
      kind: 'failed',
      code: 'sourceRefusedSearch',
    });
    expect(request.calls.submitted.map(daysOf)).toEqual([366, 183, 92, 46, 31, 16, 8, 7]);
    expect(await request.known()).toBeNull();
  });

  it('is not learned from jobs that fail: they tell of one person', async () => {
    const request = environmentOf({
      stateOf: (window) => (daysOf(window) > 100 ? 'failed' : 'fulfilled'),
    });
    expect(await request.run(await request.plan())).toEqual({ kind: 'done' });
    expect(await request.known()).toBeNull();
  });
});

describe('a search whose job fails', () => {
  it('is submitted again before its window is cut', async () => {
    const request = environmentOf({
      stateOf: (_window, attempt) => (attempt === 1 ? 'failed' : 'fulfilled'),
    });
    expect(await request.run(await request.plan())).toEqual({ kind: 'done' });
    expect(request.calls.submitted).toHaveLength(14);
    expect(doneOf(await request.searches())).toHaveLength(7);
  });

  it('ends the request as failed, not as refused, when it fails at every length', async () => {
    const request = environmentOf({ stateOf: () => 'failed' });
    expect(await request.run(await request.plan())).toEqual({
      kind: 'failed',
      code: 'sourceSearchFailed',
    });
    // One window is cut down; the others wait for it.
    expect(request.calls.submitted.length).toBeLessThan(70);
  });

  it('ends the request as failed when its results are gone three times', async () => {
    const request = environmentOf({ stateOf: () => 'gone' });
    expect(await request.run(await request.plan())).toEqual({
      kind: 'failed',
      code: 'sourceSearchFailed',
    });
  });

  it.each(['gone', 'failed'] as const)(
    'is submitted anew when the request is tried again, where its jobs were %s to the last',
    async (state) => {
      const request = environmentOf({
        stateOf: ({ from }, attempt) =>
          from === request.calls.submitted[0]?.from && attempt <= 3 ? state : 'fulfilled',
      });
      const groups = await request.plan();
      expect(await request.run(groups)).toEqual({ kind: 'failed', code: 'sourceSearchFailed' });
      expect(await request.run(groups)).toEqual({ kind: 'done' });
      expect(await request.searches()).not.toContainEqual(
        expect.objectContaining({ state: expect.stringMatching(/new|running/) as string }),
      );
    },
  );
});

describe('a finished search whose results the source has deleted', () => {
  const found = (id: string): SourceConversation => ({
    ...conversationIn('voice').conversation,
    conversationId: id,
    participants: [{ purpose: 'customer', externalContactId: 'contact-1' }],
  });
  const whole = [[found('c1'), found('c2')], [found('c3')]];

  it.each([
    ['before the first page', 0, whole],
    ['before the second page', 1, whole],
    ['before the second page, where fewer are found then', 1, [[found('c1')]]],
  ])('%s is submitted again, and each conversation is found once', async (...given) => {
    const [, pagesBefore, pages] = given;
    const request = environmentOf({
      pageOf: (attempt, page) => {
        if (attempt === 1) return page <= pagesBefore ? (whole[page - 1] ?? []) : null;
        return pages[page - 1] ?? [];
      },
    });
    const groups = await request.plan();
    expect(await request.run(groups)).toEqual({ kind: 'done' });
    expect(request.calls.submitted).toHaveLength(7 + 1);
    const expected = pages.flat().map(({ conversationId }) => conversationId);
    const searches = await request.searches();
    expect(searches.map((one) => one.found).reduce((sum, one) => sum + one)).toBe(expected.length);
    await createPlanPages(request.env)({ requestId });
    const planned = [...request.blobs]
      .filter(([name]) => name.startsWith('page-'))
      .flatMap(([, text]) => JSON.parse(text) as { conversation: SourceConversation }[]);
    expect(planned.map(({ conversation }) => conversation.conversationId).sort()).toStrictEqual(
      expected,
    );
  });
});

describe('a search for another person than the request is about now', () => {
  it.each(['export', 'count'] as const)('is never submitted: to %s', async (purpose) => {
    const { env, plan, searches, calls, record } = environmentOf({});
    await plan();
    const planned = await searches();
    await env.searches.put(
      requestId,
      planned.map((search) => ({ ...search, filter: 7 })),
    );
    const known = await env.ledger.details(record as never);
    const details = { ...known, identifiers: [{ type: 'email', value: 'ada@mail.example' }] };
    const ledger = { ...env.ledger, details: () => Promise.resolve(details) };
    const services = { ...env, ledger } as typeof env;
    const input = { requestId, group: 1, ...(purpose === 'count' ? { purpose } : {}) };
    const result = await createAdvanceSearches(services)(input);
    expect(result).toEqual({ kind: 'failed', code: 'internalError' });
    expect(calls.submitted).toEqual([]);
  });
});
