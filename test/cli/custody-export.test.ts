import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalKeyStore } from '../../src/adapters/keys/local-keys';
import {
  checkpointOf,
  emptyChain,
  nextEntry,
  type CustodyDocument,
} from '../../src/core/custody/chain';
import { checkpointText } from '../../src/core/custody/heads';
import type { CustodyAnnotation, CustodyEntry } from '../../src/core/custody/record';
import { uuidOf } from '../../src/core/uuid';
import { root } from '../helpers/root';

const officer = { actor: 'officer-1', displayName: 'Olga Officer', justification: 'as agreed' };
const idOf = (number: number): string => uuidOf(String(number).repeat(64));
const at = '2026-11-20T12:00:00.000Z';

/** An app whose requests have signed records; it counts how often each is read. */
class FakeApp {
  readonly reads: string[] = [];
  readonly requests: { requestId: string; state: string; cleanedAt: string | null }[] = [];
  /** Record at which the connection breaks; null for none. */
  breaksAt: string | null = null;
  changed: string | null = null;
  private constructor(
    private readonly server: Server,
    private readonly keys: LocalKeyStore,
  ) {}

  static async start(folder: string): Promise<FakeApp> {
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, randomBytes(32).toString('base64'));
    const keys = new LocalKeyStore(keyFile);
    writeFileSync(join(folder, 'jwks'), JSON.stringify(await keys.publicKeys()));
    const server = createServer();
    const app = new FakeApp(server, keys);
    server.on('request', ({ url = '' }, response) => {
      const [, id] = /^\/api\/requests\/([^/]+)\/custody$/.exec(url) ?? [];
      if (id !== undefined && id === app.breaksAt) return void response.destroy();
      const answer = id === undefined ? app.page(url) : app.record(id);
      void Promise.resolve(answer).then((body) => response.end(JSON.stringify(body)));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return app;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Ended requests, one on a page. */
  private page(url: string): { requests: object[]; next: string | null } {
    const query = new URL(url, this.url).searchParams;
    if (query.get('view') !== 'done') return { requests: [], next: null };
    const place = Number(query.get('page') ?? 0);
    const isLast = place + 1 >= this.requests.length;
    return {
      requests: this.requests.slice(place, place + 1),
      next: isLast ? null : String(place + 1),
    };
  }

  private async record(requestId: string): Promise<CustodyDocument> {
    this.reads.push(requestId);
    const entries: CustodyEntry[] = [];
    const annotations: (CustodyAnnotation & { sequence: number })[] = [];
    for (const action of [null, officer]) {
      const fact = {
        event: 'messageSent',
        detail: { kind: 'invitation', channel: 'email' },
      } as const;
      const head = entries.at(-1) ?? emptyChain;
      const { entry, annotation } = nextEntry(head, { fact, at, action, salt: 'ab'.repeat(16) });
      entries.push(entry);
      if (annotation) annotations.push({ sequence: entry.sequence, ...annotation });
    }
    const head = entries.at(-1)?.hash ?? '';
    const end = checkpointOf({ requestId, entries, head, at });
    const isChanged = requestId === this.changed;
    return {
      requestId,
      entries,
      annotations,
      head,
      at,
      signature: isChanged
        ? null
        : await this.keys.sign(Buffer.from(checkpointText(end)), `${this.url}/jwks`),
      checkpoints: [],
      problems: isChanged ? ['Entry 1 was changed.'] : [],
    };
  }
}

describe('custody export', () => {
  let folder: string;
  let out: string;
  let app: FakeApp;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'custody-export-'));
    out = join(folder, 'out');
    app = await FakeApp.start(folder);
    app.requests.push(
      { requestId: idOf(1), state: 'expired', cleanedAt: '2026-11-02T00:00:00.000Z' },
      { requestId: idOf(2), state: 'refused', cleanedAt: '2026-11-03T00:00:00.000Z' },
      { requestId: idOf(3), state: 'expired', cleanedAt: '2026-10-31T23:59:59.999Z' },
      { requestId: idOf(5), state: 'cancelled', cleanedAt: null },
    );
  });
  afterEach(() => {
    app.stop();
    rmSync(folder, { recursive: true });
  });

  const run = (
    script: string,
    ...args: string[]
  ): Promise<{ code: number | null; said: string }> => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env: { ...process.env, PORTABILITY_TOKEN: 'token' },
    });
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    return new Promise((done) => child.once('close', (code) => done({ code, said })));
  };
  const exportSince = (day: string) =>
    run(
      'dist/src/cli/main.js',
      ...['custody', 'export', '--since', day, '--out', out, '--url', app.url],
    );
  const verify = (...args: string[]) =>
    run('dist/local/verify-custody.js', out, '--jwks', join(folder, 'jwks'), ...args);
  const files = (): string[] => readdirSync(out).sort();

  it('writes each record that has ended since a day, which can be verified without the app', async () => {
    expect(await exportSince('2026-11-01')).toMatchObject({ code: 0 });
    expect(files()).toEqual([idOf(1), idOf(2)].map((id) => `${id}.json`).sort());
    app.stop();
    const { code, said } = await verify();
    expect(code).toBe(0);
    expect(said.match(/the chain holds/g)).toHaveLength(2);
  });

  it('takes no names of officers and no reasons out of the app', async () => {
    expect(await exportSince('2026-11-01')).toMatchObject({ code: 0 });
    expect(files()).toHaveLength(2);
    for (const file of files())
      expect(readFileSync(join(out, file), 'utf8')).not.toMatch(/Olga|agreed/);
  });

  it('goes on where it was interrupted, and reads no record twice', async () => {
    app.breaksAt = idOf(2);
    expect((await exportSince('2026-11-01')).code).toBe(3);
    expect(files()).toEqual([`${idOf(1)}.json`]);
    app.breaksAt = null;
    const { code, said } = await exportSince('2026-11-01');
    expect([code, said]).toEqual([0, 'Written: 1. There already: 1.\n']);
    expect(app.reads).toEqual([idOf(1), idOf(2)]);
  });

  it('finds a record that was changed afterwards, in the copy', async () => {
    await exportSince('2026-11-01');
    const file = join(out, `${idOf(2)}.json`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('invitation', 'reminder'));
    const { code, said } = await verify();
    expect(code).toBe(1);
    expect(said).toContain('was changed');
  });

  it('names a record that was changed in the app, and keeps it as it is', async () => {
    app.changed = idOf(1);
    const { code, said } = await exportSince('2026-11-01');
    expect(code).toBe(1);
    expect(said).toContain(`The record of ${idOf(1)} was changed`);
    expect(files()).toHaveLength(2);
    expect((await verify()).code).toBe(1);
  });

  it.each(['yesterday', '2026-02-30', '2026-11', ''])('refuses %p as a day', async (day) => {
    expect((await exportSince(day)).code).toBe(2);
  });
});
