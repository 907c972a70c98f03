import { loadConfig } from '../../src/config/config';
import {
  bulkExport,
  example,
  login,
  problemsOf,
  vault,
  webhookSecret,
  type Settings,
} from '../helpers/settings';

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
