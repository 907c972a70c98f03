import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { join } from 'node:path';
import { sanitize } from './sanitizer';
import type { FromWorker, RegisteredFunction, RpcTypedData, ToWorker } from './protocol';

/** An invocation that gives no result. */
export abstract class FunctionError extends Error {
  /** What the orchestrator gets beside the message. */
  get details(): string {
    return this.stack ?? this.message;
  }
}

/** Its handler threw: what the worker reported. */
export class InvocationError extends FunctionError {
  constructor(
    message: string,
    private readonly workerStack: string,
  ) {
    super(message);
  }

  override get details(): string {
    return this.workerStack;
  }
}

/** The error of a worker's report, without what looks like a credential. */
export const invocationError = (report: { message: string; stack: string }): InvocationError =>
  new InvocationError(sanitize(report.message), sanitize(report.stack));

/** The worker process ended before it answered (WorkerProcessExitException of the Functions host). */
export class WorkerLostError extends FunctionError {}

/** It ran longer than functionTimeout allows (FunctionTimeoutException of the WebJobs SDK). */
export class FunctionTimeoutError extends FunctionError {}

interface Pending {
  resolve: (value: RpcTypedData | null) => void;
  reject: (error: Error) => void;
}

export interface AppProcessOptions {
  root: string;
  env: NodeJS.ProcessEnv;
  log: (level: string, functionName: string | null, message: string) => void;
  /** Called when the process has ended by itself. */
  onLost: () => void;
  /** Called when the process is ended because a function ran too long. */
  onTimeout: () => void;
  /** Longest time that an invocation may take, as host.json has it and in milliseconds. */
  functionTimeout: { text: string; milliseconds: number };
}

/** A loaded app, whose functions a host runs. */
export interface App {
  /** Process id of the worker: the process whose memory is the app's. */
  readonly pid: number;
  readonly functions: readonly RegisteredFunction[];
  /**
   * Runs a function. Rejects with InvocationError when it throws, WorkerLostError when the process
   * ends, FunctionTimeoutError when it takes too long.
   */
  invoke(
    functionName: string,
    inputs: { name: string; data: RpcTypedData }[],
  ): Promise<RpcTypedData | null>;
  stop(): Promise<void>;
}

/** The app in its child process. */
export class AppProcess implements App {
  private readonly pending = new Map<string, Pending>();
  private isStopping = false;
  private hasTimedOut = false;
  private lost: WorkerLostError | null = null;

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
      else waiting?.reject(invocationError(message));
    });
    child.on('exit', (code, signal) => this.onExit(code, signal));
  }

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

  invoke(
    functionName: string,
    inputs: { name: string; data: RpcTypedData }[],
  ): Promise<RpcTypedData | null> {
    return new Promise((resolve, reject) => {
      if (this.lost) {
        reject(this.lost);
        return;
      }
      const invocationId = randomUUID();
      const timeout = setTimeout(
        () => this.endForTimeout(invocationId, functionName),
        this.options.functionTimeout.milliseconds,
      ).unref();
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
      const message = { type: 'invoke', invocationId, functionName, inputs } satisfies ToWorker;
      // The exit event reports that the process has just ended.
      this.child.send(message, () => undefined);
    });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.kill('SIGTERM');
    });
  }

  private endForTimeout(invocationId: string, functionName: string): void {
    const waiting = this.pending.get(invocationId);
    this.pending.delete(invocationId);
    const { text } = this.options.functionTimeout;
    const message = `Timeout value of ${text} was exceeded by function: Functions.${functionName}`;
    this.options.log('error', functionName, message);
    waiting?.reject(new FunctionTimeoutError(message));
    if (this.hasTimedOut) return;
    this.hasTimedOut = true;
    this.child.kill('SIGKILL');
    this.options.onTimeout();
  }

  /**
   * A process that ends by itself takes its invocations with it. Those of one that the host ended for
   * a timeout get no answer until their own time is over (WebScriptHostExceptionHandler.cs restarts
   * the channel without an exception to fail them by).
   */
  private onExit(code: number | null, signal: NodeJS.Signals | null): void {
    const exitCode = code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
    const hex = exitCode.toString(16).toUpperCase();
    this.lost = new WorkerLostError(`node exited with code ${exitCode} (0x${hex})`);
    if (this.isStopping || !this.hasTimedOut) {
      for (const waiting of this.pending.values()) waiting.reject(this.lost);
      this.pending.clear();
    }
    if (this.isStopping || this.hasTimedOut) return;
    this.options.log('error', null, `Language Worker Process exited. Pid=${this.pid}.`);
    this.options.onLost();
  }
}
