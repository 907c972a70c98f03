import type { Exchange } from '../../local/genesys/dispatcher';
import { generateOrganisation } from '../../local/genesys/generate';
import { GenesysSimulator } from '../../local/genesys/simulator';
import { provenByCall, unprovable } from '../../src/core/genesys/permissions';
import type { PermissionNeeds } from '../../src/ports';
import {
  answer,
  GenesysServer,
  loginAnswer,
  loginPath,
  outcomeOf,
} from '../helpers/genesys-server';
import { simulatorSource } from '../helpers/simulator-source';

const { organisation } = generateOrganisation({ seed: 7, conversations: 2, now: new Date() });
const sensitive = 'recording:recording:viewSensitiveData';
const least: PermissionNeeds = {
  recordingExporter: 'formatted',
  summaries: false,
  sentiment: false,
  secureAttributes: false,
  evaluations: false,
  deletionHold: false,
  restoreArchived: false,
  declaresSensitiveData: false,
};
const most: PermissionNeeds = {
  recordingExporter: 'bulkS3',
  summaries: true,
  sentiment: true,
  secureAttributes: true,
  evaluations: true,
  deletionHold: true,
  restoreArchived: true,
  declaresSensitiveData: false,
};
const provable = [
  ...provenByCall.flatMap(({ permissions }): readonly string[] => permissions),
  'recording:job:add',
  sensitive,
];

describe('the proof of permissions', () => {
  let simulator: GenesysSimulator;
  let calls: Exchange[];
  beforeEach(async () => {
    calls = [];
    simulator = await GenesysSimulator.start({
      organisation,
      settings: { callsPerMinute: 10_000 },
      onExchange: (exchange) => calls.push(exchange),
    });
  });
  afterEach(() => simulator.stop());

  const prove = (needs: PermissionNeeds, ...missingPermissions: string[]) => {
    simulator.settings.missingPermissions = missingPermissions;
    return simulatorSource(simulator).provePermissions(needs);
  };

  it.each(provable.filter((one) => one !== 'conversation:message:view'))(
    'names %s alone where it alone is missing',
    async (permission) => {
      const { missing, undeclared } = await prove(most, permission);
      // Who may make no jobs cannot prove this either.
      expect(undeclared).toEqual(permission === 'recording:job:add' ? [sensitive] : []);
      expect(missing).toEqual([permission]);
    },
  );

  it('is content with one of two permissions of which either opens the call', async () => {
    const either = ['conversation:message:view', 'conversation:webmessaging:view'] as const;
    expect(provenByCall.flatMap((one) => ('alternatives' in one ? one.alternatives : []))).toEqual([
      either[1],
    ]);
    expect((await prove(least, either[0])).missing).toEqual([]);
    expect((await prove(least, ...either)).missing).toEqual([either[0]]);
  });

  it('names all that are missing at once', async () => {
    const lacking = provable.filter((one) => one !== sensitive);
    const { missing } = await prove(most, ...lacking, 'conversation:webmessaging:view');
    expect([...missing].sort()).toEqual(lacking.sort());
  });

  it('asks only for what the exporter and the policy need', async () => {
    const conditional = [
      ...['conversation:summary:view', 'speechAndTextAnalytics:data:view'],
      ...['conversation:participant:attributesview', 'quality:evaluation:view'],
      ...['recording:deletionProtection:apply', 'recording:deletionProtection:revoke'],
      ...['recording:job:view', 'recording:job:edit', 'recording:recording:editRetention'],
    ];
    expect((await prove(least, ...conditional)).missing).toEqual([]);
    expect((await prove(least)).unproven).toEqual(unprovable[0]?.permissions);
    expect((await prove(most)).unproven).toEqual(unprovable.flatMap((one) => one.permissions));
  });

  it('takes one call for each permission, three for sensitive data, and leaves nothing behind', async () => {
    const { protectedConversations, bulkJobs } = simulator.state;
    await prove(least);
    expect(calls).toHaveLength(14);
    await prove(most);
    expect(calls).toHaveLength(14 + 22);
    expect([protectedConversations.size, bulkJobs.size]).toEqual([0, 0]);
    expect(calls.filter(({ method }) => method === 'PUT').map(({ status }) => status)).toEqual([
      200, 200, 404,
    ]);
  });

  it('proves the permission for sensitive data by a job that is deleted and never executed', async () => {
    expect(await prove(least)).toMatchObject({ missing: [], undeclared: [], declared: [] });
    const jobs = calls.filter(({ operation }) => operation?.startsWith('/api/v2/recording/jobs'));
    expect(jobs.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'DELETE 404',
      'POST 202',
      'DELETE 204',
    ]);
    expect(jobs[1]?.requestBody).toMatchObject({
      action: 'ARCHIVE',
      includeRecordingsWithSensitiveData: true,
    });
  });

  it.each([['recording:job:add'], ['recording:job:delete']])(
    'of sensitive data takes the declaration where the client lacks %s, and nothing less',
    async (permission) => {
      const declares = { ...least, declaresSensitiveData: true };
      expect(await prove(least, permission)).toMatchObject({
        missing: [],
        undeclared: [sensitive],
        declared: [],
      });
      expect(await prove(declares, permission)).toMatchObject({
        missing: [],
        undeclared: [],
        declared: [sensitive],
      });
      expect(simulator.state.bulkJobs.size).toBe(0);
    },
  );

  it('of sensitive data counts more than a declaration', async () => {
    const declares = { ...least, declaresSensitiveData: true };
    expect(await prove(declares, sensitive)).toMatchObject({ missing: [sensitive], declared: [] });
    expect(await prove(declares)).toMatchObject({ missing: [], declared: [] });
    expect(simulator.state.bulkJobs.size).toBe(0);
  });
});

