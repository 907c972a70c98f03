import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from 'purecloud-platform-client-v2';
import type { z } from 'zod';
import { SourceError } from '../../core/errors';
import type { Secret } from '../keys/secret';
import { countCall } from '../telemetry/metrics';
import type { CallLimit } from './call-limit';
import { readHttpDate, retryAfterSeconds } from './retry-after';

export interface GenesysClientOptions {
  /** Host of the region, such as `mypurecloud.de`. */
  region: string;
  /** A simulator's address, instead of the region. */
  gatewayUrl: string | null;
  clientId: string;
  clientSecret: Secret;
  budget: Pick<CallLimit, 'acquire' | 'pause'>;
}

/** An answer of the API: its status and its body, which a 202 or 204 may lack. `bodyOf` reads it. */
export interface ApiResponse {
  status: number;
  body: unknown;
  /** Code of a refusal, where the answer has one. */
  code: string | null;
  /** When it was given, by the clock of who gave it (its Date header). */
  date: Date;
}

/** Makes calls of one family of the API. */
export interface GenesysCaller {
  /** To be handed to the SDK's API classes. */
  sdk: GenesysClient['sdk'];
  /** @param told statuses of refusals that the caller understands, besides 400 and 404 */
  call(invoke: () => Promise<unknown>, told?: readonly number[]): Promise<ApiResponse>;
}

type SdkClient = typeof ApiClient;
type WaitOutcome = Extract<SourceError['outcome'], { kind: 'retryLater' }>;

const timeout = 60_000;
const attempts = 3;
/** A token is renewed this long before it ends. */
const renewBefore = 60_000;
const againSoon = { kind: 'retryLater', afterSeconds: 30, reason: 'sourceUnavailable' } as const;
const noAnswer = { status: 0, headers: {}, body: undefined };

/** The source has answered with what nobody expects: another attempt would get the same. */
export const unexpectedAnswer = (): SourceError =>
  new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });

/**
 * The body of an answer that must have one of this shape, as it came.
 * @throws SourceError `again` when it has none, as one that broke before its first byte; `failed` when
 *   it has another shape, was a refusal, or says that there is none (204)
 */
export function bodyOf<T>({ body, status }: ApiResponse, shape: z.ZodType<T>): T {
  if (body === undefined)
    throw status < 300 && status !== 204 ? new SourceError(againSoon) : unexpectedAnswer();
  if (!shape.safeParse(body).success) throw unexpectedAnswer();
  return body as T;
}

/**
 * The official SDK with what it lacks: login that renews itself, respect for rate limits, retries,
 * time-outs, and errors without tokens. Errors of the SDK never leave this file, because a failed
 * transfer's error holds the bearer token.
 */
export class GenesysClient {
  /** To be handed to the SDK's API classes. */
  readonly sdk: SdkClient;
  private login: Promise<void> | undefined;
  private tokenEnds = 0;
  /** Counts logins, so that a refusal of an old token does not end a new one. */
  private logins = 0;

  constructor(private readonly options: GenesysClientOptions) {
    this.sdk = new (ApiClient.constructor as new () => SdkClient)();
    // By default the SDK watches a file in the home directory for settings.
    this.sdk.config.live_reload_config = false;
    // Its log, which is off, copies headers and bodies of every call before it looks whether it is on.
    Object.assign(this.sdk.config.logger, { log: () => undefined });
    this.sdk.setReturnExtendedResponses(true);
    (this.sdk as SdkClient & { timeout: number }).timeout = timeout;
    if (options.gatewayUrl === null) this.sdk.setEnvironment(options.region);
    else {
      const { protocol, hostname, port } = new URL(options.gatewayUrl);
      this.sdk.setGateway({ protocol: protocol.slice(0, -1), host: hostname, port: Number(port) });
    }
  }

