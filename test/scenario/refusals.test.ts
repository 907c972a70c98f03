import { defaultSettings } from '../../local/genesys/state';
import { Subject } from '../../local/portal-client';
import { eventually } from '../helpers/eventually';
import { Officer } from '../helpers/officer';
import { foundOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';

let scenario: Scenario;
let tickets = 0;
beforeAll(async () => {
  scenario = await Scenario.start({
    conversations: 6,
    settings: { RECORDING_WAIT_MINUTES: '1', FAILURES_ALLOWED: '1' },
  });
});
afterEach(() => new Officer(scenario).endRequests());
afterAll(() => scenario.stop());

/** A request, and how many mails the person has when the invitation has come. */
const begin = async (): Promise<{ requestId: string; mails: number }> => {
  tickets += 1;
  const mails = (await scenario.mailsToPerson()).length + 1;
  scenario.adopt(new Subject(scenario.stack.hostUrl));
  return { requestId: await scenario.request({ ticketId: `T-${tickets}` }), mails };
};

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
    const told = (await scenario.messages())
      .slice(before)
      .filter(({ to }) => to !== 'privacy@shop.example');
    expect(told).toEqual([]);
  });
});

describe('when nobody proves who they are', () => {
  it('ends as unverified, and nothing of the person is left', async () => {
    const { requestId, mails } = await begin();
    const link = await scenario.link(mails);
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
  });
});

describe('when the source is not as it should be', () => {
  beforeEach(() => {
    // A process may have logged in before the credentials are refused, and have been told of what is missing.
    scenario.simulator.endTokens();
  });
  const { clientSecret } = defaultSettings;
  afterEach(() =>
    Object.assign(scenario.simulator.settings, {
      clientSecret,
      missingPermissions: [],
      hidden: [],
      stuckRecordings: [],
    }),
  );

  it.each([
    ['credentials are refused', { clientSecret: 'another' }, 'sourceCredentialsRefused'],
    [
      'a permission is missing',
      { missingPermissions: ['externalContacts:contact:view'] },
      'sourcePermissionMissing',
    ],
  ])('fails with a code when %s', async (_name, settings, code) => {
    Object.assign(scenario.simulator.settings, settings);
    const { requestId } = await begin();
    const { reasonCode } = await scenario.untilState(requestId, 'failed');
    expect(reasonCode).toBe(code);
  });

  it('does not release a package when the source hides recordings that it lists', async () => {
    const { organisation, subject } = scenario.generated;
    scenario.simulator.settings.hidden = organisation.conversations
      .filter(({ ownerId }) => ownerId === subject.id)
      .flatMap(({ recordings }) => recordings.map(({ id }) => id));
    const { requestId, mails } = await begin();
    await scenario.stepUp(mails);
    const status = await scenario.untilState(requestId, 'failed');
    expect(status.reasonCode).toBe('packageIncomplete');
    expect(status.progress.audio['failed']).toBeGreaterThan(1);
    await expect(scenario.person.link()).rejects.toMatchObject({
      code: 'notAvailable',
    });
  });

  it('lists a recording that never becomes ready, where policy allows it to be missing', async () => {
    const [stuck] = foundOf(scenario.generated).flatMap(({ recordings }) => recordings);
    scenario.simulator.settings.stuckRecordings = [stuck?.id ?? ''];
    const { requestId, mails } = await begin();
    await scenario.stepUp(mails);
    await eventually(
      'all but one recording',
      async () => (await scenario.status(requestId)).progress.audio['pending'] === 1,
    );
    // A page that comes to something in the same moment waits for another minute.
    const status = await eventually('the package', async () => {
      await scenario.advanceClock(61_000);
      const found = await scenario.status(requestId);
      return found.state === 'available' && found;
    });
    expect(status.progress.audio['failed']).toBe(1);
    expect(status.availability?.join(' ')).toContain(
      '1 recording not prepared by the source in the time allowed',
    );
  }, 120_000);
});
