import { extname } from 'node:path';
import { createActivities } from './activities';
import type { Environment, Organisation } from './activities/environment';
import { S3RecordingBucket } from './adapters/bucket/s3';
import { CallBudget } from './adapters/genesys/budget';
import { GenesysClient } from './adapters/genesys/client';
import { genesysSource } from './adapters/genesys/source';
import { TableAccess } from './adapters/identity/access';
import { loadLanguages } from './adapters/languages';
import { SmtpAndGatewayNotifier } from './adapters/notify/notifier';
import { BlobPackageStore, BlobWorkStore } from './adapters/storage/blobs';
import { TableLedger } from './adapters/storage/ledger';
import { LocalKeyStore } from './adapters/storage/local-keys';
import { MovedClock, systemClock } from './adapters/time/clock';
import { loadConfig } from './config';
import { registerDurable } from './functions/durable';
import { registerKeys } from './functions/keys.http';
import { registerOfficer } from './functions/officer.http';
import { registerPortal } from './functions/portal.http';
import { registerRequests } from './functions/requests.http';
import { registerSweeper } from './functions/sweeper.timer';
import type { Limits } from './orchestrators/contract';

/** Composition root: settings to adapters to functions. A wrong setting stops the app from loading. */
const config = loadConfig(process.env);
const clock =
  config.CLOCK_OFFSET_FILE === undefined ? systemClock : new MovedClock(config.CLOCK_OFFSET_FILE);
const connectionString = config.STORAGE_CONNECTION_STRING;
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
    budget: new CallBudget(connectionString, allowance, Date.now, given.name),
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
  ledger: new TableLedger(connectionString, keys, clock),
  work: new BlobWorkStore(connectionString),
  packages: new BlobPackageStore({ connectionString, linkMinutes: config.LINK_MINUTES }),
  access: new TableAccess(connectionString, keys, clock),
  notifier: new SmtpAndGatewayNotifier({
    smtpUrl: config.SMTP_URL,
    from: config.MAIL_FROM,
    smsGatewayUrl: config.SMS_GATEWAY_URL,
  }),
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
    },
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
registerOfficer(environment, limits, config.OFFICER_KEY ?? null);
registerPortal(environment);
registerSweeper(environment, limits);
