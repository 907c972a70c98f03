import { BlobServiceClient } from '@azure/storage-blob';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowPortal } from '../../local/azurite';
import { diagnose } from '../../src/cli/doctor';
import type { Diagnostic } from '../../src/cli/diagnostics';
import { Scenario } from '../helpers/scenario';

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
    // Nothing is collected here: containers are made by the app when it needs them.
    const blobs = BlobServiceClient.fromConnectionString(scenario.stack.connectionString);
    await blobs.getContainerClient('packages').createIfNotExists();
  }, 90_000);
  afterAll(() => scenario.stop());

  const problemsOf = (findings: Diagnostic[]): Diagnostic[] =>
    findings.filter(({ outcome }) => outcome === 'problem');

  it('finds nothing to complain of in settings that are right', async () => {
    const findings = await diagnose(good);
    expect(problemsOf(findings)).toEqual([]);
    expect(findings.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(12);
  });

  it.each<[string, Settings, string, RegExp]>([
    [
      'a setting that is missing',
      { GENESYS_CLIENT_ID: '' },
      'settings',
      /GENESYS_CLIENT_ID is not set/,
    ],
    ['two ways to storage', { STORAGE_ACCOUNT: 'packages' }, 'settings', /and not both/],
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
      'a source that is not there',
      { GENESYS_GATEWAY_URL: 'http://127.0.0.1:9' },
      'genesys.reach',
      /does not answer/,
    ],
    [
      'a division that hides its contact',
      { GENESYS_DIVISION_CONTACTS: 'Hidden=00000000-0000-4000-8000-00000000dead' },
      'genesys.divisions',
      /Hidden/,
    ],
    [
      'storage of another name',
      {
        STORAGE_CONNECTION_STRING:
          'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:9/a;TableEndpoint=http://127.0.0.1:9/a',
      },
      'storage.blobs',
      /cannot be used/,
    ],
    [
      'tables that are closed',
      { STORAGE_CONNECTION_STRING: 'TABLES' },
      'storage.tables',
      /cannot be used/,
    ],
    ['no task hub', { AzureWebJobsStorage: '' }, 'host.taskHub', /no storage/],
    [
      'the page of the host',
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
      'a portal that is not there',
      { PORTAL_ORIGIN: 'http://127.0.0.1:9' },
      'portal.reach',
      /does not answer/,
    ],
    [
      'a mail server that is not there',
      { SMTP_URL: 'smtp://127.0.0.1:9' },
      'mail.way',
      /does not answer/,
    ],
    ['a sender that is no mailbox', { MAIL_FROM: 'privacy' }, 'mail.MAIL_FROM', /not a mailbox/],
    [
      'a gateway that is not there',
      { SMS_GATEWAY_URL: 'http://127.0.0.1:9/sms' },
      'sms.way',
      /does not answer/,
    ],
    ['no directory of officers', { OFFICER_ISSUER: '' }, 'officers.directory', /nobody can decide/],
    [
      'a directory that is not there',
      { OFFICER_ISSUER: 'http://127.0.0.1:9' },
      'officers.directory',
      /no discovery document/,
    ],
    [
      'an issuer with a slash too many',
      { OFFICER_ISSUER: 'SLASH' },
      'officers.directory',
      /calls itself otherwise/,
    ],
    [
      'a login that is not there',
      { CUSTOMER_LOGIN_ISSUER: 'http://127.0.0.1:9' },
      'login.issuer',
      /no discovery document/,
    ],
    [
      'a class of sign-in that the login lacks',
      { CUSTOMER_LOGIN_ACR: 'urn:none' },
      'login.acr',
      /none of the classes/,
    ],
    [
      'a host of webhooks without an address',
      {
        WEBHOOK_HOSTS: 'tickets.invalid',
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
      },
      'webhooks.hosts',
      /has no address/,
    ],
    ['holidays that end', { HOLIDAY_FILE: 'OLD' }, 'calendar.holidays', /end on 2020-01-01/],
    [
      'a vault that is not there',
      {
        LOCAL_KEY_FILE: '',
        KEY_VAULT_URL: 'https://127.0.0.1:9',
        HASH_KEY: Buffer.alloc(32).toString('base64'),
      },
      'keys.wrap',
      /cannot be wrapped/,
    ],
  ])(
    'finds %s, and says what to do',
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
      const found = problemsOf(await diagnose(settings)).filter(
        (finding) => finding.check === check,
      );
      expect(found.map((finding) => finding.message).join('\n')).toMatch(message);
      for (const { fix } of found) expect(fix?.length).toBeGreaterThan(15);
      // What is wrong is said without what it was set to, where that may be a secret.
      expect(JSON.stringify(found)).not.toContain('AccountKey');
      expect(JSON.stringify(found)).not.toContain('whsec_');
    },
    90_000,
  );

  it('finds permissions that the client lacks, each by its name', async () => {
    scenario.simulator.settings.missingPermissions = ['quality:survey:view', 'audits:audit:view'];
    const found = problemsOf(await diagnose(good)).filter(
      ({ check }) => check === 'genesys.permissions',
    );
    scenario.simulator.settings.missingPermissions = [];
    expect(found.map(({ message }) => message)).toEqual([
      'The client lacks quality:survey:view.',
      'The client lacks audits:audit:view.',
    ]);
  });

  it('finds soft delete, open containers and rules that let any page read packages', async () => {
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
