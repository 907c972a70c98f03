import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { HashChunk } from './hash-worker';

/** Bytes that are sent to the thread at a time. The end of a content waits for the last of them. */
const chunkLength = 256 * 1024;
/** Chunks of one content that are filled or hashed at the same time: so far may either thread be ahead. */
const chunksAtOnce = 8;

interface Waiter {
  resolve: (sha256: string | null) => void;
  reject: (error: Error) => void;
}

/** A thread that hashes. It keeps the process alive only while somebody waits for it. */
class HashThread {
  private readonly worker = new Worker(require.resolve('./hash-worker'));
  /** Callers that wait, in the order in which the thread answers. */
  private readonly waiting: Waiter[] = [];
  /** Why it has ended. The state of every content that it was hashing is lost with it. */
  failure: Error | null = null;

  constructor() {
    this.worker.on('message', (sha256: string | null) => {
      this.waiting.shift()?.resolve(sha256);
      if (this.waiting.length === 0) this.worker.unref();
    });
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('The hash thread has ended.')));
  }

  /** @returns the SHA-256 after the last chunk of a content, in hex; null after any other */
  send(chunk: HashChunk): Promise<string | null> {
    if (this.failure) return Promise.reject(this.failure);
    this.worker.ref();
    this.worker.postMessage(chunk);
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

let shared: HashThread | null = null;
/** The thread of this process; a new one when there is none or it has ended. */
const hashThread = (): HashThread =>
  (shared = shared === null || shared.failure !== null ? new HashThread() : shared);

/** Ends the thread of this process, where there is one. */
export async function endHashThread(): Promise<void> {
  await shared?.end();
}

/** Memory of finished contents. */
const free: Buffer[] = [];
let contents = 0;

/**
 * SHA-256 of a content of any length, computed on another thread while the bytes are encrypted on this
 * one: hashing is a third of the work. A content of less than one chunk is hashed on this thread.
 */
export class ContentHash {
  /** Bytes so far. */
  size = 0;
  private readonly content = (contents += 1);
  private current: Buffer | null = null;
  private filled = 0;
  /** Chunks that the thread is hashing, each with the memory that its answer frees; oldest first. */
  private readonly underWay: { memory: Buffer; answer: Promise<string | null> }[] = [];
  /** The thread that has received the first chunk, and receives all others. */
  private thread: HashThread | null = null;
  private isAbandoned = false;

  /** Copies bytes; the caller may reuse them when this has returned. An abandoned content takes none. */
  async update(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      this.current ??= await this.memory();
      if (this.isAbandoned) return;
      const count = chunk.copy(this.current, this.filled, at);
      at += count;
      this.filled += count;
      this.size += count;
      if (this.filled === chunkLength) this.send(false);
    }
  }

  /**
   * Abandons the content. Its source may still deliver a chunk, so its memory is not given to another
   * content.
   */
  abandon(): void {
    this.isAbandoned = true;
    const { content, thread } = this;
    const end = { content, memory: new SharedArrayBuffer(0), length: 0, isLast: true };
    thread?.send(end).catch(() => undefined);
  }

  /**
   * Ends the content.
   * @returns the SHA-256 in hex
   * @throws Error when the thread has ended
   */
  async digest(): Promise<string> {
    if (!this.thread) {
      const { current } = this;
      const sha256 = hash('sha256', current?.subarray(0, this.filled) ?? Buffer.alloc(0), 'hex');
      if (current) free.push(current);
      return sha256;
    }
    this.current ??= await this.memory();
    this.send(true);
    let sha256: string | null = null;
    for (const { memory, answer } of this.underWay) {
      sha256 = await answer;
      free.push(memory);
    }
    if (sha256 === null) throw new Error('The hash thread has not answered the last chunk.');
    return sha256;
  }

  private send(isLast: boolean): void {
    const { current, content, filled: length } = this;
    if (!current) return;
    const memory = current.buffer as SharedArrayBuffer;
    this.thread ??= hashThread();
    const answer = this.thread.send({ content, memory, length, isLast });
    // `digest` or `memory` handles the error; until then it must not end the process.
    answer.catch(() => undefined);
    this.underWay.push({ memory: current, answer });
    this.current = null;
    this.filled = 0;
  }

  private async memory(): Promise<Buffer> {
    const oldest = this.underWay.length < chunksAtOnce ? undefined : this.underWay.shift();
    if (!oldest) return free.pop() ?? Buffer.from(new SharedArrayBuffer(chunkLength));
    await oldest.answer;
    return oldest.memory;
  }
}
