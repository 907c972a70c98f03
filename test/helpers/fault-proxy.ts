import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';

/** Something to do when a call passes, once. */
export interface Trap {
  /** Whether a call, as "METHOD path?query", is the one. */
  matches: (call: string, body: Buffer) => boolean;
  /** Before the call is passed on, or after its answer came and before the caller has it. */
  when: 'before' | 'after';
  act: () => Promise<void>;
}

/** An answer that a call has in place of the server's, once. */
export interface Refusal {
  matches: (call: string) => boolean;
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What happens to a call of storage that is busy, slow or far away. */
export interface Disturbance {
  /** The answer that the call has in place of the server's. */
  answer?: Omit<Refusal, 'matches'>;
  /** Whether the answer ends in the middle. */
  isCut?: boolean;
}

/** Stands between the app and storage: passes calls on, and springs a trap at the one wanted. */
export class HttpProxy {
  trap: Trap | null = null;
  refusal: Refusal | null = null;
  /** Says of every call what is to happen to it. */
  disturb: ((call: string) => Disturbance) | null = null;
  /** While true, every call is cut off: the server is away. */
  isDown = false;
  sprung = 0;
  /** Called with every call that comes in. */
  onCall: ((call: string, body: Buffer) => void) | null = null;
  /** Callers that wait for ever; null while their process lives. */
  private abandoned: ServerResponse[] | null = null;
  private isBuried = false;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {}

  static async start(target: number): Promise<HttpProxy> {
    const server = createHttpServer();
    const proxy = new HttpProxy(server, target);
    server.on('request', (request, response) => {
      proxy.pass(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** From now on no call reaches the server, and none is answered: whoever makes them is dead. */
  abandon(): void {
    this.abandoned ??= [];
  }

  /** Refuses what was never answered, so that nothing of a dead process stays behind. */
  bury(): void {
    this.isBuried = true;
    for (const response of this.abandoned ?? []) refuseDead(response);
    this.abandoned = [];
  }

  /** Whether a call was kept from a process that is dead. */
  private isWithheld(response: ServerResponse): boolean {
    if (this.abandoned === null) return false;
    if (this.isBuried) refuseDead(response);
    else this.abandoned.push(response);
    return true;
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isDown) {
      response.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (this.isWithheld(response)) return;
    const body = Buffer.concat(chunks);
    const call = `${request.method ?? ''} ${request.url ?? ''}`;
    this.onCall?.(call, body);
    if (this.refusal?.matches(call)) {
      const { status, headers, body } = this.refusal;
      this.refusal = null;
      response.writeHead(status, headers).end(body);
      return;
    }
    const { answer: given, isCut = false } = this.disturb?.(call) ?? {};
    if (given) {
      response.writeHead(given.status, given.headers).end(given.body);
      return;
    }
    const trap = this.trap?.matches(call, body) ? this.trap : null;
    if (trap) {
      this.trap = null;
      this.sprung += 1;
    }
    if (trap?.when === 'before') {
      await trap.act();
      if (!this.isWithheld(response)) response.destroy();
      return;
    }
    const answer = await this.forward(request, body);
    if (trap) {
      await trap.act();
      if (!this.isWithheld(response)) response.destroy();
      return;
    }
    if (this.isWithheld(response)) return;
    response.writeHead(answer.status, answer.headers);
    if (isCut) {
      const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
      response.write(half, () => response.destroy());
      return;
    }
    response.end(answer.body);
  }

  private forward(
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; headers: string[]; body: Buffer }> {
    return new Promise((done, fail) => {
      const onward = httpRequest(
        {
          host: '127.0.0.1',
          port: this.target,
          method: request.method,
          path: request.url,
          headers: request.headers,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () =>
            done({
              status: answer.statusCode ?? 500,
              headers: answer.rawHeaders,
              body: Buffer.concat(chunks),
            }),
          );
          answer.on('error', fail);
        },
      );
      onward.on('error', fail);
      onward.end(body);
    });
  }
}

/** The client of storage does not repeat a call that is answered so. */
const refuseDead = (response: ServerResponse): void => void response.writeHead(403).end();

/** Stands between the app and the mail server, and springs a trap when a text passes. */
export class TcpProxy {
  trap: { text: string; act: () => Promise<void> } | null = null;
  /** Called with everything that callers send. */
  onData: ((text: string) => void) | null = null;
  isDown = false;
  sprung = 0;

  private constructor(private readonly server: TcpServer) {}

  static async start(target: number): Promise<TcpProxy> {
    const server = createTcpServer();
    const proxy = new TcpProxy(server);
    server.on('connection', (socket) => {
      if (proxy.isDown) {
        socket.destroy();
        return;
      }
      const onward = connect(target, '127.0.0.1');
      socket.on('data', (chunk) => {
        proxy.onData?.(chunk.toString('latin1'));
        const { trap } = proxy;
        if (trap && chunk.toString('latin1').includes(trap.text)) {
          proxy.trap = null;
          proxy.sprung += 1;
          void trap.act();
        }
        if (proxy.isDown) {
          socket.destroy();
          return;
        }
        onward.write(chunk);
      });
      onward.pipe(socket);
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise((done) => this.server.close(done));
  }
}
