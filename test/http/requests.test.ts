import type * as Telemetry from '@opentelemetry/api';
import type * as Spans from '@opentelemetry/sdk-trace-base';
import type * as Tracing from '@opentelemetry/sdk-trace-node';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020';
import { openApiDocument, type OpenApiDocument } from '../../src/core/api/openapi';
import { apiOperations } from '../../src/core/api/operations';
import { HttpApp, read } from '../helpers/http-app';
import { functionKey } from '../helpers/http-functions';
import { newPerson, TestRequest, ticketOf } from '../helpers/http-requests';
import { outside } from '../helpers/outside-jest';
import { requestIdsIn } from '../helpers/test-account';

const { trace } = outside.package<typeof Telemetry>('@opentelemetry/api');
const { NodeTracerProvider } = outside.package<typeof Tracing>('@opentelemetry/sdk-trace-node');
const { InMemorySpanExporter, SimpleSpanProcessor } = outside.package<typeof Spans>(
  '@opentelemetry/sdk-trace-base',
);

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start({
    WEBHOOK_HOSTS: 'tickets.example',
    WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
  });
}, 60_000);
afterEach(() => {
  app.hub.isDown = false;
});
afterAll(() => app.stop());

interface Problem {
  errors?: { pointer: string; detail: string }[];
}

