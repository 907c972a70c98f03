import { randomUUID } from 'node:crypto';
import type { Ledger, RequestRecord } from '../../src/ports';
import { TableLedger } from '../../src/adapters/storage/ledger';
import { isOpen, openRequestOf } from '../../src/core/request/request-index';
import { repairIndex } from '../../src/services/index-repair';
import { applyRetention } from '../../src/services/retention';
import { HttpProxy } from '../helpers/fault-proxy';
import { indexRepairOf, retentionOf } from '../helpers/retention';
import { TestStorage } from '../helpers/storage';
import { writeOf } from '../helpers/storage-writes';
import { expectedRows, indexRows, someDetails, someRequest } from '../helpers/stored-requests';

/**
 * A process that is killed at any write of the ledger: the request is in the sweeper's view at once, as it
 * is stored, and what the index says of it is right after the next run.
 */

let storage: TestStorage;
let now = new Date('2026-11-23T12:00:00.000Z');
const clock = { now: () => now };
beforeAll(async () => {
  storage = await TestStorage.start();
});
afterAll(() => storage.stop());

const minutes = 60_000;
const years = 4 * 366 * 24 * 60 * minutes;
const act = { actor: 'officer', displayName: 'Ms Privacy', justification: 'Why.' };

interface Step {
  name: string;
  run: (ledger: Ledger, record: RequestRecord) => Promise<unknown>;
  /** Time that passes before it. */
  after?: number;
}

const steps: readonly Step[] = [
  { name: 'create', run: (ledger, record) => ledger.create(record, someDetails, null) },
  {
    name: 'ask for a decision',
    run: (ledger, { requestId }) =>
      ledger.move(requestId, 'needsDecision', { reason: 'ambiguousContact' }),
  },
  {
    name: 'decide',
    run: (ledger, { requestId }) =>
      ledger.changeDetails(requestId, ({ details }) => ({
        ...{ details, act, fact: { event: 'decided' } as const },
        change: { decisionVersion: 1 },
      })),
  },
  {
    name: 'end',
    run: (ledger, { requestId }) => ledger.move(requestId, 'refused', { reason: 'excessive' }, act),
  },
  {
    name: 'clean up',
    run: async (ledger, { requestId }) => {
      await ledger.deleteDetails(requestId);
      const cleanedAt = now.toISOString();
      await ledger.note(requestId, { event: 'deleted' }, { wrappedSecret: null, cleanedAt });
    },
  },
  {
    name: 'delete the names of officers',
    run: (ledger, { requestId }) =>
      ledger.update(requestId, { annotationsDeletedAt: now.toISOString() }),
  },
  { name: 'forget', run: (ledger, { requestId }) => ledger.forget(requestId), after: years },
];

const stepsNamed = (...names: string[]): Step[] =>
  names.flatMap((name) => steps.filter((step) => step.name === name));

/** Does the steps before one, and returns the request. */
async function broughtTo(step: Step, order = steps): Promise<RequestRecord> {
  const ledger = storage.ledger(clock);
  const record = await someRequest(storage, now, { requestId: randomUUID() });
  for (const before of order.slice(0, order.indexOf(step))) await before.run(ledger, record);
  now = new Date(now.getTime() + (step.after ?? 0));
  return record;
}

/** A ledger whose tables are behind a proxy, as a process has them that may be killed. */
const ledgerBehind = (proxy: HttpProxy): TableLedger =>
  new TableLedger(
    storage.connectionString.replace(
      /(TableEndpoint=http:\/\/127\.0\.0\.1):\d+/,
      `$1:${proxy.port}`,
    ),
    ...([storage.keys, clock, storage.witness()] as const),
  );
const tablePort = (): number =>
  Number(/TableEndpoint=http:\/\/127\.0\.0\.1:(\d+)/.exec(storage.connectionString)?.[1]);

const isRowWrite = (call: string, body: Buffer): boolean => {
  const kind = writeOf(call, body)?.kind;
  return kind !== undefined && !kind.startsWith('POST Tables');
};

