import { eventually } from '../helpers/eventually';
import { Scenario } from '../helpers/scenario';
import { Officer } from '../helpers/officer';

const hour = 3_600_000;
const day = 24 * hour;

interface WithClock {
  legalClock: { dueAt: string; strictDueAt: string; isExtended: boolean };
}

describe('clocks that run while nobody looks', () => {
  let scenario: Scenario;
  let officer: Officer;
  let tickets = 0;
  beforeAll(async () => {
    scenario = await Scenario.start({
      conversations: 3,
      settings: { CONTROLLER_TIME_ZONE: 'Europe/Berlin', VERIFICATION_SUSPENDS_CLOCK: 'true' },
    });
    officer = new Officer(scenario);
  });
  afterAll(() => scenario.stop());

  /** What the app's clock says. */
  let moved = 0;
  const now = (): Date => new Date(Date.now() + moved);
  const advance = async (milliseconds: number): Promise<void> => {
    moved += milliseconds;
    await scenario.advanceClock(milliseconds);
  };
  /** A request that arrives now, whose person is invited. */
  const invited = async (change: Record<string, unknown> = {}): Promise<string> => {
    tickets += 1;
    const requestId = await scenario.request({
      ticketId: `CLOCK-${tickets}`,
      receivedAt: now().toISOString(),
      ...change,
    });
    await scenario.untilStep(requestId, 'waitForVerification');
    return requestId;
  };
  const mails = async (to: string, subject: RegExp) =>
    (await scenario.messages()).filter(
      (message) => message.to === to && subject.test(message.subject ?? ''),
    );
  const events = async (requestId: string): Promise<string[]> =>
    (await officer.read<{ custody: { event: string }[] }>(`/${requestId}/custody`)).custody.map(
      ({ event }) => event,
    );
  const justification = 'as the guideline says';

  it('an officer extends the period, once, and the person is told why, in their language', async () => {
    const requestId = await invited({ locale: 'de' });
    const before = (await scenario.status(requestId)) as unknown as WithClock;
    expect(before.legalClock.isExtended).toBe(false);
    const body = {
      reasonCode: 'complexity',
      explanation: 'Es sind <viele> Gespräche.',
      justification,
    };
    expect(
      await officer.post(`/${requestId}/extend`, { ...body, reasonCode: 'holidays' }),
    ).toMatchObject({ status: 400, code: 'invalidBody' });
    const answer = await officer.post(`/${requestId}/extend`, body);
    expect(answer).toMatchObject({ status: 200, subjectNotified: true });
    const { legalClock } = (await scenario.status(requestId)) as unknown as WithClock;
    expect(legalClock.isExtended).toBe(true);
    expect(legalClock.dueAt > before.legalClock.dueAt).toBe(true);
    const [mail, ...more] = await mails(scenario.email, /dauert länger/);
    expect(more).toEqual([]);
    expect(mail?.text).toContain('Der Grund ist die Komplexität der Anfrage.');
    expect(mail?.text).toContain('Es sind <viele> Gespräche.');
    expect(await officer.post(`/${requestId}/extend`, body)).toMatchObject({
      status: 409,
      code: 'alreadyExtended',
    });
    expect(await events(requestId)).toContain('extended');
    await officer.post(`/${requestId}/cancel`, { reasonCode: 'withdrawn', justification });
  });

  it('a letter that no server took goes out when one does', async () => {
    const requestId = await invited({ locale: 'fr' });
    await scenario.refuseMessages(true);
    const body = { reasonCode: 'numberOfRequests', justification };
    expect(await officer.post(`/${requestId}/extend`, body)).toMatchObject({
      subjectNotified: false,
    });
    await scenario.refuseMessages(false);
    await scenario.sweep();
    await eventually('the letter', async () => {
      return (await mails(scenario.email, /prend plus de temps/)).length === 1;
    });
    await officer.post(`/${requestId}/cancel`, { reasonCode: 'withdrawn', justification });
  });

  it('an extension comes too late when the person cannot be told within the month', async () => {
    const longAgo = new Date(now().getTime() - 45 * day).toISOString();
    const requestId = await invited({ receivedAt: longAgo });
    expect(
      await officer.post(`/${requestId}/extend`, { reasonCode: 'complexity', justification }),
    ).toMatchObject({ status: 409, code: 'tooLate' });
    await officer.post(`/${requestId}/cancel`, { reasonCode: 'withdrawn', justification });
  });

  it('a refusal says why, and where to complain, before everything is deleted', async () => {
    const requestId = await invited({ locale: 'en' });
    const post = (body: object) => officer.post(`/${requestId}/refuse`, { justification, ...body });
    expect(await post({ reasonCode: 'asExplained' })).toMatchObject({ code: 'invalidBody' });
    expect(await post({ reasonCode: 'excessive' })).toMatchObject({
      status: 200,
      state: 'refused',
    });
    await eventually('the clean-up', async () => (await events(requestId)).includes('deleted'));
    const texts = (await mails(scenario.email, /^Your data request/)).map(({ text }) => text);
    const refusal = texts.find((text) => text.includes('can’t fulfil'));
    expect(refusal).toContain('it repeats earlier ones (Art. 12(5) GDPR)');
    expect(refusal).toContain('lodge a complaint with a data protection supervisory authority');
    expect(refusal).not.toContain('/portal');
    expect((await scenario.status(requestId)).reasonCode).toBe('excessive');
  });

  it('the officer hears of a deadline that is near, and of one that has passed', async () => {
    const soon = new Date(now().getTime() - 27 * day).toISOString();
    const requestId = await invited({ receivedAt: soon });
    /** Mails about a request, after the watch has looked twice. */
    const told = async (id: string, subject: RegExp) => {
      const found = async () =>
        (await mails('privacy@shop.example', subject)).filter(({ text }) => text.includes(id));
      await scenario.runJobs('monitor');
      await eventually('the mail', async () => (await found()).length > 0);
      await scenario.runJobs('monitor');
      return found();
    };
    expect(await told(requestId, /deadline .* is near/)).toHaveLength(1);
    await officer.post(`/${requestId}/cancel`, { reasonCode: 'withdrawn', justification });
    const late = await invited({ receivedAt: new Date(now().getTime() - 40 * day).toISOString() });
    expect(await told(late, /has passed/)).toHaveLength(1);
    await eventually('the record', async () => (await events(late)).includes('deadlineMissed'));
    expect((await events(late)).filter((event) => event === 'deadlineMissed')).toHaveLength(1);
    await officer.post(`/${late}/cancel`, { reasonCode: 'withdrawn', justification });
  });

  it('a failed request that nobody takes up is cancelled, and its histories go', async () => {
    const requestId = await invited();
    scenario.simulator.settings.missingPermissions = [
      'recording:recording:view',
      'recording:recordingSegment:view',
    ];
    await scenario.stepUp();
    await eventually('the failure', async () => {
      return (await scenario.status(requestId)).state === 'failed';
    });
    scenario.simulator.settings.missingPermissions = [];
    await advance(31 * day);
    await scenario.runJobs('purgeExpired');
    await eventually('the end', async () => {
      return (await scenario.status(requestId)).state === 'cancelled';
    });
    await scenario.sweep();
    await eventually('the clean-up', async () => (await events(requestId)).includes('deleted'));
    expect(await scenario.status(requestId)).toMatchObject({
      state: 'cancelled',
      reasonCode: 'failedTooLong',
    });
    await advance(8 * day);
    await scenario.runJobs('purgeHistories');
    await eventually('the purge', async () => {
      return (await scenario.durable<unknown[]>('instances/')).length === 0;
    });
  });

  it('after the end of every request nothing of a person is left, and the record is', async () => {
    const rows = async (name: string): Promise<string[]> => {
      const found: string[] = [];
      const table = scenario.table(name);
      // A table that nothing was ever written to is not there.
      await table.createTable();
      for await (const row of table.listEntities()) found.push(JSON.stringify(row));
      return found;
    };
    const requestId = await invited();
    await officer.post(`/${requestId}/cancel`, { reasonCode: 'withdrawn', justification });
    // Requests of other tests may end at this moment, too.
    await eventually('the clean-up of every request', async () => {
      const requests = await rows('requests');
      const left = requests.filter(
        (row) => /"details":"[^"]/.test(row) || /wrappedSecret\\":\\"/.test(row),
      );
      return left.length === 0 && (await rows('items')).length === 0;
    });
    const requests = await rows('requests');
    expect(requests.filter((row) => row.includes('"rowKey":"request"')).length).toBe(tickets);
    // The monitor may have sent a mail while the request was cleaned up; the nightly run deletes its row.
    await eventually('no message is left', async () => {
      await scenario.runJobs('purgeExpired');
      return (await rows('outbox')).length === 0;
    });
  });
});
