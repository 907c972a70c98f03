import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { root } from '../helpers/root';

interface Answer {
  status: number;
  body?: object;
}

let server: Server;
let answers: (path: string, token: string | undefined) => Answer;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, body = {} } = answers(request.url ?? '', request.headers.authorization);
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise((done) => server.close(done)));

async function smoke(
  seconds: number,
  token = '',
): Promise<{ code: number | null; output: string }> {
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, ['scripts/smoke.mjs', `http://127.0.0.1:${port}/`], {
    cwd: join(root),
    env: {
      ...process.env,
      SMOKE_SECONDS: String(seconds),
      SMOKE_PAUSE_SECONDS: '0.01',
      SMOKE_TOKEN: token,
    },
  });
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  child.stderr.on('data', (data) => (output += String(data)));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output };
}

const signInRequired = { status: 401, body: { code: 'signInRequired' } };
const notReady = {
  status: 503,
  body: {
    checks: [
      { check: 'blobs', code: 'ok', reason: null },
      { check: 'genesys', code: 'failed', reason: 'permissionMissing' },
    ],
  },
};

describe('the smoke test', () => {
  it('takes the refusal of the app without a token for its start', async () => {
    let calls = 0;
    answers = (path) => {
      expect(path).toBe('/health/ready');
      calls += 1;
      return calls < 4 ? { status: 502 } : signInRequired;
    };
    expect(await smoke(60)).toEqual({
      code: 0,
      output: expect.stringContaining(' is up.') as string,
    });
    expect(calls).toBe(4);
  });

  it('waits with a token until everything that the app needs answers', async () => {
    let calls = 0;
    answers = (path, token) => {
      expect([path, token]).toEqual(['/health/ready', 'Bearer token']);
      calls += 1;
      return calls < 4 ? notReady : { status: 200 };
    };
    expect(await smoke(60, 'token')).toEqual({
      code: 0,
      output: expect.stringMatching(/ is ready\.\n$/) as string,
    });
    expect(calls).toBe(4);
  });

  it.each([
    ['warning', 'spfMissing'],
    ['unknown', 'noAnswer'],
  ])('says what a check answers that does not fail, and passes: %s', async (code, reason) => {
    const checks = [{ check: 'mailDomain', code, reason }];
    answers = () => ({ status: 200, body: { checks } });
    const { code: exit, output } = await smoke(60, 'token');
    expect(exit).toBe(0);
    expect(output).toMatch(new RegExp(` is ready, mailDomain ${reason}\\.\\n$`));
  });

  it('takes /health of a version that does not say whether it is ready', async () => {
    answers = (path) => ({ status: path === '/health' ? 200 : 404 });
    expect(await smoke(60)).toEqual({
      code: 0,
      output: expect.stringMatching(/ is reachable\.\n$/) as string,
    });
  });

  it.each<[string, string, Answer, string]>([
    ['the app is not ready', 'token', notReady, '/health/ready: 503, genesys permissionMissing'],
    ['the token is refused', 'token', signInRequired, '/health/ready: 401, signInRequired'],
    ['something before the app refuses', '', { status: 401 }, '/health/ready: 401'],
    ['nothing is deployed', '', { status: 404 }, '/health does not answer either'],
  ])('fails where %s, and says what it saw', async (_name, token, answer, said) => {
    answers = () => answer;
    expect(await smoke(0, token)).toEqual({
      code: 1,
      output: expect.stringContaining(said) as string,
    });
  });
});
