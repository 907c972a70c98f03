import { extname } from 'node:path';
import { createActivities } from './activities';
import type { Environment, Organisation } from './activities/environment';
import { S3RecordingBucket } from './adapters/bucket/s3';
import { CallBudget } from './adapters/genesys/budget';
import { GenesysClient } from './adapters/genesys/client';
import { genesysSource } from './adapters/genesys/source';
import { TableAccess } from './adapters/identity/access';
import { loadLanguages } from './adapters/languages';
import { TableCaps } from './adapters/identity/caps';
import { EntraOfficers } from './adapters/identity/officers';
import { OpenIdLogin } from './adapters/identity/openid-login';
import { TokenStore } from './adapters/identity/tokens';
import { TableAuthenticatorApps } from './adapters/identity/totp';
import { CommunicationMailer, CommunicationTexter } from './adapters/notify/communication-services';
import { GatewayTexter, QuotaNotifier, readLogo, SmtpMailer } from './adapters/notify/notifier';
import { SignedWebhooks } from './adapters/notify/webhooks';
import { BlobPackageStore, BlobWorkStore } from './adapters/storage/blobs';
import { DefaultAzureCredential } from '@azure/identity';
import { storageOf, type StorageAccess } from './adapters/storage/access';
import { AzuriteDownloadLog, noDownloadLog } from './adapters/storage/download-log';
import { TableLedger } from './adapters/storage/ledger';
import { TableOutbox } from './adapters/storage/outbox';
import { LocalKeyStore } from './adapters/storage/local-keys';
import { MovedClock, systemClock } from './adapters/time/clock';
import { loadConfig } from './config';
import { registerCleanup } from './functions/cleanup.timer';
import { registerDurable } from './functions/durable';
import { registerKeys } from './functions/keys.http';
import { registerFactors } from './functions/factors.http';
import { OfficerGuard, type OfficerSession } from './functions/officer-guard';
import { registerOfficerPage } from './functions/officer-page.http';
import { registerOfficer } from './functions/officer.http';
import { registerPortalPages } from './functions/portal-page.http';
import { registerPortal, type LoginSubject } from './functions/portal.http';
import { loginSeconds, type PendingLogin } from './functions/sign-in';
import { registerRequests } from './functions/requests.http';
import { registerSweeper } from './functions/sweeper.timer';
import type { Limits } from './orchestrators/contract';

/** Composition root: settings to adapters to functions. A wrong setting stops the app from loading. */
const config = loadConfig(process.env);
const clock =
  config.CLOCK_OFFSET_FILE === undefined ? systemClock : new MovedClock(config.CLOCK_OFFSET_FILE);
const storage: StorageAccess =
  config.STORAGE_CONNECTION_STRING ??
  storageOf(config.STORAGE_ACCOUNT ?? '', new DefaultAzureCredential());
const keys = new LocalKeyStore(config.LOCAL_KEY_FILE);

interface OrganisationSettings {
  name: string;
  environment: string;
  gatewayUrl?: string | undefined;
  clientId: string;
  clientSecret: string;
  exportIntegrationId?: string | undefined;
  divisionContacts?: ReadonlyMap<string, string> | undefined;
}

const organisationOf = (given: OrganisationSettings): Organisation => {
  const allowance = {
    calls: config.GENESYS_CALLS_PER_MINUTE,
    windowSeconds: config.GENESYS_MINUTE_SECONDS,
  };
  const client = new GenesysClient({
    environment: given.environment,
    gatewayUrl: given.gatewayUrl ?? null,
    clientId: given.clientId,
    clientSecret: given.clientSecret,
    budget: new CallBudget(storage, allowance, Date.now, given.name),
  });
  return {
    source: genesysSource(client, given.exportIntegrationId ?? ''),
    divisionContacts: given.divisionContacts ?? new Map(),
  };
};