describe('a refusal of the job that would show sensitive data', () => {
  let server: GenesysServer;
  /** What is answered to the job with sensitive data, and to the one without. */
  let answers: { status: number; body: object }[];
  beforeEach(async () => {
    server = await GenesysServer.start((response, { path, method, earlier }) => {
      if (path === loginPath) answer(response, loginAnswer);
      else if (path === '/api/v2/recording/jobs' && method === 'POST') {
        const { status, body } = answers[earlier] ?? { status: 500, body: {} };
        answer(response, body, { status });
      } else if (path.endsWith('/availability')) answer(response, {});
      else if (path.endsWith('/dataretention/settings')) answer(response, { retentionDays: 1 });
      else answer(response, { code: 'not.found' }, { status: 404 });
    });
  });
  afterEach(() => server.stop());

  const made = { status: 202, body: { id: 'job' } };
  const limit = { status: 400, body: { code: 'recording.jobs.limit.reached' } };
  const prove = async (declaresSensitiveData: boolean) => {
    const proof = server.source.provePermissions({ ...least, declaresSensitiveData });
    return proof.then(({ missing, undeclared, declared }) => ({ missing, undeclared, declared }));
  };

  it.each([
    [
      'with 403 that names it',
      { status: 403, body: { code: 'missing.permissions', message: `x ${sensitive}` } },
    ],
    ['with 403 that says nothing', { status: 403, body: { code: 'not.authorized' } }],
    ['with 400', { status: 400, body: { code: 'bad.request' } }],
  ])(
    '%s is one of the permission where the same job without sensitive data is made',
    async (_, refusal) => {
      answers = [refusal, made];
      expect(await prove(true)).toMatchObject({ missing: [sensitive], declared: [] });
      expect(server.count('/api/v2/recording/jobs/job')).toBe(1);
    },
  );

  it('proves nothing where the other job is refused as well', async () => {
    answers = [
      { status: 400, body: { code: 'bad.request' } },
      { status: 400, body: { code: 'bad.request' } },
    ];
    expect(await prove(false)).toEqual({ missing: [], undeclared: [sensitive], declared: [] });
  });

  it('is waited for where too many jobs run, unless the permission is declared', async () => {
    answers = [limit, limit, limit, limit];
    expect(await outcomeOf(prove(false))).toMatchObject({ kind: 'retryLater' });
    expect(await prove(true)).toEqual({ missing: [], undeclared: [], declared: [sensitive] });
  });
});

describe('a call that is refused for lack of permissions', () => {
  it.each<[string, object, string[]]>([
    [
      'names those that its message names',
      {
        code: 'missing.permissions',
        message:
          'Unable to perform the requested action. You are missing the following permission(s): recording:job:add, quality:survey:view',
      },
      ['recording:job:add', 'quality:survey:view'],
    ],
    [
      'names those that its parameters name',
      {
        code: 'missing.permissions',
        message: 'Unable to perform the requested action.',
        messageParams: { permissions: '[recording:job:add]' },
      },
      ['recording:job:add'],
    ],
    [
      'names none where one of several would do',
      { code: 'missing.any.permissions', message: 'one of: recording:job:add, a:b:c' },
      [],
    ],
    ['names none where it says nothing', { code: 'not.authorized', message: 'No.' }, []],
  ])('%s', async (_name, body, permissions) => {
    const server = await GenesysServer.start((response, { path }) => {
      if (path === loginPath) answer(response, loginAnswer);
      else answer(response, body, { status: 403 });
    });
    const error: unknown = await server.source.surveys('c').catch((thrown: unknown) => thrown);
    await server.stop();
    expect(error).toMatchObject({ message: 'sourcePermissionMissing', permissions });
  });
});
