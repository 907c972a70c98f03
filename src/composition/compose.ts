import { DefaultAzureCredential } from '@azure/identity';
import { extname } from 'node:path';
import type { Environment, Organisation } from '../services/environment';
import { S3RecordingBucket, type WebIdentityRole } from '../adapters/bucket/s3';
import { CallBudget } from '../adapters/genesys/budget';
import { GenesysClient } from '../adapters/genesys/client';
import { genesysSource } from '../adapters/genesys/source';
import { TableCodeAndSessionStore } from '../adapters/authentication/codes-and-sessions';
import { TableRateLimiter } from '../adapters/storage/rate-limiter';
import { EntraOfficers } from '../adapters/authentication/officers';
import { OpenIdLogin } from '../adapters/authentication/openid-login';
import { TableAuthenticators } from '../adapters/authentication/totp';
import { LocalKeyStore } from '../adapters/keys/local-keys';
import { Secret, VaultSecrets } from '../adapters/keys/secret';
import { VaultKeyStore } from '../adapters/keys/vault-keys';
import { loadLocales } from '../adapters/locales';
import {
  CommunicationMailer,
  CommunicationTexter,
} from '../adapters/messaging/communication-services';
import {
  GatewayTexter,
  QuotaNotifier,
  readLogo,
  SmtpMailer,
  type Logo,
} from '../adapters/messaging/notifier';
import { SignedWebhooks } from '../adapters/messaging/webhooks';
import { storageOf, type StorageConnection } from '../adapters/storage/connection';
import { BlobPackageStore, BlobScratchStore } from '../adapters/storage/blobs';
import { AzuriteDownloadLog, noDownloadLog } from '../adapters/storage/download-log';
import { TableItemLedger } from '../adapters/storage/items';
import { TableLedger } from '../adapters/storage/ledger';
import { TableSearchLedger } from '../adapters/storage/searches';
import { StorageLogs } from '../adapters/storage/log-analytics';
import { TableOutbox } from '../adapters/storage/outbox';
import { MovedClock, systemClock } from '../adapters/time/clock';
import type { Config } from '../config/config';
import type { DownloadLog, KeyStore, LoginProvider, OfficerDirectory } from '../ports';

/** The app's adapters, as its settings ask for them. */
export interface Composition {
  environment: Environment;
  storage: StorageConnection;
  logo: Logo | null;
  /** Origin that packages are read from. */
  packageOrigin: string;
  /** Directory of officers, and their sign-in; null where none is set. */
  directory: OfficerDirectory | null;
  officerLogin: LoginProvider | null;
}

interface OrganisationSettings {
  name: string;
  environment: string;
  gatewayUrl?: string | undefined;
  clientId: string;
  clientSecret: Secret;
  exportIntegrationId?: string | undefined;
  divisionContacts?: ReadonlyMap<string, string> | undefined;
}

