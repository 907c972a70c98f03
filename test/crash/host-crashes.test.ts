import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RetryingClient } from '../helpers/retrying-client';
import { eventually } from '../helpers/eventually';
import { organisationOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';

/**
 * What only the whole stack can show: a host or a worker process that ends. Crashes at calls to storage
 * are in activities.test.ts. `npm run test:long` tries every point.
 */
const isEveryPoint = process.env['CRASHES'] === 'all';

let scenario: Scenario;
let client: RetryingClient;
let undisturbed: string[];
let tickets = 0;
const nextTicket = (): string => `T-${(tickets += 1)}`;
const emails = async (): Promise<number> =>
  (await scenario.messages()).filter(({ kind }) => kind === 'email').length;

beforeAll(async () => {
  scenario = await Scenario.start({
    hosting: 'processes',
    isComparable: true,
    generated: organisationOf(4, 21),
    settings: { CONVERSATIONS_PER_PAGE: '2', EXPORT_CONCURRENCY: '2' },
  });
  client = new RetryingClient(scenario);
  undisturbed = await client.fulfil(nextTicket());
}, 120_000);
afterAll(async () => {
  await client.stop();
  await scenario.stop();
});

describe('a crash of the host by itself', () => {
  const points: [string, ...string[]][] = [
    [
      'when a timer fires, and before the result of a page is stored',
      ...['beforeTimer:searchGroup', 'beforeResult:exportPage'],
    ],
  ];
  const furtherPoints: [string, ...string[]][] = [
    ['before the result of a page is stored', 'beforeResult:exportPage'],
    ['twice in a row', 'beforeResult:exportPage', 'afterResult:exportPage'],
    ['after a result is stored', 'afterResult:exportPage'],
    ['between ledger and event', 'beforeEvent:requestChanged'],
    ['after the event', 'afterEvent:requestChanged'],
    ['before the orchestration is started', 'beforeStart:fulfilRequest'],
    ['after the orchestration is stored', 'afterStart:fulfilRequest'],
    ['when a timer fires', 'beforeTimer:searchGroup'],
    ['during a timer', 'duringTimer:searchGroup'],
    ['before a child notifies its parent', 'before:completed:exportWorker'],
    ['after a child has ended', 'after:completed:searchGroup'],
  ];

  it.each(isEveryPoint ? [...points, ...furtherPoints] : points)(
    '%s: same content, nobody stuck, each mail once',
    async (_name, ...faults) => {
      const restarts = client.restarts.length;
      const before = await emails();
      client.faults.push(...faults);
      await scenario.stack.killHost();
      await eventually('a host with the fault in it', () =>
        Promise.resolve(client.faults.length < faults.length && scenario.stack.isHostRunning),
      );
      expect(await client.fulfil(nextTicket())).toEqual(undisturbed);
      expect(client.restarts.length).toBeGreaterThanOrEqual(restarts + faults.length + 1);
      expect(await emails()).toBe(before + 2);
    },
    120_000,
  );
});

describe('a crash of the worker process', () => {
  const killWorker = async (): Promise<void> => {
    const { url, keys } = scenario.stack.operations;
    const response = await fetch(`${url}/admin/local/worker`, {
      headers: { 'x-functions-key': keys.master },
    });
    const { pid } = (await response.json()) as { pid: number };
    process.kill(pid, 'SIGKILL');
  };

  it('during the export: same content, and the host stays', async () => {
    const restarts = client.restarts.length;
    // Recordings are transcoded again, so that the export has to poll for them.
    scenario.simulator.state.transcodes.clear();
    const seen = scenario.exchanges.length;
    const content = client.fulfil(nextTicket());
    await eventually('the export', () =>
      Promise.resolve(
        scenario.exchanges.slice(seen).some(({ path }) => path.includes('/recordings')),
      ),
    );
    await killWorker();
    expect(await content).toEqual(undisturbed);
    expect(client.restarts).toHaveLength(restarts);
    expect(readFileSync(join(scenario.state, 'host.log'), 'utf8')).toContain(
      'Language Worker Process exited.',
    );
  }, 120_000);
});