const defaultOrganisation = organisationOf({
  name: config.GENESYS_ORGANISATION,
  environment: config.GENESYS_ENVIRONMENT,
  gatewayUrl: config.GENESYS_GATEWAY_URL,
  clientId: config.GENESYS_CLIENT_ID,
  clientSecret: config.GENESYS_CLIENT_SECRET,
  exportIntegrationId: config.GENESYS_EXPORT_INTEGRATION_ID,
  divisionContacts: config.GENESYS_DIVISION_CONTACTS,
});

const logo = config.BRAND_LOGO_FILE === undefined ? null : readLogo(config.BRAND_LOGO_FILE);
const stepUp = { offered: config.STEP_UP_METHODS, isSmsEnough: config.SMS_IS_ENOUGH };

/** Communication Services, where there is no server or gateway of the company's own. */
const services = config.COMMUNICATION_SERVICES ?? '';
const messageQuota = new CallBudget(
  storage,
  { calls: config.MESSAGES_PER_MINUTE, windowSeconds: 60 },
  Date.now,
  'messages',
);
const notifier = new QuotaNotifier(
  config.SMTP_URL === undefined
    ? new CommunicationMailer(services, config.MAIL_FROM, logo)
    : new SmtpMailer(config.SMTP_URL, config.MAIL_FROM, logo),
  config.SMS_GATEWAY_URL === undefined
    ? new CommunicationTexter(services, config.SMS_FROM ?? '')
    : new GatewayTexter(config.SMS_GATEWAY_URL),
  messageQuota,
);

const login =
  config.LOGIN_ISSUER === undefined
    ? null
    : new OpenIdLogin({
        issuer: config.LOGIN_ISSUER,
        clientId: config.LOGIN_CLIENT_ID ?? '',
        clientSecret: config.LOGIN_CLIENT_SECRET ?? '',
        redirectUri: `${config.PORTAL_ORIGIN}/portal/callback`,
        scope: config.LOGIN_CLAIM === 'email' ? 'openid email' : 'openid phone',
        acr: config.LOGIN_ACR,
        amr: config.LOGIN_AMR,
        maxAgeSeconds: 300,
      });

const officerClient = config.OFFICER_CLIENT_ID ?? '';
const directory =
  config.OFFICER_ISSUER === undefined
    ? null
    : new EntraOfficers({
        issuer: config.OFFICER_ISSUER,
        audiences: [officerClient, config.OFFICER_AUDIENCE ?? `api://${officerClient}`],
        tenant: config.OFFICER_TENANT ?? null,
      });
const officerLogin =
  config.OFFICER_ISSUER === undefined
    ? null
    : new OpenIdLogin({
        issuer: config.OFFICER_ISSUER,
        clientId: officerClient,
        clientSecret: config.OFFICER_CLIENT_SECRET ?? '',
        redirectUri: `${config.PORTAL_ORIGIN}/portal/officer/callback`,
        scope: 'openid profile',
        acr: [],
        amr: [],
        maxAgeSeconds: null,
      });
const packages = new BlobPackageStore(storage);

