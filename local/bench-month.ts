/**
 * `npm run bench:month -- [--requests N] [--json]`: a month of requests in all outcomes on the local
 * host, whose clock is moved six hours at a time, and another while in which all that is left has to
 * go. The last line is one of JSON: how much is left of what should be gone, and how many clocks were
 * missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reachedBy } from './bench-request';
import { generateOrganisation } from './genesys/generate';
import { GenesysSimulator } from './genesys/simulator';
import { programToken } from './identity/sign-in';
import { day, periods, plans, step } from './month/clocks';
import { MonthSimulation, type Planned } from './month/month-simulation';
import { root } from './root';
import { freePorts } from './stack/ports';
import { Stack } from './stack/stack';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
});

/** Days in which requests arrive, and all in all. */
const [arrivalDays, allDays] = [30, 62];

const say = (line: string): void => void (options.json || process.stdout.write(`${line}\n`));

async function main(): Promise<void> {
  const requests = Number(options.requests);
  const { organisation, subject } = generateOrganisation({
    seed: 1,
    conversations: 2,
    meanSeconds: 5,
    now: new Date(),
  });
  const simulator = await GenesysSimulator.start({
    organisation,
    settings: { callsPerMinute: 1_000_000, jobDuration: 50, transcodeDuration: 50 },
  });
  const state = mkdtempSync(join(tmpdir(), 'bench-month-'));
  let stack: Stack | undefined;
  try {
    stack = await Stack.start({
      root,
      state,
      ports: await freePorts(),
      genesysArguments: null,
      genesysUrl: simulator.url,
      settings: {
        GENESYS_CALLS_PER_MINUTE: '100000',
        SMS_CODES_PER_NUMBER_PER_DAY: '100',
        SMS_CODES_PER_COUNTRY_PER_DAY: '100000',
        EMAILS_PER_MINUTE: '10000',
        EMAILS_PER_HOUR: '100000',
        TEXT_MESSAGES_PER_MINUTE: '10000',
        PORTAL_CALLS_PER_MINUTE: '100000',
        POLL_SECONDS: '0.1',
        SEARCH_YEARS: '1',
        VERIFICATION_DAYS: String(periods.verificationDays),
        REMINDER_DAYS: String(periods.reminderDays),
        AVAILABILITY_HOURS: String(periods.availabilityHours),
        FAILED_REQUEST_DAYS: String(periods.failedDays),
        HISTORY_RETENTION_DAYS: '3',
      },
    });
    const person = reachedBy(subject);
    const month = new MonthSimulation(
      stack,
      simulator,
      person,
      await programToken(stack.issuer, 'officer'),
    );
    const planned: Planned[] = [];
    const steps = (allDays * day) / step;
    for (let at = 0; at < steps; at += 1) {
      const isArriving = at < (arrivalDays * day) / step;
      const due = isArriving ? Math.round((requests * (at + 1)) / ((arrivalDays * day) / step)) : 0;
      for (const one of planned) {
        await one.next?.();
        one.next = null;
      }
      while (isArriving && planned.length < due) {
        const plan = plans[planned.length % plans.length] ?? 'expires';
        planned.push(await month.arrive(plan, planned.length));
      }
      await month.settle();
      if (at % 4 === 0) say(`day ${at / 4}: ${planned.length} requests`);
      await month.advance(step);
      await month.settle();
    }
    const missed: string[] = [];
    for (const one of planned) missed.push(...(await month.missedClocks(one)));
    for (const line of missed.slice(0, 20)) say(line);
    const left = await month.left();
    process.stdout.write(`${JSON.stringify({ requests, left, missedClocks: missed.length })}\n`);
    if (missed.length > 0 || Object.values(left).some((count) => count > 0)) process.exitCode = 1;
  } finally {
    await stack?.stop();
    await simulator.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
