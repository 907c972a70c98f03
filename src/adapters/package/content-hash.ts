import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Stretch } from './hash-worker';

/** Bytes that are handed to the thread at a time: the last of them is what a content's end waits for. */
const stretchLength = 256 * 1024;
/** Stretches of one content that are filled or read at the same time. */
const stretchesAtOnce = 4;

interface Answer {
  resolve: (sha256: string | null) => void;
  reject: (error: Error) => void;
}

/** A thread that hashes; it holds the process up only while somebody waits for it. */
class HashThread {
  private readonly worker = new Worker(require.resolve('./hash-worker'));
  /** Who waits, in the order in which the thread will answer. */
  private readonly waiting: Answer[] = [];
  /** Why it has ended. What it had read is lost with it, and with that every content it was given. */
  failure: Error | null = null;

  constructor() {
    this.worker.on('message', (sha256: string | null) => {
      this.waiting.shift()?.resolve(sha256);
      if (this.waiting.length === 0) this.worker.unref();
    });
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('The thread that hashes has ended.')));
  }

  /** @returns the SHA-256 after the last stretch of a content, in hex */
  send(stretch: Stretch): Promise<string | null> {
    if (this.failure) return Promise.reject(this.failure);
    this.worker.ref();
    this.worker.postMessage(stretch);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
  }
}

let shared: HashThread | null = null;
/** The thread of this process; a new one where there is none, or none any more. */
const hashThread = (): HashThread =>
  (shared = shared === null || shared.failure !== null ? new HashThread() : shared);

/** Memory of contents that have ended. */
const free: Buffer[] = [];
let contents = 0;

/**
 * SHA-256 of a content of any length, made on another thread while the bytes are encrypted on this
 * one: hashing is a third of the work. What is shorter than a stretch is hashed where it is.
 */
export class ContentHash {
  /** Bytes so far. */
  size = 0;
  private readonly content = (contents += 1);
  private current: Buffer | null = null;
  private filled = 0;
  /** Answers that are on their way, each with the memory that it sets free, oldest first. */
  private readonly underWay: { memory: Buffer; answer: Promise<string | null> }[] = [];
  /** Which thread was given the first stretch, and gets all others. */
  private thread: HashThread | null = null;
  private isAbandoned = false;

  /** Copies bytes, so that they may be used again when this has returned. Of an abandoned content it takes none. */
  async update(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      this.current ??= await this.memory();
      if (this.isAbandoned) return;
      const count = chunk.copy(this.current, this.filled, at);
      at += count;
      this.filled += count;
      this.size += count;
      if (this.filled === stretchLength) this.send(false);
    }
  }

  /**
   * Gives the content up. Its source may still have a chunk on its way, so its memory goes to no other
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
   * @throws Error when the thread has ended meanwhile
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
    if (sha256 === null) throw new Error('The last stretch was not answered.');
    return sha256;
  }

  private send(isLast: boolean): void {
    const { current, content, filled: length } = this;
    if (!current) return;
    const memory = current.buffer as SharedArrayBuffer;
    this.thread ??= hashThread();
    const answer = this.thread.send({ content, memory, length, isLast });
    // Heard by whoever awaits it later; until then it must not end the process.
    answer.catch(() => undefined);
    this.underWay.push({ memory: current, answer });
    this.current = null;
    this.filled = 0;
  }

  private async memory(): Promise<Buffer> {
    const oldest = this.underWay.length < stretchesAtOnce ? undefined : this.underWay.shift();
    if (!oldest) return free.pop() ?? Buffer.from(new SharedArrayBuffer(stretchLength));
    await oldest.answer;
    return oldest.memory;
  }
}
