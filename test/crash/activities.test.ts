import type { AppContext } from '../../src/composition/compose';
import { done, type ActivityResult } from '../../src/core/results';
import type { AppProcess } from '../helpers/app-process';
import { AppWorld } from '../helpers/app-world';
import { CrashPlan, WriteLog, type Point } from '../helpers/crash-runs';
import { deleteRows, outcomeOf, storedOf, type Outcome } from '../helpers/fulfilled';
import type * as MovingTime from '../helpers/moving-time';
import { startMovingTime, stopMovingTime } from '../helpers/moving-time';
import { RequestDriver, type DriverOptions } from '../helpers/request-driver';
import { organisationOf } from '../helpers/organisation';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);

/** `npm run test:long`: every write instead of each kind. */
const isEveryWrite = process.env['CRASHES'] === 'all';

let world: AppWorld;
let expected: Outcome;
let left: string[];
let leftProtected: number;
const log = new WriteLog();
let tickets = 0;
const nextTicket = (): string => `T-${(tickets += 1)}`;

/** Takes a request to its package, reads that, and takes it to its end. */
async function runToEnd(
  driver: RequestDriver,
): Promise<{ outcome: Outcome; left: string[]; counted: number }> {
  // A request that finds what an earlier one has learned makes other writes than the first.
  for (const table of ['windowLengths', 'statistics'])
    await deleteRows(world.storage.connectionString, table);
  await driver.fulfil();
  const { app } = await world.start({ isPlain: true });
  const outcome = await outcomeOf(app, driver.requestId);
  await driver.expire();
  const stored = await storedOf(world.storage.connectionString, driver.requestId);
  const { months } = await app.statistics.read();
  const counted = [...months.values()].reduce((total, { received }) => total + received, 0);
  await world.stopProcesses();
  return { outcome, left: withoutCustody(stored), counted };
}

/** The custody record and the webhooks remain; how many there are depends on how often a step was repeated. */
const withoutCustody = (stored: string[]): string[] =>
  stored.filter((one) => !/^requests (custody|annotation|webhook)-/.test(one));

/** Webhooks that the ticketing system has received. */
const received: string[] = [];
const hasCallback = { body: { callback: 'https://tickets.example/hook' } };
const withWebhooks = ({ settings }: AppContext): Partial<AppContext> => ({
  settings: { ...settings, callbacks: { hosts: ['tickets.example'] } },
  webhooks: {
    send: (_url, id) => {
      received.push(id);
      return Promise.resolve('delivered');
    },
  },
});

const driven = (options: DriverOptions = {}): RequestDriver =>
  new RequestDriver(world, nextTicket(), { ...hasCallback, ...options });

beforeAll(async () => {
  world = await AppWorld.start({
    generated: organisationOf(4, 21),
    settings: {
      CONVERSATIONS_PER_PAGE: '2',
      DELETION_HOLD: 'true',
      // Four of them.
      SEARCH_WINDOW_DAYS: '92',
    },
    // Each page waits for its recordings: once, unless every write is wanted.
    simulator: { transcodeDuration: isEveryWrite ? 5000 : 800 },
    replaced: withWebhooks,
  });
  startMovingTime();
  // The first request finds no tables and writes again once it has made them: no later one does.
  if (isEveryWrite) await runToEnd(driven());
  world.simulator.state.transcodes.clear();
  const run = await runToEnd(driven({ beforeAttempt: log.beforeAttempt }));
  expected = run.outcome;
  left = run.left;
  leftProtected = world.simulator.state.protectedConversations.size;
}, 120_000);
afterAll(async () => {
  stopMovingTime();
  await world.stop();
});
beforeEach(() => {
  world.simulator.state.transcodes.clear();
  // A test may leave a request open, with what it holds.
  world.simulator.state.protectedConversations.clear();
});

it('a request leaves its record and its custody record, and nothing else', () => {
  expect(expected).toMatchObject({ twice: [], missing: [], chain: [] });
  expect(expected.manifest.length).toBeGreaterThan(10);
  expect(left).toEqual(['requests request']);
  expect(leftProtected).toBe(0);
});

