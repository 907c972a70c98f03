import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AdminApi } from './admin-api';
import { handleDurableRequest } from './durable/api';
import type { DurableEngine } from './durable/engine';
import type { HostLog } from './host-options';
import type { HttpCall } from './http-call';
import type { HttpFunctions } from './http-functions';
import { header, listen, readBody } from './http-wire';
import { isAuthorized, type HostKeys } from './keys';

export interface HttpServerOptions {
  engine: DurableEngine;
  functions: HttpFunctions;
  admin: AdminApi;
  keys: HostKeys;
  log: HostLog;
}

const webhooks = '/runtime/webhooks/durabletask/';

/** The addresses of the host: the public one, and the one for the durable client of the app. */
export class HttpServer {
  private readonly publicServer: Server;
  private readonly rpcServer: Server;

  constructor(private readonly options: HttpServerOptions) {
    this.publicServer = createServer((request, response) => void this.serve(request, response));
    this.rpcServer = createServer((request, response) => void this.serveRpc(request, response));
  }

  async listen(port: number, rpcPort: number): Promise<void> {
    await listen(this.rpcServer, rpcPort);
    await listen(this.publicServer, port);
  }

  async stop(): Promise<void> {
    for (const server of [this.publicServer, this.rpcServer]) {
      const closed = new Promise((resolve) => server.close(resolve));
      // After it accepts no further ones, or one that comes between the two would be waited for.
      server.closeAllConnections();
      await closed;
    }
  }

  get url(): string {
    return addressOf(this.publicServer);
  }

  /** Address at which the durable client of an app reaches this host. */
  get rpcUrl(): string {
    return `${addressOf(this.rpcServer)}/durabletask/`;
  }

  /** Serves the RPC address, which only the durable client of the app uses: no key is needed. */
  private async serveRpc(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await this.read(request, response);
    const path = call.url.pathname.replace(/^\/durabletask\//, '');
    this.serveDurable({ ...call, body: call.body ?? Buffer.alloc(0) }, path);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { body, ...call } = await this.read(request, response);
      if (body === null) {
        response.writeHead(413).end();
        return;
      }
      await this.route({ ...call, body });
    } catch (error) {
      this.options.log('error', null, String(error));
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  private async route(call: HttpCall): Promise<void> {
    const { keys, admin, functions } = this.options;
    const { pathname } = call.url;
    const refuse = (): void => void call.response.writeHead(401).end();
    if (pathname.startsWith(webhooks)) {
      if (isAuthorized(call.key, keys.durable, keys.master))
        this.serveDurable(call, pathname.slice(webhooks.length));
      else refuse();
    } else if (pathname.startsWith('/admin/')) {
      if (isAuthorized(call.key, keys.master)) await admin.serve(call);
      else refuse();
    } else await functions.serve(call);
  }

  private serveDurable({ request, response, method, url, body }: HttpCall, path: string): void {
    const answer = handleDurableRequest(this.options.engine, {
      method,
      path,
      query: url.searchParams,
      headers: { 'x-ms-continuation-token': header(request, 'x-ms-continuation-token') },
      body: body.toString('utf8'),
    });
    response.writeHead(answer.status, {
      'Content-Type': 'application/json; charset=utf-8',
      ...answer.headers,
    });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  /** Reads a request; its body is null when it is too large. */
  private async read(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Omit<HttpCall, 'body'> & { body: Buffer | null }> {
    const url = new URL(request.url ?? '/', this.url);
    const body = await readBody(request);
    const key = header(request, 'x-functions-key') ?? url.searchParams.get('code') ?? undefined;
    return { request, response, method: request.method ?? 'GET', url, key, body };
  }
}

const addressOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