/** Settings to adapters. Nothing is reached yet: adapters connect when they are used. */
export function compose(config: Config): Composition {
  const clock =
    config.CLOCK_OFFSET_FILE === undefined ? systemClock : new MovedClock(config.CLOCK_OFFSET_FILE);
  const credential = new DefaultAzureCredential();
  const storage: StorageConnection =
    config.STORAGE_CONNECTION_STRING ?? storageOf(config.STORAGE_ACCOUNT ?? '', credential);
  const keys = keyStoreOf(config, credential);
  const secretOf = secretsOf(config, credential);

  const organisationOf = (given: OrganisationSettings): Organisation => {
    const allowance = {
      calls: config.GENESYS_CALLS_PER_MINUTE,
      windowSeconds: config.GENESYS_RATE_WINDOW_SECONDS,
    };
    const client = new GenesysClient({
      region: given.environment,
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
    environment: config.GENESYS_REGION,
    gatewayUrl: config.GENESYS_GATEWAY_URL,
    clientId: config.GENESYS_CLIENT_ID,
    clientSecret: secretOf('GENESYS_CLIENT_SECRET', config.GENESYS_CLIENT_SECRET),
    exportIntegrationId: config.GENESYS_EXPORT_INTEGRATION_ID,
    divisionContacts: config.GENESYS_DIVISION_CONTACTS,
  });
  const furtherOrganisations = config.GENESYS_ADDITIONAL_ORGANISATIONS.map(
    (one) =>
      [one.name, organisationOf({ ...one, clientSecret: new Secret(one.clientSecret) })] as const,
  );

  const logo = config.BRAND_LOGO_FILE === undefined ? null : readLogo(config.BRAND_LOGO_FILE);
  const stepUp = { offered: config.STEP_UP_METHODS, isSmsSufficient: config.SMS_IS_SUFFICIENT };
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
      : new SmtpMailer(secretOf('SMTP_URL', config.SMTP_URL), config.MAIL_FROM, logo),
    config.SMS_GATEWAY_URL === undefined
      ? new CommunicationTexter(services, config.SMS_FROM ?? '')
      : new GatewayTexter(config.SMS_GATEWAY_URL),
    messageQuota,
  );

  const packages = new BlobPackageStore(storage);
  const environment: Environment = {
    clock,
    keys,
    source: defaultOrganisation.source,
    organisations: new Map([
      [config.GENESYS_ORGANISATION, defaultOrganisation],
      ...furtherOrganisations,
    ]),
    bucket:
      config.RECORDING_EXPORTER === 'bulkS3'
        ? new S3RecordingBucket({
            bucket: config.S3_BUCKET ?? '',
            region: config.S3_REGION,
            endpoint: config.S3_ENDPOINT ?? null,
            role: roleOf(config, credential),
          })
        : null,
    ledger: new TableLedger(storage, keys, clock),
    searches: new TableSearchLedger(storage),
    items: new TableItemLedger(storage),
    scratch: new BlobScratchStore(storage),
    packages,
    codesAndSessions: new TableCodeAndSessionStore(storage, keys, clock, stepUp),
    authenticators: new TableAuthenticators(storage, keys, clock, config.CONTROLLER_NAME),
    login: customerLoginOf(config),
    rateLimiter: new TableRateLimiter(storage, keys, clock),
    notifier,
    outbox: new TableOutbox(storage, clock),
    webhooks:
      config.WEBHOOK_SECRET === undefined
        ? null
        : new SignedWebhooks(secretOf('WEBHOOK_SECRET', config.WEBHOOK_SECRET)),
    downloadLog: downloadLogOf(config, credential),
    locales: loadLocales(config.LOCALES_FOLDER ?? null),
    settings: {
      search: { years: config.SEARCH_YEARS, windowDays: config.SEARCH_WINDOW_DAYS },
      export: {
        conversationsPerPage: config.CONVERSATIONS_PER_PAGE,
        recordingExporter: config.RECORDING_EXPORTER,
        audioFormat: config.AUDIO_FORMAT,
        restoreArchived: config.RESTORE_ARCHIVED,
        summaries: config.EXPORT_SUMMARIES,
        sentiment: config.EXPORT_SENTIMENT,
        deletionHold: config.DELETION_HOLD,
        attributes: config.PARTICIPANT_ATTRIBUTES,
        policy: config.REDACTION_POLICY_FILE,
      },
      completeness: { failuresAllowed: config.FAILURES_ALLOWED },
      delivery: {
        availabilityHours: config.AVAILABILITY_HOURS,
        portalLinkMinutes: config.PORTAL_LINK_MINUTES,
        browserLinkMinutes: config.BROWSER_LINK_MINUTES,
      },
      authentication: {
        stepUp,
        loginClaim: config.CUSTOMER_LOGIN_CLAIM,
        codeLimits: {
          perNumberPerDay: config.SMS_CODES_PER_NUMBER_PER_DAY,
          perCountryPerDay: config.SMS_CODES_PER_COUNTRY_PER_DAY,
          countries: config.SMS_COUNTRIES === undefined ? null : new Set(config.SMS_COUNTRIES),
        },
      },
      portal: { callsPerMinute: config.PORTAL_CALLS_PER_MINUTE },
      callbacks: { hosts: config.WEBHOOK_HOSTS },
      branding: {
        controllerName: config.CONTROLLER_NAME,
        controllerContact: config.CONTROLLER_CONTACT,
        portalOrigin: config.PORTAL_ORIGIN,
        colour: config.BRAND_COLOUR,
        hasLogo: logo !== null,
      },
      legalClock: {
        timeZone: config.CONTROLLER_TIME_ZONE,
        holidays: config.HOLIDAY_FILE,
        isSuspendedByVerification: config.VERIFICATION_SUSPENDS_CLOCK,
      },
      notice:
        config.PRIVACY_NOTICE_FILE === undefined
          ? null
          : {
              name: `privacy-notice${extname(config.PRIVACY_NOTICE_FILE).toLowerCase()}`,
              path: config.PRIVACY_NOTICE_FILE,
            },
    },
  };
  return { environment, storage, logo, packageOrigin: packages.origin, ...officersOf(config) };
}

