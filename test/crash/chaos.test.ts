import type { FaultKind } from '../../local/genesys/faults';
import type { AppContext } from '../../src/composition/compose';
import type { FailureCode } from '../../src/core/results';
import { monitorRequests } from '../../src/services/monitor';
import { AppWorld } from '../helpers/app-world';
import { calmPlan, chaosPlan, refusedAtMost, type ChaosPlan } from '../helpers/chaos-plan';
import { ChaosRun, struck } from '../helpers/chaos-run';
import { deleteRows, outcomeOf, storedOf, type Outcome } from '../helpers/fulfilled';
import type * as MovingTime from '../helpers/moving-time';
import { startAt, startMovingTime, steadyTime, stopMovingTime } from '../helpers/moving-time';
import type * as PromptRetries from '../helpers/prompt-retries';
import { RequestDriver, RequestFailure } from '../helpers/request-driver';
import { organisationOf } from '../helpers/organisation';

jest.mock(
  'node:timers/promises',
  () => jest.requireActual<typeof MovingTime>('../helpers/moving-time').movedTimers,
);
jest.mock('../../node_modules/@typespec/ts-http-runtime/dist/commonjs/util/delay.js', () =>
  jest.requireActual<typeof PromptRetries>('../helpers/prompt-retries').promptRetries.runtime(),
);
jest.mock('../../node_modules/@typespec/ts-http-runtime/dist/commonjs/util/helpers.js', () =>
  jest
    .requireActual<typeof PromptRetries>('../helpers/prompt-retries')
    .promptRetries.waits(jest.requireActual<typeof MovingTime>('../helpers/moving-time').moveTime),
);
jest.mock('../../node_modules/@azure/storage-common/dist/commonjs/utils/utils.common.js', () =>
  jest.requireActual<typeof PromptRetries>('../helpers/prompt-retries').promptRetries.blobs(),
);

/** `npm run test:chaos -- --runs N --seed S` and `npm run test:long` set these; `npm test` leaves this out. */
const runs = Number(process.env['CHAOS_RUNS'] ?? 5);
const firstSeed = Number(process.env['CHAOS_SEED'] ?? 1);

/** What the content of a package comes to, whatever happened on the way. */
const contentOf = ({ manifest, twice, missing, items, counts, chain }: Outcome) => ({
  ...{ manifest, twice, missing, items, counts, chain },
});

let world: AppWorld;
let began: number;
let expected: Outcome;
let left: string[];
let mailIds: Set<string>;
/** What the plans have for the requests, and what officers are to do. */
const planned = { kills: 0, clockSteps: 0, busy: 0, cuts: 0 };
const acts = new Map<string, { planned: number; done: number }>();

/** Codes of the alerts that the monitor raises for a request. */
async function alertsFor(requestId: string): Promise<string[]> {
  const { app } = await world.start();
  const lines: string[] = [];
  const log = { info: () => undefined, warn: (line: string) => void lines.push(line) };
  await monitorRequests(app, app.monitorLimits, { lastStepOf: () => null, log });
  return lines
    .filter((line) => line.includes(requestId))
    .map((line) => /\b[a-z]+[A-Z]\w+\b/.exec(line)?.[0] ?? line);
}

/** The custody record and the webhooks remain. */
const leftOf = async ({ requestId }: RequestDriver): Promise<string[]> =>
  (await storedOf(world.storage.connectionString, requestId)).filter(
    (one) => !/^requests (custody|annotation|webhook)-/.test(one),
  );

const failuresAllowed = 3;
/** Minutes for which recordings are waited for. */
const patience = 30;

/** How often the app starts a job or a query of the source before it gives up. */
const submissions = 3;
const endsJobs: ReadonlySet<FaultKind> = new Set(['jobFailed', 'jobExpired', 'cursorExpired']);

