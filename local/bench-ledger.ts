/**
 * `npm run bench:ledger -- [--ended 1000,100000,1000000] [--open N] [--entries N] [--json]`: what the sweeper,
 * the watch over open requests, the clean-up, a page of a list and a search ask of storage when so many
 * requests have ended: calls, rows in their answers, bytes. A line of JSON for each operation and size, with
 * the time that the emulator takes, which is none of the service's. Ends with an error where a call of the
 * ledger's tables is neither of one row nor of one partition, or where the cost grows with what has ended.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TableLedger } from '../src/adapters/storage/ledger';
import { compose, type AppContext } from '../src/composition/compose';
import { loadConfig } from '../src/config/config';
import { noStatutoryNotices } from '../src/core/messages/statutory-notices';
import { newRequest, type RequestDetails, type RequestRecord } from '../src/core/request/record';
import type { CleanUpStage } from '../src/core/request/request-index';
import { addDays } from '../src/core/time/time';
import { monitorRequests } from '../src/services/monitor';
import { listRequests, summariesOf, type ListQuery } from '../src/services/request-lists';
import { applyRetention } from '../src/services/retention';
import { requestIdsOfTicket } from '../src/services/submission';
import { sweep } from '../src/services/sweep';
import { accountOf, startAzurite, storageConnectionString } from './azurite';
import {
  CallWatch,
  countedCall,
  type AnsweredCall,
  type CountedCall,
} from './ledger/counted-calls';
import type { FillOrder } from './ledger/filled-azurite';
import { root } from './root';
import { appSettings } from './stack/app-settings';
import { freePorts } from './stack/ports';

const { values: options } = parseArgs({
  options: {
    ended: { type: 'string', default: '1000,100000,1000000' },
    open: { type: 'string', default: '100' },
    entries: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void (options.json || process.stdout.write(`${line}\n`));

const ticketId = 'BENCH-1';
/** Requests of which something is due at the clean-up, of each kind. */
const due = 3;
/** Requests that have ended within the last weeks, which are on the first page, and within the last days. */
const ofWeeks = 22;
const ofDays = 3;
/** Tables whose size is that of the ledger. */
const ledgerTables = ['requests', 'requestIndex', '$batch'];
const megabytes = 14_000;

const details: RequestDetails = {
  ...{ ticketId, identifiers: [], name: null, locale: 'en', timeZone: 'UTC' },
  ...{ contactMatches: null, contact: null, decision: null },
  statutoryNotices: noStatutoryNotices,
};

/** An app on an emulator of its own, whose calls are counted. */
class Bench {
  private constructor(
    readonly app: AppContext,
    /** Calls of the app so far. */
    private readonly calls: CountedCall[],
    private readonly fillWith: (order: FillOrder) => Promise<void>,
    private readonly account: string,
    private readonly connectionString: string,
    readonly stop: () => void,
  ) {}

  static async start(): Promise<Bench> {
    const state = mkdtempSync(join(tmpdir(), 'bench-ledger-'));
    const ports = await freePorts();
    const script = 'ledger/filled-azurite.js';
    const given = { root, state, ports, location: null, script, memoryMegabytes: megabytes };
    const azurite = await startAzurite(given);
    const calls: CountedCall[] = [];
    const count = (call: AnsweredCall): void => void calls.push(countedCall(call));
    const [blobs, tables] = [
      await CallWatch.start(ports.blob, count),
      await CallWatch.start(ports.table, count),
    ];
    const unused = { host: 1, genesys: 1, identity: 1, queue: 1, inbox: 1, smtp: 1 };
    const settings = appSettings({
      ...{ root, state, genesysArguments: null, genesysUrl: 'http://127.0.0.1:9' },
      ports: { ...unused, blob: blobs.port, table: tables.port },
    });
    const accepted = (): Promise<void> => Promise.resolve();
    const composed = compose(loadConfig(settings));
    const app: AppContext = { ...composed, notifier: { email: accepted, sms: accepted } };
    const fill = (order: FillOrder): Promise<void> =>
      new Promise((done, fail) => {
        azurite.once('message', () => done());
        azurite.once('exit', () => fail(new Error('Azurite has ended.')));
        azurite.send(order);
      });
    const stop = (): void => {
      azurite.removeAllListeners('exit');
      azurite.kill('SIGKILL');
      for (const watch of [blobs, tables]) watch.stop();
      rmSync(state, { recursive: true, force: true });
    };
    const account = accountOf(state);
    const direct = storageConnectionString(account, ports);
    return new Bench(app, calls, fill, account.name, direct, stop);
  }

