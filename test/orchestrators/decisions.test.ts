import { done } from '../../src/core/results';
import type { ResolveOutcome } from '../../src/core/subject/resolve-contact';
import { day, expectEnd, minute, orchestration, second } from '../helpers/orchestration';
import { verified } from '../helpers/stages';

const doubtful: ResolveOutcome[] = [
  'ambiguousContact',
  'nearMatch',
  'contactSearchIncomplete',
  'sharedIdentifier',
  'nameDiffers',
  'noAuthenticationMethod',
  'noContact',
];

const outcome = (value: ResolveOutcome) => done({ outcome: value });

describe('a contact that a machine must not decide on', () => {
  it.each(doubtful)(
    '(%s) waits for an officer, who is told, and for nobody else',
    async (reason) => {
      const run = orchestration().next('resolveContact', outcome(reason));
      await run.start();
      expect(run.request).toMatchObject({ state: 'needsDecision', reason, messages: ['officer'] });
      expect(run.step).toBe('waitForDecision');
      await run.change((request) => (request.decisionVersion = 1));
      expect(run.request.messages).toEqual(['officer', 'invitation']);
      expect(run.request.state).toBe('awaitingVerification');
    },
  );

  it('reminds the officer again and again, by the days that are set, until they decide', async () => {
    const run = orchestration().next('resolveContact', outcome('nearMatch'));
    await run.start();
    await run.pass(9 * day - second);
    expect(run.callsOf('remindOfficer').map(({ at }) => at / day)).toEqual([0, 3, 6]);
    await run.pass(second);
    expect(run.callsOf('remindOfficer')).toHaveLength(4);
    await run.change((request) => (request.decisionVersion = 1));
    await run.pass(2 * day);
    expect(run.callsOf('remindOfficer')).toHaveLength(4);
  });

  it('takes as many rounds as there are doubts', async () => {
    const run = orchestration().next(
      'resolveContact',
      outcome('ambiguousContact'),
      outcome('sharedIdentifier'),
      outcome('nameDiffers'),
    );
    await run.start();
    for (const [version, reason] of [
      [1, 'sharedIdentifier'],
      [2, 'nameDiffers'],
    ] as const) {
      await run.change((request) => (request.decisionVersion = version));
      expect(run.request).toMatchObject({ state: 'needsDecision', reason });
      expect(run.step).toBe('waitForDecision');
    }
    await run.change((request) => (request.decisionVersion = 3));
    expect(run.callsOf('resolveContact')).toHaveLength(4);
    expect(run.callsOf('remindOfficer')).toHaveLength(3);
    expect(run.request.state).toBe('awaitingVerification');
  });

  it('counts a decision that two officers made in a row as one round', async () => {
    const run = orchestration().next('resolveContact', outcome('nearMatch'));
    await run.start();
    run.request.decisionVersion = 2;
    await Promise.all([run.raise(), run.raise()]);
    expect(run.callsOf('resolveContact')).toHaveLength(2);
  });

  it('goes on waiting after an event that is no decision', async () => {
    const run = orchestration().next('resolveContact', outcome('nearMatch'));
    await run.start();
    await run.raise();
    await run.raise();
    expect(run.step).toBe('waitForDecision');
    expect(run.callsOf('resolveContact')).toHaveLength(1);
    expect(run.callsOf('remindOfficer')).toHaveLength(1);
  });

  it.each([
    ['by the event that the sweeper raises again', minute, true],
    ['when it next looks at the ledger, to remind the officer', 3 * day, false],
  ])('finds a decision whose event was lost %s', async (_name, after, isRaised) => {
    const run = orchestration().next('resolveContact', outcome('nearMatch'));
    await run.start();
    run.request.decisionVersion = 1;
    await run.pass(after - second);
    expect(run.callsOf('resolveContact')).toHaveLength(1);
    await run.pass(second);
    if (isRaised) await run.raise();
    expect(run.callsOf('resolveContact')).toHaveLength(2);
    expect(run.request.state).toBe('awaitingVerification');
  });

  it('finds a decision that was made before it waits', async () => {
    const run = orchestration().next('resolveContact', outcome('nearMatch'));
    run.next('remindOfficer', (input) => {
      run.request.decisionVersion = 1;
      return run.usual('remindOfficer', input);
    });
    await run.start();
    expect(run.request.state).toBe('awaitingVerification');
  });

  it('waits even when the officer cannot be told', async () => {
    const run = orchestration().next('resolveContact', outcome('nearMatch'));
    run.next('remindOfficer', { kind: 'failed', code: 'messageRefused' });
    await run.start();
    expect(run.step).toBe('waitForDecision');
    await run.pass(3 * day);
    expect(run.request.messages).toEqual(['officer']);
  });

  it('ends without data after a decision that nobody is meant', async () => {
    const run = orchestration().next(
      'resolveContact',
      outcome('ambiguousContact'),
      outcome('noDataFound'),
    );
    await run.start();
    // Only a request that an officer has not asked about may end so.
    run.request.state = 'received';
    await run.change((request) => (request.decisionVersion = 1));
    expectEnd(run, 'noDataFound');
    expect(run.request.messages).toEqual(['officer', 'end noDataFound']);
  });
});

describe('a decision during the export', () => {
  const stale = done({ isComplete: true, isCurrent: false });

  it('repeats the export from its beginning, as another attempt with other children', async () => {
    const run = orchestration().next('reconcile', stale);
    await verified({}, run);
    expect(run.request).toMatchObject({ state: 'available', attempts: 2 });
    expect(run.callsOf('exportPage').map(({ input }) => input.attempt)).toEqual([1, 2]);
    expect(run.suffixes).toEqual([
      '',
      '-search-1',
      '-person',
      '-worker-1',
      '-search-1-2',
      '-person-2',
      '-worker-1-2',
    ]);
    expect(run.callsOf('probeSource')).toHaveLength(2);
    expect(run.callsOf('invite')).toHaveLength(1);
  });

  it('repeats it, too, when it came just before the package was written', async () => {
    const run = orchestration().next(
      'reconcile',
      done({ isComplete: true, isCurrent: true }),
      stale,
    );
    await verified({}, run);
    expect(run.callsOf('commitPackage')).toHaveLength(2);
    expect(run.callsOf('release')).toHaveLength(1);
    expect(run.request.states.slice(-4)).toEqual([
      'packaging',
      'exporting',
      'packaging',
      'available',
    ]);
  });

  it('counts before what is missing: an outdated export is not called incomplete', async () => {
    const run = orchestration().next('reconcile', done({ isComplete: false, isCurrent: false }));
    await verified({}, run);
    expect(run.request.state).toBe('available');
  });
});
