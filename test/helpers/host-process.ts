import { fork, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './root';

interface Ready {
  url: string;
  keys: { master: string; function: string; durable: string };
}
export interface Status {
  instanceId: string;
  runtimeStatus: string;
  output: unknown;
  customStatus: unknown;
}

export const appRoot = join(root, 'test/host/app');

/**
 * Looks at something again and again until it is as wanted. A host on this machine answers in a
 * millisecond, so it is asked soon: most of what is waited for is there at the second look.
 * @throws Error with what was waited for in vain
 */
export async function promptly<T>(
  what: string,
  look: () => Promise<T | false>,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (let pause = 5; Date.now() < deadline; pause = Math.min(pause * 1.5, 100)) {
    const found = await look();
    if (found !== false) return found;
    await delay(pause);
  }
  throw new Error(`Waited ${seconds} s in vain for ${what}.`);
}

/** The host under test, as its own process, on the conformance app. */
export class HostProcess {
  private child: ChildProcess | undefined;
  /** What the host has logged since it was started last. */
  log = '';
  ready: Ready = { url: '', keys: { master: '', function: '', durable: '' } };
  readonly scratch = mkdtempSync(join(tmpdir(), 'host-'));

  async start(app = appRoot, args: string[] = []): Promise<void> {
    const child = fork(
      join(root, 'dist/local/host/main.js'),
      ['--root', app, '--state', join(this.scratch, 'state'), '--port', '0', ...args],
      {
        env: {
          ...process.env,
          CONFORMANCE_SCRATCH: this.scratch,
          NIGHTLY: '0 30 2 * * *',
          WEBSITE_TIME_ZONE: 'Europe/Berlin',
        },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    );
    this.child = child;
    this.log = '';
    child.stderr?.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    this.ready = await new Promise<Ready>((resolve, reject) => {
      child.once('message', (message: { ready: Ready }) => resolve(message.ready));
      child.once('exit', () => reject(new Error(this.log)));
    });
  }

  get isRunning(): boolean {
    const { child } = this;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || !this.isRunning) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** Leaves a note for the activities. */
  note(name: string, text: string): void {
    appendFileSync(join(this.scratch, name), `${text}\n`);
  }

  notes(name: string): string[] {
    const path = join(this.scratch, name);
    // A line counts when it ends: the app may be writing one.
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.ready.url}/${path}`, init);
  }

  durable(path: string, init: RequestInit = {}): Promise<Response> {
    return this.fetch(`runtime/webhooks/durabletask/${path}`, {
      ...init,
      headers: { 'x-functions-key': this.ready.keys.durable },
    });
  }

  async begin(name: string, input: unknown = null, id = '', query = ''): Promise<string> {
    const body = input === null ? null : JSON.stringify(input);
    const path = `orchestrators/${name}${id === '' ? '' : `/${id}`}${query}`;
    const response = await this.durable(path, { method: 'POST', body });
    if (response.status !== 202) throw new Error(`Start answered ${response.status}.`);
    return ((await response.json()) as { id: string }).id;
  }

  async status(id: string): Promise<Status> {
    return (await (await this.durable(`instances/${id}`)).json()) as Status;
  }

  async finished(id: string): Promise<Status> {
    return promptly(
      `instance ${id}`,
      async () => {
        const status = await this.status(id);
        return !['Pending', 'Running'].includes(status.runtimeStatus) && status;
      },
      60,
    );
  }

  async run(name: string, input: unknown = null): Promise<Status> {
    return this.finished(await this.begin(name, input));
  }

  async raise(id: string, event: string, value: unknown): Promise<number> {
    const init = { method: 'POST', body: JSON.stringify(value) };
    return (await this.durable(`instances/${id}/raiseEvent/${event}`, init)).status;
  }

  async advance(milliseconds: number): Promise<void> {
    await this.fetch('admin/local/clock', {
      method: 'POST',
      headers: { 'x-functions-key': this.ready.keys.master },
      body: JSON.stringify({ advanceMilliseconds: milliseconds }),
    });
  }
}
