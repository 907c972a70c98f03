import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { setTimeout as delay } from 'node:timers/promises';
import type { CustodyLine } from '../../src/core/custody/record';
import { packageEndsAt } from '../../src/core/package/expiry';
import { isFinal, type RequestState } from '../../src/core/request/states';
import type { GenesysSimulator } from '../genesys/simulator';
import type { InboxMessage } from '../inbox/inbox';
import type { Stack } from '../stack/stack';
import { codeFrom, linkFrom, Subject } from '../portal-client';
import { until } from '../until';
import { day, missedClocks, periods, type Plan } from './clocks';

export interface Planned {
  plan: Plan;
  requestId: string;
  /** What is done with it six hours later, when its package is there. */
  next: (() => Promise<void>) | null;
}

/** What of a request's row is looked at. */
interface LedgerRow {
  state: RequestState;
  verificationRequestedAt: string | null;
  availableUntil: string | null;
  downloadUntil: string | null;
  cleanedAt: string | null;
  wrappedSecret: string | null;
}

/** The month: a stack, a simulated source, one person who asks again and again, an officer. */
export class MonthSimulation {
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
      ...(body ? { body: JSON.stringify({ justification: 'as planned', ...body }) } : {}),
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
      await until('nothing held', () => this.when(requestId, 'noDataFound'));
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
        return post('cancel', { reasonCode: 'withdrawn' });
      case 'isRefused':
        return post('refuse', { reasonCode: 'excessive' });
      case 'isExtended':
        await post('extend', { reasonCode: 'complexity' });
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
    const { state, verificationRequestedAt, cleanedAt } = row;
    const isPast = (iso: string | null, days: number): boolean =>
      iso !== null && Date.parse(iso) + days * day <= this.now();
    switch (state) {
      case 'received':
      case 'identifying':
      case 'exporting':
      case 'packaging':
        return true;
      case 'awaitingVerification':
        return isPast(verificationRequestedAt, periods.verificationDays);
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
        // The sweeper, which runs each minute, restarts what was retried while its orchestration ended.
        await fetch(`${url}/admin/functions/runJobs`, {
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

  async missedClocks({ plan, requestId }: Planned): Promise<string[]> {
    const { custody } = await this.officer<{ custody: CustodyLine[] }>(
      'GET',
      `/${requestId}/custody`,
    );
    return missedClocks(plan, custody).map((what) => `${plan} ${requestId}: ${what}`);
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
      workBlobs: await count('scratch'),
      histories,
    };
  }
}
