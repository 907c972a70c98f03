import { eventually } from '../helpers/eventually';
import { Scenario } from '../helpers/scenario';

describe('what is refused', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await Scenario.start();
  });
  afterAll(() => scenario.stop());

  describe('before anyone is told anything', () => {
    it('ends as noDataFound when nobody is found, and asks the officer alone to tell', async () => {
      const before = (await scenario.messages()).length;
      const requestId = await scenario.request({
        ticketId: 'T-nobody',
        identifiers: [{ type: 'email', value: 'nobody@mail.example' }],
      });
      await scenario.untilState(requestId, 'noDataFound');
      const messages = (await scenario.messages()).slice(before);
      expect(messages.map(({ to }) => to)).toEqual(['privacy@shop.example']);
    });

    it('needs a decision when identifiers belong to several people, without a message to anyone', async () => {
      const before = (await scenario.messages()).length;
      const other = scenario.generated.organisation.contacts.find(
        ({ id }) => id !== scenario.generated.subject.id,
      );
      const requestId = await scenario.request({
        ticketId: 'T-two',
        identifiers: [
          { type: 'email', value: scenario.email },
          { type: 'email', value: other?.emails[0]?.address },
        ],
      });
      const { reasonCode } = await scenario.untilState(requestId, 'needsDecision');
      expect(reasonCode).toBe('ambiguousContact');
      await eventually(
        'the message to the officer',
        async () => (await scenario.messages()).length > before,
      );
      const told = (await scenario.messages()).filter(({ to }) => to !== 'privacy@shop.example');
      expect(told).toEqual([]);
    });
  });
});

describe('when nobody proves who they are', () => {
  it('ends as unverified, and nothing of the person is left', async () => {
    const scenario = await Scenario.start();
    try {
      const requestId = await scenario.request();
      const link = await scenario.link();
      await scenario.person.open(link);
      await scenario.untilStep(requestId, 'waitForVerification');
      await scenario.advanceClock(7 * 86_400_000 + 1000);
      await scenario.untilState(requestId, 'unverified');
      await expect(scenario.person.call('GET', 'request')).rejects.toMatchObject({
        code: 'sessionEnded',
      });
      await expect(scenario.person.open(link)).rejects.toMatchObject({
        code: 'invitationNotFound',
      });
      const table = scenario.table('requests');
      const row = await table.getEntity<{ details: string; record: string }>(requestId, 'request');
      expect(row.details).toBe('');
      expect(JSON.parse(row.record)).toMatchObject({ wrappedSecret: null });
    } finally {
      await scenario.stop();
    }
  });
});

describe('when the source is not as it should be', () => {
  let scenario: Scenario | undefined;
  afterEach(async () => {
    await scenario?.stop();
    scenario = undefined;
  });

  it.each([
    ['credentials are refused', { clientSecret: 'another' }, 'sourceCredentialsRefused'],
    [
      'a permission is missing',
      { missingPermissions: ['externalContacts:contact:view'] },
      'sourcePermissionMissing',
    ],
  ])('fails with a code when %s', async (_name, settings, code) => {
    scenario = await Scenario.start({ simulator: settings });
    const requestId = await scenario.request();
    const { reasonCode } = await scenario.untilState(requestId, 'failed');
    expect(reasonCode).toBe(code);
  });

  it('does not release a package when the source hides a recording that it lists', async () => {
    scenario = await Scenario.start();
    const { organisation, subject } = scenario.generated;
    const hidden = organisation.conversations
      .filter(({ ownerId }) => ownerId === subject.id)
      .flatMap(({ recordings }) => recordings.map(({ id }) => id));
    scenario.simulator.settings.hidden = hidden;
    const requestId = await scenario.request();
    await scenario.stepUp();
    const status = await scenario.untilState(requestId, 'failed');
    expect(status.reasonCode).toBe('packageIncomplete');
    expect(status.progress.audio['failed']).toBeGreaterThan(0);
    await expect(scenario.person.link()).rejects.toMatchObject({
      code: 'notAvailable',
    });
  });

  it('lists a recording that never becomes ready, where policy allows it to be missing', async () => {
    scenario = await Scenario.start({
      settings: { RECORDING_WAIT_MINUTES: '1', FAILURES_ALLOWED: '1' },
    });
    const current = scenario;
    const { organisation, subject } = current.generated;
    const stuck = organisation.conversations
      .filter(({ ownerId, start }) => ownerId === subject.id && start > '2022')
      .flatMap(({ recordings }) => recordings.map(({ id }) => id))[0];
    current.simulator.settings.stuckRecordings = [stuck ?? ''];
    const requestId = await current.request();
    await current.stepUp();
    await eventually(
      'all but one recording',
      async () => (await current.status(requestId)).progress.audio['pending'] === 1,
    );
    await current.advanceClock(61_000);
    const status = await current.untilState(requestId, 'available');
    expect(status.progress.audio['failed']).toBe(1);
    expect(status.availability?.join(' ')).toContain(
      '1 recording not prepared by the source in the time allowed',
    );
  }, 120_000);
});
