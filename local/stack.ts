import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { allowPortal, startAzurite, storageConnectionString } from './azurite';
import { clients, strongAcr, tenant } from './identity/clients';
import { s3Credentials, s3Region } from './s3/server';

export interface StackPorts {
  host: number;
  genesys: number;
  identity: number;
  inbox: number;
  smtp: number;
  blob: number;
  queue: number;
  table: number;
}

export interface StackOptions {
  /** Folder of the app: where package.json and `dist` are. */
  root: string;
  /** Folder for all state and logs. */
  state: string;
  ports: StackPorts;
  /** Arguments of the simulator; null when another one serves at `genesysUrl`. */
  genesysArguments: string[] | null;
  genesysUrl?: string;
  /** TCP port of an S3 emulator, where the bulk export is wanted. */
  s3Port?: number;
  /** Further arguments of the host. */
  hostArguments?: string[];
  /** Ports under which the app reaches storage and mail, where something stands in between. */
  appPorts?: Partial<Pick<StackPorts, 'blob' | 'table' | 'smtp'>>;
  /** Folder for Azurite's data, where it is not to be under `state`. */
  storageFolder?: string;
  /** Ports of a second host: then the first serves HTTP only, and the second all that is durable. */
  split?: { host: number; rpc: number };
  /** Settings of the app that differ from those of the stack. */
  settings?: Record<string, string>;
}

export interface HostReady {
  url: string;
  keys: { master: string; function: string; durable: string };
}

/** Below the ports that systems give to outgoing connections, which could take one in between. */
const [lowestPort, highestPort] = [12_000, 32_000];

/**
 * Tests in several processes take ports at the same time: each chooses from a stretch of its own.
 * Between the choice and the server that listens nothing else keeps a port free.
 */
function portRange(): [number, number] {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 0);
  const length = (highestPort - lowestPort) / 4;
  const from = lowestPort + (worker % 4) * length;
  return worker === 0 ? [lowestPort, highestPort] : [from, from + length];
}

/** Ports that were chosen by this process, whether something listens there yet or not. */
const chosenPorts = new Set<number>();

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((done) => {
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => done(true));
  });
  if (isListening) await new Promise((done) => server.close(done));
  return isListening;
}

/** Ports that nobody uses now, chosen at random so that several stacks may start at once. */
export async function freePorts(wanted: Partial<StackPorts> = {}): Promise<StackPorts> {
  const names = ['host', 'genesys', 'identity', 'inbox', 'smtp', 'blob', 'queue', 'table'] as const;
  const ports = new Map<string, number>(Object.entries(wanted));
  for (const name of names) {
    while (!ports.has(name)) {
      const port = randomInt(...portRange());
      if (chosenPorts.has(port)) continue;
      chosenPorts.add(port);
      if (await isFree(port)) ports.set(name, port);
    }
  }
  return Object.fromEntries(ports) as unknown as StackPorts;
}

/**
 * The whole product on one machine: Azurite, the Genesys Cloud simulator, the inbox and the
 * Functions host, each in its own process, with one folder for all that they keep.
 */
export class Stack {
  private readonly others: ChildProcess[] = [];
  private host: ChildProcess | undefined;
  private durableHost: ChildProcess | undefined;
  private ready: HostReady | undefined;
  private durableReady: HostReady | undefined;

  private constructor(private readonly options: StackOptions) {}

