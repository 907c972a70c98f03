import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { accountOf, storageConnectionString, storageLogOf } from '../azurite';
import { clients, strongAcr, tenant } from '../identity/clients';
import { s3Credentials, s3Region } from '../s3/emulator';
import type { StackOptions } from './options';

/** Origin of the portal as browsers see it. */
export const portalOrigin = ({ settings, ports }: StackOptions): string =>
  settings?.['PORTAL_ORIGIN'] ?? `http://127.0.0.1:${ports.host}`;

/** Settings of the app: those of the stack, then those that were asked for. */
export function appSettings(options: StackOptions): Record<string, string> {
  const { state, s3Port, shared } = options;
  const ports = { ...options.ports, ...options.appPorts };
  const { account, log } = shared?.storage ?? {
    account: accountOf(state),
    log: storageLogOf(resolve(state)),
  };
  const connectionString = storageConnectionString(account, ports);
  const issuer = `http://127.0.0.1:${options.ports.identity}`;
  return {
    GENESYS_GATEWAY_URL: options.genesysUrl ?? `http://127.0.0.1:${ports.genesys}`,
    GENESYS_CLIENT_ID: 'simulator-client',
    GENESYS_CLIENT_SECRET: 'simulator-secret',
    STORAGE_CONNECTION_STRING: connectionString,
    AzureWebJobsStorage: connectionString,
    LOCAL_KEY_FILE: keyFile(state),
    PORTAL_ORIGIN: portalOrigin(options),
    OFFICER_ISSUER: issuer,
    OFFICER_TENANT: tenant,
    OFFICER_CLIENT_ID: clients.officers.id,
    OFFICER_CLIENT_SECRET: clients.officers.secret,
    OFFICER_ACR: strongAcr,
    OFFICER_AMR: 'mfa',
    CUSTOMER_LOGIN_ISSUER: issuer,
    CUSTOMER_LOGIN_CLIENT_ID: clients.customers.id,
    CUSTOMER_LOGIN_CLIENT_SECRET: clients.customers.secret,
    CUSTOMER_LOGIN_ACR: strongAcr,
    STORAGE_LOG_FILE: log,
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    MAIL_FROM: 'privacy@shop.example',
    // The mail server of this machine has no quota.
    EMAILS_PER_MINUTE: '10000',
    EMAILS_PER_HOUR: '600000',
    SMS_GATEWAY_URL: `http://127.0.0.1:${ports.inbox}/sms`,
    CONTROLLER_NAME: 'Example Mail Order',
    CONTROLLER_CONTACT: 'privacy@shop.example',
    PROCESSING_FILE: join(options.root, 'controller/processing.example.json'),
    // The app's deadlines follow the clock of the host that fires its timers.
    CLOCK_OFFSET_FILE: join(resolve(state), 'host', 'clock-offset'),
    ...(s3Port === undefined ? {} : s3Settings(s3Port)),
    ...options.settings,
  };
}

/** The file with the key of the app; creates it at the first start. */
function keyFile(state: string): string {
  const file = join(resolve(state), 'request-key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return file;
}

/** Settings of the app for the bulk export to the emulator. */
const s3Settings = (port: number): Record<string, string> => ({
  RECORDING_EXPORTER: 'bulkS3',
  S3_BUCKET: 'recordings',
  S3_REGION: s3Region,
  S3_ENDPOINT: `http://127.0.0.1:${port}`,
  GENESYS_EXPORT_INTEGRATION_ID: 'simulator-integration',
  AWS_ACCESS_KEY_ID: s3Credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
});