function keyStoreOf(config: Config, credential: DefaultAzureCredential): KeyStore {
  if (config.KEY_VAULT_URL === undefined) return new LocalKeyStore(config.LOCAL_KEY_FILE ?? '');
  return new VaultKeyStore({
    vaultUrl: config.KEY_VAULT_URL,
    credential,
    hashKey: Buffer.from(config.HASH_KEY ?? '', 'base64'),
  });
}

/** The role in AWS that the app takes on by its own identity. */
function roleOf(
  { S3_ROLE_ARN: arn, S3_TOKEN_SCOPE: scope }: Config,
  credential: DefaultAzureCredential,
): WebIdentityRole | null {
  if (arn === undefined || scope === undefined) return null;
  return { arn, token: async () => (await credential.getToken(scope)).token };
}

/** Secrets of the settings; with a vault, they are read there anew when they are refused. */
function secretsOf(
  { KEY_VAULT_URL: vaultUrl }: Config,
  credential: DefaultAzureCredential,
): (setting: string, value: string) => Secret {
  const vault = vaultUrl === undefined ? null : new VaultSecrets(vaultUrl, credential);
  return (setting, value) => new Secret(value, vault && (() => vault.read(setting)));
}

function downloadLogOf(config: Config, credential: DefaultAzureCredential): DownloadLog {
  if (config.LOG_WORKSPACE_ID !== undefined)
    return new StorageLogs(config.LOG_WORKSPACE_ID, credential);
  return config.STORAGE_LOG_FILE === undefined
    ? noDownloadLog
    : new AzuriteDownloadLog(config.STORAGE_LOG_FILE);
}

/** The company's own login for its customers. */
function customerLoginOf(config: Config): LoginProvider | null {
  if (config.CUSTOMER_LOGIN_ISSUER === undefined) return null;
  return new OpenIdLogin({
    issuer: config.CUSTOMER_LOGIN_ISSUER,
    clientId: config.CUSTOMER_LOGIN_CLIENT_ID ?? '',
    clientSecret: config.CUSTOMER_LOGIN_CLIENT_SECRET ?? '',
    redirectUri: `${config.PORTAL_ORIGIN}/portal/callback`,
    scope: config.CUSTOMER_LOGIN_CLAIM === 'email' ? 'openid email' : 'openid phone',
    acr: config.CUSTOMER_LOGIN_ACR,
    amr: config.CUSTOMER_LOGIN_AMR,
    maxAgeSeconds: 300,
  });
}

function officersOf(config: Config): Pick<Composition, 'directory' | 'officerLogin'> {
  if (config.OFFICER_ISSUER === undefined) return { directory: null, officerLogin: null };
  const clientId = config.OFFICER_CLIENT_ID ?? '';
  const directory = new EntraOfficers({
    issuer: config.OFFICER_ISSUER,
    audiences: [clientId, config.OFFICER_AUDIENCE ?? `api://${clientId}`],
    tenant: config.OFFICER_TENANT ?? null,
  });
  const officerLogin = new OpenIdLogin({
    issuer: config.OFFICER_ISSUER,
    clientId,
    clientSecret: config.OFFICER_CLIENT_SECRET ?? '',
    redirectUri: `${config.PORTAL_ORIGIN}/portal/officer/callback`,
    scope: 'openid profile',
    acr: [],
    amr: [],
    maxAgeSeconds: null,
  });
  return { directory, officerLogin };
}
