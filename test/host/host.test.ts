import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../helpers/root';
import { HostProcess, promptly } from '../helpers/host-process';
import { outside } from '../helpers/outside-jest';

let host: HostProcess;

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
    await promptly(`timer ${name}`, () => Promise.resolve(runs(name).length > before));
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
    await promptly('the timer', () => Promise.resolve(runs('daily').length > before));
    expect(runs('daily').at(-1)?.isPastDue).toBe(false);
  });

  it('make up once, and say so, for runs that were missed while the host was down', async () => {
    await host.end('SIGTERM');
    const before = runs('daily').length;
    writeFileSync(join(host.scratch, 'state/clock-offset'), String(5 * 86_400_000));
    await host.start();
    await promptly('the timer', () => Promise.resolve(runs('daily').length > before));
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

  it('resumes timers, waits and activities where they were', async () => {
    const waiting = await killed.begin('waitForEvent');
    const timed = await killed.begin('eventOrTimer', { milliseconds: 3_600_000, cancel: true });
    const slow = await killed.begin('slowOne', { key: 'slow', milliseconds: 1500 });
    await promptly('the slow activity', () => Promise.resolve(killed.notes('slow').length === 1));
    await promptly('all three', async () => {
      const all = await Promise.all([waiting, timed, slow].map((id) => killed.status(id)));
      return all.every(({ runtimeStatus }) => runtimeStatus === 'Running');
    });
    await killed.end('SIGKILL');
    await killed.start();
    await killed.advance(3_600_000);
    await killed.raise(waiting, 'name', 'back');
    expect((await killed.finished(waiting)).output).toBe('Hello back');
    expect((await killed.finished(timed)).output).toBe('timer');
    // The activity was under way: it runs again, at least once.
    expect((await killed.finished(slow)).output).toBe(3);
  });

  it('forgets a record that was written in half', async () => {
    const id = await killed.begin('waitForEvent', null, 'torn');
    await promptly('the wait', async () => (await killed.status(id)).runtimeStatus === 'Running');
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

describe('an app that the real host would not start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'app-'));
    // As an app has them in a folder of its own.
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const writeApp = (script: string, hostJson: unknown = {}): void => {
    writeFileSync(join(folder, 'package.json'), '{"main":"index.js"}');
    writeFileSync(join(folder, 'host.json'), JSON.stringify(hostJson));
    writeFileSync(join(folder, 'index.js'), script);
  };
  /** Starts a host on the app, both in this process, and stops it. */
  const start = async (script: string, hostJson?: unknown): Promise<void> => {
    writeApp(script, hostJson);
    const args = ['--root', folder, '--state', join(folder, 'state'), '--port', '0'];
    const host = await outside.host.FunctionsHost.start({
      ...outside.hostArguments.hostArguments(args),
      startApp: (app) => outside.appInProcess.AppInProcess.start(app),
      env: process.env,
      onExceeded: () => undefined,
      log: () => undefined,
    });
    await host.stop();
  };
  const functions = (...names: string[]): string =>
    [
      "const { app } = require('@azure/functions');",
      ...names.map((name) => `app.http('${name}', { handler: () => ({}) });`),
    ].join('\n');

  it('stops with the message of an app that does not load', async () => {
    const broken = new HostProcess();
    writeApp('throw new Error("settings are missing")');
    try {
      await expect(broken.start(folder)).rejects.toThrow('settings are missing');
    } finally {
      await broken.stop();
    }
  });

  it('starts one whose functions have names of their own', async () => {
    await start(functions('cleanUp', 'purge'));
  });

  it('refuses functions whose names differ only in case, and says which', async () => {
    const refusal = expect(start(functions('cleanUp', 'purge', 'cleanup'))).rejects;
    await refusal.toThrow(
      "There are multiple methods with the name 'Host.Functions.cleanup'.\n" +
        'Sequence contains more than one matching element',
    );
    await expect(start(functions('cleanUp', 'cleanup'))).rejects.toThrow("'cleanUp', 'cleanup'");
  });

  it('refuses a function whose name the real host does not accept', async () => {
    await expect(start(functions('clean.up'))).rejects.toThrow(
      "'clean.up' is not a valid function name.",
    );
  });

  const durableTask = (options: unknown): unknown => ({ extensions: { durableTask: options } });
  const storage = (options: unknown): unknown => durableTask({ storageProvider: options });

  it.each([
    [
      'ControlQueueVisibilityTimeout must be between 1 and 60 minutes.',
      storage({ controlQueueVisibilityTimeout: '00:00:30' }),
    ],
    [
      'ControlQueueVisibilityTimeout must be between 1 and 60 minutes.',
      storage({ controlQueueVisibilityTimeout: '01:00:01' }),
    ],
    [
      'MaxQueuePollingInterval must be non-negative.',
      storage({ maxQueuePollingInterval: '00:00:00' }),
    ],
    ['PartitionCount must be an integer value between 1 and 16.', storage({ partitionCount: 17 })],
    [
      'ControlQueueBatchSize must be a non-negative integer.',
      storage({ controlQueueBatchSize: 0 }),
    ],
    [
      'ControlQueueBufferThreshold must be between 1 and 1000.',
      storage({ controlQueueBufferThreshold: 1001 }),
    ],
    [
      'MaxConcurrentActivityFunctions must be a positive integer value.',
      durableTask({ maxConcurrentActivityFunctions: 0 }),
    ],
    [
      'MaxConcurrentOrchestratorFunctions must be a positive integer value.',
      durableTask({ maxConcurrentOrchestratorFunctions: 0 }),
    ],
    ["functionTimeout: 'soon' is not a time span.", { functionTimeout: 'soon' }],
  ])('refuses a host.json that the real one refuses: %s', async (message, hostJson) => {
    await expect(start(functions('hello'), hostJson)).rejects.toThrow(message);
  });

  it('accepts the limits themselves', async () => {
    const limits = { controlQueueVisibilityTimeout: '00:01:00', partitionCount: 16 };
    await start(functions('hello'), storage(limits));
  });
});

describe('what host.json asks for', () => {
  const strict = new HostProcess();
  beforeAll(() => strict.start(join(root, 'test/host/app-strict')));
  afterAll(() => strict.stop());

  it('ends a worker whose function runs too long, and fails the activity', async () => {
    const { runtimeStatus, output } = await strict.run('callSlowOnce', 'slow-once');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain(
      "Activity function 'slowOnce' failed: Timeout value of 00:00:01 was exceeded by function: Functions.slowOnce",
    );
    expect(strict.notes('slow-once')).toHaveLength(1);
  });

  it('leaves it to the orchestrator whether an activity that ran too long runs again', async () => {
    expect((await strict.run('retrySlowOnce', 'slow-retried')).output).toBe(2);
  });

  it('repeats an episode that ran too long', async () => {
    expect((await strict.run('slowEpisodeOnce', 'slow-episode')).output).toBe('Hello patience');
    expect(strict.notes('slow-episode')).toHaveLength(3);
  });

  it('does not count a worker that it ended itself as a lost one', async () => {
    await strict.run('retrySlowOnce', 'slow-again');
    expect((await strict.run('helloCities')).runtimeStatus).toBe('Completed');
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
