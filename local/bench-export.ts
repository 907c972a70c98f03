/**
 * `npm run bench:export -- --conversations N [--crowd N] [--exporter formatted|batch] [--concurrency N]
 * [--calls N] [--minute SECONDS] [--preparing SECONDS] [--masking-share ROUNDS] [--json]`: exports one person's
 * conversations out of an organisation's under the real rate limit of 300 calls a minute, with minutes of two
 * seconds, or as many as `--minute` says, for simulator and app alike. The last line is one of JSON;
 * `fixedCalls` in it are those that the request costs whatever its size, `callsOfConversations` the others, and
 * `aboveLeastCalls` how many more these are than the least (docs/calls.md), `storage` are the requests of storage
 * from the ticket to the package, by kind, and `phases` the seconds of each step of the orchestration. `--calls`
 * allows another number of calls, so that the app and not the rate limit takes the time. `--preparing` says how
 * long the simulator takes to prepare a recording or a batch. `--masking-share` exports with the default policy
 * and with one that masks nothing, in turns, and tells which share of the time and of the processor time of the
 * app's process is masking.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { storageLogOf } from './azurite';
import { benchOrganisation } from './bench-organisation';
import {
  durableInstances,
  processOf,
  provenRequest,
  reachedBy,
  stateOf,
  type Reached,
} from './bench-request';
import { phasesOf } from './cost/phases';
import { storageTally } from './cost/storage-requests';
import { CallTally } from './genesys/call-tally';
import type { Exchange } from './genesys/dispatcher';
import { leastCalls } from './genesys/least-calls';
import type { OrgContact, OrgConversation, Organisation } from './genesys/organisation';
import { GenesysSimulator } from './genesys/simulator';
import { peakMemory } from './large/memory';
import { root } from './root';
import { freePorts } from './stack/ports';
import { Stack } from './stack/stack';
import { until } from './until';

const { values: options } = parseArgs({
  options: {
    conversations: { type: 'string', default: '1000' },
    crowd: { type: 'string', default: '0' },
    exporter: { type: 'string', default: 'formatted' },
    concurrency: { type: 'string', default: '4' },
    calls: { type: 'string', default: '300' },
    minute: { type: 'string', default: '2' },
    preparing: { type: 'string', default: '1.5' },
    'masking-share': { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});

/** A minute of the rate limit, in seconds. */
const minuteSeconds = Number(options.minute);
const callsPerMinute = Number(options.calls);
/** Years of which the simulator finds conversations. */
const searchableYears = 5;
const msPerDay = 86_400_000;

/** Processor time of a process so far, in seconds: clock ticks of user and system (proc(5)). */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A policy by which nothing is masked. */
const maskingOff = {
  version: 1,
  agents: 'name',
  otherPeople: 'keep',
  cardNumbers: 'keep',
  patterns: [],
};

const conversationOperation = '/api/v2/conversations/{conversationId}';

/** When calls came and how they were answered. */
class CallLog {
  readonly answered: number[] = [];
  readonly throttled: number[] = [];
  /** Those that were answered, by what they are for. */
  readonly tally = new CallTally();
  /** When conversations were asked for, one by one. */
  readonly conversations: number[] = [];

  note(exchange: Exchange): void {
    const isRefused = exchange.status === 429;
    (isRefused ? this.throttled : this.answered).push(Date.now());
    if (!isRefused && exchange.operation === conversationOperation)
      this.conversations.push(Date.now());
    if (!isRefused) this.tally.note(exchange);
  }

  between(times: number[], from: number, to: number): number {
    return times.filter((time) => time >= from && time < to).length;
  }
}

type Masking = 'default' | 'off';

async function main(): Promise<void> {
  const rounds = Number(options['masking-share']);
  const print = (result: object): void =>
    void process.stdout.write(
      `${JSON.stringify({ conversations: Number(options.conversations), ...result })}\n`,
    );
  if (rounds === 0) {
    print(await exportOnce('default'));
    return;
  }
  const taken: Record<Masking, Record<string, number>[]> = { default: [], off: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const masking of ['default', 'off'] as const) {
      const { seconds, processorSeconds: ofProcessor } = await exportOnce(masking);
      taken[masking].push({ seconds: Number(seconds), processorSeconds: Number(ofProcessor) });
    }
  const least = (masking: Masking, of: string): number =>
    Math.min(...taken[masking].map((one) => one[of] ?? Infinity));
  const share = (of: string): number =>
    Number((1 - least('off', of) / least('default', of)).toFixed(3));
  print({
    rounds: taken,
    maskingShare: share('seconds'),
    maskingShareOfProcessor: share('processorSeconds'),
  });
}

