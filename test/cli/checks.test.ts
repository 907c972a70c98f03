import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkHost, checkPortal } from '../../src/cli/checks-app';
import { checkDirectory } from '../../src/cli/checks-login';
import { checkMail, checkSms, checkWebhooks } from '../../src/cli/checks-messages';
import { checkGenesys } from '../../src/cli/checks-source';
import { checkStorage } from '../../src/cli/checks-storage';
import type { Check, Diagnostic, Examined } from '../../src/cli/diagnostics';
import { SourceError } from '../../src/core/errors';

type Outcome = Diagnostic['outcome'];

/** What a check finds in that part of an app and its settings that it looks at: check, outcome and message. */
async function found(
  check: Check,
  examined: object,
): Promise<[check: string, outcome: Outcome, message: string][]> {
  const diagnostics = await check(examined as Examined);
  for (const { outcome, fix } of diagnostics)
    expect((fix ?? '').length > 15).toBe(outcome === 'problem' || outcome === 'warning');
  return diagnostics.map(({ check: name, outcome, message }) => [name, outcome, message]);
}

const refuse =
  (error = new Error('refused')): (() => Promise<never>) =>
  () =>
    Promise.reject(error);
const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1_000);

describe('what the doctor finds in Genesys Cloud', () => {
  const proof = { missing: [], undeclared: [], declared: [], unproven: [] };
  const organisation = (source: object = {}, divisionContacts = new Map([['Home', 'c']])) => ({
    source: {
      provePermissions: () => Promise.resolve(proof),
      contactRecord: () => Promise.resolve({}),
      retention: () => Promise.resolve({ days: 2_555, now: new Date() }),
      ...source,
    },
    divisionContacts,
    permissionNeeds: {},
  });
  const examined = (
    organisations: Record<string, object>,
    { callsPerMinute = 300, kind = 'cloud', bucket = null as object | null } = {},
  ) => ({
    app: { organisations: new Map(Object.entries(organisations)), bucket },
    config: { search: { years: 7 }, genesys: { connection: { kind }, callsPerMinute } },
  });
  const good = [
    ['genesys.permissions', 'ok', 'No permission is missing.'],
    ['genesys.retention', 'ok', 'The organisation keeps conversations for 2555 days.'],
  ];

  it('is nothing where all is well', async () => {
    expect(await found(checkGenesys, examined({ main: organisation() }))).toEqual(good);
  });

  it('is a retention that is shorter than what is searched', async () => {
    const retention = () => Promise.resolve({ days: 2_554, now: new Date() });
    expect(await found(checkGenesys, examined({ main: organisation({ retention }) }))).toEqual([
      good[0],
      [
        'genesys.retention',
        'warning',
        'The organisation keeps conversations for 2554 days; the report will say so.',
      ],
    ]);
  });

  it.each([
    [61, /^This machine's clock is 6[0-2] s slow compared with Genesys Cloud\.$/],
    [-63, /^This machine's clock is 6[2-4] s fast compared with Genesys Cloud\.$/],
  ])('is a clock that differs by %d s', async (seconds, message) => {
    const retention = () => Promise.resolve({ days: 2_555, now: inSeconds(seconds) });
    const [, , clock] = await found(checkGenesys, examined({ main: organisation({ retention }) }));
    expect(clock).toEqual(['genesys.clock', 'warning', expect.stringMatching(message)]);
  });

  it.each<[string, number, boolean]>([
    ['cloud', 301, true],
    ['cloud', 300, false],
    ['simulator', 3_000, false],
  ])('is an allowance of the %s of %d calls, or not', async (kind, callsPerMinute, isFound) => {
    const all = await found(
      checkGenesys,
      examined({ main: organisation() }, { kind, callsPerMinute }),
    );
    expect(all.slice(2)).toEqual(
      isFound
        ? [
            [
              'genesys.allowance',
              'warning',
              'The app may make 301 calls per minute; Genesys Cloud allows 300 unless the limit was raised.',
            ],
          ]
        : [],
    );
  });

  it('is told of each organisation, by name where it is not the main one', async () => {
    const refused = new SourceError({ kind: 'failed', code: 'sourceCredentialsRefused' });
    const later = new SourceError({
      kind: 'retryLater',
      afterSeconds: 1,
      reason: 'sourceUnavailable',
    });
    const noRetention = {
      provePermissions: () =>
        Promise.resolve({ ...proof, missing: ['analytics:dataRetention:view'] }),
      retention: refuse(),
    };
    const all = await found(
      checkGenesys,
      examined({
        main: organisation(noRetention),
        north: organisation({ provePermissions: refuse(refused) }),
        south: organisation({ retention: refuse(later) }),
      }),
    );
    expect(all).toEqual([
      ['genesys.permissions', 'problem', 'The client lacks analytics:dataRetention:view.'],
      ['genesys.credentials (north)', 'problem', 'Genesys Cloud refuses the credentials.'],
      ['genesys.permissions (south)', 'ok', 'No permission is missing.'],
      ['genesys.reach (south)', 'problem', 'Genesys Cloud does not answer as expected.'],
    ]);
  });

  it('is that no contact tells whether a division is seen', async () => {
    const [, divisions] = await found(
      checkGenesys,
      examined({ main: organisation({}, new Map()) }),
    );
    expect(divisions?.slice(0, 2)).toEqual(['genesys.divisions', 'warning']);
  });

  describe('in the bucket of the bulk export', () => {
    const ofBucket = async (changes: object): Promise<[string, Outcome][]> => {
      const bucket = {
        delete: () => Promise.resolve(),
        hasExpiry: () => Promise.resolve(true),
        list: () => Promise.resolve([]),
        ...changes,
      };
      const all = await found(checkGenesys, examined({ main: organisation() }, { bucket }));
      return all.slice(2).map(([check, outcome]) => [check, outcome]);
    };
    const names = ['genesys.bucketDeletion', 'genesys.bucketExpiry', 'genesys.bucket'];

    it.each<[string, object, Outcome[]]>([
      ['nothing', {}, ['ok', 'ok', 'ok']],
      ['a refusal to delete', { delete: refuse() }, ['problem', 'ok', 'ok']],
      ['no rule of expiry', { hasExpiry: () => Promise.resolve(false) }, ['ok', 'warning', 'ok']],
      [
        'rules of expiry that nobody may read',
        { hasExpiry: () => Promise.resolve(null) },
        ['ok', 'notChecked', 'ok'],
      ],
      ['a refusal to list', { list: refuse() }, ['ok', 'ok', 'problem']],
    ])('is %s', async (_what, changes, outcomes) => {
      expect(await ofBucket(changes)).toEqual(names.map((name, i) => [name, outcomes[i]]));
    });

    it('is told without deleting anything that is there', async () => {
      const deleted: unknown[] = [];
      const remove = (version: unknown) => Promise.resolve(void deleted.push(version));
      await ofBucket({ delete: remove });
      expect(deleted).toEqual([
        { key: 'doctor-finds-nothing-here/nothing', stamp: '', versionId: null },
      ]);
    });
  });
});

describe('what the doctor finds in the settings of the host', () => {
  const examined = (failuresAllowed: number, clock: string) => ({
    settings: {
      AzureWebJobsDisableHomepage: 'true',
      AzureWebJobsStorage__accountName: 'taskhub',
    },
    config: {
      storage: { kind: 'account', account: 'packages' },
      clock: { kind: clock },
      export: { failuresAllowed },
    },
  });
  const taskHub = ['host.taskHub', 'ok', 'The task hub has its storage.'];

  it('is nothing where all is well', async () => {
    expect(await found(checkHost, examined(0, 'system'))).toEqual([taskHub]);
  });

  it('is that packages go out with failures, and by another clock', async () => {
    expect(await found(checkHost, examined(3, 'moved'))).toEqual([
      taskHub,
      ['host.clock', 'warning', 'The app follows a moved clock.'],
      ['policy.failures', 'warning', 'Packages may be released with up to 3 failed items.'],
    ]);
  });
});

describe('what the doctor finds by calls', () => {
  let server: Server;
  let origin: string;
  let skew = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const issuer = `${origin}/login.microsoftonline.example`;
      const keys = [{ kid: 'now' }];
      response.setHeader('Date', inSeconds(skew).toUTCString());
      response.end(
        JSON.stringify(request.url === '/.well-known/jwks.json' ? { keys } : { issuer }),
      );
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  const portal = () =>
    found(checkPortal, {
      config: { portal: { origin } },
      app: { keys: { publicKeys: () => Promise.resolve({ keys: [{ kid: 'now' }] }) } },
    });

  it('of the portal is a clock that differs by more than a minute', async () => {
    const checks = async (): Promise<unknown[]> => (await portal()).map(([check]) => check);
    expect(await checks()).toEqual(['portal.reach', 'portal.keys']);
    for (skew of [90, -90]) {
      const [, clock] = await portal();
      expect(clock).toEqual(['portal.clock', 'problem', expect.stringMatching(/ (89|9[01]) s\.$/)]);
    }
    skew = 0;
  });

  describe('of the directory', () => {
    const directory = (officers: object, delivery: object = {}) =>
      found(checkDirectory, {
        config: {
          officers: {
            ...{ kind: 'directory', issuer: `${origin}/login.microsoftonline.example` },
            ...{ tenant: 'ours', acr: [], amr: [], context: null, oneFactorReason: null },
            ...officers,
          },
          delivery: { handOver: 'oneOfficer', oneOfficerReason: null, ...delivery },
          portal: { origin },
        },
      });
    const answers = ['officers.directory', 'ok', 'The issuer answers.'];

    it.each<[string, object, Outcome, string]>([
      ['as strong as a class', { acr: ['strong'] }, 'ok', 'as strong as the settings say.'],
      ['as strong as a method', { amr: ['mfa'] }, 'ok', 'as strong as the settings say.'],
      ['as strong as a context', { context: 'c1' }, 'ok', 'as strong as the settings say.'],
      ['weak on loopback', {}, 'notChecked', 'On loopback, one factor is enough for officers.'],
      [
        'weak for a reason',
        { oneFactorReason: 'the directory asks for two' },
        'notChecked',
        'One factor is enough for officers, because: the directory asks for two',
      ],
    ])('is a sign-in %s', async (_how, officers, outcome, message) => {
      const [first, factors] = await directory(officers);
      expect(first).toEqual(answers);
      expect(factors).toEqual(['officers.factors', outcome, expect.stringContaining(message)]);
    });

    it('is how many officers hand a package over', async () => {
      const handOver = async (delivery: object): Promise<unknown> =>
        (await directory({}, delivery))[2];
      expect(await handOver({ handOver: 'twoOfficers' })).toEqual([
        ...['officers.handOver', 'ok', 'Two officers hand a package over.'],
      ]);
      expect(await handOver({ oneOfficerReason: 'there is one' })).toEqual([
        'officers.handOver',
        'notChecked',
        'One officer hands a package over, because: there is one',
      ]);
    });

    it('is an issuer of Microsoft whose tenant is not set', async () => {
      expect((await directory({ tenant: null })).at(-1)).toEqual([
        'officers.tenant',
        'problem',
        'Tokens of any tenant of this issuer would be accepted.',
      ]);
      expect(await directory({})).toHaveLength(3);
    });
  });
});

describe('what the doctor finds in messages', () => {
  const mail = (kind: string, answer: string) =>
    found(checkMail, {
      config: {
        mail: { from: 'privacy@shop.example', transport: { kind } },
        controller: { contact: 'privacy@shop.example' },
      },
      mail: { transport: () => Promise.resolve(answer) },
    });

  it.each<[string, string, Outcome, string]>([
    ['smtp', 'accepted', 'ok', 'The mail server accepts the sign-in.'],
    ['smtp', 'credentialsRefused', 'problem', 'The mail server refuses the sign-in.'],
    ['smtp', 'noAnswer', 'problem', 'The mail server does not answer.'],
    [
      ...(['communicationServices', 'accepted', 'ok'] as const),
      'Communication Services answer. Send a test email to confirm the sender.',
    ],
    [
      ...(['communicationServices', 'noAnswer', 'problem'] as const),
      'Communication Services do not answer.',
    ],
  ])('is by %s: %s', async (kind, answer, outcome, message) => {
    expect(await mail(kind, answer)).toEqual([['mail.transport', outcome, message]]);
  });

  it.each<[string, string[], [string, Outcome]]>([
    ['+15550100', ['sms'], ['sms.transport', 'notChecked']],
    ['pending', ['sms'], ['sms.from', 'problem']],
    ['pending', ['email'], ['sms.transport', 'notChecked']],
  ])('is the sender %s of text messages, with the methods %p', async (from, methods, expected) => {
    const textMessages = { kind: 'communicationServices', from };
    const [first] = await found(checkSms, { config: { stepUp: { methods }, textMessages } });
    expect(first?.slice(0, 2)).toEqual(expected);
  });
});

describe('what the doctor finds in webhooks', () => {
  it.each<[string, string[], [Outcome, string][]]>([
    ['none', [], []],
    [
      'some',
      // A name of this machine, which no server of names is asked for (RFC 6761).
      ['localhost', 'localhost:8443', 'tickets.invalid:8443'],
      [
        ['ok', 'localhost has an address.'],
        ['ok', 'localhost:8443 has an address.'],
        ['problem', 'tickets.invalid:8443 has no address.'],
      ],
    ],
  ])('is whether their hosts have an address: %s', async (kind, hosts, expected) => {
    expect(await found(checkWebhooks, { config: { webhooks: { kind, hosts } } })).toEqual(
      expected.map((one) => ['webhooks.hosts', ...one]),
    );
  });
});

describe('what the doctor finds in storage', () => {
  const rule = { allowedOrigins: 'https://p', allowedMethods: 'GET', allowedHeaders: '*' };
  const service = (date: string | null) => ({
    corsRules: [rule],
    isSoftDeleteEnabled: false,
    date,
  });
  const examined = (probe: object) => ({
    storage: {
      blobService: () => Promise.resolve(service(null)),
      publicContainers: () => Promise.resolve([]),
      tryTable: () => Promise.resolve(),
      isForbidden: (error: unknown) => error instanceof Error && error.message === 'forbidden',
      ...probe,
    },
    config: { portal: { origin: 'https://p' } },
  });

  it.each([
    [120, /^This machine's clock is 1(19|2[01]) s slow\.$/],
    [-120, /^This machine's clock is 1(19|2[01]) s fast\.$/],
  ])('is a clock that differs by %d s', async (seconds, message) => {
    const blobService = () => Promise.resolve(service(inSeconds(seconds).toUTCString()));
    const clocks = (await found(checkStorage, examined({ blobService }))).filter(
      ([check]) => check === 'storage.clock',
    );
    expect(clocks).toEqual([['storage.clock', 'problem', expect.stringMatching(message)]]);
    expect((await found(checkStorage, examined({}))).map(([check]) => check)).toEqual([
      ...['storage.blobs', 'storage.cors', 'storage.tables'],
    ]);
  });

  it.each([
    ['forbidden', 'The app lacks the permission.'],
    ['other', 'It does not answer, or there is no such account.'],
  ])('is why it cannot be used: %s', async (why, message) => {
    const error = new Error(why);
    const probe = { blobService: refuse(error), tryTable: refuse(error) };
    expect(await found(checkStorage, examined(probe))).toEqual([
      ['storage.blobs', 'problem', `Blob storage cannot be used. ${message}`],
      ['storage.tables', 'problem', `Table storage cannot be used. ${message}`],
    ]);
  });
});
