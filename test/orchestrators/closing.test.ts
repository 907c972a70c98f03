import { createProbeSource, type ProbeSourceServices } from '../../src/activities/probe-source';
import { SourceError } from '../../src/core/errors';
import { isClosed } from '../../src/core/request/states';
import { done, type ActivityResult } from '../../src/core/results';
import type { ActivityName, ActivityOutput } from '../../src/orchestrators/activity-types';
import {
  day,
  expectEnd,
  hour,
  minute,
  orchestration,
  type Orchestration,
} from '../helpers/orchestration';
import { invited, verified } from '../helpers/stages';

type Closed = 'cancelled' | 'refused' | 'recalled';

/** The request has ended as an officer wanted it, and nothing stored for it is left. */
function expectClosed(run: Orchestration, state: Closed, messages: string[]): void {
  expectEnd(run, state);
  expect(run.request).toMatchObject({ isStored: false, state });
  expect(run.request.messages).toEqual([...messages, `end ${state}`]);
  expect(run.names.slice(-3)).toEqual(['readRequest', 'sendEndNotice', 'cleanUp']);
  expect(run.callsOf('cleanUp')).toHaveLength(1);
}

const undecided = () => orchestration().next('resolveContact', done({ outcome: 'nearMatch' }));
/** While the request is open, an activity answers that it has to wait. */
function whileOpen<N extends ActivityName>(
  name: N,
  answer: ActivityResult<ActivityOutput<N>>,
): Orchestration {
  const run = orchestration();
  return run.always(name, (input) =>
    isClosed(run.request.state) ? run.usual(name, input) : answer,
  );
}
const outage = { kind: 'retryLater', afterSeconds: 30, reason: 'sourceUnavailable' } as const;

