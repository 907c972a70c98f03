import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import {
  FunctionTimeoutError,
  invocationError,
  WorkerLostError,
  type App,
  type AppProcessOptions,
} from './app-process';
import { scopeEnvironment } from './app-scope';
import { errorText, FunctionRegistry } from './function-registry';
import type { RegisteredFunction, RpcTypedData } from './protocol';

/** Longest wait for the functions that run when the app is stopped. */
const longestEnd = 30_000;

/** A value as the channel between a host and its worker process delivers it. */
const copied = <T>(value: T): T => deserialize(serialize(value)) as T;

/**
 * The app in the host's own process, for tests that start it often. It is loaded anew each time, with its
 * settings as its `process.env`, and values are copied as on the way to a worker process. It cannot be
 * lost or killed, and a function that runs too long runs on.
 */
export class AppInProcess implements App {
  readonly pid = process.pid;
  private readonly running = new Set<Promise<unknown>>();
  private readonly stopped: Promise<never>;
  private tellStopped: () => void = () => undefined;

  private constructor(
    private readonly registry: FunctionRegistry,
    readonly functions: readonly RegisteredFunction[],
    private readonly options: AppProcessOptions,
  ) {
    this.stopped = new Promise((_, reject) => {
      this.tellStopped = () => reject(new WorkerLostError('The host is stopping.'));
    });
    this.stopped.catch(() => undefined);
  }

  /** Loads the app. Rejects with the app's own message when it does not load. */
  static async start(options: AppProcessOptions): Promise<AppInProcess> {
    scopeEnvironment();
    const registry = new FunctionRegistry({ env: { ...options.env }, log: options.log });
    const functions = copied(await registry.load(options.root));
    return new AppInProcess(registry, functions, options);
  }

  async invoke(
    functionName: string,
    inputs: { name: string; data: RpcTypedData }[],
  ): Promise<RpcTypedData | null> {
    const invocation = copied({ invocationId: randomUUID(), functionName, inputs });
    // As a message would, it arrives when the caller has returned.
    await Promise.race([new Promise(setImmediate), this.stopped]);
    const result = this.registry
      .invoke(invocation)
      .then(copied)
      .catch((error: unknown) => {
        throw invocationError(errorText(error));
      });
    this.running.add(result);
    const forget = (): boolean => this.running.delete(result);
    result.then(forget, forget);
    return this.withTimeout(functionName, result);
  }

  /** Waits for the functions that run, and lets the app end what it has opened. */
  async stop(): Promise<void> {
    this.tellStopped();
    const end = new AbortController();
    const all = Promise.allSettled(this.running).then(() => true);
    const late = delay(longestEnd, false, { signal: end.signal }).catch(() => false);
    if (!(await Promise.race([all, late])))
      this.options.log('error', null, `${this.running.size} functions still run.`);
    end.abort();
    await this.registry.terminate();
  }

  private async withTimeout<T>(functionName: string, result: Promise<T>): Promise<T> {
    const { text, milliseconds } = this.options.functionTimeout;
    let timeout: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timeout = setTimeout(() => {
        const message = `Timeout value of ${text} was exceeded by function: Functions.${functionName}`;
        this.options.log('error', functionName, message);
        reject(new FunctionTimeoutError(message));
      }, milliseconds).unref();
    });
    try {
      return await Promise.race([result, late, this.stopped]);
    } finally {
      clearTimeout(timeout);
    }
  }
}
