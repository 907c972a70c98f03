/**
 * `npm run bench:month -- [--requests N] [--json]`: a month of requests in all outcomes on the local
 * host, whose clock is moved six hours at a time, and another while in which all that is left has to
 * go. The last line is one of JSON: how much is left of what should be gone, and how many clocks were
 * missed.
 */
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { CustodyLine } from '../src/core/custody';
import { packageEndsAt } from '../src/core/package-end';
import { isFinal, type RequestState } from '../src/core/states';
import { generateOrganisation } from './genesys/generate';
import { GenesysSimulator } from './genesys/simulator';
import { programToken } from './identity/sign-in';
import type { InboxMessage } from './inbox/inbox';
import { freePorts, Stack } from './stack';
import { codeFrom, linkFrom, Subject } from './subject';
import { until } from './until';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
});

const hour = 3_600_000;
const day = 24 * hour;
const step = 6 * hour;
/** Days in which requests arrive, and all in all. */
const [arrivalDays, allDays] = [30, 62];
const verificationDays = 7;
const reminderDays = 3;
const failedDays = 10;
const availabilityHours = 72;

/** What becomes of a request, by what people do and do not do. */
const plans = [
  'expires',
  'isDownloaded',
  'isRecalled',
  'isCancelled',
  'isRefused',
  'isExtended',
  'isUnverified',
  'isUnknown',
  'failsAndIsRetried',
  'failsForGood',
  'isLate',
] as const;
type Plan = (typeof plans)[number];

interface Planned {
  plan: Plan;
  requestId: string;
  /** What is done with it six hours later, when its package is there. */
  next: (() => Promise<void>) | null;
}

/** What of a request's row is looked at. */
interface LedgerRow {
  state: RequestState;
  proofAskedAt: string | null;
  availableUntil: string | null;
  downloadUntil: string | null;
  cleanedAt: string | null;
  wrappedSecret: string | null;
}

const say = (line: string): void => void (options.json || process.stdout.write(`${line}\n`));

/** The month: a stack, a simulated source, one person who asks again and again, an officer. */
class Month {
  private offset = 0;
  private seen = 0;

  constructor(
    private readonly stack: Stack,
    private readonly simulator: GenesysSimulator,
    private readonly person: { email: string; phone: string },
    private readonly token: string,
  ) {}

  now(): number {
    return Date.now() + this.offset;
  }

  async advance(milliseconds: number): Promise<void> {
    this.offset += milliseconds;
    const { url, keys } = this.stack.operations;
    await fetch(`${url}/admin/local/clock`, {
      method: 'POST',
      headers: { 'x-functions-key': keys.master },
      body: JSON.stringify({ advanceMilliseconds: milliseconds }),
    });
  }

  async messages(): Promise<InboxMessage[]> {
    return (await (await fetch(`${this.stack.inboxUrl}/messages`)).json()) as InboxMessage[];
  }

