import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RetryingClient } from '../helpers/retrying-client';
import { FaultyStack } from '../helpers/faulty-stack';
import { eventually, organisationOf, Scenario } from '../helpers/scenario';

let at: FaultyStack;
beforeAll(async () => {
  at = await FaultyStack.start();
}, 120_000);
afterAll(() => at.stop());

describe('a crash of the host by itself', () => {
  const crashAt = async (...points: string[]): Promise<void> => {
    const before = at.client.restarts.length;
    at.client.faults.push(...points);
    await at.scenario.stack.killHost();
    await eventually('a host with the fault in it', () =>
      Promise.resolve(at.client.faults.length < points.length && at.scenario.stack.isHostRunning),
    );
    expect(await at.client.fulfil(at.nextTicket())).toEqual(at.expected);
    expect(at.client.restarts.length).toBeGreaterThanOrEqual(before + points.length + 1);
  };

  it('twice in a row: same content, nobody stuck', async () => {
    await crashAt('beforeResult:exportPage', 'afterResult:exportPage');
  }, 120_000);

  const points: [string, string][] = [
    ['before a result is stored', 'beforeResult:exportPage'],
    ['between ledger and event', 'beforeEvent:requestChanged'],
    ['after the orchestration is stored', 'afterStart:fulfilRequest'],
    ['when a timer fires', 'beforeTimer:searchGroup'],
    ['after a child has ended', 'after:completed:searchGroup'],
  ];
  /** `npm run test:long`. */
  const furtherPoints: [string, string][] = [
    ['after a result is stored', 'afterResult:exportPage'],
    ['after the event', 'afterEvent:requestChanged'],
    ['before the orchestration is started', 'beforeStart:fulfilRequest'],
    ['during a timer', 'duringTimer:searchGroup'],
    ['before a child notifies its parent', 'before:completed:exportWorker'],
  ];

  it.each(process.env['CRASHES'] === 'all' ? [...points, ...furtherPoints] : points)(
    '%s: same content, nobody stuck',
    async (_name, point) => {
      await crashAt(point);
    },
    120_000,
  );
});

describe('a crash of the worker process', () => {
  const killWorker = async (): Promise<void> => {
    const { url, keys } = at.scenario.stack.operations;
    const response = await fetch(`${url}/admin/local/worker`, {
      headers: { 'x-functions-key': keys.master },
    });
    const { pid } = (await response.json()) as { pid: number };
    process.kill(pid, 'SIGKILL');
  };

  it('during the export: same content, and the host stays', async () => {
    const restarts = at.client.restarts.length;
    // Recordings are transcoded again, so that the export has to poll for them.
    at.scenario.simulator.state.transcodes.clear();
    const seen = at.scenario.exchanges.length;
    const content = at.client.fulfil(at.nextTicket());
    await eventually('the export', () =>
      Promise.resolve(
        at.scenario.exchanges.slice(seen).some(({ path }) => path.includes('/recordings')),
      ),
    );
    await killWorker();
    expect(await content).toEqual(at.expected);
    expect(at.client.restarts).toHaveLength(restarts);
    expect(readFileSync(join(at.scenario.state, 'host.log'), 'utf8')).toContain(
      'Language Worker Process exited.',
    );
  }, 120_000);
});

describe('a crash when an export worker starts a new history', () => {
  let many: Scenario;
  let client: RetryingClient;
  let undisturbed: string[];
  beforeAll(async () => {
    many = await Scenario.start({
      hosting: 'processes',
      isComparable: true,
      generated: organisationOf(65, 22),
      settings: { CONVERSATIONS_PER_PAGE: '1', EXPORT_CONCURRENCY: '1', POLL_SECONDS: '1' },
      simulator: { transcodeDuration: 0 },
    });
    client = new RetryingClient(many);
    undisturbed = await client.fulfil('T-undisturbed');
  }, 120_000);
  afterAll(async () => {
    await client.stop();
    await many.stop();
  });

  it.each(['before:continuedAsNew:exportWorker', 'after:continuedAsNew:exportWorker'])(
    '%s: same content, nobody stuck',
    async (point) => {
      const before = client.restarts.length;
      client.faults.push(point);
      await many.stack.killHost();
      await eventually('a host with the fault in it', () =>
        Promise.resolve(client.faults.length === 0 && many.stack.isHostRunning),
      );
      expect(await client.fulfil(`T-${point}`)).toEqual(undisturbed);
      expect(client.restarts.slice(before)).toEqual([point, '']);
    },
    120_000,
  );
});
