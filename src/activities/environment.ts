import { isStorageAway } from '../adapters/storage/rest-error';
import type { AttributeAllowList } from '../core/attributes';
import {
  ConflictError,
  IntegrityError,
  MessageNotTakenError,
  MessageRefusedError,
  SourceError,
  StoppedError,
} from '../core/errors';
import { done, type ActivityResult, type WaitReason } from '../core/results';
import { isStopped } from '../core/states';
import type {
  Access,
  AudioFormat,
  AuthenticatorApps,
  Caps,
  Clock,
  DownloadLog,
  KeyStore,
  Ledger,
  LoginProvider,
  Notifier,
  Outbox,
  PackageStore,
  RecordingBucket,
  RequestKeys,
  RequestRecord,
  Source,
  WebhookSender,
  WorkStore,
} from '../ports';
import type { LegalClockPolicy } from '../core/legal-clock';
import type { Branding } from '../core/messages';
import type { Policy } from '../core/policy';
import type { StepUpPolicy } from '../core/step-up';
import type { Languages } from '../core/words';

/** How many codes go out by text message, against those who earn by them. */
export interface CodeCaps {
  perNumberAndDay: number;
  perCountryAndDay: number;
  /** Countries (ISO 3166) that text messages go to; null for all. */
  countries: ReadonlySet<string> | null;
}

/** Settings that activities need. */
export interface ActivitySettings {
  searchYears: number;
  searchWindowDays: number;
  pageConversations: number;
  audioFormat: AudioFormat;
  availabilityHours: number;
  failuresAllowed: number;
  /** How recordings are fetched: one by one in the format asked for; as recorded, in batches or by bulk. */
  recordingExporter: 'formatted' | 'batch' | 'bulkS3';
  restoreArchived: boolean;
  exportSummaries: boolean;
  exportSentiment: boolean;
  /** Whether the source is told to delete nothing of the conversations while a request runs. */
  protectFromDeletion: boolean;
  attributes: AttributeAllowList;
  policy: Policy;
  branding: Branding;
  stepUp: StepUpPolicy;
  /** Claim of the company's login that is held against what is on file. */
  loginClaim: 'email' | 'phone_number';
  /** Minutes for which links live: that the portal renews, and that a browser downloads by. */
  linkMinutes: number;
  plainLinkMinutes: number;
  codeCaps: CodeCaps;
  /** Calls of the portal that change something, from one address in a minute. */
  portalCallsPerMinute: number;
  /** Hosts (with port) that may be told of changes. */
  callbackHosts: readonly string[];
  legalClock: LegalClockPolicy;
  /** The controller's privacy notice, and its name in the package; null without one. */
  notice: { name: string; path: string } | null;
}

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
  keys: KeyStore;
  work: WorkStore;
  packages: PackageStore;
  access: Access;
  /** Authenticator apps that people have enrolled. */
  apps: AuthenticatorApps;
  /** The company's own login for its customers; null without one. */
  login: LoginProvider | null;
  caps: Caps;
  notifier: Notifier;
  outbox: Outbox;
  /** Tells the ticketing system; null where no secret is shared with it. */
  webhooks: WebhookSender | null;
  downloadLog: DownloadLog;
  languages: Languages;
  settings: ActivitySettings;
}

/** A request with its keys. */
export interface OpenRequest {
  record: RequestRecord;
  keys: RequestKeys;
}

/**
 * @throws StoppedError when an officer has stopped the request, ConflictError when it, or its key, is
 *   not there any more
 */
export async function openRequest(env: Environment, requestId: string): Promise<OpenRequest> {
  const record = await env.ledger.get(requestId);
  if (record && isStopped(record.state)) throw new StoppedError();
  if (record === null || record.wrappedSecret === null)
    throw new ConflictError('The request is closed.');
  return { record, keys: await env.keys.unwrap(record.wrappedSecret) };
}

/**
 * Runs the body of an activity with the organisation that the request is about, and turns what is
 * expected into a result. Only "run me again" is thrown.
 */
export async function guarded<T>(
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
    if (outcome?.kind === 'again') {
      const waiting = { reason: outcome.reason, at: env.clock.now().toISOString() };
      await env.ledger.update(requestId, { waiting });
    }
    if (outcome) return outcome;
    if (error instanceof MessageRefusedError) return { kind: 'failed', code: 'messageRefused' };
    if (error instanceof StoppedError) return { kind: 'failed', code: 'requestStopped' };
    if (error instanceof ConflictError) {
      const record = await env.ledger.get(requestId);
      const isEnded = record !== null && isStopped(record.state);
      return { kind: 'failed', code: isEnded ? 'requestStopped' : 'requestGone' };
    }
    throw error;
  }
}

/** The same for work for which a package that is not as it should be is an outcome. */
export const undamaged = <T>(
  env: Environment,
  requestId: string,
  body: (env: Environment) => Promise<T>,
): Promise<ActivityResult<T>> =>
  guarded(env, requestId, body).catch((error: unknown) => {
    if (error instanceof IntegrityError) return { kind: 'failed', code: 'packageDamaged' };
    throw error;
  });

function outcomeOf(error: unknown): SourceError['outcome'] | null {
  if (error instanceof SourceError) return error.outcome;
  const again = (reason: WaitReason) => ({ kind: 'again', afterSeconds: 30, reason }) as const;
  if (error instanceof MessageNotTakenError) return again('messageNotTaken');
  return isStorageAway(error) ? again('storageUnavailable') : null;
}
