import { day, expectEnd, hour, minute, orchestration, second } from '../helpers/orchestration';
import { verified } from '../helpers/stages';

const later = (time: string | null, milliseconds: number): string =>
  new Date(Date.parse(time ?? '') + milliseconds).toISOString();

describe('a package that is available', () => {
  it('is announced after its release, and kept to the second', async () => {
    const run = await verified();
    expect(run.names.slice(-3)).toEqual(['release', 'announce', 'readRequest']);
    await run.pass(7 * day - second);
    expect(run.request.state).toBe('available');
    expect(run.names).not.toContain('cleanUp');
    await run.pass(second);
    expectEnd(run, 'expired');
    expect(run.names.slice(-2)).toEqual(['cleanUp', 'moveRequest']);
  });

  it('expires as well when it was downloaded', async () => {
    const run = await verified();
    await run.change((request) => request.move('delivered'));
    expect(run.step).toBe('waitForExpiry');
    await run.pass(7 * day);
    expectEnd(run, 'expired');
  });

  it('is kept while a download runs, and deleted when its link expires', async () => {
    const run = await verified();
    await run.pass(7 * day - minute);
    run.request.endsAt = later(run.request.endsAt, 9 * minute);
    await run.pass(10 * minute - second);
    expect(run.request.state).toBe('available');
    expect(run.names).not.toContain('cleanUp');
    await run.pass(second);
    expectEnd(run, 'expired');
  });

  it('is kept as often as a download moves its end', async () => {
    const run = await verified();
    for (let downloads = 0; downloads < 4; downloads += 1) {
      run.request.endsAt = later(run.request.endsAt, 6 * hour);
      await run.pass(7 * day - 6 * hour + downloads * 6 * hour - run.elapsed);
    }
    await run.pass(7 * day + 24 * hour - second - run.elapsed);
    expect(run.request.state).toBe('available');
    await run.pass(second);
    expectEnd(run, 'expired');
    expect(run.elapsed).toBe(8 * day);
  });

  it('waits for the time in the ledger, of which it is told, too', async () => {
    const run = await verified();
    await run.change((request) => (request.endsAt = later(request.endsAt, hour)));
    await run.pass(7 * day);
    expect(run.request.state).toBe('available');
    await run.pass(hour);
    expectEnd(run, 'expired');
  });

  it('is deleted at its time, however often the orchestration is told of other changes', async () => {
    const run = await verified();
    for (let days = 1; days < 7; days += 1) {
      await run.pass(day);
      await run.raise();
    }
    await run.raise();
    await run.pass(day - second);
    expect(run.request.state).toBe('available');
    await run.pass(second);
    expectEnd(run, 'expired');
  });

  it('is deleted at once when its time is over before anybody waits', async () => {
    const run = orchestration();
    run.next('announce', async (input) => {
      run.request.endsAt = later(run.request.endsAt, -8 * day);
      return run.usual('announce', input);
    });
    await verified({}, run);
    await run.settle();
    expectEnd(run, 'expired');
  });

  it('is reminded of once, before its end, and expires at its time all the same', async () => {
    const run = orchestration();
    run.next('announce', async (input) => {
      run.request.expiryReminderAt = later(run.request.endsAt, -day);
      return run.usual('announce', input);
    });
    await verified({}, run);
    await run.pass(6 * day - second);
    expect(run.names).not.toContain('remindOfExpiry');
    await run.pass(second);
    expect(run.callsOf('remindOfExpiry')).toHaveLength(1);
    await run.raise();
    await run.pass(day - second);
    expect(run.request).toMatchObject({ state: 'available' });
    await run.pass(second);
    expectEnd(run, 'expired');
    expect(run.callsOf('remindOfExpiry')).toHaveLength(1);
    expect(run.request.messages).toEqual(['invitation', 'available', 'expiring', 'end expired']);
  });

  it('is not reminded of again and again when no mail server takes the reminder', async () => {
    const run = orchestration().next('remindOfExpiry', { kind: 'failed', code: 'messageRefused' });
    await verified({}, run);
    await run.change((request) => (request.expiryReminderAt = later(request.endsAt, -day)));
    await run.pass(6 * day);
    await run.raise();
    await run.pass(day - second);
    expect(run.callsOf('remindOfExpiry')).toHaveLength(1);
    await run.pass(second);
    expectEnd(run, 'expired');
  });

  it('is kept and announced once more when an officer releases it again', async () => {
    const run = await verified();
    await run.change((request) => request.move('delivered'));
    await run.pass(7 * day - hour);
    await run.change((request) => {
      request.move('available');
      request.endsAt = later(request.endsAt, 7 * day);
      request.expiryReminderAt = later(request.endsAt, -day);
      request.isAnnounced = false;
    });
    expect(run.callsOf('announce')).toHaveLength(2);
    await run.raise();
    expect(run.callsOf('announce')).toHaveLength(2);
    await run.pass(6 * day + hour);
    expect(run.callsOf('remindOfExpiry')).toHaveLength(1);
    await run.pass(day - second);
    expect(run.request.state).toBe('available');
    await run.pass(second);
    expectEnd(run, 'expired');
    expect(run.callsOf('commitPackage')).toHaveLength(1);
  });

  it('is kept when it was released again and the event was lost', async () => {
    const run = await verified();
    await run.pass(7 * day - hour);
    run.request.endsAt = later(run.request.endsAt, 7 * day);
    run.request.isAnnounced = false;
    await run.pass(hour);
    expect(run.request).toMatchObject({ state: 'available', isAnnounced: true });
    await run.pass(7 * day - second);
    expect(run.request.state).toBe('available');
    await run.pass(second);
    expectEnd(run, 'expired');
  });

  it('waits as before for an instance whose ledger says nothing of reminders', async () => {
    const run: ReturnType<typeof orchestration> = orchestration();
    run.always('readRequest', () => {
      const { state, isVerified, decisionVersion, endsAt } = run.request;
      return { kind: 'done', value: { state, isVerified, decisionVersion, endsAt } };
    });
    await verified({}, run);
    await run.pass(7 * day - second);
    expect(run.request.state).toBe('available');
    await run.pass(second);
    expectEnd(run, 'expired');
    expect(run.request.messages).toEqual(['invitation', 'available', 'end expired']);
  });

  it('of which the person is not told by mail is available all the same', async () => {
    const run = orchestration().next('announce', { kind: 'failed', code: 'messageRefused' });
    await verified({}, run);
    expect(run.request).toMatchObject({ state: 'available', messages: ['invitation'] });
  });
});
