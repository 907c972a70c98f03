import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/config';
import {
  bulkExport,
  example,
  explained,
  login,
  problemsOf,
  vault,
  webhookSecret,
  type Settings,
} from '../helpers/settings';

describe('settings that exclude each other', () => {
  it.each<[string, Settings, string[]]>([
    [
      'two kinds of storage',
      { STORAGE_ACCOUNT: 'packages' },
      ['STORAGE_ACCOUNT and STORAGE_CONNECTION_STRING are set: set one of them, and not both'],
    ],
    [
      'two kinds of keys',
      { ...vault, LOCAL_KEY_FILE: 'key' },
      ['KEY_VAULT_URL and LOCAL_KEY_FILE are set: set one of them, and not both'],
    ],
    [
      'a region and a simulator',
      { GENESYS_GATEWAY_URL: 'http://127.0.0.1:9' },
      ['GENESYS_REGION and GENESYS_GATEWAY_URL are set: set one of them, and not both'],
    ],
    [
      'two senders of text messages',
      { SMS_FROM: '+4930123456', COMMUNICATION_SERVICES: 'https://messages.example' },
      ['SMS_GATEWAY_URL and SMS_FROM are set: set one of them, and not both'],
    ],
  ])('are named: %s', (_case, settings, problems) => {
    expect(problemsOf({ ...example, ...settings })).toEqual(problems);
  });

  it('are allowed where another topic uses one of them', () => {
    const services = { COMMUNICATION_SERVICES: 'https://messages.example' };
    const ownServer = { ...example, ...services, SMS_GATEWAY_URL: '', SMS_FROM: '+4930123456' };
    expect(loadConfig(ownServer).mail.transport.kind).toBe('smtp');
    expect(loadConfig(ownServer).textMessages.kind).toBe('communicationServices');
    const ownGateway = { ...example, ...services, SMTP_URL: '' };
    expect(loadConfig(ownGateway).mail.transport.kind).toBe('communicationServices');
    expect(problemsOf({ ...example, ...services })).toEqual([
      'COMMUNICATION_SERVICES has no effect beside SMTP_URL and SMS_GATEWAY_URL',
    ]);
    const both = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=0',
    };
    expect(loadConfig({ ...example, ...both }).telemetry.receiver.kind).toBe('collector');
  });
});

describe('a setting that has no effect alone', () => {
  it.each<[string, Settings, string[]]>([
    [
      'S3_BUCKET',
      { S3_BUCKET: 'recordings' },
      ['S3_BUCKET only has an effect with RECORDING_EXPORTER=bulkS3'],
    ],
    [
      'S3_TOKEN_SCOPE',
      { ...bulkExport, S3_TOKEN_SCOPE: 'api://aws/.default' },
      ['S3_TOKEN_SCOPE only has an effect with S3_ROLE_ARN, which is not set'],
    ],
    [
      'GENESYS_EXPORT_INTEGRATION_ID',
      { GENESYS_EXPORT_INTEGRATION_ID: 'integration', RECORDING_EXPORTER: 'batch' },
      ['GENESYS_EXPORT_INTEGRATION_ID only has an effect with RECORDING_EXPORTER=bulkS3'],
    ],
    [
      'GENESYS_RATE_WINDOW_SECONDS',
      { GENESYS_RATE_WINDOW_SECONDS: '2' },
      ['GENESYS_RATE_WINDOW_SECONDS only has an effect with GENESYS_GATEWAY_URL, which is not set'],
    ],
    [
      'CUSTOMER_LOGIN_CLIENT_ID',
      { CUSTOMER_LOGIN_CLIENT_ID: 'portal' },
      ['CUSTOMER_LOGIN_CLIENT_ID only has an effect with CUSTOMER_LOGIN_ISSUER, which is not set'],
    ],
    [
      'OFFICER_TENANT',
      {
        OFFICER_ISSUER: '',
        OFFICER_CLIENT_ID: '',
        OFFICER_CLIENT_SECRET: '',
        OFFICER_TENANT: 'tenant',
      },
      ['OFFICER_TENANT only has an effect with OFFICER_ISSUER, which is not set'],
    ],
    [
      'HASH_KEY',
      { HASH_KEY: Buffer.alloc(32).toString('base64') },
      ['HASH_KEY only has an effect with KEY_VAULT_URL, which is not set'],
    ],
    [
      'HASH_KEYS_PREVIOUS',
      { HASH_KEYS_PREVIOUS: Buffer.alloc(32).toString('base64') },
      ['HASH_KEYS_PREVIOUS only has an effect with KEY_VAULT_URL, which is not set'],
    ],
    [
      'STORAGE_LOG_WORKSPACE_ID',
      { STORAGE_LOG_WORKSPACE_ID: '00000000-0000-4000-8000-000000000000' },
      ['STORAGE_LOG_WORKSPACE_ID only has an effect with STORAGE_ACCOUNT, which is not set'],
    ],
    [
      'STORAGE_LOG_FILE',
      { STORAGE_CONNECTION_STRING: '', STORAGE_ACCOUNT: 'packages', STORAGE_LOG_FILE: 'log' },
      ['STORAGE_LOG_FILE only has an effect with STORAGE_CONNECTION_STRING, which is not set'],
    ],
    [
      'WEBHOOK_HOSTS',
      { WEBHOOK_HOSTS: 'tickets.shop.example' },
      ['WEBHOOK_HOSTS only has an effect with WEBHOOK_SECRET, which is not set'],
    ],
    [
      'INTAKE_PER_DAY',
      { INTAKE_PER_DAY: '10' },
      ['INTAKE_PER_DAY only has an effect with INTAKE=true'],
    ],
  ])('is refused with the name of the other: %s', (_name, settings, problems) => {
    expect(problemsOf({ ...example, ...settings })).toEqual(problems);
  });
});