describe('a request that an officer closes', () => {
  /** `late` is sent before an event that was lost is found. */
  const waits: {
    name: string;
    wait: () => Promise<Orchestration>;
    sent: string[];
    late: string[];
  }[] = [
    {
      name: 'for the verification',
      wait: () => invited(),
      sent: ['invitation'],
      late: [],
    },
    {
      name: 'for the verification, after the reminder',
      wait: async () => {
        const run = await invited();
        await run.pass(4 * day);
        return run;
      },
      sent: ['invitation', 'reminder'],
      late: [],
    },
    {
      name: 'for a decision',
      wait: async () => {
        const run = undecided();
        await run.start();
        return run;
      },
      sent: ['officer'],
      // The activity reads the state, and mails about open decisions only.
      late: ['officer'],
    },
    {
      name: 'for verdicts on doubtful conversations',
      wait: () => verified({ undecided: 2 }),
      sent: ['invitation', 'officer'],
      late: ['officer'],
    },
  ];
  const cases = waits.flatMap((wait) =>
    (['cancelled', 'refused'] as const).map((state) => ({ ...wait, state })),
  );

  it.each(cases)('while it waits $name ends as $state at once', async ({ wait, sent, state }) => {
    const run = await wait();
    const before = run.elapsed;
    await run.change((request) => request.move(state));
    expectClosed(run, state, sent);
    expect(run.elapsed).toBe(before);
  });

  it.each(cases)(
    'while it waits $name ends as $state though the event is lost',
    async ({ wait, sent, late, state }) => {
      const run = await wait();
      run.request.move(state);
      await run.pass(3 * day);
      expectClosed(run, state, [...sent, ...late]);
    },
  );

  it('while its package is available ends as recalled at once', async () => {
    const run = await verified();
    await run.pass(day);
    await run.change((request) => request.move('recalled'));
    expectClosed(run, 'recalled', ['invitation', 'available']);
    expect(run.elapsed).toBe(day);
  });

  it('while its package is available ends as recalled when its time is over, the event lost', async () => {
    const run = await verified();
    run.request.move('delivered');
    run.request.move('recalled');
    await run.pass(7 * day);
    expectClosed(run, 'recalled', ['invitation', 'available']);
  });

  it.each([
    ['the source', () => whileOpen('probeSource', outage)],
    ['the source, with a page', () => whileOpen('exportPage', outage)],
    ['a search', () => whileOpen('advanceSearches', done({ waiting: 1 }))],
    ['a recording', () => whileOpen('exportPage', done({ waiting: 1 }))],
    ['the audit trail', () => whileOpen('exportPerson', done({ waiting: 1 }))],
  ])('while it waits for %s ends within five minutes', async (_name, start) => {
    const run = await verified({}, start());
    await run.pass(hour);
    await run.change((request) => request.move('refused'));
    await run.pass(5 * minute);
    expectClosed(run, 'refused', ['invitation']);
  });

  const steps: ActivityName[] = [
    'resolveContact',
    'invite',
    'probeSource',
    'beginExportAttempt',
    'planSearches',
    'advanceSearches',
    'planPages',
    'exportPage',
    'exportPerson',
    'reconcile',
    'writePackageMetadata',
    'commitPackage',
    'verifyPackage',
    'release',
  ];

  it.each(steps)('when %s begins does nothing more for the person', async (name) => {
    const run = orchestration();
    run.next(name, (input) => {
      run.request.move('cancelled');
      return run.usual(name, input);
    });
    await run.start();
    if (run.instance.status === 'Running')
      await run.change((request) => (request.isVerified = true));
    expectEnd(run, 'cancelled');
    expect(run.request.isStored).toBe(false);
    expect(run.request.messages).not.toContain('available');
    expect(run.callsOf('cleanUp')).toHaveLength(1);
  });

  it('as the announcement begins is recalled, and nothing is sent', async () => {
    const run = orchestration();
    run.next('announce', (input) => {
      run.request.move('recalled');
      return run.usual('announce', input);
    });
    await verified({}, run);
    expectClosed(run, 'recalled', ['invitation']);
  });

  it('as its time ends is cleaned up, and stays what the officer made it', async () => {
    const run = await invited();
    run.next('cleanUp', (input) => {
      run.request.move('cancelled');
      return run.usual('cleanUp', input);
    });
    await run.pass(7 * day);
    expectEnd(run, 'cancelled');
  });

  it('is cleaned up only after every part of it has stopped', async () => {
    const run = orchestration({ pages: 3, limits: { exportConcurrency: 3 } });
    run.next('exportPage', (input) => {
      run.request.move('cancelled');
      return run.usual('exportPage', input);
    });
    run.next('exportPage', { kind: 'retryLater', afterSeconds: 30, reason: 'sourceRateLimited' });
    await verified({}, run);
    expect(run.names).not.toContain('cleanUp');
    await run.pass(30_000);
    expectClosed(run, 'cancelled', ['invitation']);
    expect(run.callsOf('exportPage').at(-1)?.at).toBe(30_000);
  });

  it.each([
    ['is refused by the mail server', { kind: 'failed', code: 'messageRefused' } as const],
    ['fails unexpectedly, again and again', new Error('internalError: TypeError')],
  ])('is cleaned up even when the notice of the refusal %s', async (_name, answer) => {
    const run = await invited();
    run.always('sendEndNotice', answer);
    await run.change((request) => request.move('refused'));
    await run.passToEnd();
    expectEnd(run, 'refused');
    expect(run.request.isStored).toBe(false);
  });

  it('takes no events any more after its end', async () => {
    const run = await invited();
    await run.change((request) => request.move('cancelled'));
    const { length } = run.calls;
    expect(await run.raise()).toBe(false);
    expect(run.calls).toHaveLength(length);
  });

  it('whose clean-up fails is cleaned up by the instance that the sweeper starts', async () => {
    const run = await invited();
    run.next('cleanUp', { kind: 'failed', code: 'storageUnavailableTooLong' });
    await run.change((request) => request.move('cancelled'));
    expect(run.instance.status).toBe('Failed');
    expect(run.pending).toEqual([]);
    await run.start();
    expectEnd(run, 'cancelled');
    expect(run.request.isStored).toBe(false);
  });
});

describe('the check of the permissions', () => {
  it('does not wait for a source that is unavailable when the request is closed', async () => {
    const record = { state: 'cancelled', organisation: 'main', wrappedSecret: 'x', waiting: null };
    const unavailable = (): never => {
      throw new SourceError(outage);
    };
    const services = {
      clock: { now: () => new Date(0) },
      ledger: { get: () => Promise.resolve(record), update: () => Promise.resolve() },
      organisations: new Map([['main', { source: { provePermissions: unavailable } }]]),
      settings: { export: {} },
    } as unknown as ProbeSourceServices;
    const requestId = '00000000-0000-4000-8000-000000000000';
    expect(await createProbeSource(services)({ requestId })).toEqual({
      kind: 'failed',
      code: 'requestClosed',
    });
  });
});