  async officer<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.stack.hostUrl}/api/requests${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.token}` },
      ...(body ? { body: JSON.stringify({ why: 'as planned', ...body }) } : {}),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    return (await response.json()) as T;
  }

  async state(requestId: string): Promise<string> {
    const response = await fetch(`${this.stack.hostUrl}/api/requests/${requestId}`, {
      headers: { 'x-functions-key': this.stack.keys.function },
    });
    return ((await response.json()) as { state: string }).state;
  }

  /** Posts a request; for a known person, waits for its mail and opens it. */
  async arrive(plan: Plan, number: number): Promise<Planned> {
    const isKnown = plan !== 'isUnknown';
    const age = plan === 'isLate' ? 26 * day : 0;
    this.seen = (await this.messages()).length;
    const response = await fetch(`${this.stack.hostUrl}/api/requests`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'x-functions-key': this.stack.keys.function,
      },
      body: JSON.stringify({
        ticketId: `MONTH-${number}`,
        receivedAt: new Date(this.now() - age).toISOString(),
        rights: ['access', 'portability'],
        identifiers: [
          { type: 'email', value: isKnown ? this.person.email : 'who@nowhere.example' },
        ],
      }),
    });
    if (response.status !== 202) throw new Error(`POST answered ${response.status}.`);
    const { requestId } = (await response.json()) as { requestId: string };
    const planned: Planned = { plan, requestId, next: null };
    if (!isKnown) {
      await until('nothing held', () => this.when(requestId, 'nothingHeld'));
      return planned;
    }
    await this.follow(planned);
    return planned;
  }

  private async when(requestId: string, ...states: string[]): Promise<true | null> {
    return states.includes(await this.state(requestId)) ? true : null;
  }

  private async stepUp(link: string): Promise<Subject> {
    const { phone } = this.person;
    const person = new Subject(this.stack.hostUrl);
    await person.open(link);
    this.seen = (await this.messages()).length;
    await person.call('POST', 'code');
    const code = await until('the code', async () =>
      codeFrom((await this.messages()).slice(this.seen), phone),
    );
    await person.verify(code);
    return person;
  }

  /** Does what is done on the day of arrival, and says what is left for later. */
  private async follow(planned: Planned): Promise<void> {
    const { plan, requestId } = planned;
    const post = async (path: string, body: object = {}): Promise<void> => {
      await this.officer('POST', `/${requestId}/${path}`, body);
    };
    await until('the invitation', () => this.when(requestId, 'awaitingVerification'));
    const link = await until('the mail', async () =>
      linkFrom((await this.messages()).slice(this.seen), this.person.email),
    );
    switch (plan) {
      case 'isUnverified':
      case 'isLate':
        return;
      case 'isCancelled':
        return post('cancel');
      case 'isRefused':
        return post('refuse', { reason: 'excessive' });
      case 'isExtended':
        await post('extend', { reason: 'complexity' });
        break;
      case 'failsAndIsRetried':
      case 'failsForGood':
        // The others must be through before the source refuses everybody.
        await this.settle();
        this.simulator.settings.missingPermissions = ['quality:survey:view'];
        await this.stepUp(link);
        await until('the failure', () => this.when(requestId, 'failed'));
        this.simulator.settings.missingPermissions = [];
        if (plan === 'failsForGood') return;
        return post('retry');
      default:
    }
    await this.stepUp(link);
    if (plan === 'isRecalled') planned.next = () => post('recall');
    if (plan === 'isDownloaded') {
      planned.next = async () => {
        const { url } = await (await this.stepUp(link)).link('page');
        await (await fetch(url)).arrayBuffer();
      };
    }
  }

  /** Rows of all requests, as the ledger has them. */
  private async records(): Promise<LedgerRow[]> {
    const table = TableClient.fromConnectionString(this.stack.connectionString, 'requests', {
      allowInsecureConnection: true,
    });
    // The app makes it with the first request.
    await table.createTable();
    const rows: LedgerRow[] = [];
    const queryOptions = { filter: "RowKey eq 'request'" };
    for await (const row of table.listEntities<{ record: string; state: string }>({ queryOptions }))
      rows.push({ ...(JSON.parse(row.record) as LedgerRow), state: row.state as RequestState });
    return rows;
  }

  /** Whether the app has something to do now: work that is under way, or that has become due. */
  private isAtWork(row: LedgerRow): boolean {
    const { state, proofAskedAt, cleanedAt } = row;
    const isPast = (iso: string | null, days: number): boolean =>
      iso !== null && Date.parse(iso) + days * day <= this.now();
    switch (state) {
      case 'received':
      case 'identifying':
      case 'collecting':
      case 'packaging':
        return true;
      case 'awaitingVerification':
        return isPast(proofAskedAt, verificationDays);
      case 'available':
      case 'delivered':
        return isPast(packageEndsAt(row), 0);
      default:
        return isFinal(state) && cleanedAt === null;
    }
  }

  /** Waits until nothing is under way that does not wait for a time or a person. */
  async settle(): Promise<void> {
    const { url, keys } = this.stack.operations;
    await until(
      'quiet',
      async () => {
        // What was taken up again while its story ended is started by the sweeper, which runs each minute.
        await fetch(`${url}/admin/functions/sweeper`, {
          method: 'POST',
          headers: { 'x-functions-key': keys.master },
        });
        const isBusy = (await this.records()).some((record) => this.isAtWork(record));
        if (isBusy) await delay(500);
        return isBusy ? null : true;
      },
      90,
    );
    await delay(300);
  }

  /** Clocks that were not kept: what should have happened by a time, and has not, or too early. */
  async missedClocks({ plan, requestId }: Planned): Promise<string[]> {
    const { custody } = await this.officer<{ custody: CustodyLine[] }>(
      'GET',
      `/${requestId}/custody`,
    );
    const missed: string[] = [];
    const timeOf = (test: (line: CustodyLine) => boolean): number | null => {
      const found = custody.find(test);
      return found ? Date.parse(found.at) : null;
    };
    const became = (state: RequestState): number | null => timeOf(({ to }) => to === state);
    /** Something that is due a while after something else; two steps of the clock are borne. */
    const due = (
      what: string,
      from: number | null,
      after: number,
      at: number | null,
      more = 0,
    ): void => {
      if (from === null) return;
      const latest = from + after + 2 * step + more;
      const isKept = at !== null && at >= from + after - 1000 && at <= latest;
      if (!isKept) missed.push(`${plan} ${requestId}: ${what}`);
    };
    const isSent = (kind: string) => (line: CustodyLine) =>
      line.event === 'messageSent' && line.detail?.['kind'] === kind;
    const asked = became('awaitingVerification');
    if (plan === 'isUnverified' || plan === 'isLate') {
      due('the reminder', asked, reminderDays * day, timeOf(isSent('reminder')));
      due('the end of waiting', asked, verificationDays * day, became('unverified'));
    }
    if (plan === 'isLate') {
      const first = timeOf(isSent('deadlineNear'));
      if (first === null) missed.push(`${plan} ${requestId}: the warning`);
    }
    if (['expires', 'isExtended', 'failsAndIsRetried'].includes(plan))
      due('the expiry', became('available'), availabilityHours * hour, became('expired'));
    // The clean-up runs once a day.
    if (plan === 'failsForGood')
      due('the end of a failure', became('failed'), failedDays * day, became('cancelled'), day);
    const end = Math.max(
      ...custody.filter(({ to }) => to && isFinal(to)).map(({ at }) => Date.parse(at)),
    );
    const deleted = timeOf(({ event }) => event === 'deleted');
    if (deleted === null || deleted > end + 2 * step)
      missed.push(`${plan} ${requestId}: the deletion`);
    return missed;
  }

  /** What is stored that should be gone. */
  async left(): Promise<Record<'packages' | 'keys' | 'workBlobs' | 'histories', number>> {
    const { connectionString } = this.stack;
    const blobs = BlobServiceClient.fromConnectionString(connectionString);
    const count = async (container: string): Promise<number> => {
      let found = 0;
      const options = { includeUncommitedBlobs: true };
      for await (const _ of blobs.getContainerClient(container).listBlobsFlat(options)) found += 1;
      return found;
    };
    const keys = (await this.records()).filter(
      ({ wrappedSecret }) => wrappedSecret !== null,
    ).length;
    const { url, keys: hostKeys } = this.stack.operations;
    const response = await fetch(`${url}/runtime/webhooks/durabletask/instances?top=10000`, {
      headers: { 'x-functions-key': hostKeys.durable },
    });
    const histories = ((await response.json()) as unknown[]).length;
    return {
      packages: await count('packages'),
      keys,
      workBlobs: await count('work'),
      histories,
    };
  }
}

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
      root: join(__dirname, '../..'),
      state,
      ports: await freePorts(),
      genesysArguments: null,
      genesysUrl: simulator.url,
      settings: {
        GENESYS_CALLS_PER_MINUTE: '100000',
        CODES_PER_NUMBER_AND_DAY: '100',
        CODES_PER_COUNTRY_AND_DAY: '100000',
        MESSAGES_PER_MINUTE: '10000',
        PORTAL_CALLS_PER_MINUTE: '100000',
        POLL_SECONDS: '0.1',
        SEARCH_YEARS: '1',
        VERIFICATION_DAYS: String(verificationDays),
        REMINDER_DAYS: String(reminderDays),
        AVAILABILITY_HOURS: String(availabilityHours),
        FAILED_DAYS: String(failedDays),
        HISTORY_DAYS: '3',
      },
    });
    const person = {
      email: subject.emails[0]?.address ?? '',
      phone: subject.phones[0]?.e164 ?? '',
    };
    const month = new Month(stack, simulator, person, await programToken(stack.issuer, 'officer'));
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
