/**
 * `npm run bench:many -- [--requests N] [--conversations N] [--large N] [--minute SECONDS] [--calls N] [--json]`:
 * requests that come together, on two processes of the app with one allowance of calls. They run by themselves, and
 * then beside one request of `--large` conversations that has begun before them (0 leaves that out). The last line is
 * one of JSON: seconds from the proof of identity to the package (median, p95, the longest), and of all writes to rows
 * of the allowance and of the ledger, how many came second (412). A minute of the rate limit lasts `--minute` seconds,
 * for simulator and app alike.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { durableSummaries, postRequest, reachedBy, type BenchRequest } from './bench-request';
import { generateOrganisation } from './genesys/generate';
import type { OrgContact } from './genesys/organisation';
import { GenesysSimulator } from './genesys/simulator';
import type { InboxMessage } from './inbox/inbox';
import { CallWatch } from './ledger/counted-calls';
import { WriteConflicts } from './ledger/write-conflicts';
import { Subject } from './portal-client';
import { root } from './root';
import { freePorts } from './stack/ports';
import { Stack } from './stack/stack';
import { until } from './until';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '100' },
    conversations: { type: 'string', default: '20' },
    large: { type: 'string', default: '2000' },
    minute: { type: 'string', default: '4' },
    calls: { type: 'string', default: '300' },
    json: { type: 'boolean', default: false },
  },
});

const requests = Number(options.requests);
const conversations = Number(options.conversations);
const minuteSeconds = Number(options.minute);
const processes = '2';
/** Longest time for all requests, in seconds. */
const longest = 7200;

const say = (line: string): void => void (options.json || process.stdout.write(`${line}\n`));

/** One stack with its people, and when the calls came. */
interface Bench {
  stack: Stack;
  /** Whom the large request is about. */
  large: OrgContact;
  /** Whom the others are about, in turns. */
  people: OrgContact[];
  conflicts: WriteConflicts;
  answered: () => number;
  throttled: () => number;
}

/** A request that came, and whom it is about. */
interface Posted {
  requestId: string;
  ticketId: string;
  person: OrgContact;
}

