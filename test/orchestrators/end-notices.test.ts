import { endStates, type EndState } from '../../src/core/request/states';
import { done } from '../../src/core/results';
import {
  day,
  expectEnd,
  hour,
  orchestration,
  type Answer,
  type Orchestration,
} from '../helpers/orchestration';
import { invited, verified } from '../helpers/stages';

/** How a request comes to each of its ends. */
const ways: Record<EndState, (run: Orchestration) => Promise<unknown>> = {
  expired: async (run) => {
    await verified({}, run);
    await run.pass(7 * day);
  },
  cancelled: async (run) => {
    await invited({}, run);
    await run.change((request) => request.move('cancelled'));
  },
  refused: async (run) => {
    await invited({}, run);
    await run.change((request) => request.move('refused'));
  },
  unverified: async (run) => {
    await invited({}, run);
    await run.pass(7 * day);
  },
  noDataFound: async (run) => {
    run.next('resolveContact', done({ outcome: 'noDataFound' }));
    await run.start();
  },
  recalled: async (run) => {
    await verified({}, run);
    await run.change((request) => request.move('recalled'));
  },
};

/** What was told of the end of a request. */
const told = ({ request }: Orchestration): string[] =>
  request.messages.filter((message) => /^(?:end|told) /.test(message));

const waiting = { kind: 'retryLater', afterSeconds: 900, reason: 'messageNotAccepted' } as const;

/** Ends a request whose notice has this outcome each time, and expects nothing to be left of it. */
async function expectDeletedAfter(end: EndState, notice: Answer<'sendEndNotice'>): Promise<void> {
  const run = orchestration();
  run.always('sendEndNotice', notice);
  await ways[end](run);
  await run.passToEnd();
  expectEnd(run, end);
  expect(run.request.isStored).toBe(false);
}

describe.each(endStates)('a request that ends as %s', (end) => {
  it('tells the person once, before everything is deleted', async () => {
    const run = orchestration();
    await ways[end](run);
    expectEnd(run, end);
    expect(told(run)).toEqual([`end ${end}`]);
    expect(run.callsOf('sendEndNotice').map(({ input }) => input)).toEqual([
      { requestId: run.requestId, end, mail: 'try' },
    ]);
    expect(run.names.lastIndexOf('sendEndNotice')).toBeLessThan(run.names.indexOf('cleanUp'));
    expect(run.request.isStored).toBe(false);
  });

  it('has others tell the person when no email is accepted for four hours, and is deleted then', async () => {
    const run = orchestration();
    run.always('sendEndNotice', (input) =>
      input.mail === 'try' ? waiting : run.usual('sendEndNotice', input),
    );
    await ways[end](run);
    const before = run.elapsed;
    expect(run.names).not.toContain('cleanUp');
    expect(run.step).toBe('sendEndNotice');
    await run.passToEnd();
    expectEnd(run, end);
    expect(told(run)).toEqual([`told ${end}`]);
    expect(run.elapsed - before).toBeLessThanOrEqual(4 * hour);
    expect(run.elapsed - before).toBeGreaterThan(3 * hour);
  });

  it('is deleted although the notice fails', async () => {
    await expectDeletedAfter(end, { kind: 'failed', code: 'messageRefused' });
  });

  it('tells nobody again when its instance is lost after the notice', async () => {
    const run = orchestration();
    run.next('cleanUp', { kind: 'failed', code: 'storageUnavailableTooLong' });
    await ways[end](run);
    if (run.instance.status === 'Running') await run.terminate();
    // An end of the app itself becomes a failure, which an officer or the retention ends.
    if (run.request.state === 'failed') run.request.move('cancelled');
    await run.start();
    expect(told(run)).toEqual([`end ${end}`]);
    expect(run.request.isStored).toBe(false);
  });
});

describe('a notice that fails unexpectedly, again and again, keeps nothing from being deleted', () => {
  // One end before anything was exported, and one after.
  it.each<EndState>(['noDataFound', 'recalled'])('of a request that ends as %s', async (end) => {
    await expectDeletedAfter(end, new Error('internalError: TypeError'));
  });
});

describe('a request that an officer ends while another end is told', () => {
  it('tells the end of the officer', async () => {
    const run = await invited();
    run.next('sendEndNotice', (input) => {
      run.request.move('refused');
      return run.usual('sendEndNotice', input);
    });
    await run.pass(7 * day);
    expectEnd(run, 'refused');
    expect(told(run)).toEqual(['end refused']);
  });
});
