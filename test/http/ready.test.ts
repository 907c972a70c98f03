import type { ReadinessName, ReadinessReason } from '../../src/core/api/readiness';
import type * as Errors from '../../src/core/errors';
import type { PermissionProof, Source } from '../../src/ports';
import type { ReadinessServices } from '../../src/services/readiness';
import { HttpApp, read, type Readiness as Services } from '../helpers/http-app';
import { outside } from '../helpers/outside-jest';

const { SourceError } = outside.app<typeof Errors>('core/errors');

interface Ready {
  status: string;
  version: string;
  checks: { check: ReadinessName; code: string; reason: ReadinessReason | null }[];
}

const proven: PermissionProof = { missing: [], undeclared: [], declared: [], unproven: [] };
const permissionNeeds = {} as Parameters<Source['provePermissions']>[0];
const sourceWith = (provePermissions: () => Promise<PermissionProof>) =>
  new Map([['main', { source: { provePermissions } as unknown as Source, permissionNeeds }]]);

const queuesWith = (missing: string[] | Error, isForbidden = false): Services['queues'] => ({
  missing: () => (missing instanceof Error ? Promise.reject(missing) : Promise.resolve(missing)),
  isForbidden: () => isForbidden,
});

let app: HttpApp;
let services: Services;
let now = 0;
/** What a test changes, and what stands there between tests: Azurite, the key file, and fakes of others. */
let good: Services;
beforeAll(async () => {
  app = await HttpApp.start(
    {},
    {
      examining: (all) => {
        services = {
          ...all,
          organisations: sourceWith(() => Promise.resolve(proven)),
          mail: { transport: () => Promise.resolve('accepted') },
          queues: queuesWith([]),
          sender: 'privacy@shop.test-company.eu',
          mailDomain: { records: () => Promise.resolve('good') },
          stopwatch: { now: () => now, wait: () => Promise.resolve() },
        };
        good = { ...services };
        return services;
      },
    },
  );
}, 60_000);
beforeEach(() => {
  Object.assign(services, good);
  app.hub.isDown = false;
  now += 3_600_000;
});
afterAll(() => app.stop());

const ready = async (): Promise<Awaited<ReturnType<typeof read<Ready>>>> =>
  read<Ready>(await app.fetch('/health/ready', { headers: await app.bearer('Requests.Read') }));

const isOk = (check: string) => ({ check, code: 'ok', reason: null });
const refused = new SourceError({ kind: 'failed', code: 'sourceCredentialsRefused' });
const failing = (): Promise<never> => Promise.reject(new Error('https://vault.example: s3cret'));

