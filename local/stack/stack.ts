import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { accountOf, allowPortal, startAzurite, storageConnectionString } from '../azurite';
import { appSettings, portalOrigin } from './app-settings';
import { deployedFolder, runHostProcess, type HostReady, type RunningHost } from './hosts';
import type { StackOptions } from './options';
import { end, readyMessage } from './processes';

/**
 * The whole product on one machine: Azurite, the Genesys Cloud simulator, the inbox and the
 * Functions host, each in its own process, with one folder for all that they keep.
 */
export class Stack {
  private readonly others: ChildProcess[] = [];
  private host: RunningHost | undefined;
  private durableHost: RunningHost | undefined;

  private constructor(private readonly options: StackOptions) {}

  /** Starts everything and waits until it answers. What was started is stopped when a part fails. */
  static async start(options: StackOptions): Promise<Stack> {
    const stack = new Stack(options);
    mkdirSync(options.state, { recursive: true });
    try {
      await stack.startS3();
      const own = [stack.startAzurite(), stack.startInbox(), stack.startIdentity()];
      await Promise.all([stack.startGenesys(), ...own]);
      await stack.startHost(options.faultPoint);
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
    const host = this.durableHost ?? this.host;
    if (!host) throw new Error('The host is not running.');
    return host.ready;
  }

  /** RPC address of the durable host, where there are two. */
  private get rpcUrl(): string {
    return `http://127.0.0.1:${this.options.split?.rpc ?? 0}/durabletask/`;
  }

  get inboxUrl(): string {
    return `http://127.0.0.1:${this.options.ports.inbox}`;
  }

  get keys(): HostReady['keys'] {
    if (!this.host) throw new Error('The host is not running.');
    return this.host.ready.keys;
  }

  get connectionString(): string {
    const { shared, state, ports } = this.options;
    return storageConnectionString(shared?.storage?.account ?? accountOf(state), ports);
  }

  /** Whether every host that belongs to the stack runs. */
  get isHostRunning(): boolean {
    return this.hosts.length > 0 && this.hosts.every(({ isRunning }) => isRunning);
  }

  private get hosts(): RunningHost[] {
    return [this.host, this.durableHost].flatMap((host) => host ?? []);
  }

  /** Settings of the app: those of the stack, then those that were asked for. */
  get appSettings(): Record<string, string> {
    return appSettings(this.options);
  }

  /** Where officers and customers sign in. */
  get issuer(): string {
    return `http://127.0.0.1:${this.options.ports.identity}`;
  }

  /** Starts the host; with a fault point, to end by itself when it gets there. */
  async startHost(faultPoint?: string): Promise<void> {
    const { ports, split, hostArguments = [] } = this.options;
    const fault = faultPoint === undefined ? [] : ['--fault', faultPoint];
    const args = [...hostArguments, ...fault];
    if (!split) {
      this.host = await this.runHost('host', ports.host, args);
      return;
    }
    const durable = ['--rpc-port', String(split.rpc), ...args];
    this.durableHost = await this.runHost('host', split.host, durable);
    await this.startHttpHost();
  }

  /** Starts, or starts again, the host that serves HTTP only. */
  async startHttpHost(): Promise<void> {
    const rpc = ['--durable-rpc', this.rpcUrl];
    this.host = await this.runHost('http-host', this.options.ports.host, rpc);
  }

  private runHost(name: string, port: number, args: string[]): Promise<RunningHost> {
    const { root, state, runHost = runHostProcess, app = deployedFolder(root) } = this.options;
    const place = ['--root', resolve(app), '--state', join(state, name), '--port', String(port)];
    return runHost({
      root,
      log: join(state, `${name}.log`),
      args: [...place, ...args],
      env: { ...process.env, ...this.appSettings },
    });
  }

  /** Ends the hosts in good order and starts them again. */
  async restartHost(): Promise<void> {
    await this.endHosts();
    await this.startHost();
  }

  /**
   * Stops the host and starts it with another build of the app.
   * @param app folder of that build
   * @param between done while nothing runs
   */
  async deploy(app: string, between: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.endHosts();
    await between();
    this.options.app = app;
    await this.startHost();
  }

  /** Ends the host, or both, as a power cut would: no signal handler runs. */
  async killHost(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.kill()));
  }

  /** Ends the host that serves HTTP as a power cut would. */
  async killHttpHost(): Promise<void> {
    await this.host?.kill();
  }

  async stop(): Promise<void> {
    await this.endHosts();
    for (const child of this.others.reverse()) await end(child);
  }

  private async endHosts(): Promise<void> {
    for (const host of this.hosts) await host.end();
  }

  private fork(script: string, args: string[], logName: string): ChildProcess {
    const { root, state } = this.options;
    const log = openSync(join(state, logName), 'a');
    const child = fork(join(resolve(root), 'dist/local', script), args, {
      cwd: root,
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
    const { ports, state, shared } = this.options;
    if (shared) return;
    const args = ['--port', String(ports.identity), '--origin', portalOrigin(this.options)];
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
    const { ports, state, shared } = this.options;
    if (shared) return;
    const args = [
      ...['--port', String(ports.inbox), '--smtp-port', String(ports.smtp)],
      ...['--file', join(state, 'inbox.jsonl')],
    ];
    const child = this.fork('inbox/main.js', args, 'inbox.log');
    this.others.push(child);
    await readyMessage(child, 'inbox', join(state, 'inbox.log'));
  }

  private async startAzurite(): Promise<void> {
    const { root, state, ports, shared, storageFolder: location } = this.options;
    if (!shared?.storage) {
      const options = { root, state, ports, ...(location === undefined ? {} : { location }) };
      this.others.push(await startAzurite(options));
    }
    await allowPortal(this.connectionString, portalOrigin(this.options));
  }
}
