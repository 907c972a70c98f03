import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Authorisation } from './authorisation';
import { Dispatcher, type ApiCall, type Exchange } from './dispatcher';
import { FaultInjector, type Fault } from './faults';
import { fileOf } from './files';
import type { Organisation } from './organisation';
import { sendHalf, sendJson, sendRange } from './responses';
import {
  defaultSettings,
  SimulatorState,
  type BucketWriter,
  type SimulatorSettings,
} from './state';

export interface SimulatorOptions {
  organisation: Organisation;
  settings?: Partial<SimulatorSettings>;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  port?: number;
  onExchange?: (exchange: Exchange) => void;
  /** Puts an object into the bucket of the bulk export. */
  bucket?: BucketWriter;
  /** The time of day at the source, which need not be that of its callers. */
  clock?: () => Date;
}

/** Genesys Cloud as far as this product calls it, over HTTP on loopback. */
export class GenesysSimulator {
  readonly state: SimulatorState;
  private readonly authorisation: Authorisation;
  private readonly dispatcher: Dispatcher;
  private readonly clock: () => Date;
  /** The faults that calls meet; `setFaults` sets them. */
  faults = new FaultInjector([]);
  /** Called after every call of the API. */
  onExchange: ((exchange: Exchange) => void) | undefined;

  private constructor(
    private readonly server: Server,
    options: SimulatorOptions,
  ) {
    this.onExchange = options.onExchange;
    this.clock = options.clock ?? (() => new Date());
    this.state = new SimulatorState(
      options.organisation,
      { ...defaultSettings, ...options.settings },
      options.bucket ?? null,
    );
    this.authorisation = new Authorisation(this.state.settings);
    this.dispatcher = new Dispatcher(this.state, this.authorisation);
  }

  static async start(options: SimulatorOptions): Promise<GenesysSimulator> {
    const server = createServer();
    const simulator = new GenesysSimulator(server, options);
    server.on('request', (request, response) => void simulator.serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return simulator;
  }

  setFaults(faults: readonly Fault[]): void {
    this.faults = new FaultInjector(faults);
  }

  /** Revokes every token that was issued, as when a client's secret is changed. */
  endTokens(): void {
    this.authorisation.endTokens();
  }

  /** How often the client has logged in. */
  get logins(): number {
    return this.authorisation.logins;
  }

  get settings(): SimulatorSettings {
    return this.state.settings;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const now = this.clock();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const taken = this.faults.take(`${request.method ?? 'GET'} ${url.pathname}`);
    if (taken?.fault === 'slow') await delay(taken.milliseconds);
    if (taken?.fault === 'dropped') {
      response.destroy();
      return;
    }
    if (taken?.fault === 'tokenExpired') this.endTokens();
    const call = { request, url, text, now, fault: taken?.fault ?? null };
    if (url.pathname.endsWith('/oauth/token'))
      sendJson(response, this.authorisation.logIn(request, text, now), call.fault);
    else if (/^\/(media|transcripts|attachments)\//.test(url.pathname))
      this.serveFile(response, call);
    else {
      const { answer, exchange } = this.dispatcher.answer(call, this.url);
      this.onExchange?.(exchange);
      const given = answer.status === 200 ? this.bodyFor(request, url) : null;
      if (given === null) sendJson(response, answer, call.fault);
      else {
        response.writeHead(200, { 'Content-Type': 'application/json', ...answer.headers });
        response.end(given);
      }
    }
  }

  /** The body that the settings give to a call in place of its own; null without one. */
  private bodyFor({ method = 'GET' }: IncomingMessage, { pathname }: URL): string | null {
    const call = `${method} ${pathname}`;
    return this.settings.bodies.find(({ match }) => new RegExp(match).test(call))?.body ?? null;
  }

  /** Pre-signed files: no bearer token, an expiry, byte ranges, and S3's XML when refused. */
  private serveFile(response: ServerResponse, { request, url, now, fault }: ApiCall): void {
    const refuse = (status: number, code: string): void => {
      response.writeHead(status, { 'Content-Type': 'application/xml' });
      response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`);
    };
    if (fault === 'urlExpired' || !this.state.isSigned(url.pathname, url.searchParams, now))
      return refuse(403, 'AccessDenied');
    const [, , conversationId = '', file = ''] = url.pathname.split('/');
    const conversation = this.state.conversation(conversationId);
    const found = conversation && fileOf(conversation, file, this.state.organisation);
    if (!found) return refuse(404, 'NoSuchKey');
    if (fault === 'corrupt') return refuse(200, 'InternalError');
    if (fault === 'truncated')
      return sendHalf(response, found.bytes, { 'Content-Type': found.type });
    const given = this.bodyFor(request, url);
    sendRange(request, response, given === null ? found.bytes : Buffer.from(given), found.type);
  }
}