describe('settings that need each other', () => {
  it.each<[string, Settings, string[]]>([
    [
      'the bulk export',
      { RECORDING_EXPORTER: 'bulkS3' },
      ['S3_BUCKET is not set', 'GENESYS_EXPORT_INTEGRATION_ID is not set'],
    ],
    [
      'a role in AWS',
      { ...bulkExport, S3_ROLE_ARN: 'arn:aws:iam::123456789012:role/reader' },
      ['S3_TOKEN_SCOPE is not set'],
    ],
    ['a vault', { ...vault, HASH_KEY: '' }, ['HASH_KEY is not set']],
    [
      'the login of customers',
      { ...login, CUSTOMER_LOGIN_CLIENT_ID: '', CUSTOMER_LOGIN_CLIENT_SECRET: '' },
      ['CUSTOMER_LOGIN_CLIENT_ID is not set', 'CUSTOMER_LOGIN_CLIENT_SECRET is not set'],
    ],
    [
      'the strength of a sign-in',
      { ...login, CUSTOMER_LOGIN_ACR: '' },
      [
        'CUSTOMER_LOGIN_ACR is not set, nor is CUSTOMER_LOGIN_AMR: one of them says how strong a sign-in must be',
      ],
    ],
    [
      'proof of a Californian request',
      { PRIVACY_LAW: 'ccpa', PROOF_RETENTION_YEARS: '1' },
      ['PROOF_RETENTION_YEARS must be at least 2 where PRIVACY_LAW is ccpa'],
    ],
    [
      'the login as a method',
      { STEP_UP_METHODS: 'sms,oidc' },
      ['CUSTOMER_LOGIN_ISSUER is not set, which STEP_UP_METHODS with oidc needs'],
    ],
    [
      'a second method',
      { STEP_UP_METHODS: 'sms', SMS_IS_SUFFICIENT: 'false' },
      ['STEP_UP_METHODS must offer more than sms where SMS_IS_SUFFICIENT is false'],
    ],
    [
      'the directory of officers',
      { OFFICER_CLIENT_ID: '', OFFICER_CLIENT_SECRET: '' },
      ['OFFICER_CLIENT_ID is not set', 'OFFICER_CLIENT_SECRET is not set'],
    ],
    ['webhooks', { WEBHOOK_SECRET: webhookSecret }, ['WEBHOOK_HOSTS is not set']],
    ['the intake page', { INTAKE: 'true' }, ['INTAKE_WEBHOOK_URL is not set']],
    [
      'the intake page and webhooks',
      { INTAKE: 'true', INTAKE_WEBHOOK_URL: 'https://tickets.shop.example/in' },
      ['INTAKE_WEBHOOK_URL must be at a host of WEBHOOK_HOSTS, and WEBHOOK_SECRET be set'],
    ],
    [
      'the address of the intake page and the hosts of webhooks',
      {
        INTAKE: 'true',
        INTAKE_WEBHOOK_URL: 'https://else.example/in',
        WEBHOOK_SECRET: webhookSecret,
        WEBHOOK_HOSTS: 'tickets.shop.example',
      },
      ['INTAKE_WEBHOOK_URL must be at a host of WEBHOOK_HOSTS, and WEBHOOK_SECRET be set'],
    ],
    [
      'text messages by Communication Services',
      { SMS_GATEWAY_URL: '', SMS_FROM: '+4930123456' },
      ['COMMUNICATION_SERVICES is not set'],
    ],
    [
      'a portal on loopback and a key file',
      { ...explained, PORTAL_ORIGIN: 'https://privacy.shop.example', OFFICER_AMR: 'mfa' },
      ['LOCAL_KEY_FILE is for a portal on loopback only: set KEY_VAULT_URL'],
    ],
    [
      'a portal on loopback and the log of the emulator',
      {
        ...vault,
        ...explained,
        PORTAL_ORIGIN: 'https://privacy.shop.example',
        OFFICER_AMR: 'mfa',
        STORAGE_LOG_FILE: 'log',
      },
      ['STORAGE_LOG_FILE is for the emulator on loopback only'],
    ],
    [
      'a portal for people and what is said of the processing',
      { ...vault, PORTAL_ORIGIN: 'https://privacy.shop.example', OFFICER_AMR: 'mfa' },
      [
        'PROCESSING_FILE is not set, which a portal that is not on loopback needs (Art. 15(1) and (2) GDPR)',
        ...[
          'PARTICIPANT_ATTRIBUTES',
          'PARTICIPANT_ATTRIBUTES_GROUND',
          'SECURE_ATTRIBUTES_GROUND',
          'EVALUATIONS_GROUND',
        ].map(
          (name) =>
            `${name} is not set, which a portal that is not on loopback needs: say what is left out, and why`,
        ),
      ],
    ],
    [
      'names of organisations',
      {
        GENESYS_ADDITIONAL_ORGANISATIONS:
          '[{"name":"main","region":"mypurecloud.ie","clientId":"a","clientSecret":"b"}]',
      },
      ['GENESYS_ADDITIONAL_ORGANISATIONS must have a name of its own for each organisation'],
    ],
    [
      'integrations of organisations',
      {
        ...bulkExport,
        GENESYS_ADDITIONAL_ORGANISATIONS:
          '[{"name":"emea","region":"mypurecloud.ie","clientId":"a","clientSecret":"b"}]',
      },
      [
        'GENESYS_ADDITIONAL_ORGANISATIONS must have an exportIntegrationId for each organisation where RECORDING_EXPORTER is bulkS3',
      ],
    ],
  ])('are named: %s', (_case, settings, problems) => {
    expect(problemsOf({ ...example, ...settings })).toEqual(problems);
  });

  it('are named in files, too: a policy for the customer channel needs the exporter formatted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const file = join(folder, 'policy.json');
    writeFileSync(file, '{"version":1,"callAudio":"customerChannel"}');
    const settings = { ...example, REDACTION_POLICY_FILE: file };
    expect(problemsOf(settings)).toEqual([]);
    expect(problemsOf({ ...settings, RECORDING_EXPORTER: 'batch' })).toEqual([
      'RECORDING_EXPORTER must be formatted where REDACTION_POLICY_FILE asks for the customer channel',
    ]);
    writeFileSync(file, '{"version":1,"agents":"secret nickname"}');
    expect(problemsOf(settings)).toEqual(['REDACTION_POLICY_FILE is not a policy: see agents']);
    const patterns = [
      { name: 'fine', pattern: 'a+' },
      { name: 'employee number', pattern: '(?=(4+)+$)secret' },
      { name: 'secret name]', pattern: '(a)\\1' },
      { name: 'x', pattern: 7 },
    ];
    writeFileSync(file, JSON.stringify({ version: 1, patterns }));
    const [problem = ''] = problemsOf(settings);
    expect(problem).toContain(
      'REDACTION_POLICY_FILE is not a policy: see patterns.1.pattern (employee number) looks ahead',
    );
    expect(problem).toContain('patterns.2.name, patterns.2.pattern refers back to a group');
    expect(problem).toMatch(/patterns\.3\.pattern$/);
    expect(problem).not.toContain('secret');
    rmSync(folder, { recursive: true });
  });
});
