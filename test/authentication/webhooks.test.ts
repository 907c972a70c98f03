import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { Officer } from '../helpers/officer';
import { eventually } from '../helpers/eventually';
import { Scenario } from '../helpers/scenario';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

interface Event {
  type: string;
  data: { requestId: string; ticketId: string; state: string };
}

/** A ticketing system that checks signatures. */
class Tickets {
  readonly events: Event[] = [];
  readonly ids: string[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Tickets> {
    const server = createServer();
    const tickets = new Tickets(server);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        tickets.ids.push(String(request.headers['webhook-id']));
        const headers = request.headers as Record<string, string>;
        tickets.events.push(new Webhook(secret).verify(body, headers) as Event);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return tickets;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  get url(): string {
    return `http://${this.host}`;
  }
  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('webhooks', () => {
  let tickets: Tickets;
  let scenario: Scenario;
  let officer: Officer;
  beforeAll(async () => {
    tickets = await Tickets.start();
    scenario = await Scenario.start({
      conversations: 3,
      settings: { WEBHOOK_SECRET: secret, WEBHOOK_HOSTS: tickets.host },
    });
    officer = new Officer(scenario);
  });
  afterAll(async () => {
    await scenario.stop();
    tickets.stop();
  });
  const received = (state: string): Promise<unknown> =>
    eventually(`the webhook of ${state}`, async () => {
      await scenario.sweep();
      return tickets.events.some(({ type }) => type === `request.${state}`);
    });

  it('go to addresses on allowed hosts only', async () => {
    for (const callback of ['https://else.example/x', 'ftp://127.0.0.1/', 'http://[::1]/']) {
      const response = await scenario.post(scenario.body({ ticketId: 'T-callback', callback }));
      expect(response.status).toBe(400);
    }
  });

  it('carry every change of state in order, signed, once each, the last one included', async () => {
    const requestId = await scenario.request({
      ticketId: 'T-sent',
      callback: `${tickets.url}/hook`,
    });
    await received('awaitingVerification');
    await scenario.stepUp();
    await scenario.untilState(requestId, 'available');
    await received('available');
    await officer.post(`/${requestId}/recall`, { justification: 'A test.' });
    await received('recalled');
    const changes = tickets.events.filter(({ type }) => type !== 'request.endNotice');
    expect(changes.map(({ data }) => data.state)).toEqual([
      'received',
      'awaitingVerification',
      'identifying',
      'exporting',
      'packaging',
      'available',
      'recalled',
    ]);
    for (const { data } of tickets.events)
      expect(data).toMatchObject({ requestId, ticketId: 'T-sent' });
    expect(JSON.stringify(tickets.events)).not.toContain(scenario.email);
    expect(new Set(tickets.ids).size).toBe(tickets.ids.length);
    // The address is kept until the last webhook is delivered.
    await eventually('the last delivery', async () => {
      const { entries } = await officer.read<{ entries: { event: string }[] }>(
        `/${requestId}/custody`,
      );
      return entries.filter(({ event }) => event === 'webhookDelivered').length === 8;
    });
  });
});
