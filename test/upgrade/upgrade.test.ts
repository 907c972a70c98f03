import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Officer } from '../helpers/officer';
import { deployed, root } from '../helpers/root';
import { eventually } from '../helpers/eventually';
import { Scenario } from '../helpers/scenario';

const dayMs = 86_400_000;
const changedFile = 'await-verification';

const bundler = pathToFileURL(join(root, 'scripts/bundle/app.mjs')).href;

/** The app as the next version builds it: with version 1.1 of one orchestration. */
async function nextBuild(): Promise<string> {
  const project = mkdtempSync(join(tmpdir(), 'next-project-'));
  const app = mkdtempSync(join(tmpdir(), 'next-build-'));
  cpSync(join(root, 'src'), join(project, 'src'), { recursive: true });
  cpSync(deployed, app, { recursive: true });
  const source = readFileSync(join(__dirname, `version-1.1/${changedFile}.ts`), 'utf8')
    .replaceAll('../../../src/orchestrators/', './')
    .replaceAll('../../../src/', '../');
  writeFileSync(join(project, `src/orchestrators/${changedFile}.ts`), source);
  const folders = JSON.stringify({ root: project, to: join(app, 'app') });
  await promisify(execFile)(process.execPath, [
    ...['--input-type=module', '--eval'],
    `import { bundleApp } from ${JSON.stringify(bundler)}; await bundleApp(${folders});`,
  ]);
  rmSync(project, { recursive: true });
  const host = JSON.parse(readFileSync(join(app, 'host.json'), 'utf8')) as {
    extensions: { durableTask: { defaultVersion: string } };
  };
  host.extensions.durableTask.defaultVersion = '1.1';
  writeFileSync(join(app, 'host.json'), JSON.stringify(host));
  return app;
}

/** The same as somebody builds it who forgets the instances that are running. */
function withoutVersionCheck(build: string): string {
  const app = mkdtempSync(join(tmpdir(), 'careless-build-'));
  cpSync(build, app, { recursive: true });
  const file = join(app, 'app/app.js');
  const code = readFileSync(file, 'utf8');
  const changed = code.replace(/\bisSince\(\w+, "1\.1"\)/, 'true');
  expect(changed).not.toBe(code);
  writeFileSync(file, changed);
  return app;
}

interface Instance {
  runtimeStatus: string;
  historyEvents: { EventType: number; Name?: string; Version?: string | null }[];
}

describe('a new version that is deployed while requests are open', () => {
  let scenario: Scenario;
  let next: string;
  let careless: string;
  beforeAll(async () => {
    next = await nextBuild();
    careless = withoutVersionCheck(next);
    scenario = await Scenario.start({
      conversations: 3,
    });
  }, 90_000);
  afterAll(async () => {
    await scenario.stop();
    for (const app of [next, careless]) rmSync(app, { recursive: true, force: true });
  });

  let running = deployed;
  const deploy = async (app: string): Promise<void> => {
    if (app !== running) await scenario.stack.deploy(app);
    running = app;
  };
  beforeEach(() => deploy(deployed));

  const instanceOf = (requestId: string): Promise<Instance> =>
    scenario.durable<Instance>(`instances/request-${requestId}?showHistory=true`);
  const versionOf = async (requestId: string): Promise<string> => {
    const { historyEvents } = await instanceOf(requestId);
    return historyEvents.find(({ Name: name }) => name === 'fulfilRequest')?.Version ?? '';
  };
  const isScheduled = 4;
  const remindersOf = async (requestId: string): Promise<number> => {
    const { historyEvents } = await instanceOf(requestId);
    return historyEvents.filter(
      ({ EventType: type, Name: name }) => type === isScheduled && name === 'remindPerson',
    ).length;
  };
  const untilReminders = (requestId: string, count: number): Promise<boolean> =>
    eventually(`${count} reminders`, async () => (await remindersOf(requestId)) === count);
  const refuse = async (requestId: string): Promise<void> => {
    const refused = await new Officer(scenario).post(`/${requestId}/refuse`, {
      reasonCode: 'excessive',
      justification: 'x',
    });
    expect(refused).toMatchObject({ status: 200, state: 'refused' });
  };
  const untilCompleted = (requestId: string): Promise<boolean> =>
    eventually(
      'the end of the orchestration',
      async () => (await instanceOf(requestId)).runtimeStatus === 'Completed',
    );

  it('finishes old instances in the old way and starts new ones in the new way', async () => {
    const { length: before } = await scenario.messages();
    const mails = (await scenario.mailsToPerson()).length;
    // Recordings are ready once the next version runs.
    scenario.simulator.settings.transcodeDuration = 600_000;
    const waiting = await scenario.request({ ticketId: 'WAITS' });
    await scenario.untilStep(waiting, 'waitForVerification');
    const exporting = await scenario.request({ ticketId: 'EXPORTS' });
    await scenario.stepUp(mails + 2);
    await scenario.untilState(exporting, 'exporting');
    expect(await versionOf(exporting)).toBe('1.0');

    await deploy(next);
    scenario.simulator.settings.transcodeDuration = 0;
    await scenario.untilState(exporting, 'available');
    await scenario.stepUp(mails + 3);
    const { names } = await scenario.fetchPackage();
    expect(names).toContain('data/conversations/0003/conversation.json');

    const fresh = await scenario.request({ ticketId: 'NEW' });
    await scenario.untilStep(fresh, 'waitForVerification');
    expect(await versionOf(fresh)).toBe('1.1');
    // Version 1.0 reminds after three days; version 1.1 after one day and after three.
    await scenario.advanceClock(2 * dayMs);
    await untilReminders(fresh, 1);
    expect(await remindersOf(waiting)).toBe(0);
    await scenario.advanceClock(2 * dayMs);
    await untilReminders(fresh, 2);
    await untilReminders(waiting, 1);
    // The outbox sends each person one reminder, however often the orchestration asks for it.
    await eventually('the reminders', async () => {
      const reminders = (await scenario.messages())
        .slice(before)
        .filter(({ subject }) => subject?.startsWith('Reminder'));
      return reminders.length === 2;
    });

    // After a rollback, the old version leaves instances of the new one to the new one.
    await deploy(deployed);
    await refuse(waiting);
    await untilCompleted(waiting);
    await refuse(fresh);
    expect((await instanceOf(fresh)).runtimeStatus).toBe('Running');
    await deploy(next);
    await untilCompleted(fresh);
  }, 150_000);

  it('without a version check breaks running instances, which the sweeper restarts', async () => {
    const requestId = await scenario.request({ ticketId: 'BROKEN' });
    await scenario.untilStep(requestId, 'waitForVerification');
    await deploy(careless);
    await scenario.advanceClock(4 * dayMs);
    // The replay fails; the sweeper starts a request that is open and has no running instance.
    await eventually('another instance', async () => {
      await scenario.sweep();
      return (await versionOf(requestId)) === '1.1';
    });
    await scenario.untilStep(requestId, 'waitForVerification');
    expect((await scenario.status(requestId)).state).toBe('awaitingVerification');
    // Nobody is reminded of it any more.
    await refuse(requestId);
  }, 120_000);
});
