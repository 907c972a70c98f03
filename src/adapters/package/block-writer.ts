import { randomBytes } from 'node:crypto';
import { blockLength } from '../../core/package/limits';
import type { PackageStore } from '../../ports';

/** A block while it is filled. */
interface Block {
  id: string;
  buffer: Buffer;
  length: number;
  isStaged: boolean;
  /** Positions in this block to which the writer may be rolled back. */
  pins: number;
}

/** A position of a writer, to which it can be rolled back. */
export interface Position {
  block: Block | null;
  length: number;
  blocks: number;
  offset: number;
}

/** Bytes of the blob that are written after those that follow them. */
export interface Reservation {
  block: Block;
  at: number;
  length: number;
}

/**
 * Writes bytes as staged blocks of the package's blob. One block is filled while another is staged, and
 * their memory is reused. A block with a reservation is staged when the reservation is written. The ids
 * of blocks carry a random number of the writer, so that the blocks of a retry cannot mix with those of
 * the attempt before.
 */
export class BlockWriter {
  private readonly attempt = randomBytes(4).toString('hex');
  readonly blockIds: string[] = [];
  /** Bytes written so far. */
  offset = 0;
  private current: Block | null = null;
  private reserved: Reservation | null = null;
  /** Whether the block with the reservation is full, and waits. */
  private isWaiting = false;
  private staging: Promise<void> = Promise.resolve();
  /** Memory of staged blocks. */
  private readonly free: Buffer[] = [];
  /** Why a block could not be staged: a part that names it must not be finished. */
  private failure: Error | null = null;

  /** @param part name of the part, of one length for all parts of a package */
  constructor(
    private readonly store: PackageStore,
    private readonly requestId: string,
    private readonly part: string,
  ) {}

  /**
   * Appends a copy of bytes; the caller may reuse them when this returns.
   * @returns a promise to await before the next write; undefined when no block was filled
   */
  write(bytes: Buffer): Promise<void> | undefined {
    const block = (this.current ??= this.newBlock());
    const count = Math.min(bytes.length, block.buffer.length - block.length);
    bytes.copy(block.buffer, block.length, 0, count);
    block.length += count;
    this.offset += count;
    if (block.length < block.buffer.length) return undefined;
    const rest = Buffer.from(bytes.subarray(count));
    return this.closeBlock().then(() => (rest.length > 0 ? this.write(rest) : undefined));
  }

  /** Reserves so many bytes in one block. There is one reservation at a time. */
  async reserve(length: number): Promise<Reservation> {
    if (this.reserved) throw new Error('There is another reservation.');
    if (this.current && this.current.buffer.length - this.current.length < length)
      await this.closeBlock();
    const block = (this.current ??= this.newBlock());
    this.reserved = { block, at: block.length, length };
    block.length += length;
    this.offset += length;
    return this.reserved;
  }

  /** Writes the bytes of a reservation. */
  async fill({ block, at, length }: Reservation, bytes: Buffer): Promise<void> {
    if (bytes.length !== length) throw new Error('The reservation has another length.');
    bytes.copy(block.buffer, at);
    this.reserved = null;
    if (this.isWaiting) {
      this.isWaiting = false;
      await this.stage(block);
    }
  }

  /** Stages the last block. */
  async finish(): Promise<void> {
    if (this.current) await this.closeBlock();
    await this.staging;
    if (this.failure) throw this.failure;
  }

  /** The present position; it must be given to `rollBack` or `release` later. */
  position(): Position {
    const { current, blockIds, offset } = this;
    if (current) current.pins += 1;
    return { block: current, length: current?.length ?? 0, blocks: blockIds.length, offset };
  }

  /** Releases a position to which the writer is not rolled back. */
  release({ block }: Position): void {
    if (!block) return;
    block.pins -= 1;
    this.recycle(block);
  }

  /**
   * Returns to a position between two entries. Blocks that were staged since are no longer named, and
   * their ids are staged again.
   */
  async rollBack({ block, length, blocks, offset }: Position): Promise<void> {
    // An upload under way must not arrive after the next one with the same id.
    await this.staging.catch(() => undefined);
    this.staging = Promise.resolve();
    this.blockIds.length = blocks;
    this.current = block;
    if (block) Object.assign(block, { length, isStaged: false, pins: block.pins - 1 });
    this.offset = offset;
    this.reserved = null;
    this.isWaiting = false;
  }

  private newBlock(): Block {
    const id = blockId(this.part, this.attempt, this.blockIds.length);
    const wanted = blockLength(this.blockIds.length);
    const used = this.free.pop();
    const buffer = used?.length === wanted ? used : Buffer.allocUnsafeSlow(wanted);
    return { id, buffer, length: 0, isStaged: false, pins: 0 };
  }

  private recycle({ buffer, isStaged, pins }: Block): void {
    if (isStaged && pins === 0 && !this.free.includes(buffer)) this.free.push(buffer);
  }

  private async closeBlock(): Promise<void> {
    const block = this.current;
    if (!block) return;
    this.current = null;
    this.blockIds.push(block.id);
    if (this.reserved?.block === block) this.isWaiting = true;
    else await this.stage(block);
  }

  /** Starts to stage a block as soon as the one before it is staged. */
  private async stage(block: Block): Promise<void> {
    await this.staging;
    if (this.failure) throw this.failure;
    const content = block.buffer.subarray(0, block.length);
    this.staging = this.store.stageBlock(this.requestId, block.id, content).then(() => {
      block.isStaged = true;
      this.recycle(block);
    });
    // The next caller that awaits it handles the error; until then it must not end the process.
    this.staging.catch((error: unknown) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
    });
  }
}

/** Id of a block, with part, attempt and sequence. All block ids of a blob must have the same length. */
export const blockId = (part: string, attempt: string, sequence: number): string =>
  Buffer.from(`${part}.${attempt}.${String(sequence).padStart(5, '0')}`).toString('base64');
