import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sanitize } from './sanitizer';
import type { FromWorker, RegisteredFunction, RpcTypedData, ToWorker } from './protocol';

/** An invocation whose handler threw: what the worker reported. */
export class InvocationError extends Error {
  constructor(
    message: string,
    readonly workerStack: string,
  ) {
    super(message);
  }
}

/** The worker process ended before it answered. The invocation may run again. */
export class WorkerLostError extends Error {}

interface Pending {
  resolve: (value: RpcTypedData | null) => void;
  reject: (error: Error) => void;
}

export interface AppProcessOptions {
  root: string;
  env: NodeJS.ProcessEnv;
  log: (level: string, functionName: string | null, message: string) => void;
  /** Called when the process has ended without being asked to. */
  onLost: () => void;
  /** Milliseconds after which an invocation ends the process, as the Functions host does. */
  functionTimeout: number;
}

/** The app in its child process. */
export class AppProcess {
  private readonly pending = new Map<string, Pending>();
  private stopping = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly functions: readonly RegisteredFunction[],
    private readonly options: AppProcessOptions,
  ) {
    child.on('message', (message: FromWorker) => {
      if (message.type === 'log') options.log(message.level, message.functionName, message.message);
      if (message.type !== 'result' && message.type !== 'error') return;
      const waiting = this.pending.get(message.invocationId);
      this.pending.delete(message.invocationId);
      if (message.type === 'result') waiting?.resolve(message.value);
      else waiting?.reject(new InvocationError(sanitize(message.message), sanitize(message.stack)));
    });
    child.on('exit', () => {
      for (const waiting of this.pending.values()) {
        waiting.reject(new WorkerLostError('The worker process ended.'));
      }
      this.pending.clear();
      if (!this.stopping) options.onLost();
    });
  }

  /** Process id of the worker: the process whose memory is the app's. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Starts a worker and loads the app. Rejects with the app's own message when it does not load. */
  static async start(options: AppProcessOptions): Promise<AppProcess> {
    const child = fork(join(__dirname, 'worker.js'), [], {
      cwd: options.root,
      env: options.env,
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const functions = await new Promise<RegisteredFunction[]>((resolve, reject) => {
      child.on('message', (message: FromWorker) => {
        if (message.type === 'loaded') resolve(message.functions);
        if (message.type === 'loadFailed') reject(new Error(message.message));
        if (message.type === 'log') {
          options.log(message.level, message.functionName, message.message);
        }
      });
      child.once('exit', (code) =>
        reject(new Error(`The app ended while it was loaded (exit ${String(code)}).`)),
      );
      child.send({ type: 'load', root: options.root } satisfies ToWorker);
    });
    child.removeAllListeners('message');
    child.removeAllListeners('exit');
    return new AppProcess(child, functions, options);
  }

  /** Runs a function. Rejects with InvocationError when it throws, WorkerLostError when it is lost. */
  invoke(
    functionName: string,
    inputs: { name: string; data: RpcTypedData }[],
  ): Promise<RpcTypedData | null> {
    return new Promise((resolve, reject) => {
      if (!this.child.connected) {
        reject(new WorkerLostError('The worker process is not running.'));
        return;
      }
      const invocationId = randomUUID();
      const timeout = setTimeout(() => {
        this.options.log(
          'error',
          functionName,
          'The function ran longer than functionTimeout allows.',
        );
        this.child.kill('SIGKILL');
      }, this.options.functionTimeout);
      this.pending.set(invocationId, {
        resolve: (value) => {
          clearTimeout(timeout);
          resolve(value);
        },
        reject: (error) => {
          clearTimeout(timeout);
          reject(error);
        },
      });
      this.child.send({ type: 'invoke', invocationId, functionName, inputs } satisfies ToWorker);
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.kill('SIGTERM');
    });
  }
}