/** Runs a step in a process that is killed at its n-th write. @returns whether it made so many */
async function killedAt(
  nth: number,
  when: 'before' | 'after',
  work: (ledger: Ledger) => Promise<unknown>,
): Promise<boolean> {
  const proxy = await HttpProxy.start(tablePort());
  let writes = 0;
  let die = (): void => undefined;
  const death = new Promise<'killed'>((resolve) => (die = () => resolve('killed')));
  proxy.trap = {
    matches: (call, body) => isRowWrite(call, body) && (writes += 1) === nth,
    when,
    act: () => {
      proxy.abandon();
      die();
      return Promise.resolve();
    },
  };
  const running = work(ledgerBehind(proxy)).then(
    () => 'done' as const,
    () => 'failed' as const,
  );
  const outcome = await Promise.race([running, death]);
  proxy.abandon();
  proxy.bury();
  await running;
  await proxy.stop();
  return outcome === 'killed';
}

const limits = { failedDays: 30, annotationRetentionDays: 30, proofRetentionYears: 3 };

/** What the timer does in a minute and in a night, as far as it concerns the index. */
async function nextRuns(): Promise<void> {
  now = new Date(now.getTime() + 10 * minutes);
  const ledger = storage.ledger(clock);
  await ledger.listOpen();
  await applyRetention(retentionOf(storage, clock), limits);
}

async function expectInView(requestId: string): Promise<void> {
  const ledger = storage.ledger(clock);
  const truth = await ledger.get(requestId);
  const view = (await ledger.listOpen()).filter((one) => one.requestId === requestId);
  expect(view).toEqual(truth !== null && isOpen(truth) ? [openRequestOf(truth)] : []);
}

async function expectRight(requestId: string): Promise<void> {
  const truth = await storage.ledger(clock).get(requestId);
  expect(await indexRows(storage, requestId)).toEqual(expectedRows(truth));
}

/**
 * At each write with `CRASHES=all` (`npm run test:long`), else at each third one, of which every point begins at
 * another, so that each write of a step is met.
 */
const stride = process.env['CRASHES'] === 'all' ? 1 : 3;

describe('a process that is killed', () => {
  const points = steps.flatMap((step, index) =>
    (['before', 'after'] as const).map((when, i): [string, Step, typeof when, number] => [
      ...([`${when} a write, when it is to ${step.name}`, step, when] as const),
      1 + ((index + i) % stride),
    ]),
  );

  it.each(points)(
    '%s: the request stays in view, and the index is right after the next run',
    async (_name, step, when, first) => {
      let kills = 0;
      for (let write = first, wasKilled = true; wasKilled; write += stride) {
        const request = await broughtTo(step);
        const { requestId } = request;
        wasKilled = await killedAt(write, when, (ledger) => step.run(ledger, request));
        if (wasKilled) kills += 1;
        await expectInView(requestId);
        await nextRuns();
        await expectInView(requestId);
        await expectRight(requestId);
        const ledger = storage.ledger(clock);
        expect(await ledger.recountEnded()).toBe(false);
        // Whoever was interrupted does it again.
        await step.run(ledger, request).catch(() => undefined);
        await expectInView(requestId);
        await nextRuns();
        await expectRight(requestId);
      }
      expect(kills).toBeGreaterThan(0);
      const repaired = await repairIndex(indexRepairOf(storage, clock));
      expect(repaired.failed).toEqual([]);
      expect(await storage.ledger(clock).recountEnded()).toBe(false);
    },
    120_000,
  );
});

describe('a change that comes at once after a process was killed', () => {
  const orders = {
    'that ends before its clean-up': stepsNamed(
      ...['create', 'end', 'clean up', 'delete the names of officers'],
    ),
    'that ends after its clean-up': stepsNamed(
      ...['create', 'clean up', 'end', 'delete the names of officers'],
    ),
  };
  const points = Object.entries(orders).flatMap(([order, its]) =>
    its.slice(0, -1).map((step): [string, Step, Step[]] => [`${step.name}, ${order}`, step, its]),
  );

  it.each(points)(
    'hides nothing that was left half done: %s',
    async (_name, step, order) => {
      let kills = 0;
      for (let write = 1, wasKilled = true; wasKilled; write += 1) {
        const request = await broughtTo(step, order);
        const { requestId } = request;
        wasKilled = await killedAt(write, 'before', (ledger) => step.run(ledger, request));
        if (wasKilled) kills += 1;
        const ledger = storage.ledger(clock);
        if ((await ledger.get(requestId)) === null) continue;
        const [next] = order.slice(order.indexOf(step) + 1);
        await next?.run(ledger, request);
        await expectInView(requestId);
        await nextRuns();
        await expectRight(requestId);
        expect(await ledger.recountEnded()).toBe(false);
      }
      expect(kills).toBeGreaterThan(0);
    },
    120_000,
  );
});