/** How a request may fail under a plan. Whatever else there is, waiting and another attempt have to mend it. */
function failuresOf({ intervention, clockSteps, faults }: ChaosPlan): string[] {
  const timesOf = (kinds: ReadonlySet<FaultKind>): number =>
    faults.reduce((sum, { fault, times }) => sum + (kinds.has(fault) ? times : 0), 0);
  const jobsEnded = timesOf(endsJobs);
  const isRefused = refusedAtMost(faults) > 0;
  const skipped = clockSteps.reduce((sum, { minutes }) => sum + Math.max(0, minutes), 0);
  return [
    ...(intervention === 'retry' ? ['failed: internalError'] : []),
    // What was still being prepared or is refused is given up, and an officer is told.
    ...(skipped >= patience || jobsEnded >= submissions || isRefused
      ? ['failed: packageIncomplete']
      : []),
    ...(jobsEnded >= submissions ? ['failed: sourceSearchFailed'] : []),
  ];
}

interface Ended {
  outcome: Outcome | null;
  /** State of a request that an officer has ended. */
  closedAs: string | null;
  /** Alerts while the request had failed, and when all was done. */
  alerts: string[];
  alertsAtEnd: string[];
  left: string[];
  mails: number;
  acted: string[];
}

/** Takes a request through everything that a plan has for it, to its end. */
async function endure(plan: ChaosPlan): Promise<Ended> {
  startAt(began);
  for (const table of ['windowLengths', 'statistics', 'rateLimits'])
    await deleteRows(world.storage.connectionString, table);
  world.simulator.state.transcodes.clear();
  world.simulator.setFaults(plan.faults);
  mailIds = new Set();
  let driver: RequestDriver | null = null;
  const chaos = new ChaosRun(
    plan,
    world.generated.subject.id,
    () => (driver as RequestDriver).present(),
    () => driver?.requestId ?? '',
  );
  const received = new Date(began - 86_400_000).toISOString();
  driver = new RequestDriver(world, `C-${plan.seed}`, {
    attempt: chaos.attempt,
    body: { receivedAt: received },
  });
  const alerts: string[] = [];
  const failure = await fulfilled(driver, chaos, alerts);
  const alertsAtEnd = failure === null ? await alertsFor(driver.requestId) : [];
  const { app } = await world.start();
  const outcome = failure === null ? await outcomeOf(app, driver.requestId) : null;
  const mails = mailIds.size;
  const closedAs = await ended(driver, chaos, { plan, app, failure });
  chaos.end();
  world.simulator.setFaults([]);
  const rest = await leftOf(driver);
  await world.stopProcesses();
  return { outcome, closedAs, alerts, alertsAtEnd, left: rest, mails, acted: chaos.acted };
}

/** Exports, and lets an officer retry what has failed; the alerts of each failure are noted. */
async function exported(driver: RequestDriver, chaos: ChaosRun, alerts: string[]): Promise<void> {
  for (let failures = 0; ; failures += 1)
    try {
      await driver.export();
      return;
    } catch (error) {
      const isFailed = error instanceof RequestFailure && error.code !== 'requestClosed';
      if (!isFailed || failures === failuresAllowed) throw error;
      chaos.acted.push(`failed: ${error.code}`);
      await driver.activity('moveRequest', { to: 'failed', reason: error.code });
      await driver.activity('remindOfficer', {});
      alerts.push(...(await alertsFor(driver.requestId)));
      await chaos.act('retry');
    }
}

/** From the ticket to the package. @returns why it was closed; null when it was not */
async function fulfilled(
  driver: RequestDriver,
  chaos: ChaosRun,
  alerts: string[],
): Promise<FailureCode | null> {
  try {
    await driver.open();
    await exported(driver, chaos, alerts);
    await driver.deliver();
    return null;
  } catch (error) {
    if (error instanceof RequestFailure) return error.code;
    throw error;
  }
}

