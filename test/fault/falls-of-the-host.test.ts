import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Determined } from '../helpers/determined';
import { Fallible } from '../helpers/fallible';
import { eventually, organisationOf, Scenario } from '../helpers/scenario';

let at: Fallible;
beforeAll(async () => {
  at = await Fallible.start();
}, 120_000);
afterAll(() => at.stop());

describe('a fall of the host by itself', () => {
  const fallAt = async (...points: string[]): Promise<void> => {
    const before = at.determined.restarts.length;
    at.determined.faults.push(...points);
    await at.scenario.stack.killHost();
    await eventually('a host with the fault in it', () =>
      Promise.resolve(
        at.determined.faults.length < points.length && at.scenario.stack.isHostRunning,
      ),
    );
    expect(await at.determined.fulfil(at.nextTicket())).toEqual(at.expected);
    expect(at.determined.restarts.length).toBeGreaterThanOrEqual(before + points.length + 1);
  };

  it('twice in a row: same content, nobody stuck', async () => {
    await fallAt('beforeResult:exportPage', 'afterResult:exportPage');
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
    ['before a child tells its parent', 'before:completed:exportWorker'],
  ];

  it.each(process.env['FALLS'] === 'all' ? [...points, ...furtherPoints] : points)(
    '%s: same content, nobody stuck',
    async (_name, point) => {
      await fallAt(point);
    },
    120_000,
  );
});

describe('a fall of the worker alone', () => {
  const killWorker = async (): Promise<void> => {
    const { url, keys } = at.scenario.stack.operations;
    const response = await fetch(`${url}/admin/local/worker`, {
      headers: { 'x-functions-key': keys.master },
    });
    const { pid } = (await response.json()) as { pid: number };
    process.kill(pid, 'SIGKILL');
  };

  it('while it exports: same content, and the host stays', async () => {
    const restarts = at.determined.restarts.length;
    // Recordings are prepared anew, so that the export has to ask for them.
    at.scenario.simulator.state.transcodes.clear();
    const seen = at.scenario.exchanges.length;
    const content = at.determined.fulfil(at.nextTicket());
    await eventually('the export', () =>
      Promise.resolve(
        at.scenario.exchanges.slice(seen).some(({ path }) => path.includes('/recordings')),
      ),
    );
    await killWorker();
    expect(await content).toEqual(at.expected);
    expect(at.determined.restarts).toHaveLength(restarts);
    expect(readFileSync(join(at.scenario.state, 'host.log'), 'utf8')).toContain(
      'Language Worker Process exited.',
    );
  }, 120_000);
});

describe('a fall when a lane begins a new history', () => {
  let many: Scenario;
  let persistent: Determined;
  let undisturbed: string[];
  beforeAll(async () => {
    many = await Scenario.start({
      isComparable: true,
      generated: organisationOf(65, 22),
      settings: { CONVERSATIONS_PER_PAGE: '1', EXPORT_CONCURRENCY: '1', POLL_SECONDS: '1' },
      simulator: { transcodeDuration: 0 },
    });
    persistent = new Determined(many);
    undisturbed = await persistent.fulfil('T-undisturbed');
  }, 120_000);
  afterAll(async () => {
    await persistent.stop();
    await many.stop();
  });

  it.each(['before:continuedAsNew:exportWorker', 'after:continuedAsNew:exportWorker'])(
    '%s: same content, nobody stuck',
    async (point) => {
      const before = persistent.restarts.length;
      persistent.faults.push(point);
      await many.stack.killHost();
      await eventually('a host with the fault in it', () =>
        Promise.resolve(persistent.faults.length === 0 && many.stack.isHostRunning),
      );
      expect(await persistent.fulfil(`T-${point}`)).toEqual(undisturbed);
      expect(persistent.restarts.slice(before)).toEqual([point, '']);
    },
    120_000,
  );
});
