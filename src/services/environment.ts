import { isStorageAway } from '../adapters/storage/rest-error';
import {
  ConflictError,
  IntegrityError,
  MessageNotAcceptedError,
  MessageRefusedError,
  SourceError,
  RequestClosedError,
} from '../core/errors';
import { done, type ActivityResult, type WaitReason } from '../core/results';
import { isClosed } from '../core/request/states';
import type {
  CodeAndSessionStore,
  Authenticators,
  RateLimiter,
  Clock,
  DownloadLog,
  KeyStore,
  ItemLedger,
  Ledger,
  LoginProvider,
  Notifier,
  Outbox,
  PackageStore,
  RecordingBucket,
  RequestKeys,
  RequestRecord,
  SearchLedger,
  Settings,
  Source,
  WebhookSender,
  ScratchStore,
} from '../ports';
import type { Locales } from '../core/i18n/translator';

/** An organisation of the source that the company runs. */
export interface Organisation {
  source: Source;
  /** By division: a contact that is in it, to prove that the division is shown to the app. */
  divisionContacts: ReadonlyMap<string, string>;
}

/** Everything that activities work with. */
export interface Environment {
  clock: Clock;
  /** The organisation of the request at hand; outside of one, the default. */
  source: Source;
  organisations: ReadonlyMap<string, Organisation>;
  /** Where the source exports recordings in bulk; null without that exporter. */
  bucket: RecordingBucket | null;
  ledger: Ledger;
  searches: SearchLedger;
  items: ItemLedger;
  keys: KeyStore;
  scratch: ScratchStore;
  packages: PackageStore;
  codesAndSessions: CodeAndSessionStore;
  /** Authenticator apps that people have enrolled. */
  authenticators: Authenticators;
  /** The company's own login for its customers; null without one. */
  login: LoginProvider | null;
  rateLimiter: RateLimiter;
  notifier: Notifier;
  outbox: Outbox;
  /** Tells the ticketing system; null where no secret is shared with it. */
  webhooks: WebhookSender | null;
  downloadLog: DownloadLog;
  locales: Locales;
  settings: Settings;
}

/** A request with its keys. */
export interface OpenRequest {
  record: RequestRecord;
  keys: RequestKeys;
}

/**
 * @throws RequestClosedError when an officer has stopped the request, ConflictError when it, or its key, is
 *   not there any more
 */
export async function openRequest(env: Environment, requestId: string): Promise<OpenRequest> {
  const record = await env.ledger.get(requestId);
  if (record && isClosed(record.state)) throw new RequestClosedError();
  if (record === null || record.wrappedSecret === null)
    throw new ConflictError('The request is closed.');
  return { record, keys: await env.keys.unwrap(record.wrappedSecret) };
}

/**
 * Runs the body of an activity with the organisation that the request is about, and turns what is
 * expected into a result. Only "run me again" is thrown.
 */
export async function runActivity<T>(
  env: Environment,
  requestId: string,
  body: (env: Environment) => Promise<T>,
): Promise<ActivityResult<T>> {
  try {
    const before = await env.ledger.get(requestId);
    const organisation = before && env.organisations.get(before.organisation);
    if (before && !organisation) return { kind: 'failed', code: 'organisationUnknown' };
    const value = await body(organisation ? { ...env, source: organisation.source } : env);
    const record = await env.ledger.get(requestId);
    if (record?.waiting) await env.ledger.update(requestId, { waiting: null });
    return done(value);
  } catch (error) {
    const outcome = outcomeOf(error);
    if (outcome?.kind === 'retryLater') {
      const waiting = { reason: outcome.reason, at: env.clock.now().toISOString() };
      await env.ledger.update(requestId, { waiting });
    }
    if (outcome) return outcome;
    if (error instanceof MessageRefusedError) return { kind: 'failed', code: 'messageRefused' };
    if (error instanceof RequestClosedError) return { kind: 'failed', code: 'requestClosed' };
    if (error instanceof ConflictError) {
      const record = await env.ledger.get(requestId);
      const isEnded = record !== null && isClosed(record.state);
      return { kind: 'failed', code: isEnded ? 'requestClosed' : 'requestGone' };
    }
    throw error;
  }
}

/** The same for work for which a package that is not as it should be is an outcome. */
export const withIntegrityCheck = <T>(
  env: Environment,
  requestId: string,
  body: (env: Environment) => Promise<T>,
): Promise<ActivityResult<T>> =>
  runActivity(env, requestId, body).catch((error: unknown) => {
    if (error instanceof IntegrityError) return { kind: 'failed', code: 'packageDamaged' };
    throw error;
  });

function outcomeOf(error: unknown): SourceError['outcome'] | null {
  if (error instanceof SourceError) return error.outcome;
  const again = (reason: WaitReason) => ({ kind: 'retryLater', afterSeconds: 30, reason }) as const;
  if (error instanceof MessageNotAcceptedError) return again('messageNotAccepted');
  return isStorageAway(error) ? again('storageUnavailable') : null;
}
