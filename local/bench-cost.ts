/**
 * `npm run bench:cost -- [--conversations N,N] [--seconds N] [--minute N] [--json]`: what one request uses, from
 * the ticket to the deletion of its package, and what that costs by the list prices in
 * `local/cost/list-prices.ts`. Genesys Cloud takes 300 calls a minute, of as many seconds as `--minute`
 * says: 60, because an activity that waits for calls is billed while it waits. The timer's function does
 * not run: it serves all requests. A line of JSON for each size; 2,000 conversations take three quarters
 * of an hour.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { storageLogOf } from './azurite';
import { provenRequest, reachedBy, stateOf, stepUp, type Reached } from './bench-request';
import { busySeconds, priceOf, priceSource, storageCalls, type Invocation } from './cost/measured';
import { measuringHost } from './cost/measuring-host';
import { generateOrganisation, withMergedContact } from './genesys/generate';
import { GenesysSimulator } from './genesys/simulator';
import type { InboxMessage } from './inbox/inbox';
import { root } from './root';
import { freePorts } from './stack/ports';
import { Stack } from './stack/stack';
import { until } from './until';

const { values: options } = parseArgs({
  options: {
    conversations: { type: 'string', default: '20,200' },
    seconds: { type: 'string', default: '12' },
    minute: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});

const callsPerMinute = 300;
/** Memory of an instance on Azure, in gigabytes. */
const instanceGigabytes = 2;
const availabilityHours = 168;
/** What the Functions host logs of one run of a function: a request and its lines. To be checked. */
const hostBytesPerRun = 3000;

/** Takes telemetry by OTLP, and counts its bytes. */
class TelemetryCounter {
  bytes = 0;
  private constructor(private readonly server: Server) {}

  static async start(): Promise<TelemetryCounter> {
    const server = createServer((request, response) => {
      request.on('data', (part: Buffer) => (counter.bytes += part.length));
      request.on('end', () => {
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      });
    });
    const counter = new TelemetryCounter(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return counter;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

interface Measurement {
  stack: Stack;
  invocations: Invocation[];
  telemetry: TelemetryCounter;
  log: string;
}

async function run(conversations: number): Promise<void> {
  const minute = Number(options.minute);
  const { organisation, subject } = withMergedContact(
    generateOrganisation({
      seed: 1,
      conversations,
      conversationsOfOthers: 1,
      meanSeconds: Number(options.seconds),
      now: new Date(),
    }),
  );
  const simulator = await GenesysSimulator.start({
    organisation,
    settings: { callsPerMinute, rateWindow: minute * 1000 },
  });
  const state = mkdtempSync(join(tmpdir(), 'bench-cost-'));
  const telemetry = await TelemetryCounter.start();
  const invocations: Invocation[] = [];
  let stack: Stack | undefined;
  try {
    stack = await Stack.start({
      root,
      state,
      ports: await freePorts(),
      genesysArguments: null,
      genesysUrl: simulator.url,
      runHost: measuringHost((invocation) => invocations.push(invocation)),
      settings: {
        GENESYS_CALLS_PER_MINUTE: String(callsPerMinute),
        GENESYS_RATE_WINDOW_SECONDS: String(minute),
        AVAILABILITY_HOURS: String(availabilityHours),
        OTEL_EXPORTER_OTLP_ENDPOINT: telemetry.url,
        OTEL_BSP_SCHEDULE_DELAY: '1000',
      },
    });
    const measurement = { stack, invocations, telemetry, log: storageLogOf(state) };
    const result = await measure(measurement, reachedBy(subject));
    process.stdout.write(`${JSON.stringify({ conversations, ...result })}\n`);
  } finally {
    await stack?.stop();
    await simulator.stop();
    telemetry.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

async function measure(
  measurement: Measurement,
  person: Reached,
): Promise<Record<string, unknown>> {
  const { stack, invocations, telemetry, log } = measurement;
  const linesBefore = linesOf(log).length;
  const from = Date.now();
  const { packageBytes, messages } = await fulfil(stack, person);
  const seconds = (Date.now() - from) / 1000;
  // The last spans are on their way.
  await delay(3000);
  const storage = storageCalls(linesOf(log).slice(linesBefore));
  const http = invocations.filter(({ kind }) => kind === 'http');
  const durable = invocations.filter(({ kind }) => kind !== 'http');
  const busy = busySeconds(http) + busySeconds(durable);
  const usage = {
    gigabyteSeconds: Math.round(busy * instanceGigabytes),
    executions: invocations.length,
    storage,
    packageBytes,
    storedDays: availabilityHours / 24,
    downloadedBytes: packageBytes,
    loggedBytes: telemetry.bytes + invocations.length * hostBytesPerRun,
    emails: messages.filter(({ kind }) => kind === 'email').length,
    textMessages: messages.filter(({ kind }) => kind === 'sms').length,
  };
  const activities = invocations.filter(({ kind }) => kind === 'activities');
  return {
    seconds: Math.round(seconds),
    activityRuns: activities.length,
    activitySeconds: Math.round(activities.reduce((sum, one) => sum + one.to - one.from, 0) / 1000),
    busySeconds: Math.round(busy),
    telemetryBytes: telemetry.bytes,
    ...usage,
    price: { ...priceOf(usage), ...priceSource },
  };
}

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n');

/** Plays ticketing system and person, from the ticket to the deletion. */
async function fulfil(
  stack: Stack,
  person: Reached,
): Promise<{ packageBytes: number; messages: InboxMessage[] }> {
  const { requestId, messages } = await provenRequest(stack, person);
  const becomes = (state: string): Promise<true> =>
    until(state, async () => ((await stateOf(stack, requestId)) === state ? true : null), 14_400);
  await becomes('available');
  const { url } = await (await stepUp(stack, messages, person)).link();
  const { byteLength: packageBytes } = await (await fetch(url)).arrayBuffer();
  const { operations } = stack;
  // The package is deleted when its time is over; a download moves that by a day at most.
  await fetch(`${operations.url}/admin/local/clock`, {
    method: 'POST',
    headers: { 'x-functions-key': operations.keys.master },
    body: JSON.stringify({ advanceMilliseconds: (availabilityHours + 25) * 3_600_000 }),
  });
  await becomes('expired');
  return { packageBytes, messages: await messages() };
}

async function main(): Promise<void> {
  for (const conversations of options.conversations.split(',').map(Number)) {
    if (!options.json) process.stdout.write(`${conversations} conversations\n`);
    await run(conversations);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
