import { done, failureCodes } from '../../src/core/results';
import type { ActivityName } from '../../src/orchestrators/activity-types';
import {
  day,
  expectEnd,
  hour,
  minute,
  orchestration,
  type Orchestration,
} from '../helpers/orchestration';
import { invited, verified } from '../helpers/stages';

/** The request has failed by a code, its officer knows, and what is stored for it is kept. */
function expectFailed(run: Orchestration, reason: string): void {
  expectEnd(run, 'failed');
  expect(run.request).toMatchObject({ state: 'failed', reason, isStored: true });
  expect(run.request.messages.at(-1)).toBe('officer');
  expect(run.callsOf('remindOfficer')).toHaveLength(1);
  expect(run.names).not.toContain('cleanUp');
  expect(run.names.slice(-3)).toEqual(['moveRequest', 'remindOfficer', 'readRequest']);
}

/** Every step whose failure fails the request, with what comes next if it does not. */
const steps: [name: ActivityName, next: ActivityName][] = [
  ['readRequest', 'resolveContact'],
  ['resolveContact', 'invite'],
  ['invite', 'probeSource'],
  ['moveRequest', 'probeSource'],
  ['probeSource', 'beginExportAttempt'],
  ['beginExportAttempt', 'planSearches'],
  ['planSearches', 'advanceSearches'],
  ['advanceSearches', 'planPages'],
  ['planPages', 'exportPage'],
  ['exportPage', 'reconcile'],
  ['exportPerson', 'reconcile'],
  ['reconcile', 'writePackageMetadata'],
  ['writePackageMetadata', 'commitPackage'],
  ['commitPackage', 'verifyPackage'],
  ['verifyPackage', 'release'],
  ['release', 'announce'],
];

describe('a step that fails', () => {
  it.each(steps)('(%s) fails the request, and %s does not follow', async (name, next) => {
    const run = orchestration().next(name, { kind: 'failed', code: 'sourceAnswerUnexpected' });
    await start(run);
    expectFailed(run, 'sourceAnswerUnexpected');
    expect(run.names).not.toContain(next);
  });

  it.each(failureCodes.filter((code) => code !== 'requestClosed'))(
    'gives the request its code, %s',
    async (code) => {
      const run = orchestration().next('probeSource', { kind: 'failed', code });
      await verified({}, run);
      expectFailed(run, code);
    },
  );

  it.each(['advanceSearches', 'exportPage', 'exportPerson'] as const)(
    '(%s) in a child gives the request the code of the child',
    async (name) => {
      const run = orchestration().next(name, { kind: 'failed', code: 'bucketRefused' });
      await verified({}, run);
      expectFailed(run, 'bucketRefused');
      const outputs = run.suffixes.slice(1).map((suffix) => run.instanceOf(suffix).output);
      expect(outputs).toContain(JSON.stringify({ kind: 'failed', code: 'bucketRefused' }));
    },
  );

  it.each(['sourcePermissionMissing', 'sourceDivisionInaccessible'] as const)(
    'before anything is exported: %s, found by the probe',
    async (problem) => {
      const run = orchestration().next('probeSource', done({ problem }));
      await verified({}, run);
      expectFailed(run, problem);
      expect(run.names).not.toContain('beginExportAttempt');
    },
  );

  it('in one child lets the others finish, and then fails the request by the first of them', async () => {
    const run = orchestration({ pages: 3, limits: { exportConcurrency: 3 } });
    run.next('exportPage', done({ waiting: 1 }), { kind: 'failed', code: 'bucketRefused' });
    run.next('exportPage', { kind: 'failed', code: 'sourceCredentialsRefused' });
    await verified({}, run);
    expect(run.request.state).toBe('exporting');
    await run.pass(10_000);
    expectFailed(run, 'bucketRefused');
    expect(run.callsOf('exportPage')).toHaveLength(4);
  });

  it('as the package expires fails the request, and leaves the deletion to an officer', async () => {
    const run = await verified();
    run.next('cleanUp', { kind: 'failed', code: 'storageUnavailableTooLong' });
    await run.pass(7 * day);
    expectEnd(run, 'failed');
    expect(run.request).toMatchObject({ reason: 'storageUnavailableTooLong', isStored: true });
    expect(run.request.messages.at(-1)).toBe('officer');
  });

  it('because the request is deleted ends the instance without another trace', async () => {
    const gone = { kind: 'failed', code: 'requestGone' } as const;
    const run = orchestration().always('readRequest', gone).always('moveRequest', gone);
    await run.start();
    expect(run.names).toEqual(['readRequest', 'moveRequest']);
    expect(run.instance.status).toBe('Failed');
    expect(run.pending).toEqual([]);
  });
});