  /** Starts everything and waits until it answers. What was started is stopped when a part fails. */
  static async start(options: StackOptions): Promise<Stack> {
    const stack = new Stack(options);
    mkdirSync(options.state, { recursive: true });
    try {
      await stack.startS3();
      await Promise.all([
        stack.startAzurite(),
        stack.startGenesys(),
        stack.startInbox(),
        stack.startIdentity(),
      ]);
      await stack.startHost();
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  get hostUrl(): string {
    return `http://127.0.0.1:${this.options.ports.host}`;
  }

  /** The host that runs orchestrations, activities and timers: where operators turn to. */
  get operations(): HostReady {
    const ready = this.durableReady ?? this.ready;
    if (!ready) throw new Error('The host is not running.');
    return ready;
  }

  /** RPC address of the durable host, where there are two. */
  private get rpcUrl(): string {
    return `http://127.0.0.1:${this.options.split?.rpc ?? 0}/durabletask/`;
  }

  get inboxUrl(): string {
    return `http://127.0.0.1:${this.options.ports.inbox}`;
  }

  get keys(): HostReady['keys'] {
    if (!this.ready) throw new Error('The host is not running.');
    return this.ready.keys;
  }

  get connectionString(): string {
    return storageConnectionString(this.options.state, this.options.ports);
  }

  /** Whether every host that belongs to the stack runs. */
  get isHostRunning(): boolean {
    return this.hosts.length > 0 && this.hosts.every(isRunning);
  }

  private get hosts(): ChildProcess[] {
    return [this.host, this.durableHost].flatMap((host) => host ?? []);
  }

  /** Where officers and customers sign in. */
  get issuer(): string {
    return `http://127.0.0.1:${this.options.ports.identity}`;
  }

  /** Origin of the portal as browsers see it. */
  private get portalOrigin(): string {
    return this.options.settings?.['PORTAL_ORIGIN'] ?? this.hostUrl;
  }

  /** Settings of the app: those of the stack, then those that were asked for. */
  get appSettings(): Record<string, string> {
    const { state, s3Port } = this.options;
    const ports = { ...this.options.ports, ...this.options.appPorts };
    const connectionString = storageConnectionString(state, ports);
    const keyFile = join(resolve(state), 'request-key');
    if (!existsSync(keyFile))
      writeFileSync(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
    return {
      GENESYS_GATEWAY_URL: this.options.genesysUrl ?? `http://127.0.0.1:${ports.genesys}`,
      GENESYS_CLIENT_ID: 'simulator-client',
      GENESYS_CLIENT_SECRET: 'simulator-secret',
      STORAGE_CONNECTION_STRING: connectionString,
      AzureWebJobsStorage: connectionString,
      LOCAL_KEY_FILE: keyFile,
      PORTAL_ORIGIN: this.portalOrigin,
      OFFICER_ISSUER: this.issuer,
      OFFICER_TENANT: tenant,
      OFFICER_CLIENT_ID: clients.officers.id,
      OFFICER_CLIENT_SECRET: clients.officers.secret,
      CUSTOMER_LOGIN_ISSUER: this.issuer,
      CUSTOMER_LOGIN_CLIENT_ID: clients.customers.id,
      CUSTOMER_LOGIN_CLIENT_SECRET: clients.customers.secret,
      CUSTOMER_LOGIN_ACR: strongAcr,
      STORAGE_LOG_FILE: join(resolve(state), 'azurite.log'),
      SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
      MAIL_FROM: 'privacy@shop.example',
      SMS_GATEWAY_URL: `http://127.0.0.1:${ports.inbox}/sms`,
      CONTROLLER_NAME: 'Example Mail Order',
      CONTROLLER_CONTACT: 'privacy@shop.example',
      // The app's deadlines follow the clock of the host that fires its timers.
      CLOCK_OFFSET_FILE: join(resolve(state), 'host', 'clock-offset'),
      ...(s3Port === undefined ? {} : s3Settings(s3Port)),
      ...this.options.settings,
    };
  }

  /** Starts the host; with a fault point, to end by itself when it gets there. */
  async startHost(faultPoint?: string): Promise<void> {
    const { state, ports, split, hostArguments = [] } = this.options;
    const fault = faultPoint === undefined ? [] : ['--fault', faultPoint];
    const args = [...hostArguments, ...fault];
    if (!split) {
      this.host = this.forkHost('host', ports.host, args);
      this.ready = (await readyMessage(this.host, 'host', join(state, 'host.log'))) as HostReady;
      return;
    }
    const durable = ['--rpc-port', String(split.rpc), ...args];
    this.durableHost = this.forkHost('host', split.host, durable);
    this.durableReady = (await readyMessage(
      this.durableHost,
      'host',
      join(state, 'host.log'),
    )) as HostReady;
    await this.startHttpHost();
  }

  /** Starts, or starts again, the host that serves HTTP only. */
  async startHttpHost(): Promise<void> {
    const { state, ports } = this.options;
    const rpc = ['--durable-rpc', this.rpcUrl];
    this.host = this.forkHost('http-host', ports.host, rpc);
    this.ready = (await readyMessage(this.host, 'host', join(state, 'http-host.log'))) as HostReady;
  }

  private forkHost(name: string, port: number, args: string[]): ChildProcess {
    const { root, state } = this.options;
    return this.fork(
      'host/main.js',
      ['--root', resolve(root), '--state', join(state, name), '--port', String(port), ...args],
      `${name}.log`,
      { ...process.env, ...this.appSettings },
    );
  }

  /**
   * Stops the host and starts it with another build of the app.
   * @param root folder of that build
   * @param between done while nothing runs
   */
  async deploy(
    root: string,
    between: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    for (const host of this.hosts) await end(host);
    await between();
    this.options.root = root;
    await this.startHost();
  }

  /** Ends the host, or both, as a power cut would: no signal handler runs. */
  async killHost(): Promise<void> {
    await Promise.all(this.hosts.map(kill));
  }

  /** Ends the host that serves HTTP as a power cut would. */
  async killHttpHost(): Promise<void> {
    if (this.host) await kill(this.host);
  }

  async stop(): Promise<void> {
    for (const child of [this.host, this.durableHost, ...this.others.reverse()]) await end(child);
  }

  private fork(
    script: string,
    args: string[],
    logName: string,
    env: NodeJS.ProcessEnv = process.env,
  ): ChildProcess {
    const { root, state } = this.options;
    const log = openSync(join(state, logName), 'a');
    const child = fork(join(resolve(root), 'dist/local', script), args, {
      cwd: root,
      env,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    return child;
  }

  private async startGenesys(): Promise<void> {
    const { genesysArguments, ports, state, s3Port } = this.options;
    if (genesysArguments === null) return;
    const s3 = s3Port === undefined ? [] : ['--s3', `http://127.0.0.1:${s3Port}`];
    const args = ['--port', String(ports.genesys), ...genesysArguments, ...s3];
    const child = this.fork('genesys/main.js', args, 'genesys.log');
    this.others.push(child);
    await readyMessage(child, 'simulator', join(state, 'genesys.log'));
  }

  private async startIdentity(): Promise<void> {
    const { ports, state } = this.options;
    const args = ['--port', String(ports.identity), '--origin', this.portalOrigin];
    const child = this.fork('identity/main.js', args, 'identity.log');
    this.others.push(child);
    await readyMessage(child, 'provider of identities', join(state, 'identity.log'));
  }

  private async startS3(): Promise<void> {
    const { s3Port, state } = this.options;
    if (s3Port === undefined) return;
    const args = ['--port', String(s3Port), '--directory', join(state, 's3')];
    const child = this.fork('s3/main.js', args, 's3.log');
    this.others.push(child);
    await readyMessage(child, 'S3 emulator', join(state, 's3.log'));
  }

  private async startInbox(): Promise<void> {
    const { ports, state } = this.options;
    const args = [
      ...['--port', String(ports.inbox), '--smtp-port', String(ports.smtp)],
      ...['--file', join(state, 'inbox.jsonl')],
    ];
    const child = this.fork('inbox/main.js', args, 'inbox.log');
    this.others.push(child);
    await readyMessage(child, 'inbox', join(state, 'inbox.log'));
  }

  private async startAzurite(): Promise<void> {
    const { root, state, ports, storageFolder } = this.options;
    this.others.push(await startAzurite(root, state, ports, storageFolder));
    await allowPortal(this.connectionString, this.portalOrigin);
  }
}

const isRunning = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null;

async function kill(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await ended;
}

/** Settings of the app for the bulk export to the emulator. */
const s3Settings = (port: number): Record<string, string> => ({
  RECORDING_EXPORTER: 'bulkS3',
  S3_BUCKET: 'recordings',
  S3_REGION: s3Region,
  S3_ENDPOINT: `http://127.0.0.1:${port}`,
  GENESYS_EXPORT_INTEGRATION_ID: 'simulator-integration',
  AWS_ACCESS_KEY_ID: s3Credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
});

/** Ends a process that was started here; by force when it does not heed the signal. */
export async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || !isRunning(child)) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const hasEnded = await Promise.race([ended.then(() => true), delay(8000, false, { ref: false })]);
  if (!hasEnded) {
    child.kill('SIGKILL');
    await ended;
  }
}

/** Waits for a child's word that it is ready. Rejects when it ends first; its log says why. */
function readyMessage(child: ChildProcess, name: string, log: string): Promise<unknown> {
  return new Promise((done, fail) => {
    child.once('message', (message: { ready: unknown }) => done(message.ready));
    child.once('exit', (code) =>
      fail(new Error(`The ${name} ended with exit code ${String(code)}; see ${log}.`)),
    );
  });
}
