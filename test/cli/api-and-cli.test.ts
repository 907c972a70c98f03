import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programToken } from '../../local/identity/sign-in';
import { openApiDocument, type OpenApiDocument } from '../../src/core/api/openapi';
import { apiOperations } from '../../src/core/api/operations';
import { eventually, root, Scenario } from '../helpers/scenario';

/** A schema, or the schema of the document that it refers to. */
const resolved = (schema: object, { components }: OpenApiDocument): object =>
  '$ref' in schema
    ? (components.schemas[String(schema.$ref).replace('#/components/schemas/', '')] ?? {})
    : schema;

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
});

describe('the API', () => {
  let scenario: Scenario;
  let document: OpenApiDocument;
  let tokens: Record<string, string>;
  beforeAll(async () => {
    scenario = await Scenario.start({ conversations: 3 });
    document = (await (
      await fetch(`${scenario.stack.hostUrl}/api/openapi.json`)
    ).json()) as OpenApiDocument;
    tokens = {
      officer: await programToken(scenario.stack.issuer, 'officer'),
      portal: await programToken(scenario.stack.issuer, 'customer-portal'),
    };
  }, 90_000);
  afterAll(() => scenario.stop());

  /** Makes a call and checks the response against the document. */
  async function call(id: string, requestId = '', change: object = {}, status?: number) {
    const operation = apiOperations.find((one) => one.id === id);
    if (!operation) throw new Error(`There is no ${id}.`);
    const { method, path, access, example } = operation;
    const token = access === 'Authenticators.Enrol' ? tokens['portal'] : tokens['officer'];
    const response = await fetch(
      `${scenario.stack.hostUrl}${path.replace('{requestId}', requestId)}`,
      {
        method: method.toUpperCase(),
        headers: {
          'Content-Type': 'application/json',
          ...(access === 'key'
            ? { 'x-functions-key': scenario.stack.keys.function }
            : { Authorization: `Bearer ${token}` }),
        },
        ...(example ? { body: JSON.stringify({ ...example, ...change }) } : {}),
      },
    );
    const answer: unknown = await response.json();
    const described = document.paths[path]?.[method]?.responses[String(response.status)];
    expect({ id, status: response.status, isDescribed: described !== undefined }).toEqual({
      id,
      status: status ?? response.status,
      isDescribed: true,
    });
    const good = described?.content?.['application/json']?.schema;
    const schema = resolved(good ?? { $ref: '#/components/schemas/Problem' }, document);
    expect({ id, answer, errors: ajv.validate(schema, answer) ? null : ajv.errors }).toEqual({
      id,
      answer,
      errors: null,
    });
    if (!good) {
      const { code } = answer as { code: string };
      expect(described?.description).toContain(code);
    }
    return answer as Record<string, unknown>;
  }

  const request = async (ticketId: string): Promise<string> => {
    const identifiers = [{ type: 'email', value: scenario.email }];
    const { requestId } = await call('createRequest', '', { ticketId, identifiers }, 202);
    await scenario.untilStep(String(requestId), 'waitForVerification');
    return String(requestId);
  };

  it('responds as the document says, to every call and every example', async () => {
    await call('health');
    const requestId = await request('API-1');
    const mails = (await scenario.messages()).filter(({ kind }) => kind === 'email').length;
    await call('requestStatus', requestId, {}, 200);
    await call('requestStatus', '00000000-0000-4000-8000-000000000000', {}, 404);
    await call('listRequests', '', {}, 200);
    await call('decisionEvidence', requestId, {}, 200);
    await call('webhookEvents', requestId, {}, 200);
    await call('retryWebhooks', requestId, {}, 200);
    await call('decide', requestId, {}, 400);
    await call('extendRequest', requestId, {}, 200);
    await call('extendRequest', requestId, {}, 409);
    await call('retryRequest', requestId, {}, 409);
    await call('officerCode', requestId, {}, 200);
    await call('deliverRequest', requestId, {}, 409);
    await call('checkIdentity', requestId, {}, 200);
    await scenario.untilState(requestId, 'available');
    expect(mails).toBeGreaterThan(0);
    await call('decide', requestId, {}, 409);
    await call('refuseRequest', requestId, {}, 409);
    await call('deliverRequest', requestId, {}, 200);
    await call('recallRequest', requestId, {}, 200);
    await call('requestCustody', requestId, {}, 200);
    await call('cancelRequest', requestId, {}, 409);
    await call('createRequest', '', { rights: [] }, 400);
    await call('createRequest', '', { ticketId: 'API-1' }, 409);
    const refused = await request('API-2');
    await call('refuseRequest', refused, {}, 200);
    await call('cancelRequest', await request('API-3'), {}, 200);
    const { secret } = await call('enrolAuthenticator', '', {}, 200);
    expect(secret).toMatch(/^[A-Z2-7]+$/);
    await call('confirmAuthenticator', '', { code: '000000' }, 403);
    await call('removeAuthenticator', '', {}, 200);
  });

  it('has a reference page with every call', async () => {
    const response = await fetch(`${scenario.stack.hostUrl}/api/docs`);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await response.text();
    for (const { path, summary } of apiOperations) {
      expect(html).toContain(path);
      expect(html).toContain(summary.slice(0, 20));
    }
  });

  describe('the command line', () => {
    /** Runs a command as an officer. */
    function cli(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
      const file = join(scenario.state, 'token');
      writeFileSync(file, tokens['officer'] ?? '');
      const child = spawn(
        process.execPath,
        ['dist/src/cli/main.js', ...args, '--url', scenario.stack.hostUrl, '--token-file', file],
        { cwd: root, env: { ...process.env, PORTABILITY_TOKEN: '' } },
      );
      let [out, err] = ['', ''];
      child.stdout.on('data', (text: Buffer) => (out += text.toString()));
      child.stderr.on('data', (text: Buffer) => (err += text.toString()));
      return new Promise((done) => child.once('exit', (code) => done({ code, out, err })));
    }
    const justification = ['--justification', 'as agreed'];

    it('watches a request until its package is available, and recalls it', async () => {
      const requestId = await request('CLI-1');
      const watching = cli('watch', requestId, '--seconds', '0.2');
      expect(await cli('status', requestId)).toMatchObject({ code: 0 });
      const listed = await cli('requests', '--state', 'awaitingVerification', '--json');
      expect(
        (JSON.parse(listed.out) as { requestId: string }[]).map((one) => one.requestId),
      ).toEqual([requestId]);
      expect(
        await cli('extend', requestId, '--reason', 'complexity', ...justification),
      ).toMatchObject({
        code: 0,
        out: expect.stringContaining('(extended)') as string,
      });
      await call('checkIdentity', requestId, {}, 200);
      const watched = await watching;
      expect(watched.code).toBe(0);
      expect(watched.out).toMatch(/conversation +█+ 3\/3/);
      expect(watched.out).toContain('available');
      const recalled = await cli('recall', requestId, ...justification, '--json');
      expect(JSON.parse(recalled.out)).toMatchObject({ state: 'recalled' });
      const custody = await cli('custody', requestId);
      expect(custody.out).toContain('The record is intact.');
      expect(custody.out).toContain('as agreed');
    });

    it('has exit codes for scripts', async () => {
      const requestId = await request('CLI-2');
      const retry = await cli('retry', requestId, ...justification, '--json');
      expect(retry.code).toBe(1);
      expect(JSON.parse(retry.err)).toMatchObject({ code: 'notFailed' });
      expect((await cli('refuse', requestId, '--reason', 'holidays', ...justification)).code).toBe(
        2,
      );
      expect((await cli('cancel', requestId)).err).toContain('--justification is needed');
      expect((await cli('dance')).code).toBe(2);
      expect((await cli('requests', '--colour', 'red')).code).toBe(2);
      expect(
        (
          await cli(
            'decide',
            requestId,
            '--contact',
            '00000000-0000-4000-8000-000000000000',
            ...justification,
          )
        ).code,
      ).toBe(1);
      expect(
        await cli('refuse', requestId, '--reason', 'excessive', ...justification),
      ).toMatchObject({
        code: 0,
      });
      await eventually('the refusal', async () => (await cli('watch', requestId)).code === 4);
      expect((await cli('--help')).out).toContain('doctor');
    });

    it('reports that the app cannot be reached', async () => {
      const child = spawn(
        process.execPath,
        ['dist/src/cli/main.js', 'requests', '--url', 'http://127.0.0.1:9'],
        { cwd: root, env: { ...process.env, PORTABILITY_TOKEN: 'token' } },
      );
      expect(await new Promise((done) => child.once('exit', done))).toBe(3);
    });

    it('runs the doctor on a settings file', async () => {
      const file = join(scenario.state, 'settings.json');
      const values = { ...scenario.stack.appSettings, MAIL_FROM: 'nobody' };
      writeFileSync(file, JSON.stringify({ Values: values }));
      const { code, out } = await cli('doctor', '--settings', file);
      expect(code).toBe(1);
      expect(out).toContain('PROBLEM  mail.MAIL_FROM: MAIL_FROM is not a mailbox.');
      expect(out).toContain('Set it to an address such as');
      expect((await cli('doctor', '--settings', '/nowhere')).code).toBe(2);
    });
  });
});
