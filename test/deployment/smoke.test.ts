import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { root } from '../helpers/root';

let server: Server;
let answers: (path: string) => number;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(answers(request.url ?? '')).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => new Promise((done) => server.close(done)));

async function smoke(seconds: number): Promise<{ code: number | null; output: string }> {
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, ['scripts/smoke.mjs', `http://127.0.0.1:${port}/`], {
    cwd: join(root),
    env: { ...process.env, SMOKE_SECONDS: String(seconds), SMOKE_PAUSE_SECONDS: '0.01' },
  });
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  child.stderr.on('data', (data) => (output += String(data)));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output };
}

describe('the smoke test', () => {
  it('waits until the app is ready', async () => {
    let calls = 0;
    answers = (path) => {
      expect(path).toBe('/api/health/ready');
      calls += 1;
      return calls < 4 ? 503 : 200;
    };
    expect(await smoke(60)).toEqual({
      code: 0,
      output: expect.stringMatching(/ is ready\.\n$/) as string,
    });
    expect(calls).toBe(4);
  });

  it.each(['/api/health', '/health'])(
    'takes %s of a version that does not say whether it is ready',
    async (health) => {
      answers = (path) => (path === health ? 200 : 404);
      expect(await smoke(60)).toEqual({
        code: 0,
        output: expect.stringMatching(/ is reachable\.\n$/) as string,
      });
    },
  );

  it('fails where the app is up and not ready, and says what it saw', async () => {
    answers = (path) => (path === '/api/health/ready' ? 503 : 200);
    expect(await smoke(0)).toEqual({
      code: 1,
      output: expect.stringContaining('/api/health/ready: 503') as string,
    });
  });

  it('fails where nothing is deployed', async () => {
    answers = () => 404;
    expect((await smoke(0)).code).toBe(1);
  });
});
