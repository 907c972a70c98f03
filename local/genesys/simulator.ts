import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { analyticsOperations } from './api/analytics';
import { bulkOperations } from './api/bulk';
import { auditOperations } from './api/audits';
import { contactOperations } from './api/contacts';
import { conversationOperations } from './api/conversations';
import { digitalOperations } from './api/digital';
import { historyOperations } from './api/history';
import { recordingOperations } from './api/recordings';
import { setTimeout as delay } from 'node:timers/promises';
import { FaultInjector, type Fault, type FaultKind } from './faults';
import { fileOf } from './files';
import { ApiError, badRequest, type Answer, type Operation } from './operation';
import type { Organisation } from './organisation';
import { RateLimiter } from './rate-limit';
import { defaultSettings, SimulatorState, type SimulatorSettings } from './state';

/** One call and its answer, as tests see them. */
export interface Exchange {
  method: string;
  /** Path template of the operation; null where none answers to the path. */
  operation: string | null;
  path: string;
  query: Record<string, string>;
  requestBody: unknown;
  status: number;
  responseBody: unknown;
}

export interface SimulatorOptions {
  organisation: Organisation;
  settings?: Partial<SimulatorSettings>;
  /** TCP port on 127.0.0.1; 0 takes a free one. */
  port?: number;
  onExchange?: (exchange: Exchange) => void;
  /** Puts an object into the bucket of the bulk export. */
  bucket?: (key: string, content: Buffer) => Promise<void>;
}

export const operations: Operation[] = [
  ...contactOperations,
  ...analyticsOperations,
  ...conversationOperations,
  ...digitalOperations,
  ...historyOperations,
  ...auditOperations,
  ...bulkOperations,
  ...recordingOperations,
];

const matchers = operations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

/** Genesys Cloud as far as this product calls it, over HTTP on loopback. */
export class GenesysSimulator {
  readonly state: SimulatorState;
  private readonly tokens = new Map<string, number>();
  private readonly limiter = new RateLimiter();
  /** How often a client has logged in. */
  logins = 0;
  /** Faults that befall calls; a plan is set by `setFaults`. */
  faults = new FaultInjector([]);
  /** Called after every call of the API. */
  onExchange: ((exchange: Exchange) => void) | undefined;

  private constructor(
    private readonly server: Server,
    options: SimulatorOptions,
  ) {
    this.onExchange = options.onExchange;
    this.state = new SimulatorState(
      options.organisation,
      { ...defaultSettings, ...options.settings },
      options.bucket ?? null,
    );
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
    const now = new Date();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const fault = this.faults.take(`${request.method ?? 'GET'} ${url.pathname}`);
    if (fault?.fault === 'slow') await delay(fault.milliseconds);
    if (fault?.fault === 'dropped') {
      response.destroy();
      return;
    }
    if (fault?.fault === 'tokenExpired') this.endTokens();
    if (url.pathname.endsWith('/oauth/token'))
      sendJson(response, this.answerLogin(request, body, now), fault?.fault ?? null);
    else if (/^\/(media|transcripts|attachments)\//.test(url.pathname)) {
      this.serveFile(request, response, url, now, fault?.fault ?? null);
    } else this.serveApi(request, response, { url, text: body, now, fault: fault?.fault ?? null });
  }

  /** Takes none of the tokens any more that were given out, as when a client's secret is changed. */
  endTokens(): void {
    this.tokens.clear();
  }

