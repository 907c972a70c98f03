import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig, settingNames } from '../../src/config/config';
import { handOverOf } from '../../src/config/delivery';

const root = join(__dirname, '../..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

type Settings = Readonly<Record<string, string | undefined>>;

const example = (JSON.parse(textOf('local.settings.example.json')) as { Values: Settings }).Values;

function problemsOf(settings: Settings): string[] {
  try {
    loadConfig(settings);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const vault: Settings = {
  LOCAL_KEY_FILE: undefined,
  KEY_VAULT_URL: 'https://privacy.vault.azure.net',
  HASH_KEY: Buffer.alloc(32).toString('base64'),
};
const processing = join(root, 'controller/processing.example.json');
/** What a portal that is not on loopback needs to say. */
const explained: Settings = {
  PROCESSING_FILE: processing,
  PARTICIPANT_ATTRIBUTES: 'none',
  PARTICIPANT_ATTRIBUTES_GROUND: 'notPersonal',
  SECURE_ATTRIBUTES_GROUND: 'secrets',
  EVALUATIONS_GROUND: 'rightsOfOthers',
};
const bulkExport: Settings = {
  RECORDING_EXPORTER: 'bulkS3',
  S3_BUCKET: 'recordings',
  GENESYS_EXPORT_INTEGRATION_ID: 'integration',
};
const login: Settings = {
  CUSTOMER_LOGIN_ISSUER: 'https://login.shop.example',
  CUSTOMER_LOGIN_CLIENT_ID: 'portal',
  CUSTOMER_LOGIN_CLIENT_SECRET: 'secret of the login',
  CUSTOMER_LOGIN_ACR: 'strong',
};
const webhookSecret = `whsec_${Buffer.alloc(32).toString('base64')}`;

describe('settings', () => {
  it('load from the example', () => {
    expect(loadConfig(example)).toMatchObject({
      search: { years: 7 },
      export: { audioFormat: 'mp3' },
      delivery: { portalLinkMinutes: 10 },
    });
  });

  it('ask officers for more than one factor, or the operator for the reason', () => {
    const open = {
      ...{ ...example, ...vault, ...explained },
      PORTAL_ORIGIN: 'https://data.shop.example',
    };
    const problem = expect.stringContaining('OFFICER_AUTHENTICATION_CONTEXT is not set') as string;
    expect(problemsOf(example)).toEqual([]);
    expect(problemsOf(open)).toEqual([problem]);
    expect(
      problemsOf({ ...open, OFFICER_ISSUER: '', OFFICER_CLIENT_ID: '', OFFICER_CLIENT_SECRET: '' }),
    ).toEqual([]);
    for (const [name, value] of [
      ['OFFICER_AUTHENTICATION_CONTEXT', 'c1'],
      ['OFFICER_ACR', 'strong'],
      ['OFFICER_AMR', 'mfa'],
      ['OFFICER_ONE_FACTOR_REASON', 'Smart cards, which the directory does not report.'],
    ] as const)
      expect(problemsOf({ ...open, [name]: value })).toEqual([]);
    expect(problemsOf({ ...open, OFFICER_ONE_FACTOR_REASON: 'no' })).toContain(
      'OFFICER_ONE_FACTOR_REASON must be at least 20',
    );
  });

  it('have two officers hand a package over, or the operator give the reason', () => {
    const open = {
      ...{ ...example, ...vault, ...explained },
      ...{ PORTAL_ORIGIN: 'https://data.shop.example', OFFICER_AMR: 'mfa' },
      HAND_OVER_BY: 'oneOfficer',
    };
    expect(problemsOf({ ...open, HAND_OVER_BY: '' })).toEqual([]);
    expect(problemsOf({ ...example, HAND_OVER_BY: 'oneOfficer' })).toEqual([]);
    expect(problemsOf(open)).toEqual([
      'HAND_OVER_BY_ONE_REASON is not set: it says why HAND_OVER_BY is oneOfficer',
    ]);
    const reason = 'There is one officer, and the board reviews each hand-over.';
    expect(problemsOf({ ...open, HAND_OVER_BY_ONE_REASON: reason })).toEqual([]);
    expect(handOverOf(loadConfig({ ...open, HAND_OVER_BY: '' }))).toBe('twoOfficers');
    expect(handOverOf(loadConfig(example))).toBe('oneOfficer');
  });

  it('move the clock on loopback only', () => {
    const moved = { ...example, CLOCK_OFFSET_FILE: '/tmp/offset' };
    expect(problemsOf(moved)).toEqual([]);
    expect(problemsOf({ ...moved, PORTAL_ORIGIN: 'https://data.shop.example' })).toContain(
      'CLOCK_OFFSET_FILE is for rehearsals on loopback only',
    );
  });

  it('report every problem at once', () => {
    const problems = problemsOf({});
    expect(problems).toEqual([
      'GENESYS_CLIENT_ID is not set',
      'GENESYS_CLIENT_SECRET is not set',
      'STORAGE_ACCOUNT is not set, nor is STORAGE_CONNECTION_STRING: one of them is needed',
      'KEY_VAULT_URL is not set, nor is LOCAL_KEY_FILE: one of them is needed',
      'PORTAL_ORIGIN is not set',
      'CONTROLLER_NAME is not set',
      'CONTROLLER_CONTACT is not set',
      'SMTP_URL is not set, nor is COMMUNICATION_SERVICES: one of them is needed',
      'MAIL_FROM is not set',
      'SMS_GATEWAY_URL is not set, nor is SMS_FROM: one of them is needed',
    ]);
  });

  it.each([
    ['GENESYS_GATEWAY_URL', 'https://api.somewhere.example'],
    ['PORTAL_ORIGIN', 'http://portal.example'],
    ['SMS_GATEWAY_URL', 'http://sms.example'],
    ['GENESYS_CALLS_PER_MINUTE', '5'],
    ['PORTAL_LINK_MINUTES', '600'],
    ['AVAILABILITY_HOURS', '1'],
    ['AUDIO_FORMAT', 'flac'],
    ['DEFAULT_PHONE_REGION', 'Germany'],
    ['GENESYS_REGION', 'https://mypurecloud.de/'],
    ['SMTP_URL', 'mail.example'],
    ['GENESYS_DIVISION_CONTACTS', 'Sales'],
    ['GENESYS_CUSTOMER_CHANNEL', 'left'],
    [
      'GENESYS_ADDITIONAL_ORGANISATIONS',
      '[{"name":"a","region":"mypurecloud.ie","clientId":"a","clientSecret":"b","customerChannel":"S"}]',
    ],
    ['GENESYS_ADDITIONAL_ORGANISATIONS', '[{"name":"emea"}]'],
    ['GENESYS_ADDITIONAL_ORGANISATIONS', 'emea'],
    ['BRAND_COLOUR', 'blue-ish'],
    ['CONTROLLER_TIME_ZONE', 'Europe/Nowhere'],
    ['HOLIDAY_FILE', '/nowhere/holidays.json'],
    ['REDACTION_POLICY_FILE', '/nowhere/policy.json'],
    ['PRIVACY_NOTICE_FILE', '/nowhere/notice.pdf'],
    ['PROCESSING_FILE', '/nowhere/processing.json'],
    ['LOCALES_FOLDER', '/nowhere/locales'],
    ['PARTICIPANT_ATTRIBUTES_GROUND', 'because'],
    ['STEP_UP_METHODS', 'officer'],
    ['RECORDING_EXPORTER', 'tape'],
    ['EXPORT_SUMMARIES', 'perhaps'],
    ['OTEL_METRIC_EXPORT_INTERVAL', 'often'],
  ])('refuse a wrong %s by its name, and never print its value', (name, value) => {
    const problems = problemsOf({ ...example, [name]: value });
    const own = problems.filter((problem) => problem.startsWith(`${name} `));
    expect(own).toHaveLength(1);
    expect(problems.join('\n')).not.toContain(value);
  });

  it('take public holidays for every law, or for each', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holidays-'));
    const read = (content: unknown): unknown => {
      const file = join(folder, 'holidays.json');
      writeFileSync(file, JSON.stringify(content));
      const settings = { ...example, HOLIDAY_FILE: file, PRIVACY_LAW: 'ukGdpr' };
      const problems = problemsOf(settings);
      return problems.length > 0 ? problems.length : loadConfig(settings).legalClock;
    };
    try {
      const christmas = new Set(['2026-12-25']);
      expect(read(['2026-12-25'])).toMatchObject({
        law: 'ukGdpr',
        holidays: { holidays: christmas },
      });
      expect(read({ ccpa: ['2026-12-25'] })).toMatchObject({
        holidays: { holidays: new Set(), holidaysByLaw: { ccpa: christmas } },
      });
      expect(read({ lgpd: ['2026-12-25'] })).toBe(1);
      expect(read({ ccpa: ['25 December'] })).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuse a setting that another has replaced, by the name of the other', () => {
    expect(problemsOf({ ...example, FORGET_AFTER_DAYS: '365' })).toEqual([
      'FORGET_AFTER_DAYS is no setting any more: set PROOF_RETENTION_YEARS, in years, and remove it',
    ]);
    expect(loadConfig(example).retention.proofYears).toBe(3);
    expect(problemsOf({ ...example, PROOF_RETENTION_YEARS: '11' })).toEqual([
      'PROOF_RETENTION_YEARS must be at most 10',
    ]);
  });

  it('count an empty value as not set', () => {
    expect(problemsOf({ ...example, CONTROLLER_NAME: '' })).toEqual(['CONTROLLER_NAME is not set']);
    expect(loadConfig({ ...example, SEARCH_YEARS: '' }).search.years).toBe(7);
  });

  it.each(['GENESYS_CLIENT_SECRET', 'HASH_KEY', 'KEY_VAULT_URL', 'SEARCH_YEARS'])(
    'refuse %s when it is a reference to Key Vault that was not resolved',
    (name) => {
      const reference = '@Microsoft.KeyVault(VaultName=privacy;SecretName=some-secret)';
      const problems = problemsOf({ ...example, ...vault, [name]: reference });
      expect(problems).toEqual([
        expect.stringMatching(new RegExp(`^${name} is a reference to Key Vault .* not resolved`)),
      ]);
      expect(problems.join()).not.toContain('some-secret');
    },
  );
});

describe('a reference to Key Vault that was not resolved', () => {
  const reference = '@Microsoft.KeyVault(VaultName=privacy;SecretName=some-secret)';
  const officers: Settings = {
    OFFICER_ISSUER: 'https://login.shop.example',
    OFFICER_CLIENT_ID: 'officers',
    OFFICER_CLIENT_SECRET: 'secret of the officers',
  };
  /** Every setting that holds a secret, with what it takes to be read. */
  const secrets: [string, Settings][] = [
    ['GENESYS_CLIENT_SECRET', {}],
    ['STORAGE_CONNECTION_STRING', {}],
    ['HASH_KEY', vault],
    ['HASH_KEYS_PREVIOUS', vault],
    ['SMTP_URL', {}],
    ['SMS_GATEWAY_URL', {}],
    ['COMMUNICATION_SERVICES', { SMTP_URL: undefined, SMS_GATEWAY_URL: undefined }],
    ['CUSTOMER_LOGIN_CLIENT_SECRET', login],
    ['OFFICER_CLIENT_SECRET', officers],
    ['WEBHOOK_SECRET', { WEBHOOK_HOSTS: 'tickets.shop.example' }],
    ['APPLICATIONINSIGHTS_CONNECTION_STRING', { OTEL_EXPORTER_OTLP_ENDPOINT: undefined }],
  ];

  it.each(secrets)('is refused in %s as what it is', (name, others) => {
    const problems = problemsOf({ ...example, ...others, [name]: reference });
    expect(problems).toContainEqual(
      expect.stringMatching(new RegExp(`^${name} is a reference to Key Vault .* not resolved`)),
    );
    expect(problems.join()).not.toContain('some-secret');
  });

  it('has a row for every setting whose name says that it holds a secret', () => {
    const named = settingNames.filter((name) => /SECRET|CONNECTION_STRING|HASH_KEY/.test(name));
    const rows = secrets.map(([name]) => name);
    expect(named.filter((name) => !rows.includes(name))).toEqual([]);
  });

  it.each(settingNames)('is refused by name in %s, which may hold no secret', (name) => {
    const problems = problemsOf({ ...example, [name]: reference });
    expect(problems).toContainEqual(expect.stringContaining(name));
    expect(problems.join()).not.toContain('some-secret');
  });
});

describe('previous hash keys', () => {
  const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

  it('are a list, which is empty without the setting', () => {
    const keysIn = (settings: Settings) => {
      const { keys } = loadConfig({ ...example, ...vault, ...settings });
      return keys.kind === 'vault' && keys.previousHashKeys.map((key) => key[0]);
    };
    expect(keysIn({})).toEqual([]);
    expect(keysIn({ HASH_KEYS_PREVIOUS: `${keyOf(1)}, ${keyOf(2)}` })).toEqual([1, 2]);
  });

  it('are refused when one of them is none, without a word of it', () => {
    const problems = problemsOf({
      ...example,
      ...vault,
      HASH_KEYS_PREVIOUS: `${keyOf(1)},c2VjcmV0`,
    });
    expect(problems).toEqual(['HASH_KEYS_PREVIOUS must be 32 bytes in base64']);
  });
});

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

describe('loaded settings', () => {
  it('ask officers about doubtful conversations, and wait for them, unless told otherwise', () => {
    const asked = { doubtful: 'ask', estates: 'refuse', atDeadline: 'wait' };
    expect(loadConfig(example).decisions).toEqual(asked);
    const told = { DOUBTFUL_CONVERSATIONS: 'withhold', UNDECIDED_AT_DEADLINE: 'release' };
    expect(loadConfig({ ...example, ...told }).decisions).toEqual({
      doubtful: 'withhold',
      estates: 'refuse',
      atDeadline: 'release',
    });
    for (const name of Object.keys(told))
      expect(problemsOf({ ...example, [name]: 'include' })).toHaveLength(1);
  });

  it('name the hosts of the public cloud, unless another one is given', () => {
    const account = { ...example, STORAGE_CONNECTION_STRING: '', STORAGE_ACCOUNT: 'packages' };
    expect(loadConfig(account).storage).toMatchObject({
      suffix: 'core.windows.net',
      logEndpoint: null,
    });
    const elsewhere = {
      STORAGE_ENDPOINT_SUFFIX: 'core.usgovcloudapi.net',
      STORAGE_LOG_ENDPOINT: 'https://api.loganalytics.us',
    };
    expect(loadConfig({ ...account, ...elsewhere }).storage).toMatchObject({
      suffix: 'core.usgovcloudapi.net',
      logEndpoint: 'https://api.loganalytics.us',
    });
    for (const suffix of ['https://core.windows.net', 'windows', 'a.example/x', '.core.example'])
      expect(problemsOf({ ...account, STORAGE_ENDPOINT_SUFFIX: suffix })).toHaveLength(1);
    for (const endpoint of ['http://logs.example', 'https://logs.example/v1'])
      expect(problemsOf({ ...account, STORAGE_LOG_ENDPOINT: endpoint })).toHaveLength(1);
  });

  it('hold what was chosen, and nothing of its alternatives', () => {
    const config = loadConfig({ ...example, ...vault, ...bulkExport, ...login });
    expect(config.storage).toEqual({
      kind: 'emulator',
      connectionString: 'UseDevelopmentStorage=true',
      logFile: null,
    });
    expect(config.keys).toEqual({
      kind: 'vault',
      vaultUrl: 'https://privacy.vault.azure.net',
      hashKey: Buffer.alloc(32),
      previousHashKeys: [],
    });
    expect(config.recordingExporter).toEqual({
      kind: 'bulkS3',
      bucket: 'recordings',
      integrationId: 'integration',
      region: 'eu-central-1',
      endpoint: null,
      credentials: { kind: 'sdk' },
    });
    expect(config.customerLogin).toEqual({
      kind: 'openIdConnect',
      issuer: 'https://login.shop.example',
      clientId: 'portal',
      clientSecret: 'secret of the login',
      acr: ['strong'],
      amr: [],
      claim: 'email',
    });
    expect(config.webhooks).toEqual({ kind: 'none' });
    expect(loadConfig(example).recordingExporter).toEqual({ kind: 'formatted' });
  });

  it('hold lists, sets and maps', () => {
    const contact = '00000000-0000-4000-8000-000000000001';
    const config = loadConfig({
      ...example,
      GENESYS_DIVISION_CONTACTS: `Sales = ${contact}, Service=${contact}`,
      GENESYS_ADDITIONAL_ORGANISATIONS:
        '[{"name":"emea","region":"mypurecloud.ie","clientId":"a","clientSecret":"b","declaresSensitiveData":true},' +
        '{"name":"test","gatewayUrl":"http://127.0.0.1:9","clientId":"c","clientSecret":"d","customerChannel":"1"}]',
      GENESYS_CUSTOMER_CHANNEL: '0',
      PARTICIPANT_ATTRIBUTES: 'orderNumber, language',
      SMS_COUNTRIES: 'DE,AT',
      WEBHOOK_SECRET: webhookSecret,
      WEBHOOK_HOSTS: 'tickets.shop.example, other.example:8443',
    });
    expect(config.genesys.customerChannel).toBe('0');
    expect(config.genesys.divisionContacts).toEqual(
      new Map([
        ['Sales', contact],
        ['Service', contact],
      ]),
    );
    expect(config.genesys.additionalOrganisations).toEqual([
      {
        name: 'emea',
        connection: { kind: 'cloud', region: 'mypurecloud.ie' },
        clientId: 'a',
        clientSecret: 'b',
        exportIntegrationId: null,
        mediaHosts: null,
        customerChannel: null,
        divisionContacts: new Map(),
        declaresSensitiveData: true,
      },
      {
        name: 'test',
        connection: { kind: 'simulator', gatewayUrl: 'http://127.0.0.1:9' },
        clientId: 'c',
        clientSecret: 'd',
        exportIntegrationId: null,
        mediaHosts: null,
        customerChannel: '1',
        divisionContacts: new Map(),
        declaresSensitiveData: false,
      },
    ]);
    expect(config.redaction.attributes).toEqual(new Set(['orderNumber', 'language']));
    expect(loadConfig({ ...example, PARTICIPANT_ATTRIBUTES: ' * ' }).redaction.attributes).toBe(
      'all',
    );
    for (const [text, attributes] of [
      ['none', new Set()],
      ['', new Set()],
    ] as const)
      expect(loadConfig({ ...example, PARTICIPANT_ATTRIBUTES: text }).redaction.attributes).toEqual(
        attributes,
      );
    expect(config.limits.countries).toEqual(new Set(['DE', 'AT']));
    expect(config.webhooks).toEqual({
      kind: 'signed',
      secret: webhookSecret,
      hosts: ['tickets.shop.example', 'other.example:8443'],
      mayBePrivate: false,
    });
  });
});