  /**
   * Makes one call through the SDK, within the budget. A call whose answer does not come whole is made
   * again, also when it starts a job, of which there may then be two. That does no harm: nobody knows
   * the id of the first, so nobody reads the results of a search, an audit query or a batch, and the
   * source lets go of them by itself; a bulk export does nothing before it is executed. What changes
   * something else (PUT, DELETE) may be done twice.
   * @param invoke calls a method of an SDK class that was given `sdk`
   * @param family of the API that it is a call of, for what is counted
   * @param told further statuses that the caller understands; one that may pass is told of when it comes
   *   at every attempt
   * @returns answers with status 2xx, 400, 404 and those: what they mean is the caller's to say
   * @throws SourceError `again` for limits, outages, answers that do not come whole and tokens that are
   *   refused although every login succeeds; `failed` for a refused login, a missing permission and
   *   answers that nobody expects
   */
  async call(
    invoke: () => Promise<unknown>,
    family = 'other',
    told: readonly number[] = [],
  ): Promise<ApiResponse> {
    for (let attempt = 1; ; attempt += 1) {
      await this.options.budget.acquire();
      await this.ensureLogin();
      const usedLogin = this.logins;
      const outcome = await settle(invoke);
      const { status } = outcome;
      countCall(family, status);
      const date = dateOf(outcome.headers);
      if (status >= 200 && status < 300) return { status, body: outcome.body, code: null, date };
      const isPassing = [0, 401, 408].includes(status) || status >= 500;
      const isTold = told.includes(status) && (!isPassing || attempt >= attempts);
      if (status === 400 || status === 404 || isTold)
        return { status, body: undefined, code: codeOf(outcome.body), date };
      // Another call may have logged in meanwhile: then it is not the newest token that was refused.
      if (status === 401 && usedLogin === this.logins) this.tokenEnds = 0;
      if (status === 403)
        throw new SourceError(
          { kind: 'failed', code: 'sourcePermissionMissing' },
          missingPermissionsIn(outcome.body),
        );
      const wait = waitOf(outcome);
      if (wait !== null && status === 429)
        await this.options.budget.pause(wait.afterSeconds * 1000);
      if (wait !== null) throw new SourceError(wait);
      if (!isPassing) throw unexpectedAnswer();
      if (attempt >= attempts) throw new SourceError(againSoon);
      // A token that has ended is renewed at once; one that is refused when it is new may not be known
      // everywhere yet.
      if (status !== 401 || attempt > 1) await pauseAfter(attempt);
    }
  }

  /** The same for the calls of one family of the API. */
  of(family: string): GenesysCaller {
    return { sdk: this.sdk, call: (invoke, told) => this.call(invoke, family, told) };
  }

  /** Client credentials have no refresh token: when a token ends, the client logs in again. */
  private async ensureLogin(): Promise<void> {
    if (Date.now() < this.tokenEnds) return;
    this.login ??= this.logIn().finally(() => {
      this.login = undefined;
    });
    await this.login;
  }

  private async logIn(): Promise<void> {
    const { clientSecret } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      const refusal = await this.requestToken();
      if (refusal === null) return;
      const { status } = refusal;
      if (status === 400 || status === 401) {
        if (await clientSecret.renew()) continue;
        throw new SourceError({ kind: 'failed', code: 'sourceCredentialsRefused' });
      }
      const wait = waitOf(refusal);
      if (wait !== null) throw new SourceError(wait);
      if (attempt >= attempts) throw new SourceError(againSoon);
      await pauseAfter(attempt);
    }
  }

  /** Logs in. @returns null once there is a token, else how the login was refused */
  private async requestToken(): Promise<Head | null> {
    const { clientId, clientSecret } = this.options;
    try {
      const login: unknown = await this.sdk.loginClientCredentialsGrant(
        clientId,
        clientSecret.value,
      );
      // The SDK takes any answer for a login, also one without a token.
      const { accessToken, tokenExpiryTime: ends } = login as Record<string, unknown>;
      if (typeof accessToken !== 'string' || typeof ends !== 'number' || Number.isNaN(ends))
        return noAnswer;
      this.tokenEnds = Math.max(ends - renewBefore, Date.now() + 500);
      this.logins += 1;
      return null;
    } catch (error) {
      const { response } = error as { response?: Head };
      return response && response.status >= 300 ? response : noAnswer;
    }
  }
}