async function main(): Promise<void> {
  const alone = await withBench(0, (bench) => measure(bench, []));
  say(`by themselves: ${JSON.stringify(alone)}`);
  const largeSize = Number(options.large);
  const beside =
    largeSize === 0
      ? null
      : await withBench(largeSize, async (bench) => measure(bench, [await begin(bench)]));
  const result = { requests, conversations, largeSize, minuteSeconds, alone, beside };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function withBench<T>(largeSize: number, work: (bench: Bench) => Promise<T>): Promise<T> {
  const { organisation, subject } = generateOrganisation({
    seed: 1,
    conversations: largeSize,
    conversationsOfOthers: conversations,
    meanSeconds: 12,
    now: new Date(),
    years: 5,
  });
  const counts = { answered: 0, throttled: 0 };
  const simulator = await GenesysSimulator.start({
    organisation,
    settings: { callsPerMinute: Number(options.calls), rateWindow: minuteSeconds * 1000 },
    onExchange: ({ status }) => {
      if (status === 429) counts.throttled += 1;
      else counts.answered += 1;
    },
  });
  const state = mkdtempSync(join(tmpdir(), 'bench-many-'));
  const ports = await freePorts();
  const conflicts = new WriteConflicts();
  const tables = await CallWatch.start(ports.table, (call) => conflicts.note(call));
  let stack: Stack | undefined;
  try {
    stack = await Stack.start({
      root,
      state,
      ports,
      appPorts: { table: tables.port },
      genesysArguments: null,
      genesysUrl: simulator.url,
      settings: {
        FUNCTIONS_WORKER_PROCESS_COUNT: processes,
        GENESYS_CALLS_PER_MINUTE: options.calls,
        GENESYS_RATE_WINDOW_SECONDS: options.minute,
        SMS_CODES_PER_NUMBER_PER_DAY: '100',
        TEXT_MESSAGES_PER_MINUTE: '1000',
        PORTAL_CALLS_PER_MINUTE: '100000',
        POLL_SECONDS: '1',
      },
    });
    return await work({
      stack,
      large: subject,
      people: peopleIn(organisation.contacts, subject),
      conflicts,
      answered: () => counts.answered,
      throttled: () => counts.throttled,
    });
  } finally {
    await stack?.stop();
    tables.stop();
    await simulator.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

/** People whom nobody can be mistaken for: the last of the organisation. */
function peopleIn(contacts: readonly OrgContact[], subject: OrgContact): OrgContact[] {
  const reached = contacts.filter((one) => {
    const { email, phone } = reachedBy(one);
    return one.id !== subject.id && email !== '' && phone !== '';
  });
  return reached.slice(-8);
}

/** Begins the large request, and waits until it has used up what two minutes have. */
async function begin(bench: Bench): Promise<Posted> {
  const posted = await post(bench, bench.large, 'LARGE');
  await proveAll(bench, [posted], () => undefined);
  await until('the large export', () =>
    Promise.resolve(bench.answered() > 2 * Number(options.calls) ? true : null),
  );
  return posted;
}

async function post({ stack }: Bench, person: OrgContact, ticketId: string): Promise<Posted> {
  const { requestId } = await postRequest(stack, reachedBy(person).email, ticketId);
  return { requestId, ticketId, person };
}

async function measure(bench: Bench, others: readonly Posted[]): Promise<Record<string, unknown>> {
  const { stack, people, conflicts } = bench;
  const before = { answered: bench.answered(), throttled: bench.throttled() };
  const posted: Posted[] = [];
  for (let i = 0; i < requests; i += 1) {
    const person = people[i % people.length];
    if (person) posted.push(await post(bench, person, `MANY-${i}`));
  }
  say(`${posted.length} requests were posted`);
  const began = new Map<string, number>();
  const seconds = new Map<string, number>();
  const started = Date.now();
  let proven = 0;
  const proofs = async (): Promise<void> => {
    await proveAll(bench, posted, ({ requestId }) => began.set(requestId, Date.now()));
    proven = (Date.now() - started) / 1000;
    say(`all have proven who they are after ${proven} s`);
  };
  const look = async (): Promise<true | null> => {
    const states = await statesOf(stack);
    for (const { requestId } of posted) {
      const since = began.get(requestId);
      if (since !== undefined && states.get(requestId) === 'available' && !seconds.has(requestId))
        seconds.set(requestId, (Date.now() - since) / 1000);
    }
    return seconds.size === posted.length ? true : null;
  };
  // The first packages may be there before the last person has proven who they are.
  await Promise.all([proofs(), until('the packages', look, longest)]);
  const states = await statesOf(stack);
  return {
    waitingSeconds: spread([...seconds.values()]),
    provenAfterSeconds: proven,
    allAfterSeconds: (Date.now() - started) / 1000,
    calls: bench.answered() - before.answered,
    throttled: bench.throttled() - before.throttled,
    othersDone: others.filter(({ requestId }) => states.get(requestId) === 'available').length,
    conflicts: Object.fromEntries(
      ['rateLimits', 'requests', 'requestIndex', 'items', 'outbox'].map((table) => [
        table,
        conflicts.of(table),
      ]),
    ),
  };
}

/** Median, 95th percentile and the longest. */
function spread(seconds: number[]): Record<string, number> {
  const sorted = seconds.sort((one, other) => one - other);
  const at = (part: number): number => sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
  return { shortest: at(0.001), median: at(0.5), p95: at(0.95), max: at(1) };
}

/** States of all requests, from one call of the task hub. */
async function statesOf(stack: Stack): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for (const { instanceId, customStatus, output } of await durableSummaries(stack)) {
    const [, requestId] = /^request-(.*)$/.exec(instanceId) ?? [];
    if (requestId === undefined) continue;
    if (output?.state === 'failed') throw new Error('A request has failed.');
    const isAvailable = customStatus?.step === 'waitForExpiry';
    states.set(requestId, output?.state ?? (isAvailable ? 'available' : 'open'));
  }
  return states;
}

/** Each person opens all links they got, one after the other, and proves who they are. */
async function proveAll(
  bench: Bench,
  posted: readonly Posted[],
  onProof: (posted: Posted) => void,
): Promise<void> {
  const messagesOf: BenchRequest['messages'] = async () =>
    (await (await fetch(`${bench.stack.inboxUrl}/messages`)).json()) as InboxMessage[];
  const people = [...new Set(posted.map(({ person }) => person))];
  await Promise.all(
    people.map(async (person) => {
      const own = posted.filter((one) => one.person === person);
      const links = await until(
        'the mails',
        async () => {
          const found = linksTo(await messagesOf(), reachedBy(person).email);
          return found.length >= own.length ? found : null;
        },
        longest,
      );
      // Mails come in any order.
      for (const link of links.slice(0, own.length)) {
        const reference = await prove(bench, person, link, messagesOf);
        const proven = own.find(({ ticketId }) => ticketId === reference);
        if (!proven) throw new Error('A link is of no request of its person.');
        onProof(proven);
      }
    }),
  );
}

function linksTo(messages: readonly InboxMessage[], address: string): string[] {
  const texts = messages.filter(({ kind, to }) => kind === 'email' && to === address);
  return texts.flatMap(({ text }) => /https?:\/\/\S+\/portal#\S+/.exec(text)?.[0] ?? []);
}

/** @returns what the request is called by the ticketing system */
async function prove(
  { stack }: Bench,
  person: OrgContact,
  link: string,
  messages: BenchRequest['messages'],
): Promise<string> {
  const texts = async (): Promise<string[]> =>
    (await messages())
      .filter(({ kind, to }) => kind === 'sms' && to === reachedBy(person).phone)
      .map(({ text }) => text.slice(0, 8));
  const before = (await texts()).length;
  const visitor = new Subject(stack.hostUrl);
  await visitor.open(link);
  await visitor.call('POST', 'code');
  const code = await until('the code', async () => (await texts())[before] ?? null);
  await visitor.verify(code);
  const { reference } = await visitor.call<{ reference: string }>('GET', 'request');
  return reference;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
