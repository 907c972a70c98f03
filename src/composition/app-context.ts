import type { MonitorLimits } from '../core/request/alerts';
import type { Traced } from '../core/traced';
import type { Locales } from '../core/i18n/translator';
import type { ActivityTracer } from '../functions/durable';
import type { OfficerAuthenticator } from '../functions/officer/authenticator';
import type { LoginSubject } from '../functions/portal/step-up';
import type { PendingLogin } from '../functions/shared/sign-in';
import type { PurgeLimits } from '../functions/timers/nightly';
import type { OrchestrationLimits } from '../orchestrators/activity-types';
import type {
  Authenticators,
  BucketLedger,
  Clock,
  CodeAndSessionStore,
  CustodyWitness,
  DownloadLog,
  EmailComposer,
  ExpiredTokens,
  IntakeStore,
  ItemLedger,
  JobStore,
  KeyStore,
  Ledger,
  LoginProvider,
  Logo,
  Metrics,
  Notifier,
  OfficerAuditLog,
  Organisation,
  OfficerDirectory,
  Outbox,
  PackageStore,
  PackageWriter,
  Puzzles,
  RateLimiter,
  RecordingBucket,
  ScratchStore,
  SearchLedger,
  Settings,
  StatisticsStore,
  Stopwatch,
  TokenStore,
  ViewerAssets,
  WebhookSender,
  WindowLengthStore,
} from '../ports';

/** Sign-in of officers. */
export interface OfficerContext {
  guard: OfficerAuthenticator;
  /** Null where no directory is set: then nobody can do what officers do. */
  directory: OfficerDirectory | null;
  login: LoginProvider | null;
  pendingLogins: TokenStore<PendingLogin<null>>;
}

export interface PortalContextParts {
  origin: string;
  /** Origin that packages are downloaded from. */
  packageOrigin: string;
  logo: Logo | null;
  pendingLogins: TokenStore<PendingLogin<LoginSubject>>;
}

/** Everything that the app consists of. Consumers declare the part of it that they need. */
export interface AppContext {
  clock: Clock;
  organisations: ReadonlyMap<string, Organisation>;
  /** The bucket of the bulk export; null with the other recording exporters. */
  bucket: RecordingBucket | null;
  bucketLedger: BucketLedger;
  ledger: Ledger;
  witness: CustodyWitness;
  searches: SearchLedger;
  windowLengths: WindowLengthStore;
  statistics: StatisticsStore;
  /** Due times of the timer's jobs. */
  jobs: JobStore;
  stopwatch: Stopwatch;
  items: ItemLedger;
  keys: KeyStore;
  scratch: ScratchStore;
  packages: PackageStore;
  packageWriter: PackageWriter;
  emailComposer: EmailComposer;
  viewerAssets: ViewerAssets;
  codesAndSessions: CodeAndSessionStore;
  authenticators: Authenticators;
  /** The company's own login for its customers; null without one. */
  login: LoginProvider | null;
  rateLimiter: RateLimiter;
  tokens: ExpiredTokens;
  notifier: Notifier;
  outbox: Outbox;
  /** Null where no secret is shared with the ticketing system. */
  webhooks: WebhookSender | null;
  /** Requests from the intake page that are not delivered. */
  intakes: IntakeStore;
  puzzles: Puzzles;
  downloadLog: DownloadLog;
  locales: Locales;
  metrics: Metrics;
  settings: Settings;
  /** Runs an activity as a span of its request's trace. */
  trace: ActivityTracer;
  /** Begins the trace of a new request. */
  beginTrace: (request: Traced) => void;
  officers: OfficerContext;
  officerAudit: OfficerAuditLog;
  portal: PortalContextParts;
  limits: OrchestrationLimits;
  monitorLimits: MonitorLimits;
  purgeLimits: PurgeLimits;
  /** Country of phone numbers without a country code; null to refuse them. */
  defaultPhoneRegion: string | null;
  /** Ends what keeps running without a call: for a process that goes on after the app. */
  end: () => Promise<void>;
}
