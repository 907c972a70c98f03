import { done } from '../../src/core/results';
import type { ResolveOutcome } from '../../src/core/subject/resolve-contact';
import { day, expectEnd, minute, orchestration, second } from '../helpers/orchestration';

const outcome = (value: ResolveOutcome) => done({ outcome: value });

/** A request of which no contact is found, and of which the count comes to this. */
const counting = (after: ResolveOutcome, groups = 1) =>
  orchestration({ groups }).next('resolveContact', outcome('nobodyFound'), outcome(after));

/** What is called until the evidence is there. */
const gathered = [
  'readRequest',
  'resolveContact',
  'probeSource',
  'planSearches',
  'advanceSearches',
  'gatherEvidence',
  'resolveContact',
];

describe('a person of whom no contact is found', () => {
  it('is told that there is no data after permissions, divisions and conversations were looked at', async () => {
    const run = counting('noDataFound');
    await run.start();
    expectEnd(run, 'noDataFound');
    expect(run.names).toEqual([...gathered, 'sendEndNotice', 'cleanUp', 'moveRequest']);
    expect(run.request).toMatchObject({ messages: ['end noDataFound'], isStored: false });
  });

  it('counts in every group of searches, and says to each that it only counts', async () => {
    const run = counting('noDataFound', 3);
    await run.start();
    expect(run.callsOf('planSearches').map(({ input }) => input.purpose)).toEqual(['count']);
    expect(run.callsOf('advanceSearches').map(({ input }) => input)).toEqual(
      [1, 2, 3].map((group) => ({ requestId: run.requestId, group, purpose: 'count' })),
    );
  });

  it.each(['sourcePermissionMissing', 'sourceDivisionInaccessible'] as const)(
    'is not told so, and nothing is counted, where the client may not see everything (%s)',
    async (problem) => {
      const run = orchestration().next('resolveContact', outcome('nobodyFound'));
      run.next('probeSource', done({ problem }));
      await run.start();
      expect(run.request).toMatchObject({ state: 'failed', reason: problem });
      expect(run.names).not.toContain('planSearches');
      expect(run.request.states).not.toContain('noDataFound');
    },
  );

  it('waits for an officer when something is held, and is invited by their decision', async () => {
    const run = counting('noContact');
    await run.start();
    expect(run.names).toEqual([...gathered, 'moveRequest', 'remindOfficer', 'readRequest']);
    expect(run.request).toMatchObject({
      state: 'needsDecision',
      reason: 'noContact',
      messages: ['officer'],
    });
    await run.pass(3 * day);
    expect(run.request.messages).toEqual(['officer', 'officer']);
    await run.change((request) => (request.decisionVersion = 1));
    expect(run.request.state).toBe('awaitingVerification');
    expect(run.request.messages).toEqual(['officer', 'officer', 'invitation']);
    expect(run.callsOf('gatherEvidence')).toHaveLength(1);
  });

  it('is asked about again after a decision that names nobody', async () => {
    const run = counting('noContact').next('resolveContact', outcome('noContact'));
    await run.start();
    await run.change((request) => (request.decisionVersion = 1));
    expect(run.request).toMatchObject({ state: 'needsDecision', reason: 'noContact' });
    await run.change((request) => (request.decisionVersion = 2));
    expect(run.request.state).toBe('awaitingVerification');
  });

  it('needs further answers while nobody could prove who they are', async () => {
    const run = counting('noContact').next('resolveContact', outcome('noAuthenticationMethod'));
    await run.start();
    await run.change((request) => (request.decisionVersion = 1));
    expect(run.request).toMatchObject({
      state: 'needsDecision',
      reason: 'noAuthenticationMethod',
    });
  });

  it.each(['cancelled', 'refused'] as const)(
    'leaves nothing behind when an officer has %s the request while it is searched',
    async (state) => {
      const run = counting('noContact').next('advanceSearches', done({ waiting: 1 }));
      await run.start();
      run.request.move(state);
      await run.pass(minute);
      expectEnd(run, state);
      expect(run.request.isStored).toBe(false);
      expect(run.names).not.toContain('gatherEvidence');
    },
  );

  it.each(['cancelled', 'refused'] as const)(
    'leaves nothing behind when an officer has %s the request while it waits',
    async (state) => {
      const run = counting('noContact');
      await run.start();
      await run.change((request) => request.move(state));
      expectEnd(run, state);
      expect(run.request.isStored).toBe(false);
    },
  );

  it('is searched for again by other children when the request is retried after a failure', async () => {
    const run = orchestration().next(
      'resolveContact',
      outcome('nobodyFound'),
      outcome('nobodyFound'),
      outcome('noContact'),
    );
    run.next('advanceSearches', { kind: 'failed', code: 'sourceSearchFailed' });
    await run.start();
    expect(run.request).toMatchObject({ state: 'failed', reason: 'sourceSearchFailed' });
    await run.pass(second);
    run.request.move('received');
    await run.start();
    expect(run.request).toMatchObject({ state: 'needsDecision', reason: 'noContact' });
    const children = run.suffixes.filter((suffix) => suffix.startsWith('-count-'));
    expect(new Set(children).size).toBe(2);
  });

  it('goes on waiting when the task hub has lost the instance, without counting again', async () => {
    const run = counting('noContact').next('resolveContact', outcome('noContact'));
    await run.start();
    await run.terminate();
    await run.start();
    expect(run.step).toBe('waitForDecision');
    expect(run.callsOf('gatherEvidence')).toHaveLength(1);
    await run.change((request) => (request.decisionVersion = 1));
    expect(run.request.state).toBe('awaitingVerification');
  });
});
