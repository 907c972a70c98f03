import { mkdirSync } from 'node:fs';
import { AdminApi } from './admin-api';
import { durableClientBinding } from './durable/client-binding';
import { DurableEngine } from './durable/engine';
import { HostClock } from './durable/host-clock';
import type { EngineOptions } from './durable/task-hub';
import { assertFunctionNames } from './function-names';
import { milliseconds, readHostJson, type HostJson } from './host-json';
import type { HostOptions } from './host-options';
import { HttpFunctions } from './http-functions';
import { HttpServer } from './http-server';
import { Invoker } from './invoker';
import { loadKeys, type HostKeys } from './keys';
import { TimerTriggers } from './timer-triggers';
import { WorkerPool } from './worker-pool';

/** Most milliseconds by which a durable timer fires early, where timers do. */
const earliest = 1000;

/** The Functions host: HTTP, timers and durable orchestrations around the app's worker process. */
export class FunctionsHost {
  readonly keys: HostKeys;
  private readonly hostJson: HostJson;
  private readonly workers: WorkerPool;
  private readonly invoker: Invoker;
  private readonly engine: DurableEngine;
  private readonly timers: TimerTriggers;
  private readonly functions: HttpFunctions;
  private readonly server: HttpServer;

  private constructor(private readonly options: HostOptions) {
    mkdirSync(options.state, { recursive: true });
    this.hostJson = readHostJson(options.root);
    this.keys = loadKeys(options.state);
    this.workers = this.createWorkers();
    this.invoker = new Invoker({
      workers: this.workers,
      clientBinding: () => this.clientBinding(),
    });
    this.engine = new DurableEngine(
      {
        has: (type, name) => this.invoker.binding(name, type) !== undefined,
        invoke: (name, payload) => this.invoker.invoke(name, { string: payload }),
      },
      this.engineOptions(),
    );
    this.timers = this.createTimers();
    const { keys, engine, timers, workers, invoker, log } = this;
    this.functions = new HttpFunctions(invoker, keys, log);
    const admin = new AdminApi({ engine, timers, workers, invoker, log });
    this.server = new HttpServer({ engine, functions: this.functions, admin, keys, log });
  }

  /** Starts the host and loads the app. Rejects with the app's message when it does not load. */
  static async start(options: HostOptions): Promise<FunctionsHost> {
    const host = new FunctionsHost(options);
    try {
      await host.server.listen(options.port, options.rpcPort);
      await host.loadApp();
    } catch (error) {
      await host.stop();
      throw error;
    }
    if (options.durableRpcUrl === null) {
      host.engine.start();
      host.timers.start(host.workers.functions);
    }
    return host;
  }

  get url(): string {
    return this.server.url;
  }

  async stop(): Promise<void> {
    this.timers.stop();
    this.engine.stop();
    await this.server.stop();
    await this.workers.stop();
  }

  private async loadApp(): Promise<void> {
    await this.workers.start({
      ...this.options.env,
      // Without it the durable client rewrites every address to http://localhost:7071.
      WEBSITE_HOSTNAME: new URL(this.url).host,
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
      FUNCTIONS_WORKER_RUNTIME: 'node',
    });
    const { functions } = this.workers;
    assertFunctionNames(functions);
    this.functions.load(functions, this.hostJson.extensions?.http?.routePrefix ?? 'api');
  }

  private createWorkers(): WorkerPool {
    const { options, hostJson } = this;
    const functionTimeout = hostJson.functionTimeout ?? '00:30:00';
    return new WorkerPool({
      root: options.root,
      startApp: options.startApp,
      // As on Azure, where FUNCTIONS_WORKER_PROCESS_COUNT of them run in one host.
      count: Number(options.env['FUNCTIONS_WORKER_PROCESS_COUNT'] ?? 1),
      functionTimeout: {
        text: functionTimeout,
        milliseconds: milliseconds('functionTimeout', functionTimeout),
      },
      now: () => this.engine.now(),
      log: this.log,
      onExceeded: options.onExceeded,
    });
  }

  private createTimers(): TimerTriggers {
    return new TimerTriggers({
      directory: this.options.state,
      now: () => this.engine.now(),
      settings: this.options.env,
      run: async (name, timer) => {
        await this.invoker
          .invoke(name, { json: JSON.stringify(timer) })
          .catch((error: unknown) => this.log('error', name, String(error)));
      },
    });
  }

  private engineOptions(): EngineOptions {
    const { options } = this;
    const durable = this.hostJson.extensions?.durableTask;
    return {
      directory: options.state,
      clock: new HostClock(options.state),
      maxConcurrentActivities: durable?.maxConcurrentActivityFunctions ?? 10,
      maxConcurrentOrchestrators: durable?.maxConcurrentOrchestratorFunctions ?? 5,
      log: (level, message) => this.log(level, null, message),
      versioning: {
        defaultVersion: durable?.defaultVersion ?? null,
        match: durable?.versionMatchStrategy ?? 'None',
        onMismatch: durable?.versionFailureStrategy ?? 'Reject',
      },
      batchSeed: options.batchSeed,
      adverseSeed: options.adverseSeed,
      duplicateActivities: options.duplicateActivities,
      earliness: () => (options.earlyTimers ? Math.random() * earliest : 0),
      lostEpisodes: options.lostEpisodes,
      fault: (point) => {
        if (point === options.faultPoint) process.kill(process.pid, 'SIGKILL');
      },
    };
  }

  private clientBinding(): string {
    return durableClientBinding({
      taskHub: this.hostJson.extensions?.durableTask?.hubName ?? 'TestHubName',
      url: this.url,
      rpcUrl: this.options.durableRpcUrl ?? this.server.rpcUrl,
      key: this.keys.durable,
    });
  }

  private readonly log = (level: string, functionName: string | null, message: string): void => {
    const time = new Date().toISOString();
    this.options.log(`${time} ${level} ${functionName ?? 'host'}: ${message}`);
  };
}
