import type { TableClient } from '@azure/data-tables';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Generated } from '../../local/genesys/generate';
import type { Exchange } from '../../local/genesys/dispatcher';
import type { GenesysSimulator } from '../../local/genesys/simulator';
import type { BucketWriter, SimulatorSettings } from '../../local/genesys/state';
import type { InboxMessage } from '../../local/inbox/inbox';
import type { StackOptions } from '../../local/stack/options';
import type { StackPorts } from '../../local/stack/ports';
import type { Stack } from '../../local/stack/stack';
import { codeFrom, linkFrom, Subject } from '../../local/portal-client';
import type { JobName } from '../../src/core/jobs/schedule';
import { eventually } from './eventually';
import { runHostInProcess } from './in-process-host';
import { organisationOf } from './organisation';
import { aWeekAgo } from './received';
import { outside } from './outside-jest';
import { root, scenarioApp } from './root';
import { startServices, type Services } from './shared-services';

/** Where host and app run: in the process of the test, or in processes of their own. */
export type Hosting = 'inProcess' | 'processes';

export interface ScenarioOptions {
  /** By default in the process of the test, unless another option needs processes. */
  hosting?: Hosting;
  /** An Azurite, an inbox and a provider of identities in processes of the scenario's own. */
  ownServices?: boolean;
  /** An Azurite alone, whose log and data are the scenario's. */
  ownStorage?: boolean;
  conversations?: number;
  seed?: number;
  generated?: Generated;
  /** Years that are searched, and over which generated conversations are spread. */
  years?: number;
  simulator?: Partial<SimulatorSettings>;
  settings?: Record<string, string>;
  /** Further arguments of the host. */
  hostArguments?: string[];
  /** Fault point at which the first host ends by itself. */
  faultPoint?: string;
  /** Two hosts: one for HTTP, one for everything durable. */
  split?: boolean;
  /** Folder for the data of an Azurite of the scenario's own. */
  storageFolder?: string;
  /** Packages of the same data are the same: agents keep their names, for pseudonyms differ by request. */
  isComparable?: boolean;
  /** The bulk export, with an S3 emulator. */
  bulk?: boolean;
  /**
   * While the mail is waited for, the host's clock goes eleven times as fast: pauses that the
   * orchestration makes after a failure of the source pass in seconds.
   */
  isHurried?: boolean;
  /** Seconds in which a request comes to its next state, 120 unless given. */
  patience?: number;
  /** Puts something between the app and its servers; returns the ports that the app is given. */
  between?: (ports: StackPorts) => Promise<StackOptions['appPorts']>;
}

export interface Status {
  requestId: string;
  state: string;
  reasonCode: string | null;
  verifiedAt: string | null;
  waiting: { reasonCode: string } | null;
  conversations: number | null;
  progress: Record<'conversation' | 'audio' | 'transcript', Record<string, number>>;
  searched: { from: string; to: string } | null;
  availability: string[] | null;
  missingPermissions: string[];
  packageBytes: number | null;
  availableUntil: string | null;
}

export interface Downloaded {
  file: string;
  passphrase: string;
  folder: string;
  names: string[];
}

/**
 * How scenarios are hosted: by one host that gives one message at a time or, in the second of the
 * projects of jest.config.cjs, by two, with messages in batches, timers that fire early, aborted
 * episodes, and messages that come late, out of order and astray.
 */
const isAdverse = process.env['SCENARIO_HOSTING'] === 'adverse';
const adversity = isAdverse
  ? { split: true, arguments: ['--batch', '5', '--early', '--adverse', '6'] }
  : { split: false, arguments: [] };

/** Two hosts are two processes, and a trace exporter is one to a process. */
const hostingOf = ({ hosting, split, settings = {} }: ScenarioOptions): Hosting => {
  const isOneToAProcess = 'OTEL_EXPORTER_OTLP_ENDPOINT' in settings || isAdverse || split;
  return hosting ?? (isOneToAProcess ? 'processes' : 'inProcess');
};

/** Ports of the second host. */
async function splitPorts(): Promise<{ host: number; rpc: number }> {
  const { host, genesys: rpc } = await outside.ports.freePorts();
  return { host, rpc };
}

/** Writes to the emulator of S3. */
const bucketAt = (port: number): BucketWriter =>
  outside.s3.s3Writer(`http://127.0.0.1:${port}`, 'recordings');

const originOf =
  ({ settings }: ScenarioOptions) =>
  ({ host }: StackPorts): string =>
    settings?.['PORTAL_ORIGIN'] ?? `http://127.0.0.1:${host}`;

