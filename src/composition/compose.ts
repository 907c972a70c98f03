import { TableCodeAndSessionStore } from '../adapters/authentication/codes-and-sessions';
import { TokenExpiry } from '../adapters/authentication/token-expiry';
import { TableTokenStore } from '../adapters/authentication/tokens';
import { TableAuthenticators } from '../adapters/authentication/totp';
import { emlComposer } from '../adapters/eml/email-composer';
import { AltchaPuzzles } from '../adapters/intake/altcha';
import {
  QuotaNotifier,
  readLogo,
  type Mailer,
  type MessageQuotas,
  type Texter,
} from '../adapters/messaging/notifier';
import { callingFor } from '../adapters/genesys/call-limit';
import { endThreads } from '../adapters/package/threads';
import { ZipPackageWriter } from '../adapters/package/package-writer';
import { viewerAssets } from '../adapters/package/viewer-assets';
import { BlobPackageStore, BlobScratchStore } from '../adapters/storage/blobs';
import { TableBucketLedger } from '../adapters/storage/bucket-ledger';
import type { StorageConnection } from '../adapters/storage/connection';
import { BlobCustodyWitness } from '../adapters/storage/custody-witness';
import { TableIntakes } from '../adapters/storage/intakes';
import { TableItemLedger } from '../adapters/storage/items';
import { TableJobs } from '../adapters/storage/jobs';
import { TableLedger } from '../adapters/storage/ledger';
import { TableOfficerAudit } from '../adapters/storage/officer-audit';
import { TableOutbox } from '../adapters/storage/outbox';
import { TableRateLimiter } from '../adapters/storage/rate-limiter';
import { TableSearchLedger } from '../adapters/storage/searches';
import { TableStatistics } from '../adapters/storage/statistics';
import { TableWindowLengths } from '../adapters/storage/window-lengths';
import { telemetryMetrics } from '../adapters/telemetry/metrics';
import { beginTrace, traced } from '../adapters/telemetry/trace';
import { systemClock, systemStopwatch } from '../adapters/time/clock';
import type { Config } from '../config/config';
import { OfficerAuthenticator } from '../functions/officer/authenticator';
import { loginSeconds } from '../functions/shared/sign-in';
import type { Clock, KeyStore } from '../ports';
import type { AppContext, OfficerContext } from './app-context';
import { clockOf } from './clock';
import { bucketOf } from './exporter';
import { organisationsOf } from './genesys';
import { appIdentity } from './identity';
import { keyStoreOf, secretFactoryOf, type SecretFactory } from './keys';
import { localesFor } from './locales';
import { customerLoginOf } from './login';
import { mailerOf } from './mail';
import { officerSignInOf } from './officers';
import { purgeLimitsOf, monitorLimitsOf, orchestrationLimitsOf, settingsOf } from './settings';
import { texterOf } from './sms';
import { downloadLogOf, storageConnectionOf } from './storage';
import { webhookSenderOf } from './webhooks';

export type { AppContext };

/** Parts of the app that have another in place of the one that the settings name. */
export interface GivenParts {
  clock?: Clock;
  mailer?: Mailer;
  texter?: Texter;
}

/**
 * Builds the app from its settings. Nothing is reached yet: adapters connect when they are used.
 * @param given what is used whatever the settings say
 * @throws Error when a file, or a language, that the settings name cannot be used
 */
