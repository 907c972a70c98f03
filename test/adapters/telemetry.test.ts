import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Collector } from '../helpers/collector';
import { root } from '../helpers/root';

interface Exported {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  status: { code: number };
  attributes: { key: string; value: Record<string, unknown> }[];
  events: { name: string; attributes: { key: string; value: Record<string, unknown> }[] }[];
}
interface Export {
  resourceSpans: {
    resource: { attributes: Exported['attributes'] };
    scopeSpans: { spans: Exported[] }[];
  }[];
}

/** What the program in test/helpers/trace-requests.cjs does. */
interface Plan {
  begin: boolean;
  requestId: string;
  hostTrace?: string;
  activities: { name: string; calls: { kind: SpanKind; status: number }[] }[];
}

const hostTrace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const activities = ['exportPage', 'release'].map((name) => ({ name, calls: [] }));
const plain: Plan = { begin: true, requestId: randomUUID(), activities };
const hosted: Plan = { begin: true, requestId: randomUUID(), hostTrace, activities };
const strange: Plan = { ...hosted, requestId: randomUUID(), hostTrace: 'jane@mail.example' };
const expected: [SpanKind, number][] = [
  ...[404, 409, 412].map((status): [SpanKind, number] => [SpanKind.CLIENT, status]),
  ...[401, 403, 404, 409, 412].map((status): [SpanKind, number] => [SpanKind.SERVER, status]),
];
const failures: [SpanKind, number][] = [
  ...[400, 401, 403, 429, 503].map((status): [SpanKind, number] => [SpanKind.CLIENT, status]),
  ...[400, 500].map((status): [SpanKind, number] => [SpanKind.SERVER, status]),
];
const calling = [...expected, ...failures].map(([kind, status]) => ({
  kind,
  status,
  plan: {
    begin: false,
    requestId: randomUUID(),
    activities: [{ name: 'exportPage', calls: [{ kind, status }] }],
  },
}));

let exported: Export['resourceSpans'];
let measured: string;
beforeAll(async () => {
  const collector = await Collector.start();
  const plans = [plain, hosted, strange, ...calling.map(({ plan }) => plan)];
  const child = spawn(
    process.execPath,
    [join(root, 'test/helpers/trace-requests.cjs'), JSON.stringify(plans)],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        ...collector.settings,
        WEBSITE_SITE_NAME: 'privacy-shop',
        OTEL_TRACES_SAMPLER: 'always_off',
      },
    },
  );
  expect(await new Promise((end) => child.once('close', end))).toBe(0);
  exported = collector.received
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ body }) => (JSON.parse(body) as Export).resourceSpans);
  measured = collector.text('/v1/metrics');
  await collector.stop();
}, 60_000);

const spansOf = ({ requestId }: Plan): Exported[] =>
  exported
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .filter(({ traceId }) => traceId === requestId.replaceAll('-', ''));
const attribute = ({ attributes }: Pick<Exported, 'attributes'>, name: string): unknown =>
  attributes.find(({ key }) => key === name)?.value['stringValue'];

describe('the trace of a request', () => {
  it('has a first span that is exported, and that every activity points to', () => {
    const [first, ...others] = spansOf(plain);
    expect([first?.name, first?.parentSpanId]).toEqual(['createRequest', undefined]);
    expect(others.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
      ['exportPage', first?.spanId],
      ['release', first?.spanId],
    ]);
    expect(new Set(others.map(({ spanId }) => spanId)).size).toBe(2);
  });

  it.each([
    ['names the trace of the host', hosted, hostTrace],
    ['names nothing that has not the form of a trace', strange, undefined],
    ['names none without one', plain, undefined],
  ])('%s', (_name, plan, named) => {
    const spans = spansOf(plan);
    expect(spans.map((span) => attribute(span, 'portability.host.traceparent'))).toEqual(
      spans.map(() => named),
    );
    expect(spans.length).toBe(3);
  });

  it('bears the name of the installation', () => {
    const names = exported.map(({ resource }) => attribute(resource, 'service.name'));
    expect(new Set(names)).toEqual(new Set(['privacy-shop']));
  });
});

describe('the measurement of a call that nobody answers', () => {
  it('tells that it failed, and nothing of what the error says', () => {
    const told = [...measured.matchAll(/"key":"error\.type","value":\{"stringValue":"([^"]*)"/g)];
    expect(new Set(told.map(([, type]) => type))).toEqual(new Set(['_OTHER']));
    expect(measured).toContain('http.client.request.duration');
    expect(measured).not.toContain('ECONNREFUSED');
    expect(measured).not.toContain('jane');
  });
});

describe('a call that is answered with an error', () => {
  it('tells of the errors that it has met with the type alone', () => {
    const spans = calling.flatMap(({ plan }) => spansOf(plan)).filter(({ name }) => name === 'GET');
    expect(spans).toHaveLength(calling.length);
    for (const span of spans) {
      const [event, ...others] = span.events;
      expect(event?.name).toBe('exception');
      expect(event?.attributes).toEqual([
        { key: 'exception.type', value: { stringValue: 'TypeError' } },
      ]);
      expect(others).toEqual([]);
      expect(JSON.stringify(span)).not.toContain('jane');
    }
  });

  /** The status that is exported of a call. */
  function statusOf(kind: SpanKind, code: number): number | undefined {
    const plan = calling.find((one) => one.kind === kind && one.status === code)?.plan;
    return plan && spansOf(plan).find(({ name }) => name === 'GET')?.status.code;
  }

  it.each(expected)('is no failure when the refusal is expected: kind %i, %i', (kind, code) => {
    expect(statusOf(kind, code)).toBe(SpanStatusCode.UNSET);
  });

  it.each(failures)('is a failure otherwise: kind %i, %i', (kind, code) => {
    expect(statusOf(kind, code)).toBe(SpanStatusCode.ERROR);
  });
});