describe('whether the app is ready', () => {
  it('is told with the version and each check when all is well', async () => {
    const { status, body } = await ready();
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ready',
      version: '1.2.3',
      checks: [
        ...['blobs', 'tables', 'taskHub', 'queues', 'keyWrap', 'keySign'].map(isOk),
        ...['genesys', 'mail', 'mailDomain', 'clock'].map(isOk),
        { check: 'controllerFiles', code: 'notConfigured', reason: null },
      ],
    });
  });

  const forbidden = (storage: ReadinessServices['storage']): ReadinessServices['storage'] => ({
    blobService: () => storage.blobService(),
    publicContainers: () => storage.publicContainers(),
    tryTable: failing,
    isForbidden: () => true,
  });
  const unreachable = (storage: ReadinessServices['storage']): ReadinessServices['storage'] => ({
    blobService: failing,
    publicContainers: failing,
    tryTable: () => storage.tryTable(),
    isForbidden: () => false,
  });
  const inPast = (storage: ReadinessServices['storage']): ReadinessServices['storage'] => ({
    blobService: async () => ({
      ...(await storage.blobService()),
      date: new Date(Date.now() - 120_000).toUTCString(),
    }),
    publicContainers: () => storage.publicContainers(),
    tryTable: () => storage.tryTable(),
    isForbidden: () => false,
  });

  it.each<[string, (all: Services) => Partial<Services>, string]>([
    [
      'blobs do not answer',
      ({ storage }) => ({ storage: unreachable(storage) }),
      'blobs noAnswer, clock checkFailed',
    ],
    [
      'tables are forbidden',
      ({ storage }) => ({ storage: forbidden(storage) }),
      'tables forbidden',
    ],
    [
      'the clock differs from that of storage',
      ({ storage }) => ({ storage: inPast(storage) }),
      'clock clockDiffers',
    ],
    [
      'a queue of the task hub is missing',
      () => ({ queues: queuesWith(['hub-control-01']) }),
      'queues queueMissing',
    ],
    [
      'queues are forbidden',
      () => ({ queues: queuesWith(new Error('127.0.0.1'), true) }),
      'queues forbidden',
    ],
    [
      'queues do not answer',
      () => ({ queues: queuesWith(new Error('127.0.0.1')) }),
      'queues noAnswer',
    ],
    [
      'no secret can be wrapped',
      ({ keys }) => ({
        keys: {
          createSecret: failing,
          unwrap: failing,
          sign: (...given) => keys.sign(...given),
          publicKeys: () => keys.publicKeys(),
        },
      }),
      'keyWrap keyNotUsable',
    ],
    [
      'nothing can be signed',
      ({ keys }) => ({
        keys: {
          createSecret: () => keys.createSecret(),
          unwrap: (secret) => keys.unwrap(secret),
          sign: failing,
          publicKeys: failing,
        },
      }),
      'keySign keyNotUsable',
    ],
    [
      'Genesys Cloud refuses the credentials',
      () => ({ organisations: sourceWith(() => Promise.reject(refused)) }),
      'genesys credentialsRefused',
    ],
    [
      'Genesys Cloud does not answer',
      () => ({ organisations: sourceWith(failing) }),
      'genesys noAnswer',
    ],
    [
      'a permission is missing',
      () => ({
        organisations: sourceWith(() => Promise.resolve({ ...proven, missing: ['a:b:c'] })),
      }),
      'genesys permissionMissing',
    ],
    [
      'a permission is not proven',
      () => ({
        organisations: sourceWith(() => Promise.resolve({ ...proven, undeclared: ['a:b:c'] })),
      }),
      'genesys permissionUndeclared',
    ],
    [
      'the mail server refuses the sign-in',
      () => ({ mail: { transport: () => Promise.resolve('credentialsRefused') } }),
      'mail credentialsRefused',
    ],
    ['the sender is no mailbox', () => ({ sender: 'privacy' }), 'mail senderInvalid'],
    [
      'files of the controller differ',
      () => ({ controllerFiles: () => 'filesDiffer' }),
      'controllerFiles filesDiffer',
    ],
    [
      'files of the controller are wrong',
      () => ({ controllerFiles: () => 'filesInvalid' }),
      'controllerFiles filesInvalid',
    ],
  ])('is denied when %s, by codes only', async (_name, change, expected) => {
    Object.assign(services, change(good));
    const { status, body } = await ready();
    const failed = body.checks.filter(({ code }) => code === 'failed');
    expect(failed.map(({ check, reason }) => `${check} ${reason}`).join(', ')).toBe(expected);
    expect([status, body.status]).toEqual([503, 'notReady']);
    expect(JSON.stringify(body)).not.toMatch(/s3cret|vault\.example|127\.0\.0\.1|a:b:c/);
  });

  it.each<[string, Partial<Services>, string]>([
    [
      'the domain of the sender lacks a record',
      { mailDomain: { records: () => Promise.resolve('spfMissing') } },
      'mailDomain warning spfMissing',
    ],
    [
      'no DNS server answers',
      { mailDomain: { records: () => Promise.resolve('noAnswer') } },
      'mailDomain unknown noAnswer',
    ],
    [
      'the domain of the sender is one of examples',
      { sender: 'privacy@shop.example', mailDomain: { records: failing } },
      'mailDomain notConfigured null',
    ],
    [
      'the task hub has no queues that the app can see',
      { queues: null },
      'queues notConfigured null',
    ],
  ])('is told, with a word of it, when %s', async (_name, change, expected) => {
    Object.assign(services, change);
    const { status, body } = await ready();
    expect([status, body.status]).toEqual([200, 'ready']);
    const [check] = expected.split(' ');
    expect(
      body.checks
        .filter((one) => one.check === check)
        .map((one) => `${one.check} ${one.code} ${one.reason}`),
    ).toEqual([expected]);
  });

  it('is denied when the task hub does not answer', async () => {
    app.hub.isDown = true;
    const { status, body } = await ready();
    expect([status, body.checks.find(({ check }) => check === 'taskHub')]).toEqual([
      503,
      { check: 'taskHub', code: 'failed', reason: 'noAnswer' },
    ]);
  });

  it('is looked at once in ten seconds, however often it is asked', async () => {
    const transport = jest.fn(() => Promise.resolve('accepted' as const));
    Object.assign(services, { mail: { transport } });
    await Promise.all([ready(), ready(), ready()]);
    expect(transport).toHaveBeenCalledTimes(1);
    now += 10_001;
    await ready();
    expect(transport).toHaveBeenCalledTimes(2);
  });

  it('is told to a program that may ask for it, and for nothing else', async () => {
    const program = { sub: 'pipeline', oid: 'pipeline', idtyp: 'app', roles: ['Readiness.Read'] };
    const ofNobody = { scp: undefined, acr: undefined, amr: undefined, auth_time: undefined };
    const token = await app.directory.accessToken({ ...ofNobody, ...program });
    const headers = { Authorization: `Bearer ${token}` };
    expect((await app.fetch('/health/ready', { headers })).status).toBe(200);
    const others = ['/api/requests', '/api/request-counts', '/api/statistics'];
    for (const path of others) expect((await app.fetch(path, { headers })).status).toBe(403);
  });

  it('is looked at for nobody without the role', async () => {
    const transport = jest.fn(() => Promise.resolve('accepted' as const));
    Object.assign(services, { mail: { transport } });
    const answers = [
      await app.fetch('/health/ready'),
      await app.fetch('/health/ready', { headers: await app.bearer('Requests.Deliver') }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 403]);
    expect(transport).not.toHaveBeenCalled();
  });
});
