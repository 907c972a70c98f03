import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { done, type ActivityResult } from '../../src/core/results';
import { hour, minute, orchestration, type Orchestration } from '../helpers/orchestration';
import { root } from '../helpers/root';
import { verified } from '../helpers/stages';

type Waiting = ActivityResult<{ waiting: number }>;

const waiting = (...counts: number[]) => counts.map((count) => done({ waiting: count }));
const secondsOf = (calls: { at: number }[]): number[] => calls.map(({ at }) => at / 1000);

/** Lets a test answer the calls of an activity one by one, in its own order. */
function holds<N extends 'advanceSearches' | 'exportPage'>(run: Orchestration, name: N) {
  const held: ((answer: Waiting) => void)[] = [];
  run.always(name, () => new Promise<Waiting>((resolve) => held.push(resolve)));
  return {
    get count() {
      return held.length;
    },
    release: async (index = 0) => {
      held.splice(index, 1)[0]?.(done({ waiting: 0 }));
      await run.settle();
    },
  };
}

describe('searches', () => {
  it.each([1, 3, 8])('of %d groups run at the same time', async (groups) => {
    const run = orchestration({ groups });
    const held = holds(run, 'advanceSearches');
    await verified({}, run);
    expect(held.count).toBe(groups);
    expect(run.callsOf('advanceSearches').map(({ input }) => input.group)).toEqual(
      Array.from({ length: groups }, (_, i) => i + 1),
    );
    for (let left = groups; left > 0; left -= 1) {
      expect(run.names).not.toContain('planPages');
      await held.release();
    }
    expect(run.names).toContain('planPages');
  });

  it('of many groups run as many at a time as the host allows, each once', async () => {
    const host = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as {
      extensions: { durableTask: { maxConcurrentActivityFunctions: number } };
    };
    const width = host.extensions.durableTask.maxConcurrentActivityFunctions;
    const run = orchestration({ groups: 20 });
    const held = holds(run, 'advanceSearches');
    await verified({}, run);
    for (let left = 20; left > 0; left -= 1) {
      expect(held.count).toBe(Math.min(width, left));
      await held.release();
    }
    const groups = run.callsOf('advanceSearches').map(({ input }) => input.group);
    expect(new Set(groups).size).toBe(20);
    expect(groups).toHaveLength(20);
  });

  it('are polled with pauses that grow, and begin anew after progress', async () => {
    const run = orchestration().next('advanceSearches', ...waiting(5, 5, 5, 3, 3, 1));
    await verified({}, run);
    await run.pass(hour);
    expect(secondsOf(run.callsOf('advanceSearches'))).toEqual([0, 10, 30, 60, 70, 90, 100]);
    expect(run.request.state).toBe('available');
  });

  it('that are divided are polled on: more that wait are no progress', async () => {
    const run = orchestration().next('advanceSearches', ...waiting(2, 4, 4, 3, 8));
    await verified({}, run);
    await run.pass(hour);
    expect(secondsOf(run.callsOf('advanceSearches'))).toEqual([0, 10, 30, 60, 70, 90]);
  });

  it.each(['advanceSearches', 'exportPerson'] as const)(
    'that never end (%s) fail the request within the hours that are set',
    async (name) => {
      const run = orchestration({ limits: { sourceWaitHours: 1 } });
      run.always(name, done({ waiting: 1 }));
      await verified({}, run);
      await run.passToEnd();
      expect(run.request).toMatchObject({ state: 'failed', reason: 'sourceUnavailableTooLong' });
      // 10 + 20 + … + 260 seconds are 3510; the next pause would end after the hour.
      expect(run.callsOf(name)).toHaveLength(27);
      expect(run.elapsed).toBe(3510_000);
      expect(run.pending).toEqual([]);
    },
  );

  it('of one group do not slow down another', async () => {
    const run = orchestration({ groups: 2 });
    run.always('advanceSearches', ({ group }) =>
      done({ waiting: group === 1 && run.elapsed < 100_000 ? 1 : 0 }),
    );
    await verified({}, run);
    expect(run.instanceOf('-search-2').status).toBe('Completed');
    expect(run.instanceOf('-search-1').status).toBe('Running');
    await run.pass(150_000);
    expect(run.callsOf('advanceSearches').filter(({ input }) => input.group === 2)).toHaveLength(1);
    expect(run.request.state).toBe('available');
  });
});