/** Status and fields of an answer. */
interface Head {
  /** 0 when there was no answer, or no whole one. */
  status: number;
  headers: Record<string, unknown>;
}

interface Outcome extends Head {
  body: unknown;
}

/**
 * Makes a call. The SDK resolves or rejects with an extended response, or rejects with the transport's
 * error. A transfer that breaks after the head of the answer is rejected with the status of that head;
 * one whose end goes unnoticed (a connection closed where no length was announced, a compressed body
 * cut short) is resolved, with what came of the JSON as text.
 * @throws SourceError when the SDK refuses to make the call
 */
async function settle(invoke: () => Promise<unknown>): Promise<Outcome> {
  try {
    const { status, headers, body } = (await invoke()) as Outcome;
    if (body === undefined || body === null || body === '')
      return { status, headers, body: undefined };
    return typeof body === 'object' ? { status, headers, body } : noAnswer;
  } catch (error) {
    const {
      status = 0,
      headers = {},
      body,
      isAxiosError = false,
    } = (error ?? {}) as Partial<Outcome> & { isAxiosError?: boolean };
    if (status === 0 && !isAxiosError) throw unexpectedAnswer();
    // Of a refusal with status 400 the body is read, which is JSON when the API itself gave it.
    const isCut = status === 400 && isJson(headers) && typeof body !== 'object';
    return status < 300 || isCut ? noAnswer : { status, headers, body };
  }
}

const isJson = (headers: Record<string, unknown>): boolean =>
  /^application\/json\b/i.test(String(headers['content-type']));

/** The code of an ErrorBody. */
function codeOf(body: unknown): string | null {
  const { code } = (body ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : null;
}

/** A permission: its domain, entity and action. Nothing else of a refusal is told. */
const permission = /\b[a-z]\w{1,40}:[a-z]\w{1,40}:[a-z]\w{1,40}\b/g;
const mostNamed = 20;

/** Permissions that an ErrorBody names as missing; none where it names those of which one would do. */
function missingPermissionsIn(body: unknown): string[] {
  if (codeOf(body) !== 'missing.permissions') return [];
  const { message, messageParams } = body as { message?: unknown; messageParams?: unknown };
  const texts = [message, ...Object.values((messageParams ?? {}) as Record<string, unknown>)];
  const named = texts.flatMap((text) =>
    typeof text === 'string' ? (text.match(permission) ?? []) : [],
  );
  return [...new Set(named)].slice(0, mostNamed);
}

/** Waits before the next attempt: longer each time, and never as long as another worker. */
const pauseAfter = (attempt: number): Promise<void> =>
  delay(500 * 3 ** (attempt - 1) * (0.5 + Math.random()));

/** When an answer was given, by its Date field. */
function dateOf(headers: Record<string, unknown>): Date {
  const now = new Date();
  return readHttpDate(String(headers['date']), now) ?? now;
}

/**
 * How long an answer asks to wait. One with 429 says so by Retry-After, else by the reset of the limit,
 * else it is a minute; an outage may say so by Retry-After.
 * @returns null where it does not say
 */
function waitOf({ status, headers }: Head): WaitOutcome | null {
  const secondsOf = (field: string): number | null =>
    retryAfterSeconds(String(headers[field]), dateOf(headers));
  const seconds = secondsOf('retry-after');
  if (status === 429) {
    const afterSeconds = seconds ?? secondsOf('inin-ratelimit-reset') ?? 60;
    return { kind: 'retryLater', afterSeconds, reason: 'sourceRateLimited' };
  }
  const isOutage = status === 408 || status >= 500;
  return seconds === null || !isOutage ? null : { ...againSoon, afterSeconds: seconds };
}