/** Settings of the app that differ from those of the stack. */
const settingsOf = (options: ScenarioOptions): Record<string, string> => ({
  GENESYS_CALLS_PER_MINUTE: '30000',
  // A request keeps what it has leased until the window is over, and others of a test come soon after it.
  GENESYS_RATE_WINDOW_SECONDS: '1',
  // One person is asked again and again here.
  SMS_CODES_PER_NUMBER_PER_DAY: '100',
  EMAILS_PER_MINUTE: '1000',
  EMAILS_PER_HOUR: '10000',
  TEXT_MESSAGES_PER_MINUTE: '1000',
  PORTAL_CALLS_PER_MINUTE: '100000',
  POLL_SECONDS: '0.1',
  CONVERSATIONS_PER_PAGE: '5',
  SEARCH_YEARS: String(options.years ?? 1),
  ...(options.isComparable
    ? { REDACTION_POLICY_FILE: join(root, 'test/helpers/names-kept.json') }
    : {}),
  ...options.settings,
});

/** The whole app on the local stack, with the simulator in this process. */
export class Scenario {
  readonly exchanges: Exchange[] = [];
  person: Subject;
  private readonly receivedAt = aWeekAgo();
  private isHurried = false;
  private patience = 120;

  private constructor(
    readonly stack: Stack,
    readonly simulator: GenesysSimulator,
    readonly generated: Generated,
    readonly state: string,
    private readonly services: Services | null,
  ) {
    this.person = new Subject(stack.hostUrl);
  }

  static async start(options: ScenarioOptions = {}): Promise<Scenario> {
    // A year is as good as seven for most of what is tested, and is searched in a fraction of the time.
    const { years = 1 } = options;
    const generated =
      options.generated ?? organisationOf(options.conversations ?? 12, options.seed, years);
    const s3Port = options.bulk ? (await outside.ports.freePorts()).genesys : undefined;
    const simulator = await outside.simulator.GenesysSimulator.start({
      organisation: generated.organisation,
      ...(s3Port === undefined ? {} : { bucket: bucketAt(s3Port) }),
      settings: {
        callsPerMinute: 30_000,
        jobDuration: 30,
        transcodeDuration: 100,
        ...options.simulator,
      },
    });
    const state = mkdtempSync(join(tmpdir(), 'scenario-'));
    let services: Services | null = null;
    try {
      const hasOwnStorage = options.ownStorage === true || options.storageFolder !== undefined;
      services = options.ownServices ? null : await startServices(originOf(options), hasOwnStorage);
      const ports = services?.ports ?? (await outside.ports.freePorts());
      const appPorts = await options.between?.(ports);
      const stack = await outside.stack.Stack.start({
        root,
        app: scenarioApp,
        state,
        ports,
        ...(services ? { shared: services.shared } : {}),
        ...(hostingOf(options) === 'inProcess' ? { runHost: runHostInProcess } : {}),
        hostArguments: options.hostArguments ?? adversity.arguments,
        ...(options.faultPoint === undefined ? {} : { faultPoint: options.faultPoint }),
        ...(options.storageFolder === undefined ? {} : { storageFolder: options.storageFolder }),
        ...(appPorts ? { appPorts } : {}),
        ...((options.split ?? adversity.split) ? { split: await splitPorts() } : {}),
        ...(s3Port === undefined ? {} : { s3Port }),
        genesysArguments: null,
        genesysUrl: simulator.url,
        settings: settingsOf(options),
      });
      const scenario = new Scenario(stack, simulator, generated, state, services);
      simulator.onExchange = (exchange) => scenario.exchanges.push(exchange);
      scenario.isHurried = options.isHurried === true;
      scenario.patience = options.patience ?? scenario.patience;
      return scenario;
    } catch (error) {
      await services?.stop();
      await simulator.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await this.services?.stop();
    await this.simulator.stop();
    rmSync(this.state, { recursive: true, force: true });
  }

  /** Mails to the person. */
  async mailsToPerson(): Promise<InboxMessage[]> {
    return (await this.messages()).filter(({ kind, to }) => kind === 'email' && to === this.email);
  }

  get email(): string {
    return this.generated.subject.emails[0]?.address ?? '';
  }

  get phone(): string {
    return this.generated.subject.phones[0]?.e164 ?? '';
  }

  body(change: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      ticketId: 'T-1',
      receivedAt: this.receivedAt,
      rights: ['access', 'portability'],
      identifiers: [{ type: 'email', value: this.email }],
      ...change,
    };
  }

