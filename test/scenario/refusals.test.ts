import { TableClient } from '@azure/data-tables';
import { Subject } from '../../local/portal-client';
import { eventually, Scenario } from '../helpers/scenario';

interface Problem {
  status: number;
  code: string;
  correlationId: string;
  errors?: { pointer: string; detail: string }[];
}

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = (await response.json()) as Problem;
  expect(problem.status).toBe(response.status);
  expect(problem.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  return problem;
}

describe('what is refused', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await Scenario.start();
  });
  afterAll(() => scenario.stop());

  const instances = () => scenario.durable<{ instanceId: string }[]>('instances/');

  describe('at the door of the ticketing system', () => {
    const stranger = { identifiers: [{ type: 'email', value: 'x@y.example' }] };

    it.each([
      ['malformed JSON', '{"ticketId": "T-1",', 'malformedJson', undefined],
      ['an unknown field', { shoeSize: 43 }, 'invalidBody', '/shoeSize'],
      ['a missing ticket', { ticketId: undefined }, 'invalidBody', '/ticketId'],
      ['an empty list of identifiers', { identifiers: [] }, 'invalidBody', '/identifiers'],
      [
        'a number without a country',
        { identifiers: [{ type: 'phone', value: '030 123456' }] },
        'invalidBody',
        '/identifiers/0/value',
      ],
      [
        'a mailbox that is none',
        { identifiers: [{ type: 'email', value: 'a@b@c' }] },
        'invalidBody',
        '/identifiers/0/value',
      ],
      ['a time that is none', { receivedAt: 'yesterday' }, 'invalidBody', '/receivedAt'],
    ])('refuses %s with 400 and starts nothing', async (_name, change, code, pointer) => {
      const body = typeof change === 'string' ? change : scenario.body({ ...stranger, ...change });
      const response = await scenario.post(body);
      const problem = await problemOf(response);
      expect(response.status).toBe(400);
      expect(problem.code).toBe(code);
      if (pointer !== undefined)
        expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
      expect(await instances()).toEqual([]);
    });

    it('does not repeat what was sent', async () => {
      const response = await scenario.post(
        scenario.body({ identifiers: [{ type: 'phone', value: '0301234567' }] }),
      );
      expect(await response.text()).not.toContain('0301234567');
    });

    it('refuses a body over 64 KiB with 413', async () => {
      const response = await scenario.post(scenario.body({ name: 'n'.repeat(70_000) }));
      expect((await problemOf(response)).code).toBe('bodyTooLarge');
      expect(response.status).toBe(413);
    });

    it('refuses a body that is not declared as JSON with 415', async () => {
      const response = await scenario.post(scenario.body(), { 'Content-Type': 'text/plain' });
      expect((await problemOf(response)).code).toBe('unsupportedMediaType');
    });

    it('refuses a call without a key with 401', async () => {
      const response = await fetch(`${scenario.stack.hostUrl}/api/requests`, {
        method: 'POST',
        body: '{}',
      });
      expect(response.status).toBe(401);
    });

    it('does not know a request that was never made', async () => {
      const response = await fetch(
        `${scenario.stack.hostUrl}/api/requests/00000000-0000-0000-0000-000000000000`,
        {
          headers: { 'x-functions-key': scenario.stack.keys.function },
        },
      );
      expect((await problemOf(response)).code).toBe('requestNotFound');
    });

    it('answers the same ticket and body with the same request, and another body with 409', async () => {
      const body = scenario.body({ ...stranger, ticketId: 'T-same' });
      const first = await scenario.post(body);
      const second = await scenario.post(body);
      const other = await scenario.post({ ...body, rights: ['access'] });
      expect([first.status, second.status, other.status]).toEqual([202, 200, 409]);
      const [one, two] = (await Promise.all([first.json(), second.json()])) as {
        requestId: string;
      }[];
      expect(one?.requestId).toBe(two?.requestId);
      expect((await problemOf(other)).code).toBe('ticketConflict');
      expect(await instances()).toHaveLength(1);
    });
  });

  describe('before anyone is told anything', () => {
    it('ends as noDataFound when nobody is found, without a message to anyone', async () => {
      const requestId = await scenario.request({
        ticketId: 'T-nobody',
        identifiers: [{ type: 'email', value: 'nobody@mail.example' }],
      });
      await scenario.untilState(requestId, 'noDataFound');
      expect(await scenario.messages()).toEqual([]);
    });

    it('needs a decision when identifiers belong to several people, without a message to anyone', async () => {
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
      const told = (await scenario.messages()).filter(({ to }) => to !== 'privacy@shop.example');
      expect(told).toEqual([]);
    });
  });

  describe('at the portal', () => {
    let requestId: string;
    let link: string;
    beforeAll(async () => {
      requestId = await scenario.request({ ticketId: 'T-portal' });
      link = await scenario.link();
      // The mail is there a moment before the state says so.
      await scenario.untilState(requestId, 'awaitingVerification');
    });

    const portal = (path: string, body: unknown, headers: Record<string, string>) =>
      fetch(`${scenario.stack.hostUrl}/portal/api/${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });

    it('consumes nothing when a mail scanner opens the link', async () => {
      for (const method of ['GET', 'HEAD'])
        expect((await fetch(link, { method })).status).toBe(200);
      expect((await scenario.status(requestId)).state).toBe('awaitingVerification');
      await expect(new Subject(scenario.stack.hostUrl).open(link)).resolves.toMatchObject({
        step: 'verify',
      });
    });

    it('refuses a link that nobody was sent, and a call from another site', async () => {
      const origin = { Origin: scenario.stack.hostUrl };
      const token = 'A'.repeat(43);
      expect((await problemOf(await portal('open', { token }, origin))).code).toBe(
        'invitationNotFound',
      );
      const foreign = await portal(
        'open',
        { token: new URL(link).hash.slice(1) },
        { Origin: 'https://evil.example' },
      );
      expect((await problemOf(foreign)).code).toBe('originRefused');
      expect((await problemOf(await portal('code', {}, origin))).code).toBe('sessionEnded');
    });

    it('shows two digits of the number on file and no more', async () => {
      const view = await scenario.person.open(link);
      expect(view['digits']).toMatch(/^•••• \d\d$/);
      expect(JSON.stringify(view)).not.toContain(scenario.phone.slice(-5));
    });

    it('gives neither package nor passphrase to who has only the link', async () => {
      const refused = { code: 'stepUpRequired' };
      await expect(scenario.person.link()).rejects.toMatchObject(refused);
      await expect(scenario.person.call('POST', 'passphrase')).rejects.toMatchObject(refused);
      await expect(scenario.person.call('POST', 'app')).rejects.toMatchObject(refused);
    });

    it('takes no wrong code, and no right one after five wrong ones, however many come at once', async () => {
      const code = await scenario.code();
      const wrong = code === '00000000' ? '00000001' : '00000000';
      const guesses = await Promise.allSettled(
        Array.from({ length: 8 }, () => scenario.person.verify(wrong)),
      );
      const codes = guesses.map((guess) =>
        guess.status === 'rejected' ? (guess.reason as { code: string }).code : 'accepted',
      );
      expect(codes.filter((found) => found === 'codeWrong')).toHaveLength(5);
      expect(codes.filter((found) => found === 'codeExpired')).toHaveLength(3);
      await expect(scenario.person.verify(code)).rejects.toMatchObject({
        code: 'codeExpired',
      });
      expect((await scenario.status(requestId)).state).toBe('awaitingVerification');
    });

    it('takes a code once only', async () => {
      const code = await scenario.code();
      await scenario.person.verify(code);
      await expect(scenario.person.verify(code)).rejects.toMatchObject({
        code: 'codeExpired',
      });
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
      const table = TableClient.fromConnectionString(scenario.stack.connectionString, 'requests', {
        allowInsecureConnection: true,
      });
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
