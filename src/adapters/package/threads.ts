import { Worker } from 'node:worker_threads';
import type { HashedBytes } from './hash-worker';
import type { Derivation } from './key-worker';

interface Waiter<Answer> {
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/** A thread that answers in the order in which it is asked. It keeps the process alive only while somebody waits for it. */
export class Thread<Question, Answer> {
  private readonly worker: Worker;
  private readonly waiting: Waiter<Answer>[] = [];
  /** Why it has ended. What it kept is lost with it. */
  failure: Error | null = null;

  /** @param file what the thread runs: it answers every message with one */
  constructor(file: string) {
    this.worker = new Worker(file);
    this.worker.on('message', (answer: Answer) => {
      this.waiting.shift()?.resolve(answer);
      if (this.waiting.length === 0) this.worker.unref();
    });
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('The thread has ended.')));
  }

  /** @throws Error when the thread has ended */
  ask(question: Question): Promise<Answer> {
    if (this.failure) return Promise.reject(this.failure);
    this.worker.ref();
    this.worker.postMessage(question);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Ends the thread, and fails what it has not answered. */
  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}

/** A thread for the whole process, which is started when it is first used, and anew where it has ended. */
class SharedThread<Question, Answer> {
  private thread: Thread<Question, Answer> | null = null;

  constructor(private readonly file: string) {}

  running(): Thread<Question, Answer> {
    if (this.thread === null || this.thread.failure !== null) this.thread = new Thread(this.file);
    return this.thread;
  }

  async end(): Promise<void> {
    await this.thread?.end();
  }
}

/** Answers with the SHA-256 of the content as far as it has been sent, in hex. */
export const hashThread = new SharedThread<HashedBytes, string>(require.resolve('./hash-worker'));
/** Answers with the keys, in the order of their salts. */
export const keyThread = new SharedThread<Derivation, Uint8Array[]>(
  require.resolve('./key-worker'),
);

/** Ends the threads of this process, where there are any. */
export async function endThreads(): Promise<void> {
  await Promise.all([hashThread.end(), keyThread.end()]);
}