  post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.stack.hostUrl}/api/requests`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'x-functions-key': this.stack.keys.function,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** Posts the request of the generated subject and returns its id. */
  async request(change: Record<string, unknown> = {}): Promise<string> {
    const response = await this.post(this.body(change));
    if (response.status !== 202)
      throw new Error(`POST answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as Status).requestId;
  }

  async status(requestId: string): Promise<Status> {
    const response = await fetch(`${this.stack.hostUrl}/api/requests/${requestId}`, {
      headers: { 'x-functions-key': this.stack.keys.function },
    });
    return (await response.json()) as Status;
  }

  async untilState(requestId: string, ...states: string[]): Promise<Status> {
    return eventually(
      `state ${states.join(' or ')}`,
      async () => {
        // The host may be down for a moment, when a test has killed it.
        const status = await this.status(requestId).catch(() => null);
        if (
          status &&
          !states.includes(status.state) &&
          ['failed', 'noDataFound', 'needsDecision'].includes(status.state)
        ) {
          throw new Error(`The request became ${status.state} (${String(status.reasonCode)}).`);
        }
        return status !== null && states.includes(status.state) && status;
      },
      this.patience,
    );
  }

  /** Waits until the orchestration has come to a step, timers and waits that belong to it included. */
  async untilStep(requestId: string, step: string): Promise<void> {
    await eventually(`step ${step}`, async () => {
      const { customStatus } = await this.durable<{ customStatus: { step?: string } | null }>(
        `instances/request-${requestId}`,
      );
      return customStatus?.step === step;
    });
  }

  /** Makes mail server and text message gateway refuse what comes, or take it again. */
  async refuseMessages(isRefusing: boolean): Promise<void> {
    await fetch(`${this.stack.inboxUrl}/${isRefusing ? 'refuse' : 'take'}`, { method: 'POST' });
  }

  async messages(): Promise<InboxMessage[]> {
    return (await (await fetch(`${this.stack.inboxUrl}/messages`)).json()) as InboxMessage[];
  }

  async link(mails = 1): Promise<string> {
    // A source that fails twice makes the request wait for half a minute and for a minute.
    return eventually(
      'the email',
      async () => {
        const messages = await this.mailsToPerson();
        if (messages.length < mails && this.isHurried) await this.advanceClock(1000);
        return messages.length >= mails && linkFrom(messages, this.email);
      },
      120,
    );
  }

  /** Asks for a code and returns the one that arrives. */
  async code(): Promise<string> {
    const before = (await this.messages()).length;
    await this.person.call('POST', 'code');
    return eventually('the text message', async () => {
      const messages = await this.messages();
      return messages.length > before && codeFrom(messages, this.phone);
    });
  }

  /** Opens the link of the newest of at least `mails` mails and proves who they are. */
  async stepUp(mails = 1): Promise<void> {
    await this.person.open(await this.link(mails));
    await this.person.verify(await this.code());
  }

  /** From a posted request to the opened package. */
  async fulfil(requestId: string): Promise<Downloaded> {
    await this.stepUp(1);
    await this.untilState(requestId, 'available');
    return this.download();
  }

  async download(): Promise<Downloaded> {
    await this.stepUp(2);
    return this.fetchPackage();
  }

  /** Goes on as somebody whose session was opened elsewhere. */
  adopt(person: Subject): void {
    this.person = person;
  }

  /** Downloads and opens the package with the session as it is. */
  async fetchPackage(): Promise<Downloaded> {
    const { passphrase } = await this.person.call<{ passphrase: string }>('POST', 'passphrase');
    const { url } = await this.person.link();
    const response = await fetch(url);
    if (response.body === null) throw new Error('The download has no body.');
    const file = join(this.state, 'package.zip');
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(file));
    const folder = join(this.state, 'extracted');
    return {
      file,
      passphrase,
      folder,
      names: await outside.openPackage.extractPackage(file, passphrase, folder),
    };
  }

  /** Moves the host's clock, so that durable timers are due. */
  async advanceClock(milliseconds: number): Promise<void> {
    const response = await fetch(`${this.stack.operations.url}/admin/local/clock`, {
      method: 'POST',
      headers: { 'x-functions-key': this.stack.operations.keys.master },
      body: JSON.stringify({ advanceMilliseconds: milliseconds }),
    });
    if (response.status !== 202) throw new Error(`The clock answered ${response.status}.`);
  }

  /** A table of the app. */
  table(name: string): TableClient {
    const options = { allowInsecureConnection: true };
    return outside.tables.TableClient.fromConnectionString(
      this.stack.connectionString,
      name,
      options,
    );
  }

  /** Runs the sweeper now instead of at the next full minute. */
  sweep(): Promise<void> {
    return this.runJobs();
  }

  /** Runs jobs of the timer function, and the sweeper, now instead of when they are due. */
  async runJobs(...names: JobName[]): Promise<void> {
    const table = this.table('jobs');
    await table.createTable();
    const due = { dueAt: new Date(0).toISOString(), after: '', claimedUntil: '' };
    for (const rowKey of names)
      await table.upsertEntity({ partitionKey: 'job', rowKey, ...due }, 'Replace');
    await fetch(`${this.stack.operations.url}/admin/functions/runJobs`, {
      method: 'POST',
      headers: { 'x-functions-key': this.stack.operations.keys.master },
    });
  }

  /** Calls the durable management API, as an operator would. */
  async durable<T>(path: string): Promise<T> {
    const { url, keys } = this.stack.operations;
    const response = await fetch(`${url}/runtime/webhooks/durabletask/${path}`, {
      headers: { 'x-functions-key': keys.durable },
    });
    return (await response.json()) as T;
  }
}
