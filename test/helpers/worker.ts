import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type {
  FromWorker,
  RegisteredFunction,
  RpcTypedData,
  ToWorker,
} from '../../local/host/protocol';
import { root } from './root';

/** The app in its worker process, without a host: a test calls its functions by hand. */
export class AppWorker {
  private constructor(
    private readonly child: ChildProcess,
    readonly functions: RegisteredFunction[],
  ) {}

  static async start(appRoot: string, env: Record<string, string>): Promise<AppWorker> {
    const child = fork(join(root, 'dist/local/host/worker.js'), [], {
      cwd: appRoot,
      env: { ...process.env, ...env },
      serialization: 'advanced',
    });
    const functions = await new Promise<RegisteredFunction[]>((resolve, reject) => {
      child.on('message', (message: FromWorker) => {
        if (message.type === 'loaded') resolve(message.functions);
        if (message.type === 'loadFailed') reject(new Error(message.message));
      });
      child.send({ type: 'load', root: appRoot } satisfies ToWorker);
    });
    return new AppWorker(child, functions);
  }

  /** Runs a function by its trigger. Rejects with the message that a host would be given. */
  invoke(functionName: string, data: RpcTypedData): Promise<RpcTypedData | null> {
    const name = this.functions
      .find((f) => f.name === functionName)
      ?.bindings.find((b) => b.direction === 'in')?.name;
    if (name === undefined) throw new Error(`The app has no function ${functionName}.`);
    const invocationId = randomUUID();
    return new Promise((resolve, reject) => {
      const listener = (message: FromWorker): void => {
        if (message.type !== 'result' && message.type !== 'error') return;
        if (message.invocationId !== invocationId) return;
        this.child.off('message', listener);
        if (message.type === 'result') resolve(message.value);
        else reject(Object.assign(new Error(message.message), { stack: message.stack }));
      };
      this.child.on('message', listener);
      this.child.send({
        type: 'invoke',
        invocationId,
        functionName,
        inputs: [{ name, data }],
      } satisfies ToWorker);
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill();
    await ended;
  }
}