const environment: Environment = {
  clock,
  keys,
  source: defaultOrganisation.source,
  organisations: new Map([
    [config.GENESYS_ORGANISATION, defaultOrganisation],
    ...config.GENESYS_MORE_ORGANISATIONS.map((one) => [one.name, organisationOf(one)] as const),
  ]),
  bucket:
    config.RECORDING_EXPORTER === 'bulkS3'
      ? new S3RecordingBucket({
          bucket: config.S3_BUCKET ?? '',
          region: config.S3_REGION,
          endpoint: config.S3_ENDPOINT ?? null,
        })
      : null,
  ledger: new TableLedger(storage, keys, clock),
  work: new BlobWorkStore(storage),
  packages,
  access: new TableAccess(storage, keys, clock, stepUp),
  apps: new TableAuthenticatorApps(storage, keys, clock, config.CONTROLLER_NAME),
  login,
  caps: new TableCaps(storage, keys, clock),
  notifier,
  outbox: new TableOutbox(storage, clock),
  webhooks: config.WEBHOOK_SECRET === undefined ? null : new SignedWebhooks(config.WEBHOOK_SECRET),
  downloadLog:
    config.STORAGE_LOG_FILE === undefined
      ? noDownloadLog
      : new AzuriteDownloadLog(config.STORAGE_LOG_FILE),
  languages: loadLanguages(config.LANGUAGE_FOLDER ?? null),
  settings: {
    searchYears: config.SEARCH_YEARS,
    searchWindowDays: config.SEARCH_WINDOW_DAYS,
    pageConversations: config.PAGE_CONVERSATIONS,
    audioFormat: config.AUDIO_FORMAT,
    availabilityHours: config.AVAILABILITY_HOURS,
    failuresAllowed: config.FAILURES_ALLOWED,
    recordingExporter: config.RECORDING_EXPORTER,
    restoreArchived: config.RESTORE_ARCHIVED,
    exportSummaries: config.EXPORT_SUMMARIES,
    exportSentiment: config.EXPORT_SENTIMENT,
    protectFromDeletion: config.PROTECT_FROM_DELETION,
    attributes: config.PARTICIPANT_ATTRIBUTES,
    policy: config.POLICY_FILE,
    branding: {
      controllerName: config.CONTROLLER_NAME,
      controllerContact: config.CONTROLLER_CONTACT,
      portalOrigin: config.PORTAL_ORIGIN,
      colour: config.BRAND_COLOUR,
      hasLogo: logo !== null,
    },
    stepUp,
    loginClaim: config.LOGIN_CLAIM,
    linkMinutes: config.LINK_MINUTES,
    plainLinkMinutes: config.PLAIN_LINK_MINUTES,
    portalCallsPerMinute: config.PORTAL_CALLS_PER_MINUTE,
    codeCaps: {
      perNumberAndDay: config.CODES_PER_NUMBER_AND_DAY,
      perCountryAndDay: config.CODES_PER_COUNTRY_AND_DAY,
      countries: config.SMS_COUNTRIES === undefined ? null : new Set(config.SMS_COUNTRIES),
    },
    callbackHosts: config.WEBHOOK_HOSTS,
    notice:
      config.NOTICE_FILE === undefined
        ? null
        : {
            name: `privacy-notice${extname(config.NOTICE_FILE).toLowerCase()}`,
            path: config.NOTICE_FILE,
          },
  },
};

const limits: Limits = {
  verificationDays: config.VERIFICATION_DAYS,
  reminderDays: config.REMINDER_DAYS,
  pollSeconds: config.POLL_SECONDS,
  audioWaitMinutes: config.AUDIO_WAIT_MINUTES,
  sourceWaitHours: config.SOURCE_WAIT_HOURS,
  lanes: config.PAGE_LANES,
};

registerDurable(createActivities(environment));
registerKeys(keys);
registerRequests(environment, limits, config.DEFAULT_PHONE_REGION ?? null);
const guard = new OfficerGuard({
  directory,
  sessions: new TokenStore<OfficerSession>(storage, 'officer', 30 * 60, clock),
  keys,
  clock,
  origin: config.PORTAL_ORIGIN,
});
/** Sign-ins under way, of persons and of officers. */
const pendingOf = <T>(kind: string): TokenStore<PendingLogin<T>> =>
  new TokenStore(storage, kind, loginSeconds, clock);
registerOfficer(environment, limits, guard);
registerFactors(environment, guard);
registerOfficerPage({
  guard,
  directory,
  login: officerLogin,
  pending: pendingOf<null>('officerLogin'),
  origin: config.PORTAL_ORIGIN,
});
registerPortal(environment, pendingOf<LoginSubject>('login'));
registerPortalPages(environment.languages, packages.origin, logo);
registerSweeper(environment, limits);
registerCleanup(environment, config.FORGET_AFTER_DAYS);
