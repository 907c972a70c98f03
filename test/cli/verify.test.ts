import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../helpers/root';

describe.each(['verify-package', 'verify-custody'])('%s', (command) => {
  let folder: string;
  let server: Server;
  let origin: string;
  let closed: string;

  const listen = async (one: Server): Promise<string> => {
    await new Promise<void>((done) => one.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
  };
  const close = (one: Server) => new Promise((done) => one.close(done));
  const fileWith = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const run = (...args: string[]): Promise<{ code: number | null; out: string; err: string }> => {
    const child = spawn(process.execPath, [`dist/local/${command}.js`, ...args], { cwd: root });
    child.stdin.end('TEST-TEST');
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    return new Promise((done) => child.once('close', (code) => done({ code, out, err })));
  };
  /** What is damaged: neither a package nor a record that holds. */
  const damaged = (): string =>
    fileWith('file', JSON.stringify({ requestId: 'r', entries: [], head: 'x', signature: '..' }));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'verify-'));
    server = createServer(({ url }, response) => {
      response.statusCode = url === '/.well-known/jwks.json' ? 404 : 500;
      response.end('nothing here');
    });
    origin = await listen(server);
    const gone = createServer();
    closed = await listen(gone);
    await close(gone);
  });
  afterAll(async () => {
    await close(server);
    rmSync(folder, { recursive: true });
  });

  it('names the address of keys that it cannot reach, and does not call that damage', async () => {
    const { code, out, err } = await run(damaged(), '--issuer', closed);
    expect([code, out]).toEqual([4, '']);
    expect(err).toContain(`${closed}/.well-known/jwks.json`);
    expect(err).not.toContain('npm run');
  });

  it('names the address that has no keys', async () => {
    const { code, err } = await run(damaged(), '--issuer', origin);
    expect(code).toBe(4);
    expect(err).toContain(`${origin}/.well-known/jwks.json`);
    expect(err).toContain('404');
  });

  it.each([
    ['is not there', () => join(folder, 'nowhere')],
    ['is none', () => fileWith('keys', 'no keys')],
  ])('says so of a key file that %s', async (_, keys) => {
    const file = keys();
    const { code, err } = await run(damaged(), '--jwks', file);
    expect(code).toBe(4);
    expect(err).toContain(file);
  });

  it('does not call a file that is not there damage', async () => {
    const { code, err } = await run(join(folder, 'nowhere'));
    expect(code).toBe(2);
    expect(err).toContain('nowhere');
  });

  it('calls what is damaged damaged', async () => {
    const keys = fileWith('keys', '{"keys":[]}');
    expect((await run(damaged(), '--jwks', keys)).code).toBe(1);
  });
});
