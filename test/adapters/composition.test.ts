import {
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from '@azure/monitor-opentelemetry-exporter';
import { S3RecordingBucket } from '../../src/adapters/bucket/s3';
import { GenesysClient } from '../../src/adapters/genesys/client';
import { VaultSecrets } from '../../src/adapters/keys/secret';
import {
  CommunicationMailer,
  CommunicationTexter,
} from '../../src/adapters/messaging/communication-services';
import { CommunicationProbe } from '../../src/adapters/messaging/mail-probe';
import { guardedFetch } from '../../src/adapters/network/guarded-fetch';
import { noDownloadLog } from '../../src/adapters/storage/download-log';
import { StorageLogs } from '../../src/adapters/storage/log-analytics';
import { ScrubbingProcessor } from '../../src/adapters/telemetry/spans';
import { bucketOf } from '../../src/composition/exporter';
import { organisationsOf } from '../../src/composition/genesys';
import { secretFactoryOf } from '../../src/composition/keys';
import { mailerOf } from '../../src/composition/mail';
import { mailProbeOf } from '../../src/composition/probes';
import { texterOf } from '../../src/composition/sms';
import { downloadLogOf } from '../../src/composition/storage';
import { withVaultSecrets } from '../../src/composition/vault-references';
import { loadConfig, type Config } from '../../src/config/config';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { bulkExport, example, type Settings } from '../helpers/settings';

jest.mock('../../src/adapters/bucket/s3');
// As it is loaded, the SDK of Genesys Cloud begins to watch a file.
jest.mock('../../src/adapters/genesys/client', () => ({ GenesysClient: jest.fn() }));
jest.mock('../../src/adapters/genesys/source', () => ({ genesysSource: jest.fn() }));
jest.mock('../../src/adapters/messaging/communication-services');
jest.mock('../../src/adapters/messaging/mail-probe');
jest.mock('../../src/adapters/network/guarded-fetch');
jest.mock('../../src/adapters/storage/log-analytics', () => ({
  ...jest.requireActual<object>('../../src/adapters/storage/log-analytics'),
  StorageLogs: jest.fn(),
}));
jest.mock('@azure/monitor-opentelemetry-exporter');
jest.mock('@opentelemetry/instrumentation');
jest.mock('@opentelemetry/instrumentation-http');
jest.mock('@opentelemetry/instrumentation-undici');
jest.mock('@opentelemetry/sdk-metrics');
jest.mock('@opentelemetry/sdk-trace-base');
jest.mock('@opentelemetry/sdk-trace-node');

const identity = {
  getToken: (scopes: string | string[]) =>
    Promise.resolve({ token: `token for ${String(scopes)}`, expiresOnTimestamp: 0 }),
};
const configOf = (change: Settings): Config => loadConfig({ ...example, ...change });

afterEach(() => jest.clearAllMocks());

describe('settings that name Communication Services', () => {
  const services = 'https://privacy.communication.azure.com';
  const config = configOf({
    ...{ SMTP_URL: undefined, SMS_GATEWAY_URL: undefined },
    ...{ COMMUNICATION_SERVICES: services, SMS_FROM: '+15550100' },
  });
  const logo = { contentType: 'image/png', content: Buffer.from('the logo') };

  it('send by them, as the app, with the logo of the company', () => {
    const secretOf = secretFactoryOf(config.keys, identity);
    mailerOf(config.mail, { logo, secretOf, identity });
    texterOf(config.textMessages, identity);
    expect(jest.mocked(CommunicationMailer).mock.calls).toStrictEqual([
      [{ services, identity }, example['MAIL_FROM'], logo],
    ]);
    expect(jest.mocked(CommunicationTexter).mock.calls).toStrictEqual([
      [{ services, identity }, '+15550100'],
    ]);
  });

  it('are examined by reaching them', () => {
    expect(mailProbeOf(config)).toBeInstanceOf(CommunicationProbe);
    expect(jest.mocked(CommunicationProbe).mock.calls).toStrictEqual([[services]]);
  });
});

describe('settings that name a storage account', () => {
  const account = { STORAGE_CONNECTION_STRING: undefined, STORAGE_ACCOUNT: 'pkgprivacy' };
  const workspace = '3fbb8f3a-0000-4000-8000-000000000002';

  it.each<[string, Settings, object]>([
    ['the public cloud', {}, {}],
    [
      'another cloud',
      { STORAGE_LOG_ENDPOINT: 'https://api.logs.example' },
      {
        endpoint: 'https://api.logs.example/v1',
        credentials: { scopes: ['https://api.logs.example/.default'] },
      },
    ],
  ])('read the log of downloads in the workspace that they name, of %s', (_, change, options) => {
    const { storage } = configOf({ ...account, STORAGE_LOG_WORKSPACE_ID: workspace, ...change });
    expect(downloadLogOf(storage, identity)).toBeInstanceOf(StorageLogs);
    expect(jest.mocked(StorageLogs).mock.calls).toStrictEqual([[workspace, identity, options]]);
  });

  it('know nothing of downloads where they name no workspace', () => {
    expect(downloadLogOf(configOf(account).storage, identity)).toBe(noDownloadLog);
  });
});

describe('settings that export recordings into a bucket', () => {
  const optionsOf = (change: Settings) => {
    bucketOf(configOf({ ...bulkExport, ...change }).recordingExporter, identity);
    return jest.mocked(S3RecordingBucket).mock.calls[0]?.[0];
  };

  it('read it by a role of AWS, for a token of the app', async () => {
    const arn = 'arn:aws:iam::123456789012:role/recordings-reader';
    const options = optionsOf({ S3_ROLE_ARN: arn, S3_TOKEN_SCOPE: 'api://aws/.default' });
    expect(options).toMatchObject({ bucket: 'recordings', endpoint: null, role: { arn } });
    expect(await options?.role?.token()).toBe('token for api://aws/.default');
  });

  it('read it by what the SDK of AWS finds where they name no role', () => {
    expect(optionsOf({})?.role).toBeNull();
  });
});

describe('settings that name a region of Genesys Cloud', () => {
  it('call it there, and fetch files from its own hosts and Amazon S3 alone', () => {
    const config = configOf({ GENESYS_REGION: 'mypurecloud.de' });
    const limiter = { lease: jest.fn() };
    const { main } = organisationsOf(config, limiter, secretFactoryOf(config.keys, identity));
    // The client is made for whoever calls first.
    expect(GenesysClient).not.toHaveBeenCalled();
    void main.source;
    const [options] = jest.mocked(GenesysClient).mock.calls[0] ?? [];
    expect(options).toMatchObject({ region: 'mypurecloud.de', gatewayUrl: null });
    expect(options?.clientSecret.value).toBe(example['GENESYS_CLIENT_SECRET']);
    const [guard] = jest.mocked(guardedFetch).mock.calls[0] ?? [];
    expect(guard?.allowsLoopback).toBe(false);
    const hosts = [
      ...['api-downloads.mypurecloud.de', 'bucket.s3.eu-central-1.amazonaws.com'],
      ...['api-downloads.mypurecloud.ie', 'mypurecloud.de.mail.example', '127.0.0.1'],
    ];
    expect(hosts.map((host) => guard?.isAllowed(host))).toEqual([true, true, false, false, false]);
  });
});

describe('settings that name a vault', () => {
  it('are read with the secrets of that vault', async () => {
    const read = jest.spyOn(VaultSecrets.prototype, 'read').mockResolvedValue('the key');
    const reference = '@Microsoft.KeyVault(VaultName=privacy;SecretName=hash-key)';
    const vaultUrl = 'https://privacy.vault.azure.net';
    const settings = { KEY_VAULT_URL: vaultUrl, HASH_KEY: reference };
    expect(await withVaultSecrets(settings)).toEqual({ ...settings, HASH_KEY: 'the key' });
    expect(read.mock.calls).toEqual([['HASH_KEY']]);
    expect(read.mock.contexts).toMatchObject([{ client: { vaultUrl } }]);
    read.mockRestore();
  });
});

describe('settings that name Application Insights', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = before;
  });

  it('send spans there as the app, scrubbed, and metrics', () => {
    const connectionString = 'InstrumentationKey=3fbb8f3a-0000-4000-8000-000000000002';
    process.env = { ...before, APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString };
    jest.requireActual('../../src/composition/telemetry');
    const options = { connectionString, credential: { getToken: expect.any(Function) as object } };
    for (const exporter of [AzureMonitorTraceExporter, AzureMonitorMetricExporter])
      expect(jest.mocked(exporter).mock.calls).toEqual([[options]]);
    const [spans] = jest.mocked(AzureMonitorTraceExporter).mock.instances;
    const [batches] = jest.mocked(BatchSpanProcessor).mock.instances;
    expect(jest.mocked(BatchSpanProcessor).mock.calls[0]?.[0]).toBe(spans);
    const [provider] = jest.mocked(NodeTracerProvider).mock.calls[0] ?? [];
    expect(provider?.spanProcessors).toHaveLength(1);
    expect(provider?.spanProcessors?.[0]).toBeInstanceOf(ScrubbingProcessor);
    expect(provider?.spanProcessors?.[0]).toMatchObject({ next: batches });
    const [exporter] = jest.mocked(AzureMonitorMetricExporter).mock.instances;
    const [reader] = jest.mocked(PeriodicExportingMetricReader).mock.calls[0] ?? [];
    expect(reader?.exporter).toBe(exporter);
  });
});
