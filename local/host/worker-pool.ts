import { WorkerLostError, type App, type AppProcessOptions } from './app-process';
import type { RegisteredFunction, RpcTypedData } from './protocol';
import { WorkerLosses } from './worker-losses';

export interface WorkerPoolOptions extends Omit<AppProcessOptions, 'env' | 'onLost' | 'onTimeout'> {
  /** Starts a worker: in a process of its own, or in this one. */
  startApp: (options: AppProcessOptions) => Promise<App>;
  /** Number of worker processes. */
  count: number;
  /** The host's time in milliseconds. */
  now: () => number;
  /** Called when workers were lost too often: the host has to end. */
  onExceeded: () => void;
}

/** The worker processes of a host, each with the whole app; they take invocations in turn. */
export class WorkerPool {
  /** By place; null where a lost one is not replaced any more. */
  private readonly places: (Promise<App> | null)[] = [];
  private readonly losses: WorkerLosses;
  private readonly stopped: Promise<never>;
  private tellStopped: () => void = () => undefined;
  private isStopping = false;
  private isRunning = false;
  private turn = 0;
  private env: NodeJS.ProcessEnv = {};
  functions: readonly RegisteredFunction[] = [];

  constructor(private readonly options: WorkerPoolOptions) {
    this.losses = new WorkerLosses(options.count);
    this.stopped = new Promise((_, reject) => {
      this.tellStopped = () => reject(new WorkerLostError('The host is stopping.'));
    });
    this.stopped.catch(() => undefined);
  }

  /** Starts every process with an environment. Rejects with the app's message when it does not load. */
  async start(env: NodeJS.ProcessEnv): Promise<void> {
    this.env = env;
    for (let place = 0; place < this.options.count; place += 1) this.startAt(place);
    for (const app of this.places) if (app) this.functions = (await app).functions;
    this.isRunning = true;
  }

  /** Process id of one of the workers. */
  async pid(): Promise<number> {
    return (await this.next()).pid;
  }

  /** Runs a function in the worker whose turn it is; waits while it is being replaced. */
  async invoke(
    functionName: string,
    inputs: { name: string; data: RpcTypedData }[],
  ): Promise<RpcTypedData | null> {
    return (await this.next()).invoke(functionName, inputs);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.tellStopped();
    for (const app of this.places) await app?.then((one) => one.stop()).catch(() => undefined);
  }

  private async next(): Promise<App> {
    for (;;) {
      this.turn = (this.turn + 1) % this.places.length;
      const living = [...this.places.slice(this.turn), ...this.places.slice(0, this.turn)].find(
        (place) => place !== null,
      );
      // Without a worker invocations wait until the host ends.
      const app = await Promise.race([living?.catch(() => null) ?? this.stopped, this.stopped]);
      if (app) return app;
    }
  }

  private startAt(place: number): void {
    const app = this.options.startApp({
      ...this.options,
      env: this.env,
      onLost: () => this.onLost(place),
      onTimeout: () => this.startAt(place),
    });
    this.places[place] = app;
    app.catch((error: unknown) => {
      if (!this.isRunning) return;
      this.options.log('error', null, String(error));
      this.onLost(place);
    });
  }

  /** Replaces a lost worker. After too many losses, the host ends when no worker is left. */
  private onLost(place: number): void {
    if (this.isStopping) return;
    if (this.losses.add(this.options.now())) {
      this.options.log('error', null, 'The worker process ended; starting another.');
      this.startAt(place);
      return;
    }
    this.places[place] = null;
    if (this.places.some((app) => app !== null)) return;
    this.options.log(
      'error',
      null,
      'Exceeded language worker restart retry count for runtime:node. Shutting down and proactively recycling the Functions Host to recover',
    );
    this.options.onExceeded();
  }
}
