import { done } from '../../src/core/results';
import type { FakeRequest } from '../helpers/fake-activities';
import { day, expectEnd, orchestration, second } from '../helpers/orchestration';
import { verified } from '../helpers/stages';

/** An officer's answers, after which so many conversations are undecided. */
const answer =
  (undecided: number, version = 1) =>
  (request: FakeRequest): void => {
    request.undecided = undecided;
    request.decisionVersion = version;
  };
/** A time so many milliseconds after the start of a run. */
const after = (milliseconds: number): string =>
  new Date(Date.UTC(2026, 2, 2, 9) + milliseconds).toISOString();

describe('doubtful conversations', () => {
  it('are no matter where there are none: the officer is not asked', async () => {
    const run = await verified();
    expect(run.request.states).not.toContain('needsDecision');
    expect(run.callsOf('findDoubtful')).toHaveLength(1);
    expect(run.callsOf('remindOfficer')).toHaveLength(0);
  });

  it('are waited for after the searches, before anything is planned or exported', async () => {
    const run = await verified({ undecided: 3 });
    expect(run.request).toMatchObject({ state: 'needsDecision', reason: 'doubtfulConversations' });
    expect(run.step).toBe('waitForVerdicts');
    expect(run.names).toContain('advanceSearches');
    for (const name of ['planPages', 'exportPage', 'exportPerson'] as const)
      expect(run.names).not.toContain(name);
    await run.change(answer(0));
    expect(run.request.state).toBe('available');
    expect(run.request.states).toEqual([
      ...['received', 'awaitingVerification', 'identifying', 'exporting', 'needsDecision'],
      ...['exporting', 'packaging', 'available'],
    ]);
    // No second search, and no second attempt.
    expect(run.callsOf('advanceSearches')).toHaveLength(1);
    expect(run.callsOf('beginExportAttempt')).toHaveLength(1);
  });

  it('are waited for until the last is decided on', async () => {
    const run = await verified({ undecided: 3 });
    await run.change(answer(1, 1));
    await run.change(answer(1, 2));
    expect(run.request.state).toBe('needsDecision');
    expect(run.callsOf('findDoubtful')).toHaveLength(3);
    expect(run.callsOf('remindOfficer')).toHaveLength(1);
    await run.change(answer(0, 3));
    expect(run.request.state).toBe('available');
  });

  it('are asked about at once, and again every few days', async () => {
    const run = await verified({ undecided: 1 });
    await run.pass(9 * day - second);
    expect(run.callsOf('remindOfficer').map(({ at }) => at / day)).toEqual([0, 3, 6]);
    await run.pass(second);
    expect(run.callsOf('remindOfficer')).toHaveLength(4);
    await run.change(answer(0));
    expect(run.callsOf('remindOfficer')).toHaveLength(4);
  });

  it('are asked about once more before the deadline, and waited for beyond it', async () => {
    const run = orchestration({ undecided: 1 });
    run.request.remindAt = after(4 * day);
    await verified({}, run);
    await run.pass(11 * day - second);
    expect(run.callsOf('remindOfficer').map(({ at }) => at / day)).toEqual([0, 3, 4, 7, 10]);
    expect(run.request.state).toBe('needsDecision');
  });

  it('are gone on without shortly before the deadline, where policy says so', async () => {
    const run = orchestration({ undecided: 1 });
    run.request.remindAt = after(4 * day);
    run.request.releaseAt = after(5 * day);
    await verified({}, run);
    await run.pass(5 * day - second);
    expect(run.request.state).toBe('needsDecision');
    await run.pass(second);
    expect(run.request.state).toBe('available');
    expect(run.callsOf('remindOfficer').map(({ at }) => at / day)).toEqual([0, 3, 4]);
  });

  it('are gone on without in time though the timer fires early', async () => {
    const run = orchestration({ undecided: 1, earliness: second });
    run.request.releaseAt = after(2 * day);
    await verified({}, run);
    await run.pass(2 * day);
    expect(run.request.state).toBe('available');
    expect(run.callsOf('remindOfficer')).toHaveLength(1);
  });

  it('are decided on though the event is lost, when the ledger is next looked at', async () => {
    const run = await verified({ undecided: 1 });
    answer(0)(run.request);
    await run.pass(3 * day);
    expect(run.request.state).toBe('available');
  });

  it('are decided on before the wait begins', async () => {
    const run = orchestration({ undecided: 1 });
    run.next('remindOfficer', (input) => {
      answer(0)(run.request);
      return run.usual('remindOfficer', input);
    });
    await verified({}, run);
    expect(run.request.state).toBe('available');
  });

  it('are waited for though nobody can be told', async () => {
    const run = orchestration({ undecided: 1 });
    run.next('remindOfficer', { kind: 'failed', code: 'messageRefused' });
    await verified({}, run);
    expect(run.step).toBe('waitForVerdicts');
  });

  it('go on being waited for after an event that is no decision', async () => {
    const run = await verified({ undecided: 1 });
    await run.raise();
    await run.raise();
    expect(run.step).toBe('waitForVerdicts');
    expect(run.callsOf('findDoubtful')).toHaveLength(1);
    expect(run.callsOf('remindOfficer')).toHaveLength(1);
  });

  it('are searched for again when an officer decides that another person is meant', async () => {
    const run = await verified({ undecided: 1 });
    run.next(
      'findDoubtful',
      done({ undecided: 0, isCurrent: false, decisionVersion: 1, remindAt: null, releaseAt: null }),
    );
    await run.change(answer(0));
    expect(run.callsOf('beginExportAttempt')).toHaveLength(2);
    expect(run.callsOf('advanceSearches')).toHaveLength(2);
    expect(run.callsOf('planPages')).toHaveLength(1);
    expect(run.request.state).toBe('available');
  });

  it('are waited for again when the orchestration is started again', async () => {
    const run = await verified({ undecided: 1 });
    await run.terminate();
    await run.start();
    expect(run.request).toMatchObject({ state: 'needsDecision', reason: 'doubtfulConversations' });
    expect(run.names).not.toContain('planPages');
    await run.change(answer(0));
    expect(run.request.state).toBe('available');
  });

  it('are asked about again after a decision that came while pages were exported', async () => {
    const run = orchestration();
    run.next('reconcile', () => {
      answer(2)(run.request);
      return done({ isComplete: true, isCurrent: false });
    });
    await verified({}, run);
    expect(run.request).toMatchObject({ state: 'needsDecision', attempts: 2 });
    await run.change(answer(0, 2));
    expect(run.request.state).toBe('available');
  });

  it.each(['cancelled', 'refused'] as const)(
    'are not waited for in a request that is %s',
    async (state) => {
      const run = await verified({ undecided: 1 });
      await run.change((request) => request.move(state));
      expectEnd(run, state);
      expect(run.names).not.toContain('planPages');
      expect(run.request.isStored).toBe(false);
    },
  );

  it('leave a history that stays short, however long the officer takes', async () => {
    const run = orchestration({ undecided: 1, limits: { reminderDays: 1 } });
    await verified({}, run);
    await run.pass(30 * day);
    expect(run.historySizes('')[0]).toBeLessThan(850);
  });
});
