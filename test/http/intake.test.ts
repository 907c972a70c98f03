import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { IntakeEvent } from '../../src/core/api/intake';
import { parseRequestBody } from '../../src/core/api/request-body';
import type { AppContext } from '../../src/composition/app-context';
import type { Orchestrations, WebhookSender } from '../../src/ports';
import { deliverIntakes, monitorIntakes, watchIntakes } from '../../src/services/intake';
import { sweep } from '../../src/services/sweep';
import type { HttpApp } from '../helpers/http-app';
import { newPerson, TestRequest } from '../helpers/http-requests';
import { entered, intakeCalls, startIntakeApp, webhookSecret } from '../helpers/intake-calls';

const hour = 3_600_000;
const day = 24 * hour;

/** A ticketing system that checks signatures, and answers as a test says. */
class Tickets {
  readonly received: { id: string; event: IntakeEvent }[] = [];
  status = 204;
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Tickets> {
    const server = createServer();
    const tickets = new Tickets(server);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        const headers = request.headers as Record<string, string>;
        const event = new Webhook(webhookSecret).verify(body, headers) as IntakeEvent;
        if (tickets.status < 300)
          tickets.received.push({ id: String(headers['webhook-id']), event });
        response.writeHead(tickets.status).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return tickets;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let app: HttpApp;
let tickets: Tickets;
beforeAll(async () => {
  tickets = await Tickets.start();
  app = await startIntakeApp(tickets.host);
}, 60_000);
beforeEach(() => {
  // Limits of the day before are over.
  app.clock.advance(day);
  tickets.status = 204;
  tickets.received.length = 0;
  lines.length = 0;
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const { reference } of await app.parts.intakes.list())
    await app.parts.intakes.delete(reference);
});
afterAll(async () => {
  await app.stop();
  tickets.stop();
});

const { call, enter } = intakeCalls(() => app);
const lines: string[] = [];
const log = { warn: (line: string): void => void lines.push(line) };
const deliver = (change: Partial<AppContext> = {}): Promise<void> =>
  deliverIntakes({ ...app.parts, ...change }, log);

describe('a request from the intake page', () => {
  it('goes to the ticketing system, signed, in the form in which it is submitted', async () => {
    const { status, body } = await enter({
      identifiers: [
        { type: 'email', value: ' Maria.Schneider@Mail.example ' },
        { type: 'phone', value: '+49 (0)171 5550166' },
        { type: 'phone', value: '+49 30 123456 ext. 12' },
        { type: 'email', value: 'maria.schneider@mail.example' },
      ],
    });
    expect([status, body]).toEqual([
      202,
      {
        reference: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/) as string,
      },
    ]);
    const reference = String(body['reference']);
    const at = app.clock.now().toISOString();
    await deliver();
    const request = {
      receivedAt: at,
      rights: ['access', 'portability'],
      name: 'Maria Schneider',
      identifiers: [
        { type: 'email', value: 'maria.schneider@mail.example' },
        { type: 'phone', value: '+491715550166' },
        { type: 'phone', value: '+4930123456;ext=12' },
      ],
      locale: 'de',
      timeZone: 'Europe/Berlin',
    };
    expect(tickets.received).toEqual([
      {
        id: `intake_${reference}`,
        event: { type: 'intake.received', timestamp: at, data: { reference, request } },
      },
    ]);
    const { identifiers } = parseRequestBody({ ticketId: 'T-1', ...request }, null);
    expect(identifiers).toEqual([
      { type: 'email', value: 'maria.schneider@mail.example' },
      { type: 'phone', value: '+491715550166' },
      { type: 'phone', value: '+4930123456', extension: '12' },
    ]);
  });

  it('is deleted when it was accepted, and is sent once', async () => {
    await enter();
    await deliver();
    expect(await app.parts.intakes.list()).toEqual([]);
    await deliver();
    expect(tickets.received).toHaveLength(1);
  });

  it('starts no request: the ledger is as it was, and nothing of the person can be read', async () => {
    const before = await app.parts.ledger.listOpen();
    const started = app.hub.started.length;
    await enter({
      name: 'Secret Person',
      identifiers: [{ type: 'email', value: 'secret@mail.example' }],
    });
    expect(await app.parts.ledger.listOpen()).toEqual(before);
    expect(app.hub.started.length).toBe(started);
    const stored = await app.parts.intakes.list();
    expect(stored).toHaveLength(1);
    const content = await app.parts.intakes.content(stored[0]?.reference ?? '');
    expect(content).toMatch(/./);
    expect(JSON.stringify([stored, content])).not.toMatch(/secret/i);
    expect(app.functions.logs.join('\n')).not.toMatch(/secret/i);
  });

  it.each([500, 410, 301])(
    'is sent again to a ticketing system that answers %s, with the same id, until it accepts it',
    async (status) => {
      const reference = String((await enter()).body['reference']);
      tickets.status = status;
      await deliver();
      tickets.status = 204;
      await deliver();
      expect(tickets.received).toEqual([]);
      app.clock.advance(5000);
      await deliver();
      expect(tickets.received.map(({ id }) => id)).toEqual([`intake_${reference}`]);
      expect(await app.parts.intakes.list()).toEqual([]);
    },
  );

  it('is deleted after seven days if nobody takes it, and is an alert after an hour', async () => {
    const watch = (): Promise<void> => monitorIntakes(app.parts, log);
    const reference = String((await enter()).body['reference']);
    tickets.status = 500;
    await watch();
    expect(lines).toEqual([]);
    const since = app.clock.now().getTime();
    let sent = 0;
    let [waiting] = await app.parts.intakes.list();
    while (waiting !== undefined) {
      app.clock.advance(Date.parse(waiting.nextAt) - app.clock.now().getTime());
      await deliver();
      sent += 1;
      // More than an hour after the first time.
      if (sent === 5) await watch();
      [waiting] = await app.parts.intakes.list();
    }
    expect(sent).toBeGreaterThan(8);
    expect(app.clock.now().getTime() - since).toBeGreaterThan(6 * day);
    const alert = `portability.alert code=intakeUndelivered request=${reference}`;
    // The last one says that nothing is left of it.
    const deleted = `portability.intake reference=${reference} code=deleted end`;
    expect(lines).toEqual([alert, alert, deleted]);
  });

  it('leaves a line where it is the app that could not send it, and none where it is the receiver', async () => {
    const reference = String((await enter()).body['reference']);
    tickets.status = 500;
    await deliver();
    expect(lines).toEqual([]);
    app.clock.advance(day);
    jest
      .spyOn(app.parts.keys, 'decryptWithMasterKey')
      .mockRejectedValueOnce(new TypeError('Maria'));
    await deliver();
    expect(lines).toEqual([
      `portability.intake reference=${reference} code=notDecrypted error=TypeError end`,
    ]);
    tickets.status = 204;
    app.clock.advance(day);
    await deliver();
    expect(tickets.received).toHaveLength(1);
  });

  it('does not wait for another one that cannot be stored', async () => {
    for (let i = 0; i < 2; i += 1) await enter();
    tickets.status = 500;
    const put = jest.spyOn(app.parts.intakes, 'put').mockRejectedValueOnce(new Error('Storage.'));
    await deliver();
    expect(put).toHaveBeenCalledTimes(2);
    expect(lines).toEqual([expect.stringMatching(/ code=notStored error=Error end$/)]);
  });

  it('is listed without what was entered', async () => {
    await enter();
    const [listed] = await app.parts.intakes.list();
    expect(Object.keys(listed ?? {}).sort()).toEqual(['at', 'attempts', 'nextAt', 'reference']);
  });

  it('is deleted in time although the page is not offered any more', async () => {
    await enter();
    const { settings } = app.parts;
    const services = { ...app.parts, settings: { ...settings, intake: null } };
    for (let passed = 0; passed <= 7; passed += 1) {
      await watchIntakes(services, log);
      app.clock.advance(day);
    }
    expect(await app.parts.intakes.list()).toEqual([]);
    expect(tickets.received).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['no name', { name: ' ' }, '/name'],
    [
      'a mailbox that is none',
      { identifiers: [{ type: 'email', value: 'maria' }] },
      '/identifiers/0/value',
    ],
    [
      'a number without its country',
      {
        identifiers: [
          { type: 'email', value: 'm@mail.example' },
          { type: 'phone', value: '0171 555 0166' },
        ],
      },
      '/identifiers/1/value',
    ],
    [
      'a number alone',
      { identifiers: [{ type: 'phone', value: '+49 171 5550166' }] },
      '/identifiers/0/type',
    ],
    ['nobody', { identifiers: [] }, '/identifiers'],
    [
      'too many',
      { identifiers: Array.from({ length: 11 }, () => ({ type: 'email', value: 'a@b.example' })) },
      '/identifiers',
    ],
    ['a language that is none', { locale: 'German' }, '/locale'],
    ['a time zone that is none', { timeZone: 'Moon/Tycho' }, '/timeZone'],
    ['something else', { iban: 'DE00' }, ''],
  ])('is refused with the place of what is wrong: %s', async (_name, change, pointer) => {
    const answer = await call('', { ...entered(change), solution: 'x' });
    expect([answer.status, answer.code]).toEqual([400, 'invalidBody']);
    expect(answer.body['errors']).toEqual([{ pointer, detail: expect.any(String) as string }]);
    expect(await app.parts.intakes.list()).toEqual([]);
  });
});

