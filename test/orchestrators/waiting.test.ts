import { done, waitReasons, tooLong } from '../../src/core/results';
import type { ActivityName } from '../../src/orchestrators/activity-types';
import { pollDelaySeconds } from '../../src/orchestrators/call';
import {
  expectEnd,
  hour,
  limits,
  orchestration,
  type Orchestration,
} from '../helpers/orchestration';
import { verified } from '../helpers/stages';

/** Seconds between the calls of an activity. */
function pauses(run: Orchestration, name: ActivityName): number[] {
  const times = run.callsOf(name).map(({ at }) => at / 1000);
  return times.slice(1).map((time, i) => time - (times[i] ?? 0));
}

const later = (afterSeconds: number) =>
  ({ kind: 'retryLater', afterSeconds, reason: 'sourceUnavailable' }) as const;

describe('an activity that is to be called again later', () => {
  it('is called after pauses that double, up to five minutes', async () => {
    const run = orchestration().next('probeSource', ...Array.from({ length: 7 }, () => later(30)));
    await verified({}, run);
    await run.passToTimer();
    for (let timers = 0; timers < 6; timers += 1) await run.passToTimer();
    expect(pauses(run, 'probeSource')).toEqual([30, 60, 120, 240, 300, 300, 300]);
    expect(run.request.state).toBe('available');
  });

  it.each([
    ['at once', 0, [0, 0, 0, 0]],
    ['after one second', 1, [1, 2, 4, 8]],
    ['after more than five minutes', 900, [900, 900, 900, 900]],
  ])('%s is called then', async (_name, afterSeconds, expected) => {
    const run = orchestration();
    run.next('probeSource', ...Array.from({ length: 4 }, () => later(afterSeconds)));
    await verified({}, run);
    await run.pass(hour);
    expect(pauses(run, 'probeSource')).toEqual(expected);
  });

  it('keeps a request that comes while the source is down, and invites nobody until it is back', async () => {
    const run = orchestration().next('resolveContact', later(30), later(30));
    await run.start();
    await run.pass(89_999);
    expect(run.request).toMatchObject({ state: 'received', messages: [] });
    await run.pass(1);
    expect(run.request).toMatchObject({ state: 'awaitingVerification', messages: ['invitation'] });
  });

  it('is not called before its time', async () => {
    const run = orchestration().next('probeSource', later(30));
    await verified({}, run);
    await run.pass(29_999);
    expect(run.callsOf('probeSource')).toHaveLength(1);
    await run.pass(1);
    expect(run.callsOf('probeSource')).toHaveLength(2);
  });

  const limited = waitReasons.filter((reason) => reason !== 'collectionsPaused');
  it.each(limited)('for long is given up within the hours that are set (%s)', async (reason) => {
    const run = orchestration({ limits: { sourceWaitHours: 1 } });
    run.always('planPages', { kind: 'retryLater', afterSeconds: 30, reason });
    await verified({}, run);
    await run.passToEnd();
    expectEnd(run, 'failed');
    expect(run.request.reason).toBe(tooLong[reason]);
    // 30, 60, 120 and 240 seconds, then 300 as often as they end within the hour.
    expect(run.callsOf('planPages')).toHaveLength(15);
    expect(run.callsOf('planPages').at(-1)?.at).toBe(3450_000);
    expect(run.elapsed).toBe(3450_000);
  });

  it('has the whole time again in the next step', async () => {
    const run = orchestration({ limits: { sourceWaitHours: 1 } });
    const long = Array.from({ length: 14 }, () => later(30));
    run.next('probeSource', ...long).next('planPages', ...long);
    await verified({}, run);
    await run.pass(2 * hour);
    expect(run.request.state).toBe('available');
  });

  it.each([
    'resolveContact',
    'invite',
    'beginExportAttempt',
    'planSearches',
    'commitPackage',
    'release',
  ] as const)('(%s) is followed by the next step once it has succeeded', async (name) => {
    const run = orchestration().next(name, later(30), later(30));
    await run.start();
    await run.pass(90_000);
    await run.change((request) => (request.isVerified = true));
    await run.pass(90_000);
    expect(run.callsOf(name)).toHaveLength(3);
    expect(run.request.state).toBe('available');
  });
});

