import { done } from '../../src/core/results';
import type { RequestState } from '../../src/core/request/states';
import {
  day,
  expectEnd,
  hour,
  minute,
  orchestration,
  second,
  type Orchestration,
  type OrchestrationOptions,
} from '../helpers/orchestration';
import { invited, verified } from '../helpers/stages';

describe('durable timers that fire early', () => {
  /** A request that waits at every place there is, and for everything. */
  async function waitsEverywhere(options: OrchestrationOptions): Promise<Orchestration> {
    const run = orchestration({ pages: 2, ...options });
    run.next('resolveContact', done({ outcome: 'nearMatch' }));
    run.next('advanceSearches', done({ waiting: 2 }), done({ waiting: 1 }));
    run.next('exportPage', done({ waiting: 2 }), done({ waiting: 1 }));
    run.next('planPages', {
      kind: 'retryLater',
      afterSeconds: 30,
      reason: 'storageUnavailable',
    });
    run.next('commitPackage', new Error('internalError: Error'));
    await run.start();
    await run.pass(4 * day);
    await run.change((request) => (request.decisionVersion = 1));
    await run.pass(4 * day);
    await run.change((request) => (request.isVerified = true));
    await run.pass(hour);
    expect(run.request.state).toBe('available');
    await run.pass(7 * day);
    return run;
  }

  it.each([1, 1000])('by %d milliseconds change nothing', async (earliness) => {
    const punctual = await waitsEverywhere({});
    const early = await waitsEverywhere({ earliness });
    expectEnd(punctual, 'expired');
    expectEnd(early, 'expired');
    expect(early.names).toEqual(punctual.names);
    expect(early.request.messages).toEqual(punctual.request.messages);
    early.calls.forEach(({ at }, i) => {
      const difference = (punctual.calls[i]?.at ?? 0) - at;
      expect(difference).toBeGreaterThanOrEqual(0);
      // No call comes after more than six timers.
      expect(difference).toBeLessThanOrEqual(6 * earliness);
    });
  });

  it('do not end the wait for a verification before the person was reminded', async () => {
    const run = await invited({ earliness: 1000 });
    await run.passToEnd();
    expectEnd(run, 'unverified');
    expect(run.callsOf('remindPerson')).toHaveLength(1);
    expect(7 * day - run.elapsed).toBeLessThanOrEqual(second);
  });

  it('give a page its last pass once, after the time allowed', async () => {
    const limits = { recordingWaitMinutes: 5, pollSeconds: 300 };
    const run = orchestration({ earliness: 1000, limits });
    run.always('exportPage', ({ isLast }) => done({ waiting: isLast ? 0 : 1 }));
    await verified({}, run);
    await run.pass(hour);
    const passes = run.callsOf('exportPage').map(({ at, input }) => [at / 1000, input.isLast]);
    expect(passes).toEqual([
      [0, false],
      [299, false],
      [598, true],
    ]);
  });
});

describe('events', () => {
  it('that come together, or twice, are each one look at the ledger', async () => {
    const run = await invited();
    const { length } = run.calls;
    await Promise.all([run.raise(), run.raise(), run.raise()]);
    expect(run.names.slice(length)).toEqual(['readRequest', 'readRequest', 'readRequest']);
    expect(run.step).toBe('waitForVerification');
  });

  it('that come during an activity are not lost', async () => {
    const run = orchestration();
    let finish: () => void = () => undefined;
    run.next('remindPerson', async (input) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return run.usual('remindPerson', input);
    });
    await run.start();
    await run.pass(3 * day);
    expect(run.step).toBe('remindPerson');
    await run.change((request) => (request.isVerified = true));
    expect(run.step).toBe('remindPerson');
    finish();
    await run.settle();
    expect(run.request.state).toBe('available');
  });

  it('of other names are ignored', async () => {
    const run = await invited();
    const { length } = run.calls;
    await run.raise('somethingElse');
    expect(run.calls).toHaveLength(length);
    await run.pass(7 * day);
    expectEnd(run, 'unverified');
  });

  it('that come late are for the next wait, and do no harm there', async () => {
    const run = await invited();
    run.request.isVerified = true;
    await Promise.all([run.raise(), run.raise(), run.raise()]);
    expect(run.step).toBe('waitForExpiry');
    await run.pass(7 * day - minute);
    expect(run.request.state).toBe('available');
    await run.pass(minute);
    expectEnd(run, 'expired');
  });

  it('leave the time allowed as it is, however many come', async () => {
    const run = await invited();
    for (let events = 0; events < 20; events += 1) {
      await run.pass(hour);
      await run.raise();
    }
    await run.passToEnd();
    expectEnd(run, 'unverified');
    expect(run.elapsed).toBe(7 * day);
  });
});

describe('the end of an orchestration', () => {
  const ends: [RequestState, () => Promise<Orchestration>][] = [
    [
      'noDataFound',
      async () => start((run) => run.next('resolveContact', done({ outcome: 'noDataFound' }))),
    ],
    ['unverified', async () => passed(await invited(), 7 * day)],
    ['cancelled', async () => closed(await invited(), 'cancelled')],
    ['refused', async () => closed(await invited(), 'refused')],
    ['recalled', async () => closed(await verified(), 'recalled')],
    ['expired', async () => passed(await verified(), 7 * day)],
    [
      'failed',
      async () =>
        start((run) => run.next('resolveContact', { kind: 'failed', code: 'internalError' })),
    ],
  ];

  it.each(ends)('as %s leaves no timer, task or child open', async (state, end) => {
    const run = await end();
    expectEnd(run, state);
    const { length } = run.calls;
    await run.pass(60 * day);
    expect(run.calls).toHaveLength(length);
    expect(await run.raise()).toBe(false);
  });

  async function start(prepare: (run: Orchestration) => unknown): Promise<Orchestration> {
    const run = orchestration();
    prepare(run);
    await run.start();
    return run;
  }
  async function passed(run: Orchestration, time: number): Promise<Orchestration> {
    await run.pass(time);
    return run;
  }
  async function closed(run: Orchestration, state: RequestState): Promise<Orchestration> {
    await run.pass(day);
    await run.change((request) => request.move(state));
    return run;
  }
});