describe('a ticketing system', () => {
  const orchestrations = (done: string[]): Orchestrations => ({
    ensureFulfilment: () => Promise.resolve(void done.push('fulfilment')),
    ensureWebhooks: () => Promise.resolve(),
    notify: () => Promise.resolve(),
  });
  const order = async (change: Partial<AppContext> = {}): Promise<string[]> => {
    const done: string[] = [];
    const { webhooks } = app.parts;
    const send = (...given: Parameters<WebhookSender['send']>) => {
      done.push('intake');
      return webhooks?.send(...given) ?? Promise.resolve('retry' as const);
    };
    const services = { ...app.parts, webhooks: { send }, ...change };
    await sweep(services, orchestrations(done), log);
    return done;
  };
  beforeEach(async () => {
    await TestRequest.in(app, 'exporting');
    await enter();
  });

  it('that is slow delays no request: what was entered on the intake page is sent last', async () => {
    const done = await order();
    expect(done).toContain('fulfilment');
    expect(done.indexOf('intake')).toBe(done.length - 1);
  });

  it('delays none when nothing can be read of what waits for it', async () => {
    jest.spyOn(app.parts.intakes, 'list').mockRejectedValueOnce(new RangeError('Storage.'));
    expect(await order()).toContain('fulfilment');
    expect(lines).toEqual(['portability.jobFailed name=sweeper error=RangeError end']);
  });

  it('is sent what was entered although no request can be started', async () => {
    jest.spyOn(app.parts.ledger, 'listOpen').mockRejectedValueOnce(new Error('Storage.'));
    await expect(order()).rejects.toThrow('Storage.');
    expect(tickets.received).toHaveLength(1);
  });
});

