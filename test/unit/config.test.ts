import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, settingNames } from '../../src/config/config';
import { handOverOf } from '../../src/config/delivery';
import { example, explained, login, problemsOf, vault, type Settings } from '../helpers/settings';

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
    // Too light for white words: 4.48 to 1, where 4.5 is needed.
    ['BRAND_COLOUR', '#777777'],
    ['CONTROLLER_TIME_ZONE', 'Europe/Nowhere'],
    ['OFFICER_LOCALE', 'German'],
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