  private answerLogin(request: IncomingMessage, body: string, now: Date): Answer {
    const { clientId, clientSecret, tokenLifetime, outage } = this.settings;
    if (outage) return { status: 503, body: { description: 'Service unavailable' } };
    const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    if (request.headers.authorization !== expected) {
      return {
        status: 400,
        body: { error: 'invalid_client', description: 'client authentication failed' },
      };
    }
    if (new URLSearchParams(body).get('grant_type') !== 'client_credentials') {
      return {
        status: 400,
        body: { error: 'unsupported_grant_type', description: 'grant type not supported' },
      };
    }
    const token = randomBytes(32).toString('base64url');
    this.tokens.set(token, now.getTime() + tokenLifetime);
    this.logins += 1;
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: 'bearer',
        expires_in: Math.floor(tokenLifetime / 1000),
      },
    };
  }

  private serveApi(
    request: IncomingMessage,
    response: ServerResponse,
    { url, text, now, fault }: { url: URL; text: string; now: Date; fault: FaultKind | null },
  ): void {
    const method = request.method ?? 'GET';
    const found = matchers.find(
      ({ operation, pattern }) => operation.method === method && pattern.test(url.pathname),
    );
    const correlationId = randomUUID();
    const headers: Record<string, string> = { 'inin-correlation-id': correlationId };
    let requestBody: unknown;
    let answer: Answer;
    try {
      if (this.settings.outage)
        throw new ApiError(503, 'service.unavailable', 'Service is unavailable.');
      refuseByFault(fault);
      this.authenticate(request, now);
      Object.assign(
        headers,
        this.limiter.count(
          this.settings.clientId,
          { allowed: this.settings.callsPerMinute, windowLength: this.settings.rateWindow },
          now.getTime(),
        ),
      );
      if (!found) throw new ApiError(404, 'not.found', 'The requested resource was not found.');
      this.authorise(found.operation);
      requestBody = parseBody(text, found.operation);
      const isBroken = fault === 'jobFailed' || fault === 'jobExpired';
      if (isBroken) this.state.breakJob(url.pathname.split('/').at(-1) ?? '', fault);
      answer = found.operation.handle({
        path: Object.fromEntries(Object.entries(found.pattern.exec(url.pathname)?.groups ?? {})),
        query: parse(found.operation.query, Object.fromEntries(url.searchParams)),
        body: requestBody,
        state: this.state,
        origin: this.url,
        now,
      });
      if (fault === 'duplicated') duplicateRow(answer.body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      Object.assign(headers, error.headers);
      const { status, code, message } = error;
      answer = {
        status,
        body: {
          message,
          code,
          status,
          contextId: correlationId,
          ...error.extra,
          details: [],
          errors: [],
        },
      };
    }
    this.onExchange?.({
      method,
      operation: found?.operation.path ?? null,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      requestBody: text === '' ? undefined : safeJson(text),
      status: answer.status,
      responseBody: answer.body,
    });
    sendJson(response, { ...answer, headers: { ...headers, ...answer.headers } }, fault);
  }

  private authenticate(request: IncomingMessage, now: Date): void {
    const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      throw new ApiError(
        401,
        'authentication.required',
        'No authentication bearer token specified in authorization header.',
      );
    }
    if ((this.tokens.get(token) ?? 0) <= now.getTime()) {
      throw new ApiError(401, 'bad.credentials', 'Invalid login credentials.');
    }
  }

  private authorise({ permissions }: Operation): void {
    const lacks = (permission: string): boolean =>
      this.settings.missingPermissions.includes(permission);
    const missing = permissions.all?.filter(lacks) ?? [];
    if (missing.length > 0) {
      throw new ApiError(
        403,
        'missing.permissions',
        `Unable to perform the requested action. You are missing the following permission(s): ${missing.join(', ')}`,
      );
    }
    if (permissions.any?.every(lacks)) {
      throw new ApiError(
        403,
        'missing.any.permissions',
        `Unable to perform the requested action. You must have at least one of the following permissions assigned: ${permissions.any.join(', ')}`,
      );
    }
  }

  /** Pre-signed files: no bearer token, an expiry, byte ranges, and S3's XML when refused. */
  private serveFile(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    now: Date,
    fault: FaultKind | null,
  ): void {
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
    sendRange(request, response, found.bytes, found.type);
  }
}

const refusals: Partial<Record<FaultKind, [status: number, code: string, message: string]>> = {
  rateLimited: [429, 'too.many.requests', 'Rate limit exceeded the maximum.'],
  internalError: [500, 'internal.server.error', 'The server encountered an unexpected condition.'],
  badGateway: [502, 'bad.gateway', 'Bad gateway.'],
  unavailable: [503, 'service.unavailable', 'Service is unavailable.'],
  gatewayTimeout: [504, 'request.timeout', 'The request timed out.'],
  cursorExpired: [400, 'invalid.value', 'The cursor has expired.'],
};

/** @throws ApiError when the fault is a refusal */
function refuseByFault(fault: FaultKind | null): void {
  const refusal = fault === null ? undefined : refusals[fault];
  if (!refusal) return;
  const [status, code, message] = refusal;
  throw new ApiError(status, code, message, {}, status === 429 ? { 'Retry-After': '1' } : {});
}

/** Repeats the first row of a page, as pages do while data is live. */
function duplicateRow(body: unknown): void {
  const { conversations, entities } = body as { conversations?: unknown[]; entities?: unknown[] };
  const rows = conversations ?? entities;
  if (rows && rows.length > 0) rows.push(rows[0]);
}

/** Announces the whole and ends in the middle. */
function sendHalf(
  response: ServerResponse,
  bytes: Buffer,
  headers: Record<string, string>,
  status = 200,
): void {
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  response.write(halfOf(bytes), () => response.destroy());
}

const halfOf = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));

/** Answers with the whole or, for a `Range` of one part, with that part (RFC 9110 section 14). */
function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  type: string,
): void {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const headers = { 'Content-Type': type, 'Accept-Ranges': 'bytes' };
  if (from === '' && to === '') {
    response.writeHead(200, { ...headers, 'Content-Length': bytes.length });
    response.end(bytes);
    return;
  }
  const start = from === '' ? Math.max(0, bytes.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
  if (start > end) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
    return;
  }
  response.writeHead(206, {
    ...headers,
    'Content-Length': end - start + 1,
    'Content-Range': `bytes ${start}-${end}/${bytes.length}`,
  });
  response.end(bytes.subarray(start, end + 1));
}

function sendJson(
  response: ServerResponse,
  { status, body, headers = {} }: Answer,
  fault: FaultKind | null,
): void {
  if (body === undefined) {
    response.writeHead(status, { ...headers, 'Content-Length': '0' }).end();
    return;
  }
  const json = { 'Content-Type': 'application/json', ...headers };
  const bytes = Buffer.from(JSON.stringify(body));
  if (fault === 'truncated') return sendHalf(response, bytes, json, status);
  response.writeHead(status, json).end(fault === 'cutJson' ? halfOf(bytes) : bytes);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parseBody(text: string, operation: Operation): unknown {
  if (operation.body === null) {
    if (text !== '') throw badRequest('This operation takes no body.');
    return undefined;
  }
  try {
    return parse(operation.body, JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw badRequest(
        'The request could not be understood by the server due to malformed syntax.',
      );
    throw error;
  }
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw badRequest(z.prettifyError(result.error), 'invalid.value');
}