describe('pages', () => {
  it.each([
    [1, 10, 1],
    [4, 10, 4],
    [4, 2, 2],
    [16, 7, 7],
  ])('are exported %d at a time, of %d pages %d', async (exportConcurrency, pages, width) => {
    const run = orchestration({ pages, limits: { exportConcurrency } });
    const held = holds(run, 'exportPage');
    await verified({}, run);
    for (let left = pages; left > 0; left -= 1) {
      expect(held.count).toBe(Math.min(width, left));
      expect(run.names).not.toContain('reconcile');
      await held.release();
    }
    const exported = run.callsOf('exportPage').map(({ input }) => input.page);
    expect(exported).toEqual(Array.from({ length: pages }, (_, i) => i + 1));
    expect(run.suffixes.filter((suffix) => suffix.startsWith('-worker'))).toHaveLength(width);
    expect(run.request.state).toBe('available');
  });

  it('are divided among the workers: each has every n-th', async () => {
    const run = orchestration({ pages: 7, limits: { exportConcurrency: 3 } });
    const held = holds(run, 'exportPage');
    await verified({}, run);
    const last = () => run.callsOf('exportPage').at(-1)?.input.page;
    // Worker 3 is the fastest.
    await held.release(2);
    expect(last()).toBe(6);
    await held.release(2);
    expect(last()).toBe(6);
    expect(held.count).toBe(2);
    await held.release(0);
    expect(last()).toBe(4);
    await held.release(1);
    expect(last()).toBe(7);
  });

  it('are asked for in passes until nothing is waiting, with pauses that grow', async () => {
    const run = orchestration({ pages: 2, limits: { exportConcurrency: 1 } });
    run.next('exportPage', ...waiting(3, 3, 1, 0, 2));
    await verified({}, run);
    await run.pass(hour);
    const calls = run.callsOf('exportPage');
    expect(calls.map(({ input }) => [input.page, input.pass, input.isLast])).toEqual([
      [1, 1, false],
      [1, 2, false],
      [1, 3, false],
      [1, 4, false],
      [2, 1, false],
      [2, 2, false],
    ]);
    expect(secondsOf(calls)).toEqual([0, 10, 30, 60, 60, 70]);
  });

  it('are given up, one by one, when the source prepares nothing in the time allowed', async () => {
    const run = orchestration({
      pages: 2,
      limits: { exportConcurrency: 1, recordingWaitMinutes: 5 },
    });
    run.always('exportPage', ({ isLast }) => done({ waiting: isLast ? 0 : 1 }));
    await verified({}, run);
    await run.pass(hour);
    const last = run.callsOf('exportPage').filter(({ input }) => input.isLast);
    // 10 + 20 + … + 80 seconds are 360, the first end of a pause that is not before 300.
    expect(last.map(({ at, input }) => [at / 1000, input.page])).toEqual([
      [360, 1],
      [720, 2],
    ]);
    expect(run.request.state).toBe('available');
  });

  it('lose none of their time while the source is away', async () => {
    const run = orchestration({ limits: { recordingWaitMinutes: 5 } });
    const away = { kind: 'retryLater', afterSeconds: 600, reason: 'sourceUnavailable' } as const;
    run.next('exportPage', done({ waiting: 1 }), away, away);
    run.always('exportPage', ({ isLast }) => done({ waiting: isLast ? 0 : 1 }));
    await verified({}, run);
    await run.pass(2 * hour);
    const last = run.callsOf('exportPage').find(({ input }) => input.isLast);
    expect(last?.at).toBe((360 + 1200) * 1000);
    expect(run.callsOf('exportPage').filter(({ input }) => input.isLast)).toHaveLength(1);
  });

  it('and the records of the person are exported at the same time, and both awaited', async () => {
    const run = orchestration().next('exportPerson', ...waiting(1, 1));
    await verified({}, run);
    expect(run.instanceOf('-worker-1').status).toBe('Completed');
    expect(run.instanceOf('-person').status).toBe('Running');
    expect(run.names).not.toContain('reconcile');
    await run.pass(30_000);
    expect(run.request.state).toBe('available');
    expect(secondsOf(run.callsOf('exportPerson'))).toEqual([0, 10, 30]);
  });
});

describe('a long export', () => {
  it('goes on in the middle of a page as if its worker had not continued as new', async () => {
    const run = orchestration({ limits: { recordingWaitMinutes: 600, pollSeconds: 300 } });
    run.always('exportPage', ({ isLast }) => done({ waiting: isLast ? 0 : 1 }));
    await verified({}, run);
    await run.pass(11 * hour);
    const calls = run.callsOf('exportPage');
    // One every five minutes, the first and the last included.
    const count = 600 / 5 + 1;
    expect(calls.map(({ input }) => input.pass)).toEqual(
      Array.from({ length: count }, (_, i) => i + 1),
    );
    expect(calls.filter(({ input }) => input.isLast)).toEqual(calls.slice(-1));
    expect(calls.at(-1)?.at).toBe(600 * minute);
    expect(run.historySizes('-worker-1')).toHaveLength(Math.ceil(count / 60));
    expect(run.request.state).toBe('available');
  });

  it('continues as new only when something is left to do', async () => {
    const run = orchestration({ pages: 60, limits: { exportConcurrency: 1 } });
    await verified({}, run);
    expect(run.historySizes('-worker-1')).toHaveLength(1);
    const longer = orchestration({ pages: 61, limits: { exportConcurrency: 1 } });
    await verified({}, longer);
    expect(longer.historySizes('-worker-1')).toHaveLength(2);
    expect(longer.callsOf('exportPage')).toHaveLength(61);
  });

  it('of 50,000 conversations keeps every history short, and exports each page once', async () => {
    const pages = 1000;
    const run = orchestration({ groups: 12, pages });
    await verified({}, run);
    const exported = run.callsOf('exportPage').map(({ input }) => input.page);
    expect(exported.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: pages }, (_, i) => i + 1),
    );
    expect(run.request.state).toBe('available');
    for (const suffix of run.suffixes)
      for (const size of run.historySizes(suffix)) expect(size).toBeLessThan(1000);
  });
});