export function compose(config: Config, given: GivenParts = {}): AppContext {
  const credential = appIdentity();
  const clock = given.clock ?? clockOf(config.clock);
  const storage = storageConnectionOf(config.storage, credential);
  const keys = keyStoreOf(config.keys, credential);
  const secretOf = secretFactoryOf(config.keys, credential);
  const settings = settingsOf(config);
  const { origin } = config.portal;
  const { logoFile, name: controllerName } = config.controller;
  const logo = logoFile === null ? null : readLogo(logoFile);
  // Windows of other systems pass by the machine's clock, also in a rehearsal of days in minutes.
  const leases = new TableRateLimiter(storage, keys, systemClock, telemetryMetrics);
  const organisations = organisationsOf(config, leases, secretOf);
  const packages = new BlobPackageStore(storage);
  const witness = new BlobCustodyWitness(storage);
  const { stepUp } = settings.authentication;
  return {
    clock,
    keys,
    organisations: organisations.byName,
    bucket: bucketOf(config.recordingExporter, credential),
    bucketLedger: new TableBucketLedger(storage),
    ledger: new TableLedger(storage, keys, clock, witness),
    witness,
    searches: new TableSearchLedger(storage),
    windowLengths: new TableWindowLengths(storage, keys),
    statistics: new TableStatistics(storage),
    jobs: new TableJobs(storage),
    stopwatch: systemStopwatch,
    items: new TableItemLedger(storage),
    scratch: new BlobScratchStore(storage),
    packages,
    packageWriter: new ZipPackageWriter(packages),
    emailComposer: emlComposer,
    viewerAssets,
    codesAndSessions: new TableCodeAndSessionStore(storage, keys, clock, stepUp),
    authenticators: new TableAuthenticators(storage, keys, clock, controllerName),
    login: customerLoginOf(config.customerLogin, origin, secretOf),
    rateLimiter: new TableRateLimiter(storage, keys, clock, telemetryMetrics),
    tokens: new TokenExpiry(storage, clock),
    notifier: new QuotaNotifier(
      given.mailer ?? mailerOf(config.mail, { logo, secretOf, identity: credential }),
      given.texter ?? texterOf(config.textMessages, credential),
      messageQuotasOf(config, leases),
    ),
    outbox: new TableOutbox(storage, clock),
    webhooks: webhookSenderOf(config.webhooks, secretOf),
    intakes: new TableIntakes(storage),
    puzzles: new AltchaPuzzles(keys, clock),
    downloadLog: downloadLogOf(config.storage, credential),
    locales: localesFor(config.controller),
    metrics: telemetryMetrics,
    trace: (activity, request, work) =>
      callingFor(request.requestId, () => traced(activity, request, work)),
    beginTrace,
    settings,
    officerAudit: new TableOfficerAudit(storage, clock),
    officers: officersOf(config, storage, { keys, clock, secretOf }),
    portal: {
      origin,
      packageOrigin: packages.origin,
      logo,
      pendingLogins: new TableTokenStore(storage, 'login', loginSeconds, clock),
    },
    limits: orchestrationLimitsOf(config),
    monitorLimits: monitorLimitsOf(config),
    purgeLimits: purgeLimitsOf(config),
    defaultPhoneRegion: config.search.defaultPhoneRegion,
    end: endThreads,
  };
}

/** What the providers accept, over all instances. */
const messageQuotasOf = ({ limits }: Config, leases: TableRateLimiter): MessageQuotas => ({
  emails: [
    leases.lease('messages', 'emailsByMinute', limits.emailsPerMinute, 60),
    leases.lease('messages', 'emailsByHour', limits.emailsPerHour, 3600),
  ],
  texts: [leases.lease('messages', 'texts', limits.textsPerMinute, 60)],
});

const officerSessionSeconds = 30 * 60;

function officersOf(
  config: Config,
  storage: StorageConnection,
  { keys, clock, secretOf }: { keys: KeyStore; clock: Clock; secretOf: SecretFactory },
): OfficerContext {
  const { origin } = config.portal;
  const signIn = officerSignInOf(config.officers, origin, secretOf);
  const directory = signIn && signIn.directory;
  return {
    directory,
    login: signIn && signIn.login,
    pendingLogins: new TableTokenStore(storage, 'officerLogin', loginSeconds, clock),
    guard: new OfficerAuthenticator({
      directory,
      sessions: new TableTokenStore(storage, 'officer', officerSessionSeconds, clock),
      keys,
      clock,
      audit: new TableOfficerAudit(storage, clock),
      origin,
    }),
  };
}
