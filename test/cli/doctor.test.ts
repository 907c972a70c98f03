import { BlobServiceClient } from '@azure/storage-blob';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowPortal } from '../../local/azurite';
import { diagnose } from '../../src/cli/doctor';
import type { Diagnostic } from '../../src/cli/diagnostics';
import type * as PromptRetries from '../helpers/prompt-retries';
import { Scenario } from '../helpers/scenario';

jest.mock('../../node_modules/@typespec/ts-http-runtime/dist/commonjs/util/delay.js', () =>
  jest.requireActual<typeof PromptRetries>('../helpers/prompt-retries').promptRetries.runtime(),
);
jest.mock('../../node_modules/@azure/storage-common/dist/commonjs/utils/utils.common.js', () =>
  jest.requireActual<typeof PromptRetries>('../helpers/prompt-retries').promptRetries.blobs(),
);

type Settings = Record<string, string | undefined>;

describe('the doctor', () => {
  let scenario: Scenario;
  let good: Settings;
  beforeAll(async () => {
    scenario = await Scenario.start({ conversations: 3 });
    const holidays = join(scenario.state, 'holidays.json');
    const nextYear = new Date().getUTCFullYear() + 1;
    writeFileSync(holidays, JSON.stringify([`${nextYear}-12-25`]));
    const { contact } = scenario.generated.organisation as unknown as { contact?: { id: string } };
    good = {
      ...scenario.stack.appSettings,
      AzureWebJobsDisableHomepage: 'true',
      CONTROLLER_TIME_ZONE: 'Europe/Berlin',
      HOLIDAY_FILE: holidays,
      GENESYS_DIVISION_CONTACTS: `Home=${contact?.id ?? scenario.generated.subject.id}`,
      GENESYS_CALLS_PER_MINUTE: '3000',
    };
    // No request runs here, and the app creates containers when it needs them.
    const blobs = BlobServiceClient.fromConnectionString(scenario.stack.connectionString);
    await blobs.getContainerClient('packages').createIfNotExists();
  }, 90_000);
  afterAll(() => scenario.stop());

  const problemsOf = (diagnostics: Diagnostic[]): Diagnostic[] =>
    diagnostics.filter(({ outcome }) => outcome === 'problem');

  it('reports no problem with correct settings', async () => {
    const diagnostics = await diagnose(good);
    expect(problemsOf(diagnostics)).toEqual([]);
    expect(diagnostics.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(12);
  });

  it.each<[string, Settings, string, RegExp]>([
    ['a missing setting', { GENESYS_CLIENT_ID: '' }, 'settings', /GENESYS_CLIENT_ID is not set/],
    ['two kinds of storage', { STORAGE_ACCOUNT: 'packages' }, 'settings', /and not both/],
    [
      'a language of the officers that there are no texts in',
      { OFFICER_LOCALE: 'pt' },
      'settings',
      /^OFFICER_LOCALE must be one of de, en/,
    ],
    [
      'a key file beside a public portal',
      { PORTAL_ORIGIN: 'https://privacy.shop.example' },
      'settings',
      /KEY_VAULT_URL/,
    ],
    [
      'a secret that Genesys Cloud refuses',
      { GENESYS_CLIENT_SECRET: 'wrong' },
      'genesys.credentials',
      /refuses/,
    ],
    [
      'an unreachable source',
      { GENESYS_GATEWAY_URL: 'http://127.0.0.1:9' },
      'genesys.reach',
      /does not answer/,
    ],
    [
      'an inaccessible division',
      { GENESYS_DIVISION_CONTACTS: 'Hidden=00000000-0000-4000-8000-00000000dead' },
      'genesys.divisions',
      /Hidden/,
    ],
    [
      'unreachable storage',
      {
        STORAGE_CONNECTION_STRING:
          'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:9/a;TableEndpoint=http://127.0.0.1:9/a',
      },
      'storage.blobs',
      /cannot be used/,
    ],
    [
      'unreachable tables',
      { STORAGE_CONNECTION_STRING: 'TABLES' },
      'storage.tables',
      /cannot be used/,
    ],
    ['no task hub', { AzureWebJobsStorage: '' }, 'host.taskHub', /no storage/],
    [
      'the home page of the host',
      { AzureWebJobsDisableHomepage: 'false' },
      'host.homepage',
      /page of its own/,
    ],
    [
      'another key than the portal publishes',
      { LOCAL_KEY_FILE: 'OTHER' },
      'portal.keys',
      /other keys/,
    ],
    [
      'an unreachable portal',
      { PORTAL_ORIGIN: 'http://127.0.0.1:9' },
      'portal.reach',
      /does not answer/,
    ],
    [
      'an unreachable mail server',
      { SMTP_URL: 'smtp://127.0.0.1:9' },
      'mail.transport',
      /does not answer/,
    ],
    ['a sender that is not a mailbox', { MAIL_FROM: 'privacy' }, 'mail.MAIL_FROM', /not a mailbox/],
    [
      'an unreachable gateway',
      { SMS_GATEWAY_URL: 'http://127.0.0.1:9/sms' },
      'sms.transport',
      /does not answer/,
    ],
    [
      'no directory of officers',
      {
        ...{
          OFFICER_ISSUER: '',
          OFFICER_TENANT: '',
          OFFICER_CLIENT_ID: '',
          OFFICER_CLIENT_SECRET: '',
        },
        ...{ OFFICER_ACR: '', OFFICER_AMR: '' },
      },
      'officers.directory',
      /nobody can decide/,
    ],
    [
      'a setting that has no effect without another',
      { OFFICER_ISSUER: '' },
      'settings',
      /OFFICER_CLIENT_ID only has an effect with OFFICER_ISSUER/,
    ],
    [
      'a reference to Key Vault that was not resolved',
      { GENESYS_CLIENT_SECRET: '@Microsoft.KeyVault(VaultName=v;SecretName=s)' },
      'settings',
      /GENESYS_CLIENT_SECRET is a reference to Key Vault/,
    ],
    [
      'an unreachable directory',
      { OFFICER_ISSUER: 'http://127.0.0.1:9' },
      'officers.directory',
      /no discovery document/,
    ],
    [
      'an issuer with a trailing slash',
      { OFFICER_ISSUER: 'SLASH' },
      'officers.directory',
      /names another issuer/,
    ],
    [
      'an unreachable login',
      { CUSTOMER_LOGIN_ISSUER: 'http://127.0.0.1:9' },
      'login.issuer',
      /no discovery document/,
    ],
    [
      'an authentication class that the login lacks',
      { CUSTOMER_LOGIN_ACR: 'urn:none' },
      'login.acr',
      /none of the classes/,
    ],
    [
      'a webhook host without an address',
      {
        WEBHOOK_HOSTS: 'tickets.invalid',
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
      },
      'webhooks.hosts',
      /has no address/,
    ],
    ['holidays that end', { HOLIDAY_FILE: 'OLD' }, 'calendar.holidays', /end on 2020-01-01/],
    [
      'an unreachable vault',
      {
        LOCAL_KEY_FILE: '',
        KEY_VAULT_URL: 'https://127.0.0.1:9',
        HASH_KEY: Buffer.alloc(32).toString('base64'),
      },
      'keys.wrap',
      /cannot be wrapped/,
    ],
  ])(
    'finds %s, and says how to fix it',
    async (_name, change, check, message) => {
      const settings = { ...good, ...change };
      if (change['LOCAL_KEY_FILE'] === 'OTHER') {
        settings['LOCAL_KEY_FILE'] = join(scenario.state, 'other-key');
        writeFileSync(settings['LOCAL_KEY_FILE'], randomBytes(32).toString('base64'));
      }
      if (change['HOLIDAY_FILE'] === 'OLD') {
        settings['HOLIDAY_FILE'] = join(scenario.state, 'old-holidays.json');
        writeFileSync(settings['HOLIDAY_FILE'], '["2020-01-01"]');
      }
      if (change['OFFICER_ISSUER'] === 'SLASH')
        settings['OFFICER_ISSUER'] = `${scenario.stack.issuer}/`;
      if (change['STORAGE_CONNECTION_STRING'] === 'TABLES') {
        settings['STORAGE_CONNECTION_STRING'] = scenario.stack.connectionString.replace(
          /TableEndpoint=[^;]+/,
          'TableEndpoint=http://127.0.0.1:9/a',
        );
      }
      const found = problemsOf(await diagnose(settings)).filter((one) => one.check === check);
      expect(found.map(({ message: text }) => text).join('\n')).toMatch(message);
      for (const { fix } of found) expect(fix?.length).toBeGreaterThan(15);
      // Messages name settings, never values that may be secret.
      expect(JSON.stringify(found)).not.toContain('AccountKey');
      expect(JSON.stringify(found)).not.toContain('whsec_');
    },
    90_000,
  );

  it('names each permission that the client lacks', async () => {
    scenario.simulator.settings.missingPermissions = ['quality:survey:view', 'audits:audit:view'];
    const found = problemsOf(await diagnose(good)).filter(
      ({ check }) => check === 'genesys.permissions',
    );
    scenario.simulator.settings.missingPermissions = [];
    expect(found.map(({ message }) => message)).toEqual([
      'The client lacks audits:audit:view.',
      'The client lacks quality:survey:view.',
    ]);
  });

  it('tells what is declared, what nothing proves, and what stops every request', async () => {
    const told = async (settings: Record<string, string>): Promise<string[]> =>
      (await diagnose({ ...good, ...settings }))
        .filter(({ check }) => check === 'genesys.permissions')
        .map(({ message }) => message);
    scenario.simulator.settings.missingPermissions = ['recording:job:delete'];
    const [undeclared, unproven] = await told({});
    const declared = await told({ GENESYS_DECLARE_SENSITIVE_DATA: 'true' });
    scenario.simulator.settings.missingPermissions = [];
    const permission = 'recording:recording:viewSensitiveData';
    expect(undeclared).toContain(`Nothing shows whether the client has ${permission}`);
    expect(unproven).toContain('recording:screenRecording:view');
    expect(declared[0]).toContain('No permission is missing.');
    expect(declared[1]).toContain(`${permission} is declared, not proven`);
  });

  it('finds soft delete, public containers and CORS rules that let any page read packages', async () => {
    const { connectionString, hostUrl } = scenario.stack;
    const blobs = BlobServiceClient.fromConnectionString(connectionString);
    const container = blobs.getContainerClient('packages');
    const rule = {
      allowedOrigins: '*',
      allowedMethods: 'GET',
      allowedHeaders: '*',
      exposedHeaders: '*',
      maxAgeInSeconds: 60,
    };
    await blobs.setProperties({ deleteRetentionPolicy: { enabled: true, days: 7 }, cors: [rule] });
    await container.setAccessPolicy('blob');
    const found = problemsOf(await diagnose(good)).map(({ check }) => check);
    await container.setAccessPolicy();
    await blobs.setProperties({ deleteRetentionPolicy: { enabled: false }, cors: [] });
    const closed = problemsOf(await diagnose(good)).map(({ check }) => check);
    await allowPortal(connectionString, hostUrl);
    expect(found).toEqual(
      expect.arrayContaining(['storage.softDelete', 'storage.publicAccess', 'storage.cors']),
    );
    expect(closed).toEqual(['storage.cors']);
  });
});
