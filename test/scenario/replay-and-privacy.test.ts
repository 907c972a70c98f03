import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Collector } from '../helpers/collector';
import { deepJson, nestedMail } from '../helpers/exports';
import { HttpProxy } from '../helpers/fault-proxy';
import { Subject } from '../../local/portal-client';
import { Officer } from '../helpers/officer';
import { invoker } from '../helpers/orchestrators-in-process';
import { hitsIn, logsOf, privacyTests } from '../helpers/privacy';
import { expectDeterminism, type RecordedInstance } from '../helpers/replay';
import { eventually } from '../helpers/eventually';
import { organisationOf } from '../helpers/organisation';
import { Scenario, type Downloaded } from '../helpers/scenario';

let scenario: Scenario;
let blobs: HttpProxy;
let collector: Collector;

/** Words that stand in content that cannot be processed, and in the error of an SDK. */
const planted = {
  transcript: 'Quittentranskript',
  mail: 'Quittenmail',
  depth: 'Quittentiefe',
  error: 'Quittenfehler',
};
const words = Object.values(planted);
const generated = organisationOf(12, 2);

/** A request to which nothing happens, and its orchestrations. */
let requestId: string;
let instances: RecordedInstance[];
/** A later one, of content that cannot be processed. */
const hard = { requestId: '', isRefused: false, reason: '' as string | null, sentences: '' };
let downloaded: Downloaded;

/** Answers of the source that hold the words. */
function plantedBodies(): { match: string; body: string }[] {
  const own = generated.organisation.conversations.filter(
    ({ ownerId }) => ownerId === generated.subject.id,
  );
  /** The newest conversation of the person of which something holds, so that it is found. */
  const idOf = (holds: (conversation: (typeof own)[number]) => boolean): string =>
    own.findLast(holds)?.id ?? 'none';
  const call = idOf(({ recordings }) => recordings.some(({ transcript }) => transcript !== null));
  const mail = idOf(({ recordings }) => recordings.some(({ media }) => media === 'email'));
  const summary = idOf((conversation) => conversation.summary !== undefined);
  return [
    { match: `^GET /transcripts/${call}/`, body: `${planted.transcript} has called.` },
    { match: `^GET /media/${mail}/`, body: nestedMail(1000, planted.mail).toString() },
    {
      match: `^GET .*/${summary}/summaries$`,
      body: `{"summary":{"text":"${planted.depth}"},"more":${deepJson(planted.depth)}}`,
    },
  ];
}

async function fulfilUndisturbed(): Promise<void> {
  requestId = await scenario.request({ callback: 'http://127.0.0.1:9/hook' });
  await scenario.sweep();
  await scenario.stepUp();
  await scenario.untilState(requestId, 'available');
  await scenario.link(2);
  instances = await scenario.durable<RecordedInstance[]>('instances/?showHistory=true');
}

async function fulfilHard(): Promise<void> {
  scenario.simulator.settings.bodies = plantedBodies();
  blobs.refusal = {
    matches: (request) => /^PUT .*comp=block(&|$)/.test(request),
    status: 403,
    headers: { 'Content-Type': 'application/xml', 'x-ms-error-code': 'AuthorizationFailure' },
    body: `<?xml version="1.0"?><Error><Code>AuthorizationFailure</Code><Message>${planted.error}</Message></Error>`,
  };
  scenario.adopt(new Subject(scenario.stack.hostUrl));
  hard.requestId = await scenario.request({ ticketId: 'T-hard' });
  await scenario.stepUp(3);
  hard.reason = (await scenario.untilState(hard.requestId, 'failed')).reasonCode;
  hard.isRefused = blobs.refusal === null;
  const accepted = { justification: 'Looked at in the source.', acceptFailures: true };
  await new Officer(scenario).post(`/${hard.requestId}/retry`, accepted);
  const { availability } = await scenario.untilState(hard.requestId, 'available');
  hard.sentences = availability?.join(' ') ?? '';
  await scenario.stepUp(4);
  downloaded = await scenario.fetchPackage();
}

beforeAll(async () => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  collector = await Collector.start();
  scenario = await Scenario.start({
    hosting: 'processes',
    ownStorage: true,
    generated,
    settings: {
      EXPORT_SUMMARIES: 'true',
      // Nobody listens there: the ticketing system is told again and again.
      WEBHOOK_SECRET: secret,
      WEBHOOK_HOSTS: '127.0.0.1:9',
      ...collector.settings,
    },
    between: async (ports) => {
      blobs = await HttpProxy.start(ports.blob);
      return { blob: blobs.port };
    },
  });
  await fulfilUndisturbed();
  await fulfilHard();
}, 360_000);
afterAll(async () => {
  await scenario.stop();
  await Promise.all([collector.stop(), blobs.stop()]);
});

