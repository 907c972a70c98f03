import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Authorisation } from './authorisation';
import { duplicateRow, refuseByFault } from './fault-responses';
import type { FaultKind } from './faults';
import { ApiError, badRequest, type Answer, type Operation } from './operation';
import { findOperation } from './operations';
import { RateLimiter } from './rate-limit';
import type { SimulatorState } from './state';

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

/** A call of the API as it arrives. */
export interface ApiCall {
  request: IncomingMessage;
  url: URL;
  text: string;
  now: Date;
  fault: FaultKind | null;
}

/** Answers the calls of the Platform API. */
export class Dispatcher {
  private readonly limiter = new RateLimiter();

  constructor(
    private readonly state: SimulatorState,
    private readonly authorisation: Authorisation,
  ) {}

  /**
   * Answers a call; a refusal is an answer in the API's own form.
   * @param origin address under which the caller reached the simulator, for links in answers
   */
  answer(call: ApiCall, origin: string): { answer: Answer; exchange: Exchange } {
    const method = call.request.method ?? 'GET';
    const found = findOperation(method, call.url.pathname);
    const correlationId = randomUUID();
    const headers: Record<string, string> = { 'inin-correlation-id': correlationId };
    let answer: Answer;
    try {
      Object.assign(headers, this.admit(call));
      if (!found) throw new ApiError(404, 'not.found', 'The requested resource was not found.');
      answer = this.run(found, call, origin);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      Object.assign(headers, error.headers);
      answer = refusalOf(error, correlationId);
    }
    const exchange = {
      method,
      operation: found?.operation.path ?? null,
      path: call.url.pathname,
      query: Object.fromEntries(call.url.searchParams),
      requestBody: call.text === '' ? undefined : safeJson(call.text),
      status: answer.status,
      responseBody: answer.body,
    };
    return { answer: { ...answer, headers: { ...headers, ...answer.headers } }, exchange };
  }

  /**
   * Checks what every call has to pass. Returns the headers of the rate limit.
   * @throws ApiError when the call is refused
   */
  private admit({ request, now, fault }: ApiCall): Record<string, string> {
    const { settings } = this.state;
    if (settings.outage) throw new ApiError(503, 'service.unavailable', 'Service is unavailable.');
    refuseByFault(fault);
    this.authorisation.authenticate(request, now);
    return this.limiter.count(
      settings.clientId,
      { allowed: settings.callsPerMinute, windowLength: settings.rateWindow },
      now.getTime(),
    );
  }

  private run(
    { operation, parameters }: NonNullable<ReturnType<typeof findOperation>>,
    { url, text, now, fault }: ApiCall,
    origin: string,
  ): Answer {
    this.authorisation.authorise(operation);
    const body = parseBody(text, operation);
    if (fault === 'jobFailed' || fault === 'jobExpired')
      this.state.breakJob(url.pathname.split('/').at(-1) ?? '', fault);
    const answer = operation.handle({
      path: parameters,
      query: parse(operation.query, Object.fromEntries(url.searchParams)),
      body,
      state: this.state,
      origin,
      now,
    });
    if (fault === 'duplicated') duplicateRow(answer.body);
    return answer;
  }
}

const refusalOf = ({ status, code, message, extra }: ApiError, contextId: string): Answer => ({
  status,
  body: { message, code, status, contextId, ...extra, details: [], errors: [] },
});

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