  /** A ledger of a time in the past, whose calls are not counted. */
  ledgerAt(time: Date): TableLedger {
    const { keys, witness } = this.app;
    return new TableLedger(this.connectionString, keys, { now: () => time }, witness);
  }

  async request(change: Partial<RequestRecord> = {}): Promise<RequestRecord> {
    const at = this.app.clock.now().toISOString();
    const record = newRequest({
      ...{ requestId: randomUUID(), organisation: 'main', createdAt: at, receivedAt: at },
      ...{ law: 'gdpr', rights: ['access'], locale: 'en', bodyHash: 'hash', hasCallback: false },
      wrappedSecret: await this.app.keys.createSecret(),
    });
    return { ...record, ...change };
  }

  async store(record: RequestRecord): Promise<void> {
    await this.ledgerAt(this.app.clock.now()).create(record, details, null);
  }

  /** Stores a request that was cleaned up some days ago, and of which this is left to delete. */
  async storeCleaned(daysAgo: number, left: CleanUpStage): Promise<void> {
    const at = addDays(this.app.clock.now(), -daysAgo);
    const ledger = this.ledgerAt(at);
    const record = await this.request();
    const { requestId } = record;
    await ledger.create(record, details, null);
    await ledger.move(requestId, 'noDataFound');
    await ledger.deleteDetails(requestId);
    const cleanedAt = at.toISOString();
    await ledger.note(requestId, { event: 'deleted' }, { wrappedSecret: null, cleanedAt });
    if (left === 'proof') await ledger.update(requestId, { annotationsDeletedAt: cleanedAt });
  }

  /** Adds ended requests that are neither recent nor due. */
  async fill(count: number): Promise<void> {
    const record = await this.request({ state: 'noDataFound' });
    const { state, ...rest } = record;
    const now = this.app.clock.now();
    const request = { requestId: record.requestId, state, reason: null, locale: 'en' };
    await this.fillWith({
      ...{ account: this.account, count, entries: Number(options.entries) },
      request: { state, isOpen: false, hasCallback: false, record: JSON.stringify(rest) },
      ended: JSON.stringify({ ...request, receivedAt: record.receivedAt }),
      entry: { entry: JSON.stringify({ sequence: 1, at: record.createdAt, event: 'deleted' }) },
      newest: addDays(now, -200).getTime(),
      oldest: addDays(now, -600).getTime(),
    });
  }

  /** The calls of some work, and its time. */
  async measure(work: () => Promise<unknown>): Promise<{ calls: CountedCall[]; seconds: number }> {
    this.calls.length = 0;
    const from = performance.now();
    await work();
    const seconds = (performance.now() - from) / 1000;
    return { calls: [...this.calls], seconds };
  }
}

const quiet = { info: (): void => undefined, warn: (): void => undefined };
const done = (): Promise<void> => Promise.resolve();
const orchestrations = { ensureFulfilment: done, ensureWebhooks: done, notify: done };
const list = (app: AppContext, query: ListQuery): Promise<unknown> => listRequests(app, query);