describe("the ticketing system's call", () => {
  it('stores the request, and starts its orchestration', async () => {
    const person = newPerson();
    const body = ticketOf(person, { name: 'Zoe Secret', locale: 'de', timeZone: 'Europe/Berlin' });
    const response = await app.submit(body);
    const { status, headers, body: answer } = await read<{ requestId: string }>(response);
    const { requestId } = answer;
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/api/requests/${requestId}`);
    expect(headers.get('cache-control')).toBe('no-store');
    const at = app.clock.now().toISOString();
    expect(answer).toMatchObject({
      state: 'received',
      reasonCode: null,
      createdAt: at,
      receivedAt: '2026-11-23T08:00:00.000Z',
      verifiedAt: null,
      organisation: 'main',
      links: { self: `/api/requests/${requestId}` },
    });
    const { ledger, keys } = app.parts;
    const record = await ledger.get(requestId);
    if (record === null) throw new Error('There is no such request.');
    expect(await ledger.details(record)).toMatchObject({
      ticketId: body['ticketId'],
      identifiers: [{ type: 'email', value: person.email }],
      name: 'Zoe Secret',
      locale: 'de',
      timeZone: 'Europe/Berlin',
    });
    const { entries } = await ledger.custody(requestId);
    expect(entries).toMatchObject([
      {
        ...{ event: 'stateChanged', to: 'received', actor: null, at },
        detail: { law: 'gdpr', rights: 'access portability' },
      },
    ]);
    const limits = app.parts.limits;
    expect(app.hub.started.filter(({ instanceId }) => instanceId.includes(requestId))).toEqual([
      { name: 'fulfilRequest', instanceId: `request-${requestId}`, input: { requestId, limits } },
    ]);
    // The id says nothing of the ticket: it is a keyed hash.
    expect(requestId.replaceAll('-', '').slice(0, 8)).toBe(
      keys.keyedHash('request', String(body['ticketId'])).slice(0, 8),
    );
    for (const secret of [person.email, 'Zoe', String(body['ticketId'])])
      expect(JSON.stringify([answer, entries, app.hub.started, app.functions.logs])).not.toContain(
        secret,
      );
    const read2 = await app.fetch(`/api/requests/${requestId}`, {
      headers: { 'x-functions-key': functionKey },
    });
    expect([read2.status, await read2.json()]).toEqual([200, answer]);
  });

  it('is the same request when the same ticket comes again, and a conflict with another body', async () => {
    const body = ticketOf(newPerson());
    const answers = [await app.submit(body), await app.submit(body)];
    const other = await app.submit({ ...body, rights: ['access'] });
    expect([...answers, other].map(({ status }) => status)).toEqual([202, 200, 409]);
    const [first, second] = await Promise.all(answers.map((one) => read(one)));
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers.get('location')).toBe(first?.headers.get('location'));
    expect((await read(other)).code).toBe('ticketConflict');
    expect(app.hub.callsOf(String(first?.body['requestId']))).toEqual(['start fulfilRequest']);
  });

  it.each([
    [{}, 'gdpr', null],
    [{ law: 'ukGdpr' }, 'ukGdpr', null],
    [{ law: 'ccpa' }, 'ccpa', '2026-12-05T00:00:00.000Z'],
  ])('names the law of the request, or leaves it to the settings: %j', async (change, law, by) => {
    const { status, body } = await read<{ legalClock: object }>(
      await app.submit(ticketOf(newPerson(), change)),
    );
    expect(status).toBe(202);
    expect(body.legalClock).toMatchObject({ law, acknowledgeBy: by });
  });

  it.each(['Jira', 'ServiceNow (EU)', 'Kundenportal Öst/2', 'R&D desk 2026'])(
    'names the system that posts it, which stays with the request: %s',
    async (sourceSystem) => {
      const { status, body } = await read<{ requestId: string }>(
        await app.submit(ticketOf(newPerson(), { sourceSystem: ` ${sourceSystem} ` })),
      );
      expect([status, body]).toMatchObject([202, { sourceSystem }]);
      expect(await app.parts.ledger.get(body.requestId)).toMatchObject({ sourceSystem });
    },
  );

  it('names no system where there is only one', async () => {
    const { body } = await read<{ requestId: string }>(await app.submit(ticketOf(newPerson())));
    expect(body).toMatchObject({ sourceSystem: null });
    expect(await app.parts.ledger.get(body.requestId)).not.toHaveProperty('sourceSystem');
  });

  it('is refused under a law that the app does not know', async () => {
    const { code, body } = await read<Problem>(
      await app.submit(ticketOf(newPerson(), { law: 'lgpd' })),
    );
    expect([code, body.errors?.map(({ pointer }) => pointer)]).toEqual(['invalidBody', ['/law']]);
  });

  it('is one request also if it comes several times at once', async () => {
    const body = ticketOf(newPerson());
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.submit(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 202]);
    const ids = await Promise.all(answers.map(async (one) => (await read(one)).body['requestId']));
    expect(new Set(ids).size).toBe(1);
  });

  it('is kept if the task hub is away, and started by the next one', async () => {
    const body = ticketOf(newPerson());
    app.hub.isDown = true;
    const { status, body: answer } = await read<{ requestId: string }>(await app.submit(body));
    const { requestId } = answer;
    expect(status).toBe(202);
    expect(await app.parts.ledger.get(requestId)).toMatchObject({ state: 'received' });
    expect(app.hub.callsOf(requestId)).toEqual([]);
    expect(app.functions.logs.at(-1)).toBe(
      `warning Request ${requestId} is stored; its orchestration could not be started yet.`,
    );
    app.hub.isDown = false;
    expect((await app.submit(body)).status).toBe(200);
    expect(app.hub.callsOf(requestId)).toEqual(['start fulfilRequest']);
  });

  it.each(['overtaken', 'refused'] as const)(
    'has one orchestration, whoever starts it, and says where it has none: a start that is %s',
    async (start) => {
      const lines = app.functions.logs.length;
      app.hub.start = start;
      const answer = await read<{ requestId: string }>(await app.submit(ticketOf(newPerson())));
      app.hub.start = 'accepted';
      const { requestId } = answer.body;
      expect(answer.status).toBe(202);
      expect(app.hub.callsOf(requestId)).toEqual([]);
      const warning = `warning Request ${requestId} is stored; its orchestration could not be started yet.`;
      expect(app.functions.logs.slice(lines).filter((line) => line.startsWith('warning'))).toEqual(
        start === 'overtaken' ? [] : [warning],
      );
    },
  );

  it.each<[string, object, string]>([
    ['no ticket', { ticketId: undefined }, '/ticketId'],
    ['a blank ticket', { ticketId: '  ' }, '/ticketId'],
    ['no identifiers', { identifiers: [] }, '/identifiers'],
    [
      'too many identifiers',
      { identifiers: Array.from({ length: 21 }, () => ({ type: 'email', value: 'a@b.example' })) },
      '/identifiers',
    ],
    [
      'a number without a country',
      { identifiers: [{ type: 'phone', value: '030 123456' }] },
      '/identifiers/0/value',
    ],
    [
      'a mailbox that is none',
      { identifiers: [{ type: 'email', value: 'a@b@c' }] },
      '/identifiers/0/value',
    ],
    [
      'an unknown identifier',
      { identifiers: [{ type: 'fax', value: '12345' }] },
      '/identifiers/0/type',
    ],
    ['a time that is none', { receivedAt: 'yesterday' }, '/receivedAt'],
    ['a time more than a day ahead', { receivedAt: '2026-11-24T12:00:01Z' }, '/receivedAt'],
    ['a time without its zone', { receivedAt: '2026-11-23T09:00:00' }, '/receivedAt'],
    ['no rights', { rights: [] }, '/rights'],
    ['an unknown right', { rights: ['erasure'] }, '/rights/0'],
    ['an unknown field', { shoeSize: 43 }, '/shoeSize'],
    ['a language that is none', { locale: 'german' }, '/locale'],
    ['a time zone that is none', { timeZone: 'Europe/Atlantis' }, '/timeZone'],
    ['another organisation', { organisation: 'elsewhere' }, '/organisation'],
    ['a system without a name', { sourceSystem: '  ' }, '/sourceSystem'],
    ['a system of 61 letters', { sourceSystem: 'x'.repeat(61) }, '/sourceSystem'],
    ['a mailbox for a system', { sourceSystem: 'zoe@mail.example' }, '/sourceSystem'],
    ['a number for a system', { sourceSystem: '+49 30 123' }, '/sourceSystem'],
    ['a number in a system', { sourceSystem: 'Jira 030 12 34' }, '/sourceSystem'],
    ['a number of other digits in a system', { sourceSystem: 'Jira ١٢٣٤٥٦' }, '/sourceSystem'],
    ['a system on two lines', { sourceSystem: 'Jira\nZoe' }, '/sourceSystem'],
    ['a system of invisible letters', { sourceSystem: 'Ji\u200bra' }, '/sourceSystem'],
    ['a webhook for anybody', { callback: 'https://evil.example/hook' }, '/callback'],
    ['a webhook over http', { callback: 'http://tickets.example/hook' }, '/callback'],
  ])('is refused with %s, and stores and starts nothing', async (_name, change, pointer) => {
    const [requests, started] = [await requestIdsIn(app.storage), app.hub.started.length];
    const answer = await read<Problem>(await app.submit(ticketOf(newPerson(), change)));
    expect([answer.status, answer.code]).toEqual([400, 'invalidBody']);
    expect(answer.body.errors?.map((one) => one.pointer)).toContain(pointer);
    expect(await requestIdsIn(app.storage)).toEqual(requests);
    expect(app.hub.started.length).toBe(started);
  });

  it('does not repeat what was sent', async () => {
    const identifiers = [{ type: 'phone', value: '0301234567' }];
    const response = await app.submit(ticketOf(newPerson(), { identifiers }));
    expect(await response.text()).not.toContain('0301234567');
  });

  it('begins the trace of the request, once', async () => {
    const spans = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
    trace.setGlobalTracerProvider(provider);
    const body = ticketOf(newPerson());
    const { requestId } = (await read<{ requestId: string }>(await app.submit(body))).body;
    await app.submit(body);
    await app.submit({ ...body, identifiers: [] });
    const begun = spans.getFinishedSpans().map(({ name, attributes }) => ({ name, attributes }));
    trace.disable();
    expect(begun).toEqual([
      { name: 'createRequest', attributes: { 'portability.request': requestId } },
    ]);
  });

  it('names its webhook by an address that is stored encrypted', async () => {
    const callback = 'https://tickets.example/hook';
    const { body } = await read(await app.submit(ticketOf(newPerson(), { callback })));
    const stored = await app.parts.ledger.callback(String(body['requestId']));
    expect(stored).not.toContain('tickets.example');
    expect(await app.parts.ledger.webhooks(String(body['requestId']))).toMatchObject([
      { to: 'received', state: 'pending' },
    ]);
  });

  it('does not know a request that was never made', async () => {
    for (const id of ['00000000-0000-0000-0000-000000000000', 'x', '../requests']) {
      const { status, code } = await read(
        await app.fetch(`/api/requests/${encodeURIComponent(id)}`, {
          headers: { 'x-functions-key': functionKey },
        }),
      );
      expect([status, code]).toEqual([404, 'requestNotFound']);
    }
  });
});

const ajv = new Ajv2020({ strict: false, validateFormats: false });

describe('the OpenAPI document', () => {
  const document = openApiDocument('https://privacy.shop.example', '1.0.0');

  it('is a valid OpenAPI 3.1 document', async () => {
    const result = await new Validator().validate({ ...document });
    expect(result).toEqual({ valid: true });
  });

  it('has examples that match their schemas, for every call with a body', () => {
    for (const { id, method, path, example, body } of apiOperations) {
      const operation = document.paths[path]?.[method];
      expect(operation?.operationId).toBe(id);
      if (!body) continue;
      const media = operation?.requestBody?.content['application/json'];
      expect({ id, isValid: ajv.validate(media?.schema ?? {}, example) }).toEqual({
        id,
        isValid: true,
      });
      expect({ id, isTaken: body.safeParse(example).success }).toEqual({ id, isTaken: true });
    }
  });

  it('has the parameters of a query, as the call reads them', () => {
    const operation = openApiDocument('https://privacy.shop.example', '1.0.0').paths[
      '/api/requests/{requestId}/decision/conversations'
    ]?.['get'];
    const parameters = (operation?.parameters ?? []) as {
      name: string;
      in: string;
      schema: object;
    }[];
    expect(parameters.map(({ name, in: place }) => `${place} ${name}`)).toEqual([
      'path requestId',
      ...['verdict', 'identifier', 'contact', 'cursor', 'limit'].map((name) => `query ${name}`),
    ]);
    expect(parameters.at(-1)?.schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 200 });
  });

  it('has a reference page with every call', async () => {
    const response = await app.fetch('/api/docs');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await response.text();
    for (const { path, summary } of apiOperations) {
      expect(html).toContain(path);
      expect(html).toContain(summary.slice(0, 20));
    }
  });
});

describe('the API', () => {
  let document: OpenApiDocument;
  beforeAll(async () => {
    document = (await (await app.fetch('/api/openapi.json')).json()) as OpenApiDocument;
  });

  /** A schema, or the schema of the document that it refers to. */
  const resolved = (schema: object): object =>
    '$ref' in schema
      ? (document.components.schemas[String(schema.$ref).replace('#/components/schemas/', '')] ??
        {})
      : schema;

  /** Makes a call and checks the response against the document. */
  async function call(id: string, status: number, requestId = '', change: object = {}) {
    const operation = apiOperations.find((one) => one.id === id);
    if (!operation) throw new Error(`There is no ${id}.`);
    const { method, path, access, example } = operation;
    const credentials =
      access === 'key' || access === 'anonymous'
        ? { 'x-functions-key': functionKey }
        : await app.bearer(access);
    const address = path.replace('{requestId}', requestId).replace('{messageId}', messageId);
    const response = await app.fetch(address, {
      method,
      headers: { 'Content-Type': 'application/json', ...credentials },
      ...(example ? { body: JSON.stringify({ ...example, ...change }) } : {}),
    });
    const answer: unknown = await response.json();
    const described = document.paths[path]?.[method]?.responses[String(response.status)];
    expect({ id, status: response.status, isDescribed: described !== undefined }).toEqual({
      id,
      status,
      isDescribed: true,
    });
    const good = described?.content?.['application/json']?.schema;
    const schema = resolved(good ?? { $ref: '#/components/schemas/Problem' });
    expect({ id, answer, errors: ajv.validate(schema, answer) ? null : ajv.errors }).toEqual({
      id,
      answer,
      errors: null,
    });
    if (!good) expect(described?.description).toContain((answer as { code: string }).code);
    called.add(id);
    return answer as Record<string, unknown>;
  }
  const called = new Set<string>();
  let messageId = 'none';

  it('responds as the document says, to every call and every example', async () => {
    await call('health', 200);
    // Neither Genesys Cloud nor a mail server is there.
    await call('ready', 503);
    const waiting = await TestRequest.in(app, 'awaitingVerification');
    await call('createRequest', 202, '', { ticketId: 'API-1' });
    await call('createRequest', 200, '', { ticketId: 'API-1' });
    await call('createRequest', 409, '', { ticketId: 'API-1', rights: ['access'] });
    await call('createRequest', 400, '', { rights: [] });
    await call('requestStatus', 200, waiting.id);
    await call('requestStatus', 404, '00000000-0000-4000-8000-000000000000');
    await call('listRequests', 200);
    await call('countRequests', 200);
    await call('searchRequests', 200, '', { ticketId: 'API-1' });
    await call('searchRequests', 400, '', { ticketId: '' });
    await call('requestSummary', 200, waiting.id);
    await call('requestSummary', 404, '00000000-0000-4000-8000-000000000000');
    await call('statistics', 200);
    await call('decisionEvidence', 200, waiting.id);
    // Without saying which.
    await call('previewLetter', 400, waiting.id);
    await call('webhookEvents', 200, waiting.id);
    await call('retryWebhooks', 200, waiting.id);
    await call('doubtfulConversations', 200, waiting.id);
    await call('revealIdentifiers', 200, waiting.id);
    await call('decide', 400, waiting.id);
    await call('extendRequest', 200, waiting.id);
    await call('extendRequest', 409, waiting.id);
    await call('retryRequest', 409, waiting.id);
    await call('officerCode', 200, waiting.id);
    await call('approveHandOver', 409, waiting.id);
    await call('deliverRequest', 409, waiting.id);
    await call('checkMandate', 409, waiting.id);
    await call('checkIdentity', 200, waiting.id);
    const available = await TestRequest.in(app, 'available');
    await call('decide', 409, available.id);
    await call('refuseRequest', 409, available.id);
    await call('approveHandOver', 200, available.id);
    await call('releaseAgain', 200, available.id);
    await call('deliverRequest', 200, available.id);
    await call('handOver', 200, available.id);
    await call('requestReport', 200, available.id);
    await call('readMessage', 404, available.id);
    const { messages } = await call('requestMessages', 200, available.id);
    [{ messageId }] = messages as [{ messageId: string }];
    await call('readMessage', 200, available.id);
    await call('sendAgain', 200, available.id);
    await call('sendAgain', 429, available.id);
    await call('recallRequest', 200, available.id);
    await call('requestCustody', 200, available.id);
    await call('cancelRequest', 409, available.id);
    const failed = await TestRequest.in(app, 'failed');
    const { conversationId, contactId } = await failed.storeDoubtful();
    await call('decide', 200, failed.id, {
      contactIds: [failed.person.contact.id],
      // The second is the number of their codes, which stays theirs after the invitation.
      identifiers: [{ identifier: 1, verdict: 'include' }],
      contacts: [{ contactId, verdict: 'withhold' }],
      conversations: [{ conversationId, verdict: 'include' }],
    });
    await call('decisionEvidence', 200, failed.id);
    await call('doubtfulConversations', 200, failed.id);
    await call('retryRequest', 200, failed.id);
    await call('refuseRequest', 200, (await TestRequest.in(app, 'exporting')).id);
    await call('cancelRequest', 200, waiting.id);
    const { secret } = await call('enrolAuthenticator', 200);
    expect(secret).toMatch(/^[A-Z2-7]+$/);
    await call('confirmAuthenticator', 403, '', { code: '000000' });
    await call('removeAuthenticator', 200);
    expect([...called].sort()).toEqual(apiOperations.map(({ id }) => id).sort());
  });
});
