import { day, expectEnd, hour, minute, orchestration, second } from '../helpers/orchestration';
import { invited } from '../helpers/stages';
import type { FakeRequest } from '../helpers/fake-activities';

const reminders = ({ messages }: FakeRequest): number =>
  messages.filter((message) => message === 'reminder').length;

describe('a person who does not verify their identity', () => {
  it('is reminded once, on the day that is set, and not a second before', async () => {
    const run = await invited();
    await run.pass(3 * day - second);
    expect(reminders(run.request)).toBe(0);
    await run.pass(second);
    expect(reminders(run.request)).toBe(1);
    await run.pass(4 * day - second);
    expect(reminders(run.request)).toBe(1);
    expect(run.callsOf('remindPerson').map(({ at }) => at)).toEqual([3 * day]);
  });

  it('ends the request as unverified when the time allowed has passed, after the clean-up', async () => {
    const run = await invited();
    await run.pass(7 * day - second);
    expect(run.request.state).toBe('awaitingVerification');
    await run.pass(second);
    expectEnd(run, 'unverified');
    expect(run.names.slice(-3)).toEqual(['sendEndNotice', 'cleanUp', 'moveRequest']);
    expect(run.request.messages).toEqual(['invitation', 'reminder', 'end unverified']);
    expect(run.suffixes).toEqual(['']);
  });

  it.each([
    [7, 7],
    [7, 8],
    [2, 3],
  ])(
    'is not reminded where %d days are allowed and the reminder is after %d',
    async (allowed, after) => {
      const run = await invited({ limits: { verificationDays: allowed, reminderDays: after } });
      await run.pass(allowed * day);
      expectEnd(run, 'unverified');
      expect(reminders(run.request)).toBe(0);
    },
  );

  it('is given the whole time, however often the orchestration is told of changes', async () => {
    const run = await invited();
    for (let days = 1; days < 7; days += 1) {
      await run.pass(day);
      await run.raise();
    }
    expect(run.request.state).toBe('awaitingVerification');
    expect(reminders(run.request)).toBe(1);
    await run.pass(day);
    expectEnd(run, 'unverified');
  });

  it('who is locked out after wrong codes keeps the request: the ledger says nothing new', async () => {
    const run = await invited();
    await run.raise();
    await run.raise();
    expect(run.request.state).toBe('awaitingVerification');
    expect(run.step).toBe('waitForVerification');
    await run.pass(day);
    await run.change((request) => (request.isVerified = true));
    expect(run.request.state).toBe('available');
  });

  it.each([
    ['is refused', { kind: 'failed', code: 'messageRefused' } as const],
    ['has no key left', { kind: 'failed', code: 'requestGone' } as const],
  ])('whose reminder %s still has the whole time', async (_name, answer) => {
    const run = await invited();
    run.next('remindPerson', answer);
    await run.pass(7 * day - minute);
    expect(run.step).toBe('waitForVerification');
    await run.pass(minute);
    expectEnd(run, 'unverified');
  });

  it('whose reminder is not accepted for long loses no time by it', async () => {
    const run = await invited({ limits: { sourceWaitHours: 2 } });
    run.always('remindPerson', {
      kind: 'retryLater',
      afterSeconds: 30,
      reason: 'messageNotAccepted',
    });
    await run.pass(3 * day + hour);
    expect(run.step).toBe('remindPerson');
    await run.pass(hour);
    expect(run.step).toBe('waitForVerification');
    await run.pass(4 * day - 2 * hour);
    expectEnd(run, 'unverified');
  });
});

describe('a verification', () => {
  it.each([
    ['at once', 0],
    ['just before the reminder', 3 * day - second],
    ['just after the reminder', 3 * day + second],
    ['just before the end', 7 * day - second],
  ])('%s lets the export begin', async (_name, after) => {
    const run = await invited();
    await run.pass(after);
    await run.change((request) => (request.isVerified = true));
    expect(run.request.state).toBe('available');
    expect(run.callsOf('probeSource')[0]?.at).toBe(after);
  });

  it.each([
    ['the reminder', 3 * day],
    ['the end of the time', 7 * day],
  ])('together with %s counts: the ledger decides, not the clock', async (_name, after) => {
    const run = await invited();
    await run.pass(after - second);
    run.request.isVerified = true;
    await run.pass(second);
    expect(run.request.state).toBe('available');
    expect(run.request.messages).toEqual(['invitation', 'reminder', 'available']);
  });

  it('whose event was lost counts at the next timer', async () => {
    const run = await invited();
    run.request.isVerified = true;
    await run.pass(3 * day - second);
    expect(run.request.state).toBe('awaitingVerification');
    await run.pass(second);
    expect(run.request.state).toBe('available');
  });

  it('whose event was lost counts as soon as the sweeper raises it again', async () => {
    const run = await invited();
    run.request.isVerified = true;
    await run.pass(minute);
    await run.raise();
    expect(run.request.state).toBe('available');
    expect(run.elapsed).toBe(minute);
  });

  it('is found in the ledger when it came before the wait', async () => {
    const run = orchestration();
    run.next('moveRequest', async (input) => {
      run.request.isVerified = true;
      return run.usual('moveRequest', input);
    });
    await run.start();
    expect(run.request.state).toBe('available');
  });

  it('that the portal tells twice starts one export', async () => {
    const run = await invited();
    run.request.isVerified = true;
    await Promise.all([run.raise(), run.raise()]);
    expect(run.request.state).toBe('available');
    expect(run.callsOf('beginExportAttempt')).toHaveLength(1);
  });

  it('leaves no timer open: no reminder comes after it, however long the export takes', async () => {
    const run = await invited();
    run.always('probeSource', () => new Promise(() => undefined));
    await run.change((request) => (request.isVerified = true));
    expect(run.pending).toEqual([
      `request-${run.requestId}`,
      `activity of request-${run.requestId}`,
    ]);
    await run.pass(8 * day);
    expect(run.request.messages).toEqual(['invitation']);
  });
});