const operations: Record<string, (app: AppContext) => Promise<unknown>> = {
  sweeper: (app) => sweep(app, orchestrations, console),
  watch: (app) => monitorRequests(app, app.monitorLimits, { lastStepOf: () => null, log: quiet }),
  cleanUp: (app) => applyRetention(app, app.purgeLimits),
  openPage: (app) => list(app, { view: 'open', filter: {}, after: null }),
  donePage: (app) => list(app, { view: 'done', filter: {}, after: null }),
  search: (app) => summariesOf(app, requestIdsOfTicket(app, ticketId)),
};

/** What is due at the clean-up, by the limits of the app. */
async function storeDue(bench: Bench): Promise<void> {
  const { annotationRetentionDays, proofRetentionYears } = bench.app.purgeLimits;
  for (let i = 0; i < due; i += 1) {
    await bench.storeCleaned(annotationRetentionDays + 1, 'annotations');
    await bench.storeCleaned(proofRetentionYears * 366 + 1, 'proof');
  }
}

interface Result {
  operation: string;
  ended: number;
  requests: number;
  entities: number;
  bytes: number;
  /** Calls that are neither of one row or blob, nor of one partition or prefix, by table. */
  scans: Record<string, number>;
  seconds: number;
}

async function run(ended: number): Promise<Result[]> {
  const bench = await Bench.start();
  try {
    const [requestId = ''] = requestIdsOfTicket(bench.app, ticketId);
    await bench.store(await bench.request({ requestId }));
    for (let i = 1; i < Number(options.open); i += 1) await bench.store(await bench.request());
    for (let i = 0; i < ofWeeks; i += 1) await bench.storeCleaned(20, 'annotations');
    for (let i = 0; i < ofDays; i += 1) await bench.storeCleaned(1, 'annotations');
    await storeDue(bench);
    // Tables are created, and the index is built, when they are first used.
    for (const work of Object.values(operations)) await work(bench.app);
    await storeDue(bench);
    await bench.fill(ended);
    const results: Result[] = [];
    for (const [operation, work] of Object.entries(operations)) {
      const { calls, seconds } = await bench.measure(() => work(bench.app));
      results.push({ operation, ended, ...sumOf(calls), seconds: Number(seconds.toFixed(1)) });
      const line = results.at(-1);
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
    return results;
  } finally {
    bench.stop();
  }
}

function sumOf(calls: readonly CountedCall[]): Omit<Result, 'operation' | 'ended' | 'seconds'> {
  const scans: Record<string, number> = {};
  for (const { kind, place } of calls) if (kind === 'scan') scans[place] = (scans[place] ?? 0) + 1;
  return {
    requests: calls.length,
    entities: calls.reduce((sum, { entities }) => sum + entities, 0),
    bytes: calls.reduce((sum, { bytes }) => sum + bytes, 0),
    scans,
  };
}

/** Share by which bytes may differ: times and random ids are not all of one length. */
const tolerance = 0.02;

/** What is wrong with the results, in sentences. */
function problemsOf(results: readonly Result[]): string[] {
  const problems = results.flatMap(({ operation, ended, scans }) =>
    ledgerTables
      .filter((table) => scans[table] !== undefined)
      .map((table) => `${operation} at ${ended} reads across partitions of ${table}.`),
  );
  for (const first of results) {
    const others = results.filter(({ operation }) => operation === first.operation);
    if (others[0] !== first) continue;
    for (const other of others) {
      const isSame = other.requests === first.requests && other.entities === first.entities;
      const isAsLong = Math.abs(other.bytes - first.bytes) <= first.bytes * tolerance;
      if (!isSame || !isAsLong)
        problems.push(`${first.operation} costs something else at ${other.ended} ended requests.`);
    }
  }
  return problems;
}

async function main(): Promise<void> {
  const results: Result[] = [];
  for (const ended of options.ended.split(',').map(Number)) {
    say(`${ended} ended requests`);
    results.push(...(await run(ended)));
  }
  const problems = problemsOf(results);
  process.stdout.write(`${JSON.stringify({ isFlat: problems.length === 0, problems })}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