describe('a recorded request', () => {
  it.each([
    'fulfilRequest',
    'searchGroup',
    'exportWorker',
    'exportPersonRecords',
    'deliverWebhooks',
  ])('replayed at every prefix of its history, %s asks for the same actions', async (name) => {
    const recorded = instances.filter((instance) => instance.name === name);
    expect(recorded.length).toBeGreaterThan(0);
    for (const instance of recorded) await expectDeterminism(invoker, instance);
  });

  describe('leaves nothing of the person where it does not belong', () => {
    privacyTests(
      () => scenario,
      () => requestId,
    );

    it('nothing in traces and metrics, which are one trace a request, errors included', async () => {
      // The person's browser comes back with a wrong code, and the source is down for a moment.
      await scenario.person.verify('00000000').catch(() => undefined);
      const traces = await eventually('the last span', () => {
        const text = collector.text('/v1/traces');
        return Promise.resolve(text.includes('"announce"') && text);
      });
      const metrics = await eventually('the metrics', () => {
        const text = collector.text('/v1/metrics');
        return Promise.resolve(text.includes('portability.items') && text);
      });
      const spans = [...traces.matchAll(/"traceId":"([0-9a-f]{32})"/g)].map(([, id]) => id);
      expect(spans.length).toBeGreaterThan(30);
      expect(spans.filter((id) => id === requestId.replaceAll('-', '')).length).toBeGreaterThan(25);
      for (const name of ['exportPage', 'writePackageMetadata', 'commitPackage', 'release'])
        expect(traces).toContain(`"name":"${name}"`);
      // Calls that were refused are there, without what they asked for.
      expect(traces).toMatch(/"name":"(GET|POST) \/api\/v2\/[^"]+\{\}/);
      expect(metrics).toContain('portability.genesys.calls');
      expect(metrics).toContain('portability.rateLimit.leased');
      expect(metrics).toContain('portability.package.bytes');
      for (const text of [traces, metrics]) {
        expect(hitsIn(scenario, text)).toEqual([]);
        expect(text).not.toMatch(/[?&](q|searchValue|sig|se|sp)=|Bearer |SharedKey|AccountKey/);
      }
    });
  });
});

describe('content that cannot be processed, and errors of SDKs that repeat what they were given', () => {
  it('stop the release at once, until an officer accepts what is missing, and are named', () => {
    expect(hard.reason).toBe('packageIncomplete');
    expect(hard.sentences).toContain('not in a form that can be processed');
    expect(hard.sentences).toContain('too deeply nested, or in too many parts, to be processed');
    const report = readFileSync(join(downloaded.folder, 'availability-report.json'), 'utf8');
    const { missing } = JSON.parse(report) as { missing: Record<string, string>[] };
    const failed = missing.filter(({ status }) => status === 'failed');
    expect(failed.map((item) => `${item['kind']} ${item['reason']}`).sort()).toEqual([
      'summary tooDeep',
      'transcript notReadable',
    ]);
  });

  it('are not in the package, unmasked as they are', () => {
    const read = (name: string): string => readFileSync(join(downloaded.folder, name), 'latin1');
    const unread = words.filter((word) => word !== planted.mail);
    for (const name of downloaded.names)
      for (const word of unread) expect(read(name)).not.toContain(word);
    // A mail is searched in place, however many parts it has.
    expect(downloaded.names.filter((name) => read(name).includes(planted.mail))).toHaveLength(1);
  });

  it('are told in the task hub and the log by the class of the error and known codes', async () => {
    expect(hard.isRefused).toBe(true);
    const told = 'internalError: RestError 403 AuthorizationFailure';
    const all = await scenario.durable<RecordedInstance[]>('instances/?showHistory=true');
    expect(JSON.stringify(all)).toContain(told);
    const logs = logsOf(scenario).map((path) => readFileSync(path, 'utf8'));
    expect(logs.join('\n')).toMatch(
      new RegExp(`export\\w+ of request ${hard.requestId} failed: ${told} at `),
    );
  });

  privacyTests(
    () => scenario,
    () => hard.requestId,
    words,
  );

  it('nothing in traces and metrics', async () => {
    const traces = await eventually('the last span', () => {
      const text = collector.text('/v1/traces');
      return Promise.resolve(text.includes('"announce"') && text);
    });
    expect(traces).toContain('RestError');
    for (const text of [traces, collector.text('/v1/metrics')])
      expect(hitsIn(scenario, text, words)).toEqual([]);
  });
});