describe('an activity that throws', () => {
  /** Seconds before each further attempt: 2, doubled up to 5 minutes. */
  const expected = Array.from({ length: 39 }, (_, i) => Math.min(2 ** (i + 1), 300));

  it('is called again with growing pauses, and the request goes on', async () => {
    const run = orchestration();
    run.next('probeSource', ...Array.from({ length: 10 }, () => new Error('internalError: Error')));
    await verified({}, run);
    await run.pass(hour);
    expect(pauses(run, 'probeSource')).toEqual(expected.slice(0, 10));
    expect(run.request.state).toBe('available');
  });

  it('fails the request as internalError after forty attempts, in about three hours', async () => {
    const run = orchestration().always('probeSource', new Error('internalError: TypeError'));
    await verified({}, run);
    await run.passToEnd();
    expect(pauses(run, 'probeSource')).toEqual(expected);
    expect(run.elapsed).toBe(expected.reduce((sum, pause) => sum + pause, 0) * 1000);
    expect(Math.round(run.elapsed / hour)).toBe(3);
    expectEnd(run, 'failed');
    expect(run.request).toMatchObject({ reason: 'internalError', isStored: true });
    expect(run.request.messages).toEqual(['invitation', 'officer']);
  });

  it.each(['advanceSearches', 'exportPage', 'exportPerson'] as const)(
    '(%s) in a child fails the child, and the request as internalError',
    async (name) => {
      const run = orchestration().always(name, new Error('internalError: TypeError'));
      await verified({}, run);
      await run.passToEnd();
      expectEnd(run, 'failed');
      expect(run.request.reason).toBe('internalError');
      expect(run.callsOf(name)).toHaveLength(40);
      const statuses = run.suffixes.map((suffix) => run.instanceOf(suffix).status);
      expect(statuses.filter((status) => status === 'Failed')).toHaveLength(1);
    },
  );

  it('in a child does not end the others, which the instance waits for', async () => {
    const run = orchestration({ limits: { recordingWaitMinutes: 240, pollSeconds: 1800 } });
    run.always('exportPerson', new Error('internalError: TypeError'));
    run.always('exportPage', ({ isLast }) => done({ waiting: isLast ? 0 : 1 }));
    await verified({}, run);
    await run.pass(3 * hour);
    expect(run.request).toMatchObject({ state: 'failed', reason: 'internalError' });
    expect(run.instance.status).toBe('Running');
    await run.pass(2 * hour);
    expectEnd(run, 'failed');
    run.always('exportPerson', null);
    run.request.move('exporting');
    await run.start();
    await run.pass(5 * hour);
    expect(run.request.state).toBe('available');
  });

  it('while a step waits for the source starts its own attempts each time', async () => {
    const run = orchestration();
    run.next('probeSource', new Error('x'), later(30), new Error('x'), new Error('x'));
    await verified({}, run);
    await run.pass(hour);
    expect(pauses(run, 'probeSource')).toEqual([2, 30, 2, 4]);
    expect(run.request.state).toBe('available');
  });
});

describe('a budget that the source has used up', () => {
  it('lets each page wait for itself, and loses none', async () => {
    const run = orchestration({ pages: 6, limits: { exportConcurrency: 3 } });
    const limited = { kind: 'retryLater', afterSeconds: 60, reason: 'sourceRateLimited' } as const;
    run.next('exportPage', limited, limited, limited);
    await verified({}, run);
    expect(run.callsOf('exportPage')).toHaveLength(3);
    await run.pass(60_000);
    const pages = run.callsOf('exportPage').map(({ input }) => input.page);
    expect(pages.slice(3).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(run.request.state).toBe('available');
  });
});

describe('the pause between two polls', () => {
  it.each([
    [10, 1, 10],
    [10, 2, 20],
    [10, 29, 290],
    [10, 30, 300],
    [10, 31, 300],
    [20, 15, 300],
    [20, 16, 300],
    [1, 30, 30],
    [1, 500, 30],
    [300, 1, 300],
    [300, 9, 300],
    [0.1, 3, 0.3],
  ])('of %d seconds is, before poll %d, %d seconds', (pollSeconds, poll, seconds) => {
    expect(pollDelaySeconds({ ...limits, pollSeconds }, poll)).toBeCloseTo(seconds);
  });
});

describe('new collections that are paused', () => {
  const paused = { kind: 'retryLater', afterSeconds: 600, reason: 'collectionsPaused' } as const;

  it('wait for as long as the pause lasts, and begin within ten minutes, later within two hours, of its end', async () => {
    const run = orchestration({ limits: { sourceWaitHours: 1 } });
    run.always('beginExportAttempt', paused);
    await verified({}, run);
    await run.pass(24 * hour);
    expect(new Set(pauses(run, 'beginExportAttempt').slice(0, 6))).toEqual(new Set([600]));
    expect(new Set(pauses(run, 'beginExportAttempt').slice(6))).toEqual(new Set([7200]));
    expect(run.callsOf('planSearches')).toHaveLength(0);
    run.always('beginExportAttempt', null);
    await run.pass(2 * hour);
    expect(run.request.state).toBe('available');
  });

  it('leave a history that stays short: a month of them has fewer than 3,500 events', async () => {
    const run = orchestration();
    run.always('beginExportAttempt', paused);
    await verified({}, run);
    const before = run.instance.history.length;
    await run.pass(3 * 24 * hour);
    expect((run.instance.history.length - before) * 10).toBeLessThan(3500);
  });

  it('have the whole time to wait for the source after the pause', async () => {
    const run = orchestration({ limits: { sourceWaitHours: 1 } });
    const away = later(30);
    run.next('beginExportAttempt', ...Array.from({ length: 12 }, () => paused), away, away);
    await verified({}, run);
    await run.passToTimer();
    for (let timers = 0; timers < 14; timers += 1) await run.passToTimer();
    expect(run.request.state).toBe('available');
  });

  it('of a request that an officer cancels end without having begun', async () => {
    const run = orchestration();
    run.next('beginExportAttempt', paused);
    await verified({}, run);
    run.request.move('cancelled', 'withdrawn');
    await run.pass(600_000);
    expectEnd(run, 'cancelled');
    expect(run.callsOf('planSearches')).toHaveLength(0);
  });

  it('stop nobody from being invited, nor a package from being available until it expires', async () => {
    const run = orchestration();
    await verified({}, run);
    run.always('beginExportAttempt', paused);
    const other = orchestration().always('beginExportAttempt', paused);
    await other.start();
    expect(other.request).toMatchObject({
      state: 'awaitingVerification',
      messages: ['invitation'],
    });
    await run.passToEnd();
    expectEnd(run, 'expired');
  });
});