async function exportOnce(masking: Masking): Promise<Record<string, unknown>> {
  const conversations = Number(options.conversations);
  const { organisation, subject } = benchOrganisation(conversations, Number(options.crowd));
  const say = (line: string): void => void (options.json || process.stdout.write(`${line}\n`));
  say(`${organisation.conversations.length} conversations, ${conversations} to be found`);
  const calls = new CallLog();
  const simulator = await GenesysSimulator.start({
    organisation,
    settings: {
      callsPerMinute,
      rateWindow: minuteSeconds * 1000,
      transcodeDuration: Number(options.preparing) * 1000,
    },
    onExchange: (exchange) => calls.note(exchange),
  });
  const state = mkdtempSync(join(tmpdir(), 'bench-export-'));
  const policy = join(state, 'policy.json');
  writeFileSync(policy, JSON.stringify(maskingOff));
  let stack: Stack | undefined;
  try {
    stack = await Stack.start({
      root,
      state,
      ports: await freePorts(),
      genesysArguments: null,
      genesysUrl: simulator.url,
      settings: {
        GENESYS_CALLS_PER_MINUTE: String(callsPerMinute),
        GENESYS_RATE_WINDOW_SECONDS: String(minuteSeconds),
        RECORDING_EXPORTER: options.exporter,
        EXPORT_CONCURRENCY: options.concurrency,
        POLL_SECONDS: '1',
        ...(masking === 'off' ? { REDACTION_POLICY_FILE: policy } : {}),
      },
    });
    const least = leastCalls(
      foundOf(organisation, subject),
      options.exporter === 'batch' ? 'batch' : 'formatted',
    );
    return await measure(
      stack,
      { calls, storageLog: storageLogOf(state), least },
      reachedBy(subject),
    );
  } finally {
    await stack?.stop();
    await simulator.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

/** The person's conversations that the source can find. */
const foundOf = ({ conversations }: Organisation, { id }: OrgContact): OrgConversation[] =>
  conversations.filter(
    ({ ownerId, start }) =>
      ownerId === id && Date.parse(start) > Date.now() - searchableYears * 365 * msPerDay,
  );

/** What an export is measured by. */
interface Measured {
  calls: CallLog;
  storageLog: string;
  /** The least calls of its conversations, by operation. */
  least: Record<string, number>;
}

/** How many calls more than the least there were, as a share of the least. */
function aboveLeast(counts: Record<string, number>, least: Record<string, number>): number {
  const sumOf = (of: Record<string, number>): number =>
    Object.values(of).reduce((sum, count) => sum + count, 0);
  return Number((sumOf(counts) / sumOf(least) - 1).toFixed(4));
}

async function measure(
  stack: Stack,
  { calls, storageLog, least }: Measured,
  person: Reached,
): Promise<Record<string, unknown>> {
  const linesBefore = linesOf(storageLog).length;
  const { requestId } = await provenRequest(stack, person);
  const app = await processOf(stack);
  const before = processorSeconds(app);
  const from = Date.now();
  await until(
    'the package',
    async () => {
      const state = await stateOf(stack, requestId);
      if (state === 'failed') throw new Error('The request has failed.');
      return state === 'available' ? true : null;
    },
    7200,
  );
  const seconds = (Date.now() - from) / 1000;
  const processor = processorSeconds(app) - before;
  const peak = peakMemory(app);
  const instances = await durableInstances(stack);
  const phases = phasesOf(instances, requestId);
  const answered = calls.answered.length;
  const storage = storageTally(linesOf(storageLog).slice(linesBefore));
  return {
    seconds,
    processorSeconds: processor,
    calls: answered,
    fixedCalls: calls.tally.total,
    fixedCallsBySteps: calls.tally.bySteps,
    fixedCallsByOperation: calls.tally.byOperation,
    callsPerConversation: answered / Number(options.conversations),
    callsOfConversations: calls.tally.ofConversations,
    aboveLeastCalls: aboveLeast(calls.tally.ofConversations, least),
    // While there are conversations to do, every page at work has calls to make.
    budgetUsed: budgetUsed(
      calls,
      Math.min(...calls.conversations),
      Math.max(...calls.conversations),
    ),
    throttled: calls.throttled.length / (answered + calls.throttled.length),
    peakMemoryMiB: peak,
    maxHistoryEvents: Math.max(...instances.map(({ historyEvents }) => historyEvents.length)),
    storagePerConversation: storage.total / Number(options.conversations),
    storage,
    phases,
  };
}

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n');

/**
 * Answered calls over the allowance, in the whole minutes in which calls were always waiting, because
 * every page at work had conversations to do; but for the first and the last of them.
 */
function budgetUsed(calls: CallLog, from: number, to: number): number {
  const minute = minuteSeconds * 1000;
  const first = from + minute;
  const minutes = Math.floor((to - minute - first) / minute);
  if (minutes < 1) return 0;
  return (
    calls.between(calls.answered, first, first + minutes * minute) / (minutes * callsPerMinute)
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
