import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AppInProcess } from '../../local/host/app-in-process';
import type { RpcHttpData } from '../../local/host/protocol';
import type { StackPorts } from '../../local/stack/ports';
import { outside } from '../helpers/outside-jest';
import { eventually } from '../helpers/eventually';
import { root } from '../helpers/root';
import { startServices } from '../helpers/shared-services';

const example = (
  JSON.parse(readFileSync(join(root, 'local.settings.example.json'), 'utf8')) as {
    Values: Record<string, string>;
  }
).Values;
const appRoot = join(root, 'test/host/app-in-process');
const scratch = mkdtempSync(join(tmpdir(), 'in-process-'));
const started: AppInProcess[] = [];
const logged: string[] = [];

async function start(env: Record<string, string>, folder = appRoot): Promise<AppInProcess> {
  const app = await outside.appInProcess.AppInProcess.start({
    root: folder,
    env,
    log: (_level, _name, message) => logged.push(message),
    onLost: () => undefined,
    onTimeout: () => undefined,
    functionTimeout: { text: '00:00:01', milliseconds: 1000 },
  });
  started.push(app);
  return app;
}

async function call(app: AppInProcess, name: string, http: RpcHttpData = {}): Promise<string> {
  const binding = app.functions.find((one) => one.name === name)?.bindings[0]?.name ?? '';
  const request = { method: 'POST', url: 'http://127.0.0.1/', headers: {}, ...http };
  const value = await app.invoke(name, [{ name: binding, data: { http: request } }]);
  const body = value?.http?.body;
  return body?.string ?? Buffer.from(body?.bytes ?? []).toString();
}

describe('the app in the process of its host', () => {
  afterEach(async () => {
    for (const app of started.splice(0)) await app.stop();
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('has its own settings when it is loaded and whenever it is called, beside another', async () => {
    const before = { ...process.env };
    const [a, b] = [await start({ NAME: 'a' }), await start({ NAME: 'b' })];
    const told = await Promise.all([call(a, 'tell'), call(b, 'tell'), call(a, 'tell')]);
    expect(told.map((text) => JSON.parse(text) as unknown)).toEqual([
      { nameAtLoad: 'a', name: 'a', calls: 1 },
      { nameAtLoad: 'b', name: 'b', calls: 1 },
      { nameAtLoad: 'a', name: 'a', calls: 2 },
    ]);
    expect({ ...process.env }).toEqual(before);
  });

  it('is loaded anew after one that could not be loaded, whose message the start has', async () => {
    await expect(start({ BROKEN: 'so' })).rejects.toThrow('BROKEN is so');
    expect(await call(await start({ NAME: 'c' }), 'tell')).toContain('"calls":1');
  });

  it('is given a copy of its input, as a worker process is', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const answer = call(await start({}), 'keepBody', { body: { bytes } });
    bytes.fill(9);
    expect(await answer).toBe('010203');
  });

  it('reports what a function throws without what looks like a credential', async () => {
    const error: unknown = await call(await start({}), 'throws').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(outside.appProcess.InvocationError);
    expect(String(error)).not.toContain('c2VjcmV0');
  });

  it('stops when the functions that run have ended, whose callers are told so at once', async () => {
    const file = join(scratch, 'notes');
    const app = await start({ NOTES: file });
    const answer = call(app, 'slow').catch(String);
    await eventually('the beginning', () => Promise.resolve(existsSync(file)));
    await app.stop();
    expect(await answer).toContain('The host is stopping.');
    const notes = readFileSync(file, 'utf8').split('\n');
    expect(notes.slice(0, 3)).toEqual(['begins', 'ends', 'app ends']);
    await expect(call(app, 'tell')).rejects.toThrow('The host is stopping.');
  });

  it('fails a function that runs longer than it may', async () => {
    const error: unknown = await call(await start({}), 'endless').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(outside.appProcess.FunctionTimeoutError);
    expect(logged.join()).toContain('Timeout value of 00:00:01 was exceeded by function');
  });

  it('shares the storage emulator alone with others of its worker: no port, and no account', async () => {
    const origin = ({ host }: StackPorts): string => `http://127.0.0.1:${host}`;
    const [a, b] = [await startServices(origin), await startServices(origin)];
    await Promise.all([a.stop(), b.stop()]);
    const same = (Object.keys(a.ports) as (keyof StackPorts)[]).filter(
      (name) => a.ports[name] === b.ports[name],
    );
    expect(same.sort()).toEqual(['blob', 'queue', 'table']);
    expect(a.shared.storage?.account.name).not.toBe(b.shared.storage?.account.name);
  });

  it('leaves nothing of itself: neither handles nor modules nor memory', async () => {
    const keyFile = join(scratch, 'key');
    writeFileSync(keyFile, randomBytes(32).toString('base64'));
    // In a process of its own: the heap of a jest worker holds what earlier test files have left. It is not
    // measured: counters of the lines that ran take memory, too.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', join(root, 'test/helpers/app-growth.cjs')],
      {
        env: {
          ...{ ...process.env, ...example },
          ...{ LOCAL_KEY_FILE: keyFile, NODE_V8_COVERAGE: undefined },
        },
      },
    );
    const { before, after, growth } = JSON.parse(stdout) as {
      before: { modules: number; handles: number };
      after: { modules: number; handles: number };
      growth: number;
    };
    expect(after.modules).toBe(before.modules);
    expect(after.handles).toBeLessThanOrEqual(before.handles);
    // Five apps that are not freed are some fifteen megabytes.
    expect(growth).toBeLessThan(4_000_000);
  }, 60_000);
});