/** Takes the request to its end. @returns the state that it ends in */
async function ended(
  driver: RequestDriver,
  chaos: ChaosRun,
  { plan, app, failure }: { plan: ChaosPlan; app: AppContext; failure: FailureCode | null },
): Promise<string | null> {
  if (failure === null && plan.intervention !== 'recall') await driver.expire();
  else {
    if (failure === null) await chaos.act('recall');
    else await driver.activity('sendEndNotice', { end: 'cancelled', mail: 'try' });
    await driver.activity('cleanUp', {});
    await driver.activity('sendWebhooks', {});
  }
  return (await app.ledger.get(driver.requestId))?.state ?? null;
}

/** Counts what a plan has, for what comes of it to be compared. */
function note({ intervention, ...plan }: ChaosPlan, { acted }: Ended): void {
  for (const kind of Object.keys(planned) as (keyof typeof planned)[])
    planned[kind] += plan[kind].length;
  const act = acts.get(intervention) ?? { planned: 0, done: 0 };
  acts.set(intervention, {
    planned: act.planned + 1,
    done: act.done + (acted.includes(`${intervention}: done`) ? 1 : 0),
  });
}

/** Of so many plans at least one comes about. */
const enough = 8;

beforeAll(async () => {
  world = await AppWorld.start({
    generated: organisationOf(4, 21),
    settings: { CONVERSATIONS_PER_PAGE: '2' },
    simulator: { transcodeDuration: 5000 },
    // The clock that steps is the app's own.
    sourceClock: steadyTime,
  });
  world.mail.onData = (text) => {
    const [, id] = /^Message-ID: (\S+)/im.exec(text) ?? [];
    if (id !== undefined) mailIds.add(id);
  };
  began = Date.now();
  startMovingTime();
  const undisturbed = await endure(calmPlan);
  if (undisturbed.outcome === null) throw new Error('An undisturbed request has failed.');
  ({ outcome: expected, left } = { ...undisturbed, outcome: undisturbed.outcome });
}, 120_000);
afterAll(async () => {
  stopMovingTime();
  await world.stop();
});

describe(`a request under kills, faults, throttling and clocks that step, ${runs} runs from seed ${firstSeed}`, () => {
  it('leaves its record and nothing else where nothing happens', () => {
    expect(expected).toMatchObject({ twice: [], missing: [], chain: [] });
    expect(left).toEqual(['requests request']);
  });

  it.each(Array.from({ length: runs }, (_, i) => firstSeed + i))(
    'by plan %d: same content, nothing twice, nobody stuck, and alerts where somebody must look',
    async (seed) => {
      const plan = chaosPlan(seed);
      const end = await endure(plan);
      note(plan, end);
      const isClosed = end.acted.includes('cancel: done');
      const failures = end.acted.filter((one) => one.startsWith('failed'));
      const unforeseen = failures.filter((one) => !failuresOf(plan).includes(one));
      expect({ plan, unforeseen }).toEqual({ plan, unforeseen: [] });
      expect({ plan, ...end, outcome: end.outcome && contentOf(end.outcome) }).toEqual({
        plan,
        ...end,
        outcome: isClosed ? null : contentOf(expected),
        closedAs: isClosed ? 'cancelled' : plan.intervention === 'recall' ? 'recalled' : 'expired',
        alerts: failures.map(() => 'requestFailed'),
        alertsAtEnd: [],
        left: ['requests request'],
      });
      if (end.outcome && end.acted.length === 0) {
        expect({ plan, states: end.outcome.states }).toEqual({ plan, states: expected.states });
        expect({ plan, events: end.outcome.events }).toEqual({ plan, events: expected.events });
        // Invitation, reminder and announcement, however often each was tried.
        expect({ plan, mails: end.mails }).toEqual({ plan, mails: 3 });
      }
    },
    180_000,
  );

  it('is struck by each kind of what the plans have, and officers act', () => {
    for (const [kind, count] of Object.entries(planned))
      if (count >= enough) expect([kind, struck[kind as keyof typeof struck]]).not.toContain(0);
    for (const [name, { planned: count, done }] of acts)
      if (count >= enough && name !== 'none') expect([name, done]).not.toContain(0);
  });
});
