import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GenesysClient } from '../../src/adapters/genesys/client';
import { genesysSource } from '../../src/adapters/genesys/source';
import { Secret } from '../../src/adapters/keys/secret';
import { SourceError } from '../../src/core/errors';
import type { Source } from '../../src/ports';
import { loopbackFetch } from './loopback-fetch';

/** A call that the server was given. */
export interface ReceivedCall {
  method: string;
  path: string;
  query: URLSearchParams;
  /** How many calls of this path came before. */
  earlier: number;
}

export const loginPath = '/oauth/token';
export const loginAnswer = {
  access_token: 'token-of-a-login',
  token_type: 'bearer',
  expires_in: 3600,
};

/** A server in the place of Genesys Cloud that answers as a test says, and a client of it. */
export class GenesysServer {
  readonly calls: ReceivedCall[] = [];
  /** How long the client has made all workers pause, in milliseconds. */
  readonly pauses: number[] = [];
  readonly source: Source;

  readonly url: string;

  private readonly counts = new Map<string, number>();

  private constructor(private readonly server: Server) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = new GenesysClient({
      region: 'mypurecloud.de',
      gatewayUrl: this.url,
      clientId: 'client',
      clientSecret: new Secret('secret'),
      budget: {
        acquire: () => Promise.resolve(),
        pause: (milliseconds) => {
          this.pauses.push(milliseconds);
          return Promise.resolve();
        },
      },
    });
    this.source = genesysSource(client, 'integration', loopbackFetch);
  }

  /** @param respond answers a call; `answer` does so with JSON */
  static async start(
    respond: (response: ServerResponse, call: ReceivedCall) => void,
  ): Promise<GenesysServer> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const started = new GenesysServer(server);
    server.on('request', (request, response) => {
      request.resume().on('end', () => {
        const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://server');
        const earlier = started.count(path);
        const call = { method: request.method ?? '', path, query, earlier };
        started.calls.push(call);
        started.counts.set(path, earlier + 1);
        respond(response, call);
      });
    });
    return started;
  }

  /** How many calls of a path there were. */
  count(path: string): number {
    return this.counts.get(path) ?? 0;
  }

  forget(): void {
    this.calls.length = 0;
    this.counts.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** Answers with JSON. */
export function answer(
  response: ServerResponse,
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** What a SourceError says that work has thrown; fails when it has thrown none. */
export async function outcomeOf(work: Promise<unknown>): Promise<SourceError['outcome']> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  return (error as SourceError).outcome;
}