describe('a crash at a write to storage', () => {
  it(
    `${isEveryWrite ? 'before and after every one' : 'at each kind'} of every step: same content, nobody stuck, nothing left`,
    async () => {
      const plan = isEveryWrite ? new CrashPlan(log.all(), 1) : new CrashPlan(log.kinds(), 8);
      const all = plan.open.length;
      expect(all).toBeGreaterThan(80);
      for (let isGoingOn = true; isGoingOn && plan.open.length > 0;) {
        world.simulator.state.transcodes.clear();
        const run = plan.next();
        const ended = await runToEnd(driven({ beforeAttempt: run.beforeAttempt }));
        const { crashes } = run;
        const { outcome, counted } = ended;
        expect({ crashes, outcome, counted, left: ended.left }).toEqual({
          crashes,
          outcome: expected,
          counted: 1,
          left,
        });
        expect(world.simulator.state.protectedConversations.size).toBe(0);
        isGoingOn = crashes.length > 0;
      }
      expect(plan.open).toEqual<Point[]>([]);
    },
    isEveryWrite ? 3_600_000 : 180_000,
  );
});

describe('an activity that is run twice', () => {
  /** Steps of which both runs gave a result, with both. */
  const pairs: { step: string; results: unknown[] }[] = [];
  let two: AppProcess[];

  /** Runs one after the other, or both at once; one that throws is run again, as the hub does. */
  async function both<T>(
    runs: (() => Promise<ActivityResult<T>>)[],
    order: 'atOnce' | 'late',
  ): Promise<ActivityResult<T>[]> {
    const retried = runs.map((run) => () => run().catch(run));
    if (order === 'atOnce') return Promise.all(retried.map((run) => run()));
    const results: ActivityResult<T>[] = [];
    for (const run of retried) results.push(await run());
    return results;
  }

  const doubled = (order: 'atOnce' | 'late'): RequestDriver =>
    driven({
      attempt: async (step, work) => {
        const runs = two.map((process) => () => process.run(work));
        // What the person does twice is answered twice.
        const results = await both(step.name === 'verify' ? runs.slice(1) : runs, order);
        const [first] = results;
        if (!first) throw new Error('Nothing was run.');
        pairs.push({ step: step.name, results });
        return first;
      },
    });
  beforeEach(async () => {
    pairs.length = 0;
    two = [await world.start({ isPlain: true }), await world.start({ isPlain: true })];
  });

  /** Polls are asked for as long as something waits: the second may see more. */
  const polled = ['advanceSearches', 'exportPerson'];
  const expectSameResults = (): void => {
    for (const { step, results } of pairs) {
      const [first, second = first] = polled.includes(step)
        ? results.map((result) => (result as ActivityResult<unknown>).kind)
        : results;
      expect({ step, result: second }).toEqual({ step, result: first });
    }
  };

  it.each([
    ['at the same time', 'atOnce'],
    ['again when it is done', 'late'],
  ] as const)(
    '%s: same result, same content, nothing left',
    async (_name, order) => {
      const ended = await runToEnd(doubled(order));
      expectSameResults();
      expect(ended.outcome).toEqual(expected);
      expect(ended.left).toEqual(left);
      expect(ended.counted).toBe(1);
    },
    120_000,
  );

  it.each([
    ['at the same time', 'atOnce'],
    ['again when it is done', 'late'],
  ] as const)(
    '%s, of a request that is refused: same result, nothing left',
    async (_name, order) => {
      const driver = doubled(order);
      await driver.beRefused();
      expectSameResults();
      const stored = await storedOf(world.storage.connectionString, driver.requestId);
      await world.stopProcesses();
      expect(withoutCustody(stored)).toEqual(left);
    },
  );

  it('begins an export attempt once, also when the run of an earlier call comes late', async () => {
    const driver = driven({ isPlain: true });
    await driver.open();
    const [one, other] = two;
    if (!one || !other) throw new Error('There are no processes.');
    const { requestId } = driver;
    const begin = (process: AppProcess, call: string): Promise<unknown> =>
      process.invoke('beginExportAttempt', { requestId, call });
    expect(await one.invoke('probeSource', { requestId })).toEqual(done({ problem: null }));
    expect(await begin(one, 'first')).toEqual(done({ attempt: 1 }));
    expect(await begin(other, 'first')).toEqual(done({ attempt: 1 }));
    expect(await begin(one, 'second')).toEqual(done({ attempt: 2 }));
    // A worker of the first attempt, which outlived it, exports nothing any more.
    const stale = { requestId, page: 1, attempt: 1, pass: 1, isLast: false };
    expect(await other.invoke('exportPage', stale)).toEqual({
      kind: 'failed',
      code: 'requestClosed',
    });
    await world.stopProcesses();
  });
});
