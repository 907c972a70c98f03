import { IntegrityError } from '../../core/errors';

/** Reads a stream of bytes in the lengths that are requested. */
export class SequentialReader {
  position = 0;
  private buffer: Buffer = Buffer.alloc(0);
  private readonly source: AsyncIterator<Buffer>;

  /** @param onBytes is given the bytes that are read, in their order */
  constructor(
    source: AsyncIterable<Buffer>,
    private readonly onBytes: (bytes: Buffer) => void = () => undefined,
  ) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes in one buffer, for small lengths. */
  async take(length: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks(length)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async *chunks(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      if (this.buffer.length === 0) {
        const next = await this.source.next();
        if (next.done) throw new IntegrityError('The package ends too early.');
        this.buffer = next.value;
      }
      const chunk = this.buffer.subarray(0, left);
      this.buffer = this.buffer.subarray(chunk.length);
      left -= chunk.length;
      this.position += chunk.length;
      this.onBytes(chunk);
      yield chunk;
    }
  }

  /** Reads bytes that nobody but `onBytes` is given. */
  async skip(length: number): Promise<void> {
    for await (const _chunk of this.chunks(length)) continue;
  }

  /** Ends the reading, also before the end of the stream. */
  async close(): Promise<void> {
    await this.source.return?.();
  }
}

/** A stream that is asked for when it is first read. */
export async function* lazily(open: () => AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* open();
}

/** Bytes as a stream of one chunk. */
export async function* inMemory(bytes: Buffer): AsyncGenerator<Buffer> {
  await Promise.resolve();
  yield bytes;
}
