import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { durableClientBinding } from '../../local/host/durable/client-binding';

/** An orchestration that the app has started. */
export interface Started {
  name: string;
  instanceId: string;
  input: unknown;
}

/** An event that the app has raised. */
export interface Raised {
  instanceId: string;
  event: string;
  data: unknown;
}

/**
 * Stands in for the Durable Task extension: records what the durable client of the app starts and
 * raises, and runs nothing.
 */
export class TaskHub {
  readonly started: Started[] = [];
  readonly raised: Raised[] = [];
  /** While true, every call of the durable client fails. */
  isDown = false;
  /** What becomes of a start; `overtaken`: somebody else starts the same orchestration right before. */
  start: 'accepted' | 'overtaken' | 'refused' = 'accepted';
  private readonly statuses = new Map<string, string>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TaskHub> {
    const server = createServer();
    const hub = new TaskHub(server);
    server.on('request', (request, response) => {
      hub.answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return hub;
  }

  /** What the app's durable client is given. */
  get binding(): string {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return durableClientBinding({ taskHub: 'hub', url, rpcUrl: `${url}/durabletask/`, key: 'key' });
  }

  /** Lets an orchestration run that the app has not started. */
  run(instanceId: string): void {
    this.statuses.set(instanceId, 'Running');
  }

  /** Lets an orchestration end. */
  end(instanceId: string, status: 'Completed' | 'Failed' | 'Terminated'): void {
    this.statuses.set(instanceId, status);
  }

  /** What the app has started and raised for a request, as `start NAME` and `raise EVENT`. */
  callsOf(requestId: string): string[] {
    const isOf = ({ instanceId }: { instanceId: string }): boolean =>
      instanceId.includes(requestId);
    return [
      ...this.started.filter(isOf).map(({ name }) => `start ${name}`),
      ...this.raised.filter(isOf).map(({ event }) => `raise ${event}`),
    ];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number, body: object = {}): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    const { pathname } = new URL(request.url ?? '/', 'http://hub');
    const [, , kind, name = '', third = '', event = ''] = pathname.split('/');
    const data: unknown = request.method === 'POST' ? await json(request).catch(() => null) : null;
    if (this.isDown) return reply(503);
    if (kind === 'orchestrators' && this.start !== 'accepted') {
      if (this.start === 'overtaken') this.run(third);
      return reply(409);
    }
    if (kind === 'orchestrators') {
      this.started.push({ name, instanceId: third, input: data });
      this.statuses.set(third, 'Running');
      return reply(202, { id: third });
    }
    const status = this.statuses.get(name);
    if (status === undefined) return reply(404, { Message: 'There is no such instance.' });
    if (third !== 'raiseEvent') return reply(200, statusOf(name, status));
    this.raised.push({ instanceId: name, event, data });
    return reply(202);
  }
}

/** The status of an orchestration, with every field that the durable client expects. */
const statusOf = (instanceId: string, runtimeStatus: string): object => ({
  name: 'fulfilRequest',
  instanceId,
  runtimeStatus,
  createdTime: '2026-11-23T12:00:00Z',
  lastUpdatedTime: '2026-11-23T12:00:00Z',
  input: null,
  output: null,
  customStatus: null,
});