describe('a best-effort step', () => {
  const failures = [
    ['is refused', { kind: 'failed', code: 'messageRefused' }],
    [
      'is not accepted for too long',
      { kind: 'retryLater', afterSeconds: 300, reason: 'messageNotAccepted' },
    ],
    ['fails unexpectedly, again and again', new Error('internalError: TypeError')],
  ] as const;

  it.each(failures)('that %s keeps no package from being available', async (_name, answer) => {
    const run = orchestration({ limits: { sourceWaitHours: 1 } }).always('announce', answer);
    await verified({}, run);
    await run.pass(3 * hour);
    expect(run.request).toMatchObject({ state: 'available', messages: ['invitation'] });
    expect(run.step).toBe('waitForExpiry');
    await run.pass(7 * day);
    expectEnd(run, 'expired');
  });

  it.each(failures)('that %s keeps no failure from being recorded', async (_name, answer) => {
    const run = orchestration({ limits: { sourceWaitHours: 1 } }).always('remindOfficer', answer);
    run.next('probeSource', { kind: 'failed', code: 'sourceCredentialsRefused' });
    await verified({}, run);
    expect(run.request).toMatchObject({ state: 'failed', reason: 'sourceCredentialsRefused' });
    await run.passToEnd();
    expectEnd(run, 'failed');
  });

  it.each(failures)('that %s takes nothing of the time to verify', async (_name, answer) => {
    const run = await invited({ limits: { sourceWaitHours: 1 } });
    run.always('remindPerson', answer);
    await run.pass(7 * day - minute);
    expect(run.request.state).toBe('awaitingVerification');
    await run.pass(minute);
    expectEnd(run, 'unverified');
  });
});

describe('a failed request', () => {
  it('is exported again as another attempt, with the children of that attempt', async () => {
    const run = orchestration({ pages: 2 });
    run.next('exportPage', { kind: 'failed', code: 'sourceUnavailableTooLong' });
    await verified({}, run);
    expectFailed(run, 'sourceUnavailableTooLong');
    run.request.move('exporting');
    const before = run.names.length;
    await run.start();
    expect(run.request).toMatchObject({ state: 'available', attempts: 2 });
    expect(run.names.slice(before, before + 3)).toEqual([
      'readRequest',
      'probeSource',
      'beginExportAttempt',
    ]);
    expect(run.callsOf('exportPage').map(({ input }) => input.attempt)).toEqual([1, 1, 2, 2]);
    expect(run.suffixes.filter((suffix) => suffix.endsWith('-2')).sort()).toEqual([
      '-person-2',
      '-search-1-2',
      '-worker-1-2',
      '-worker-2',
      '-worker-2-2',
    ]);
    expect(run.callsOf('invite')).toHaveLength(1);
  });

  it('that nobody has verified is resolved and invited again', async () => {
    const run = orchestration().next('invite', { kind: 'failed', code: 'messageRefused' });
    await run.start();
    expectFailed(run, 'messageRefused');
    run.request.move('received');
    await run.start();
    expect(run.request.state).toBe('awaitingVerification');
    expect(run.callsOf('resolveContact')).toHaveLength(2);
  });

  it('that is incomplete is released after an officer has accepted what is missing', async () => {
    const run = orchestration().next('reconcile', done({ isComplete: false, isCurrent: true }));
    await verified({}, run);
    expectFailed(run, 'packageIncomplete');
    expect(run.names).not.toContain('writePackageMetadata');
    run.request.move('exporting');
    await run.start();
    expect(run.request.state).toBe('available');
    expect(run.callsOf('reconcile')).toHaveLength(3);
  });

  it('is never released while it is incomplete, however often it is tried', async () => {
    const run = orchestration().always('reconcile', done({ isComplete: false, isCurrent: true }));
    await verified({}, run);
    for (let tries = 0; tries < 3; tries += 1) {
      run.request.move('exporting');
      await run.start();
      expect(run.request).toMatchObject({ state: 'failed', reason: 'packageIncomplete' });
    }
    for (const name of ['commitPackage', 'release', 'announce'] as const)
      expect(run.names).not.toContain(name);
  });

  it('whose package is damaged when it is read back is not released', async () => {
    const run = orchestration().next('verifyPackage', done({ next: 40 }), {
      kind: 'failed',
      code: 'packageDamaged',
    });
    await verified({}, run);
    expectFailed(run, 'packageDamaged');
    expect(run.request.states).toContain('packaging');
    expect(run.names).not.toContain('release');
  });

  it('that an officer retries while it is failing goes on by itself', async () => {
    const run = orchestration().next('probeSource', {
      kind: 'failed',
      code: 'sourceCredentialsRefused',
    });
    run.next('remindOfficer', (input) => {
      run.request.move('exporting');
      return run.usual('remindOfficer', input);
    });
    await verified({}, run);
    expect(run.request.state).toBe('available');
    expect(run.historySizes('')).toHaveLength(2);
    await run.pass(7 * day);
    expectEnd(run, 'expired');
  });

  it('that an officer cancels while it is failing is cleaned up by itself', async () => {
    const run = orchestration().next('probeSource', {
      kind: 'failed',
      code: 'sourceCredentialsRefused',
    });
    run.next('remindOfficer', (input) => {
      run.request.move('cancelled');
      return run.usual('remindOfficer', input);
    });
    await verified({}, run);
    expectEnd(run, 'cancelled');
    expect(run.request.isStored).toBe(false);
  });
});

/** Runs a request as far as it goes, whether or not its person can be invited. */
async function start(run: Orchestration): Promise<void> {
  await run.start();
  if (run.instance.status === 'Running') await run.change((request) => (request.isVerified = true));
}