describe('who asks', () => {
  it('gets the same answer whoever is on file: there is no call that could tell', async () => {
    const known = newPerson();
    const request = await TestRequest.in(app, 'awaitingVerification');
    const events = await request.events();
    const mailboxes = [known.email, request.person.email, 'nobody@mail.example'];
    const answers = [];
    for (const value of mailboxes) {
      const answer = await enter({ identifiers: [{ type: 'email', value }] });
      const headers = Object.fromEntries(answer.headers);
      answers.push([answer.status, Object.keys(answer.body), headers]);
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    // Genesys Cloud cannot be reached here: a look at it would have failed.
    await deliver();
    const sizes = tickets.received.map(({ event }) => Object.keys(event.data.request).length);
    expect(sizes).toEqual([6, 6, 6]);
    expect(await request.events()).toEqual(events);
  });

  it('is refused from another site, and with a body that is too long', async () => {
    const foreign = await call('', entered(), { headers: { Origin: 'https://else.example' } });
    expect([foreign.status, foreign.code]).toEqual([403, 'originRefused']);
    const puzzled = await call('/puzzle', {}, { headers: { Origin: 'https://else.example' } });
    expect(puzzled.code).toBe('originRefused');
    const long = await call('', { ...entered(), name: 'x'.repeat(12 * 1024) });
    expect([long.status, long.code]).toEqual([413, 'bodyTooLarge']);
  });
});
