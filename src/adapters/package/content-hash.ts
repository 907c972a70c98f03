import { hash } from 'node:crypto';
import type { HashedBytes } from './hash-worker';
import { hashThread, type Thread } from './threads';

/** Bytes of a piece of shared memory. What is left of a content at its end is less: for that it waits. */
const chunkLength = 256 * 1024;
/** Chunks that are sent together where they arrive together: to wake a thread takes time from both. */
const mostSentAtOnce = 4;
/** Chunks of one content that are filled or hashed at the same time: so far may either thread be ahead. */
const chunksAtOnce = 8;

/** Memory of finished contents. */
const free: Buffer[] = [];
/** Slots of finished contents. */
const freeSlots: number[] = [];
let slots = 0;

/**
 * SHA-256 of a content of any length, computed on another thread while the bytes are encrypted on this
 * one: hashing is a third of the work. A content of less than one chunk is hashed on this thread.
 */
export class ContentHash {
  /** Bytes so far. */
  size = 0;
  private current: Buffer | null = null;
  private filled = 0;
  /** Full chunks that have not been sent. */
  private full: Buffer[] = [];
  /** Chunks that the thread is hashing, with the answer that frees their memory; oldest first. */
  private readonly underWay: { chunks: Buffer[]; answer: Promise<string> }[] = [];
  /** Chunks that have been hashed. */
  private readonly hashed: Buffer[] = [];
  /** Chunks of this content, whatever they are doing. */
  private chunks = 0;
  /** The thread that has received the first chunk, and receives all others; its slot for this content. */
  private sentTo: { thread: Thread<HashedBytes, string>; slot: number } | null = null;
  private isAbandoned = false;

  /** Copies bytes; the caller may reuse them when this has returned. An abandoned content takes none. */
  async update(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      this.current ??= await this.chunk();
      if (this.isAbandoned) return;
      const count = bytes.copy(this.current, this.filled, at);
      at += count;
      this.filled += count;
      this.size += count;
      if (this.filled < chunkLength) continue;
      this.full.push(this.current);
      this.current = null;
      this.filled = 0;
      if (this.full.length === mostSentAtOnce) this.sendFull();
    }
    if (this.full.length > 0) this.sendFull();
  }

  /**
   * Abandons the content. Its source may still deliver a chunk, so its memory is not given to another
   * content.
   */
  abandon(): void {
    this.isAbandoned = true;
    if (this.sentTo) freeSlots.push(this.sentTo.slot);
  }

  /**
   * Ends the content.
   * @returns the SHA-256 in hex
   * @throws Error when the thread has ended
   */
  async digest(): Promise<string> {
    const { current, sentTo } = this;
    if (!sentTo) {
      const sha256 = hash('sha256', current?.subarray(0, this.filled) ?? Buffer.alloc(0), 'hex');
      if (current) free.push(current);
      return sha256;
    }
    if (current) this.send([current], this.filled);
    freeSlots.push(sentTo.slot);
    let sha256: string | null = null;
    for (const { chunks, answer } of this.underWay) {
      sha256 = await answer;
      free.push(...chunks);
    }
    free.push(...this.hashed);
    if (sha256 === null) throw new Error('The hash thread has not answered the last chunk.');
    return sha256;
  }

  private sendFull(): void {
    this.send(this.full, this.full.length * chunkLength);
    this.full = [];
  }

  private send(chunks: Buffer[], length: number): void {
    const isFirst = this.sentTo === null;
    this.sentTo ??= { thread: hashThread.running(), slot: freeSlots.pop() ?? (slots += 1) };
    const { thread, slot } = this.sentTo;
    const memory = chunks.map(({ buffer }) => buffer as SharedArrayBuffer);
    const answer = thread.ask({ slot, isFirst, memory, length });
    // `digest` or `chunk` handles the error; until then it must not end the process.
    answer.catch(() => undefined);
    this.underWay.push({ chunks, answer });
  }

  /** An empty chunk: one that has been hashed, where there are as many as may be. */
  private async chunk(): Promise<Buffer> {
    const oldest =
      this.chunks < chunksAtOnce || this.hashed.length > 0 ? undefined : this.underWay.shift();
    if (oldest) {
      await oldest.answer;
      this.hashed.push(...oldest.chunks);
    }
    const hashed = this.hashed.pop();
    if (hashed) return hashed;
    this.chunks += 1;
    return free.pop() ?? Buffer.from(new SharedArrayBuffer(chunkLength));
  }
}
