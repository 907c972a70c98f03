import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, root } from '../helpers/scenario';

interface Ready {
  url: string;
  keys: { master: string; function: string; durable: string };
}
interface Status {
  instanceId: string;
  runtimeStatus: string;
  output: unknown;
  customStatus: unknown;
}

const appRoot = join(root, 'test/host/app');

/** The host under test, as its own process, on the conformance app. */
class HostProcess {
  private child: ChildProcess | undefined;
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
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    this.ready = await new Promise<Ready>((resolve, reject) => {
      child.once('message', (message: { ready: Ready }) => resolve(message.ready));
      child.once('exit', () => reject(new Error(errors)));
    });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.scratch, { recursive: true, force: true });
  }

  notes(name: string): string[] {
    const path = join(this.scratch, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
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
    return eventually(
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

let host: HostProcess;
let keyCount = 0;
const newKey = (): string => `key-${(keyCount += 1)}`;

describe.each([
  ['one message at a time', [], 1000],
  ['several messages at a time', ['--batch', '1'], 200],
  ['several messages at a time and early timers', ['--batch', '2', '--early'], 200],
])('durable orchestrations, given %s', (_name, args, width) => {
  beforeAll(async () => {
    host = new HostProcess();
    await host.start(appRoot, args);
  });
  afterAll(() => host.stop());

  it('runs activities one after the other', async () => {
    const { runtimeStatus, output } = await host.run('helloCities');
    expect(runtimeStatus).toBe('Completed');
    expect(output).toEqual(['Hello Tokyo', 'Hello Seattle', 'Hello London']);
  });

  it(`fans out to ${width} activities and in again`, async () => {
    const squares = Array.from({ length: width }, (_, i) => i * i);
    const sum = squares.reduce((all, one) => all + one, 0);
    expect((await host.run('fanOut', width)).output).toBe(sum);
  });

  it('gives payloads the JSON round trip of the real host', async () => {
    const found = (await host.run('inputTypes')).output as { type: string; input: unknown }[];
    expect(found.map(({ type }) => type)).toEqual([
      'string',
      'string',
      'number',
      'boolean',
      'null',
      'object',
      'object',
    ]);
    expect(found[5]?.input).toEqual({ a: [1] });
  });

  it('retries as often as asked, and goes on after success', async () => {
    const key = newKey();
    expect((await host.run('retry', { key, failures: 2, attempts: 5 })).output).toBe(3);
    expect(host.notes(key)).toHaveLength(3);
  });

  it('gives up when the attempts are used up, and lets the orchestrator go on', async () => {
    const key = newKey();
    const { output } = await host.run('retry', { key, failures: 100, attempts: 3 });
    expect(output).toEqual({
      caught: "Activity function 'flaky' failed: failure 3",
      after: 'Hello after',
    });
    expect(host.notes(key)).toHaveLength(3);
  });

  it('retries inside Task.all and then calls the next activity', async () => {
    const { output } = await host.run('retryInAll', { key: newKey() });
    expect(output).toEqual({ flaky: 3, hello: 'Hello beside', after: 'Hello after' });
  });

  it('fails an instance whose orchestrator throws', async () => {
    expect(await host.run('throws')).toMatchObject({
      runtimeStatus: 'Failed',
      output: 'bad thing',
    });
  });

  it('fails an instance whose activity throws, with the reason', async () => {
    const { runtimeStatus, output } = await host.run('activityFails', newKey());
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain("Activity function 'flaky' failed: failure 1");
  });

  it('fails an instance that calls an activity that does not exist', async () => {
    const { runtimeStatus, output } = await host.run('unknownActivity');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain("The function 'nobody' doesn't exist");
  });

  it('delivers an event that comes while the orchestrator waits', async () => {
    const id = await host.begin('waitForEvent');
    await eventually('the wait', async () => (await host.status(id)).runtimeStatus === 'Running');
    expect(await host.raise(id, 'name', 'event')).toBe(202);
    expect((await host.finished(id)).output).toBe('Hello event');
    expect(await host.raise(id, 'name', 'late')).toBe(410);
  });

  it('keeps an event that comes before the wait', async () => {
    const id = await host.begin('delayThenEvent');
    await host.raise(id, 'early', { value: 1 });
    expect((await host.finished(id)).output).toEqual({ value: 1 });
  });

  it('lets the first of event and timer win', async () => {
    expect((await host.run('eventOrTimer', { milliseconds: 50, cancel: true })).output).toBe(
      'timer',
    );
    const id = await host.begin('eventOrTimer', { milliseconds: 3_600_000, cancel: true });
    await host.raise(id, 'go', 7);
    expect((await host.finished(id)).output).toEqual({ event: 7 });
  });

  it('keeps an instance running whose timer was not cancelled, as the extension does', async () => {
    const id = await host.begin('eventOrTimer', { milliseconds: 1500, cancel: false });
    await host.raise(id, 'go', 7);
    await eventually('the event', async () => {
      const response = await host.durable(`instances/${id}?showHistory=true`);
      return (await response.text()).includes('"Name":"go"');
    });
    expect((await host.status(id)).runtimeStatus).toBe('Running');
    expect((await host.finished(id)).output).toEqual({ event: 7 });
  });

  it('waits ten days in pieces of at most six', async () => {
    const id = await host.begin('longTimer');
    await eventually('the timer', async () => (await host.status(id)).runtimeStatus === 'Running');
    const history = () =>
      host.durable(`instances/${id}?showHistory=true`).then((response) => response.text());
    for (const days of [3, 3, 4]) {
      const before = await history();
      await host.advance(days * 86_400_000);
      await eventually('the piece', async () => (await history()) !== before);
    }
    const { output } = await host.finished(id);
    expect(output).toMatchObject({ greeting: 'Hello later' });
    expect((output as { days: number }).days).toBeGreaterThanOrEqual(10);
  });

  it('continues as new with a fresh history and its custom status', async () => {
    const id = await host.begin('eternal', { count: 1, to: 30 });
    const { output, customStatus } = await host.finished(id);
    expect([output, customStatus]).toEqual([30, { count: 30 }]);
    const response = await host.durable(`instances/${id}?showHistory=true`);
    expect(
      ((await response.json()) as { historyEvents: unknown[] }).historyEvents.length,
    ).toBeLessThan(12);
  });

  it('carries events that nobody has waited for into the next generation', async () => {
    const id = await host.begin('collectEvents', []);
    for (const item of ['a', 'b', 'c']) await host.raise(id, 'item', item);
    expect((await host.finished(id)).output).toEqual(['a', 'b', 'c']);
  });

  it('runs sub-orchestrations, with ids of their own and with derived ones', async () => {
    const id = await host.begin('parent');
    expect((await host.finished(id)).output).toEqual([1, 4, 9, 100]);
    expect((await host.status(`${id}-2`)).output).toBe(4);
  });

  it('gives the error of a sub-orchestration to its parent', async () => {
    expect((await host.run('parentOfFailing')).output).toContain(
      "Orchestrator function 'throws' failed: bad thing",
    );
  });

  it('starts a child anew in each generation of its parent', async () => {
    expect((await host.run('parentInGenerations', { count: 1, sum: 0 })).output).toBe(14);
  });

  it('fails a replay that asks for other actions than recorded, and says which', async () => {
    const { runtimeStatus, output } = await host.run('nonDeterministic');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain('Non-Deterministic workflow detected: action 0');
  });

  it('says truthfully when it replays', async () => {
    expect((await host.run('replaying')).output).toEqual([true, true, false]);
  });

  it('takes large outputs, and no custom status over 16 KB', async () => {
    expect(((await host.run('largeOutput')).output as string).length).toBe(500_000);
    const status = await host.run('largeStatus');
    expect(status.runtimeStatus).toBe('Failed');
    expect(status.output).toContain('must not exceed 16 KB');
  });

  it('says that it does not run entities', async () => {
    const { runtimeStatus, output } = await host.run('entityCaller');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain('does not run durable actions of type 7');
  });

  it('terminates, suspends and resumes', async () => {
    const id = await host.begin('waitForEvent');
    expect(
      (await host.durable(`instances/${id}/suspend?reason=wait`, { method: 'POST' })).status,
    ).toBe(202);
    expect((await host.status(id)).runtimeStatus).toBe('Suspended');
    await host.raise(id, 'name', 'x');
    expect((await host.status(id)).runtimeStatus).toBe('Suspended');
    expect(
      (await host.durable(`instances/${id}/resume?reason=go`, { method: 'POST' })).status,
    ).toBe(202);
    expect((await host.finished(id)).output).toBe('Hello x');
    const other = await host.begin('waitForEvent');
    expect(
      (await host.durable(`instances/${other}/terminate?reason=enough`, { method: 'POST' })).status,
    ).toBe(202);
    expect(await host.status(other)).toMatchObject({
      runtimeStatus: 'Terminated',
      output: 'enough',
    });
  });

  it('rewinds a failed instance: what failed runs again, what was done does not', async () => {
    const key = newKey();
    const id = await host.begin('rewindable', { key });
    expect((await host.finished(id)).runtimeStatus).toBe('Failed');
    const rewind = (of: string) =>
      host.durable(`instances/${of}/rewind?reason=again`, { method: 'POST' });
    expect((await rewind(id)).status).toBe(202);
    expect((await host.finished(id)).output).toEqual(['Hello before', 2, 'Hello after']);
    expect((await rewind(id)).status).toBe(410);
    expect(host.notes(key)).toHaveLength(2);
  });

  it('rewinds failed children with their parent', async () => {
    const id = await host.begin('parentOfRewindable', { key: newKey() });
    expect((await host.finished(id)).runtimeStatus).toBe('Failed');
    await host.durable(`instances/${id}/rewind?reason=again`, { method: 'POST' });
    expect((await host.finished(id)).output).toEqual([
      'Hello parent',
      ['Hello before', 2, 'Hello after'],
    ]);
  });

  it('rewinds neither what still runs nor what has used timers', async () => {
    const running = await host.begin('waitForEvent');
    const rewind = (of: string) =>
      host.durable(`instances/${of}/rewind?reason=again`, { method: 'POST' });
    expect((await rewind(running)).status).toBe(412);
    const retried = await host.begin('retryOrFail', { key: newKey() });
    expect((await host.finished(retried)).runtimeStatus).toBe('Failed');
    expect((await rewind(retried)).status).toBe(501);
  });

  it('gives a property named Timestamp as a Date, as the SDK does, and others as they are', async () => {
    const input = { Timestamp: '2026-11-23T12:00:00Z', time: '2026-11-23T12:00:00Z' };
    expect((await host.run('inputWithTimestamp', input)).output).toEqual([true, 'string']);
  });

  it('answers 500 for a failed instance where that is asked for', async () => {
    const { instanceId } = await host.run('throws');
    const answer = (query: string) => host.durable(`instances/${instanceId}${query}`);
    expect((await answer('')).status).toBe(200);
    expect((await answer('?returnInternalServerErrorOnFailure=true')).status).toBe(500);
  });

  it('lists by the time of creation, and refuses a time that is none', async () => {
    const { createdTime, instanceId } = (await host.run('helloCities')) as Status & {
      createdTime: string;
    };
    const ids = async (query: string) =>
      ((await (await host.durable(`instances/?${query}`)).json()) as Status[]).map(
        (status) => status.instanceId,
      );
    const second = 1000;
    const at = (shift: number) => new Date(Date.parse(createdTime) + shift).toISOString();
    expect(await ids(`createdTimeFrom=${at(-second)}&createdTimeTo=${at(second)}`)).toContain(
      instanceId,
    );
    expect(await ids(`createdTimeFrom=${at(second)}&createdTimeTo=${at(2 * second)}`)).toEqual([]);
    expect((await host.durable('instances/?createdTimeFrom=yesterday')).status).toBe(400);
  });

  it('refuses ids that the extension refuses, and a second start of a running one', async () => {
    await expect(host.begin('helloCities', null, '@entity')).rejects.toThrow('400');
    await expect(host.begin('nobody')).rejects.toThrow('400');
    await host.begin('waitForEvent', null, 'twice');
    await expect(host.begin('waitForEvent', null, 'twice')).rejects.toThrow('409');
  });

  it('lists by status in pages, and purges what has finished', async () => {
    const list = async (query: string) => host.durable(`instances/?${query}`);
    const failed = (await (await list('runtimeStatus=Failed')).json()) as Status[];
    expect(failed.length).toBeGreaterThan(2);
    expect(failed.every(({ runtimeStatus }) => runtimeStatus === 'Failed')).toBe(true);
    const first = await list('top=1');
    expect(first.headers.get('x-ms-continuation-token')).not.toBeNull();
    const purged = await host.durable(`instances/?runtimeStatus=Failed`, { method: 'DELETE' });
    expect(await purged.json()).toEqual({ instancesDeleted: failed.length });
    expect(await (await list('runtimeStatus=Failed')).json()).toEqual([]);
  });

  it('serves the client of the app', async () => {
    const response = await host.fetch('starter', { method: 'POST' });
    const { id, status, unknown, again } = (await response.json()) as Record<string, string>;
    expect(['Pending', 'Running']).toContain(status);
    expect(unknown).toContain('HTTP 404');
    expect(again).toContain('409');
    expect((await host.finished(id ?? '')).output).toBe('Hello client');
  });
});

describe('HTTP triggers', () => {
  beforeAll(async () => {
    host = new HostProcess();
    await host.start();
  });
  afterAll(() => host.stop());

  it('decodes route parameters, query and body, and sends headers and cookies', async () => {
    const response = await host.fetch('echo/a%20b/7?q=1', {
      method: 'POST',
      body: Buffer.from([0, 255]),
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-method')).toBe('POST');
    expect(response.headers.getSetCookie()).toEqual([
      'a=1; Path=/; HttpOnly; Secure; SameSite=strict',
    ]);
    expect(await response.json()).toEqual({
      params: { word: 'a b', number: '7' },
      query: { q: '1' },
      body: '00ff',
    });
  });

  it('heeds constraints, optional parameters, methods and catch-all routes', async () => {
    expect((await host.fetch('echo/a')).status).toBe(201);
    expect((await host.fetch('echo/a/b')).status).toBe(404);
    expect((await host.fetch('echo/a', { method: 'PUT', body: '' })).status).toBe(404);
    expect(await (await host.fetch('files/a/b.txt')).text()).toBe('a/b.txt');
  });

  it.each([
    ['abc/7', 200],
    ['abc/7/0.5', 200],
    ['a/7', 404],
    ['abcde/7', 404],
    ['ab1/7', 404],
    ['abc/11', 404],
    ['abc/seven', 404],
    ['abc/7/half', 404],
  ])('matches constraints together: %s gives %d', async (path, status) => {
    expect((await host.fetch(`constrained/${path}`)).status).toBe(status);
  });

  it('asks for the key that the level asks for', async () => {
    const withKey = (path: string, key: string) =>
      host.fetch(path, { headers: { 'x-functions-key': key } });
    const { keys } = host.ready;
    expect((await host.fetch('withKey')).status).toBe(401);
    expect((await withKey('withKey', 'wrong')).status).toBe(401);
    expect((await withKey('withKey', keys.function)).status).toBe(200);
    expect((await host.fetch(`withKey?code=${keys.function}`)).status).toBe(200);
    expect((await withKey('withMasterKey', keys.function)).status).toBe(401);
    expect((await withKey('withMasterKey', keys.master)).status).toBe(200);
    expect((await host.fetch('runtime/webhooks/durabletask/instances/')).status).toBe(401);
    expect((await host.fetch('admin/functions/daily', { method: 'POST' })).status).toBe(401);
  });

  it('answers 500 without details when a handler throws', async () => {
    const response = await host.fetch('breaks');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('');
  });
});

describe('timer triggers', () => {
  beforeAll(async () => {
    host = new HostProcess();
    await host.start();
  });
  afterAll(() => host.stop());

  interface Timer {
    isPastDue: boolean;
    scheduleStatus: { next: string } | null;
  }
  const runs = (name: string) => host.notes(name).map((text) => JSON.parse(text) as Timer);
  const runByHand = async (name: string): Promise<Timer | undefined> => {
    const before = runs(name).length;
    const init = { method: 'POST', headers: { 'x-functions-key': host.ready.keys.master } };
    await host.fetch(`admin/functions/${name}`, init);
    await eventually(`timer ${name}`, () => Promise.resolve(runs(name).length > before));
    return runs(name).at(-1);
  };

  it('follow a schedule in the time zone of WEBSITE_TIME_ZONE, also one that a setting holds', async () => {
    const hours = async (name: string) =>
      new Date((await runByHand(name))?.scheduleStatus?.next ?? '').toLocaleTimeString('en-GB', {
        timeZone: 'Europe/Berlin',
      });
    expect(await hours('daily')).toBe('03:00:00');
    expect(await hours('named')).toBe('02:30:00');
  });

  it('keep no status of pauses under a minute, as the real host does', async () => {
    expect((await runByHand('often'))?.scheduleStatus).toBeNull();
  });

  it('run when the clock is moved over their time', async () => {
    const before = runs('daily').length;
    await host.advance(86_400_000);
    await eventually('the timer', () => Promise.resolve(runs('daily').length > before));
    expect(runs('daily').at(-1)?.isPastDue).toBe(false);
  });

  it('make up once, and say so, for runs that were missed while the host was down', async () => {
    await host.end('SIGTERM');
    const before = runs('daily').length;
    writeFileSync(join(host.scratch, 'state/clock-offset'), String(5 * 86_400_000));
    await host.start();
    await eventually('the timer', () => Promise.resolve(runs('daily').length > before));
    expect(runs('daily').at(-1)?.isPastDue).toBe(true);
    await runByHand('named');
    expect(runs('daily')).toHaveLength(before + 1);
  });

  it('are run by hand through the admin address', async () => {
    const init = { method: 'POST', headers: { 'x-functions-key': host.ready.keys.master } };
    expect((await host.fetch('admin/functions/daily', init)).status).toBe(202);
    expect(await runByHand('daily')).toMatchObject({
      isPastDue: false,
      schedule: { adjustForDST: true },
    });
    expect((await host.fetch('admin/functions/echo', init)).status).toBe(404);
  });
});

describe('a host that is killed and started again', () => {
  const killed = new HostProcess();
  beforeAll(() => killed.start());
  afterAll(() => killed.stop());

  it('takes up timers, waits and activities where they were', async () => {
    const waiting = await killed.begin('waitForEvent');
    const timed = await killed.begin('eventOrTimer', { milliseconds: 1500, cancel: true });
    const slow = await killed.begin('slowOne', { key: 'slow', milliseconds: 1500 });
    await eventually('the slow activity', () => Promise.resolve(killed.notes('slow').length === 1));
    await eventually('all three', async () => {
      const all = await Promise.all([waiting, timed, slow].map((id) => killed.status(id)));
      return all.every(({ runtimeStatus }) => runtimeStatus === 'Running');
    });
    await killed.end('SIGKILL');
    await killed.start();
    await killed.raise(waiting, 'name', 'back');
    expect((await killed.finished(waiting)).output).toBe('Hello back');
    expect((await killed.finished(timed)).output).toBe('timer');
    // The activity was under way: it runs again, at least once.
    expect((await killed.finished(slow)).output).toBe(3);
  });

  it('forgets a record that was written in half', async () => {
    const id = await killed.begin('waitForEvent', null, 'torn');
    await eventually('the wait', async () => (await killed.status(id)).runtimeStatus === 'Running');
    await killed.end('SIGKILL');
    const { execFileSync } = await import('node:child_process');
    const folder = join(killed.scratch, 'state/instances');
    const file = execFileSync('grep', ['-l', '"torn"', '-r', folder], { encoding: 'utf8' }).trim();
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"kind":"message","mess`);
    await killed.start();
    await killed.raise(id, 'name', 'whole');
    expect((await killed.finished(id)).output).toBe('Hello whole');
  });
});

describe('an app that does not load', () => {
  it('stops the host with the message of the app', async () => {
    const broken = new HostProcess();
    writeFileSync(join(broken.scratch, 'package.json'), '{"main":"index.js"}');
    writeFileSync(join(broken.scratch, 'host.json'), '{}');
    writeFileSync(join(broken.scratch, 'index.js'), 'throw new Error("settings are missing")');
    await expect(broken.start(broken.scratch)).rejects.toThrow('settings are missing');
    await broken.stop();
  });
});

describe('what host.json asks for', () => {
  const strict = new HostProcess();
  beforeAll(() => strict.start(join(root, 'test/host/app-strict')));
  afterAll(() => strict.stop());

  it('ends a worker whose function runs too long, and runs the activity again', async () => {
    expect((await strict.run('callSlowOnce', 'slow-once')).output).toBe(2);
  });

  it('runs no more activities at a time than allowed', async () => {
    await strict.run('callConcurrent', 'concurrent');
    let running = 0;
    let most = 0;
    for (const sign of strict.notes('concurrent')) {
      running += sign === '+' ? 1 : -1;
      most = Math.max(most, running);
    }
    expect(most).toBe(2);
  });

  it('gives instances and their children the default version, and fails those of another', async () => {
    expect((await strict.run('version')).output).toEqual(['2.0', '2.0']);
    const other = await strict.finished(await strict.begin('version', null, '', '?version=1.0'));
    expect(other.runtimeStatus).toBe('Failed');
    expect(other.output).toContain("Version '1.0' is not run here");
  });

  it('hides what looks like a credential in errors, as the Functions host does', async () => {
    const { output, runtimeStatus } = await strict.run('leaks');
    expect(runtimeStatus).toBe('Failed');
    expect(output).not.toContain('secret');
    expect(output).toContain('[Hidden Credential]');
  });
});
