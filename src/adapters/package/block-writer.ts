import { randomBytes } from 'node:crypto';
import { blockLength } from '../../core/package/limits';
import type { PackageStore } from '../../ports';

/** A block while it is filled. */
interface Block {
  id: string;
  buffer: Buffer;
  length: number;
  isStaged: boolean;
  /** Positions that may be gone back to, and begin in this block. */
  pins: number;
}

/** Where a writer stands, to go back to. */
export interface Position {
  block: Block | null;
  length: number;
  blocks: number;
  offset: number;
}

/** A stretch of the blob that is written later than what follows it. */
export interface Reserved {
  block: Block;
  at: number;
  length: number;
}

/**
 * Writes bytes as staged blocks of the package's blob. One block is filled while another is staged,
 * and their memory is used again;
 * a block in which something is reserved is staged when that is written. The blocks of an attempt
 * bear its random number, so an attempt that is taken up again cannot mix with the one before.
 */
export class BlockWriter {
  private readonly attempt = randomBytes(4).toString('hex');
  readonly blockIds: string[] = [];
  /** Bytes written so far. */
  offset = 0;
  private current: Block | null = null;
  private reserved: Reserved | null = null;
  /** Whether the block with the reserved stretch is full, and waits. */
  private isWaiting = false;
  private staging: Promise<void> = Promise.resolve();
  /** Memory of blocks that are staged. */
  private readonly free: Buffer[] = [];
  /** Why a block could not be staged: what names it must not be finished. */
  private failure: Error | null = null;

  /** @param part name of the part, of one length for all parts of a package */
  constructor(
    private readonly store: PackageStore,
    private readonly requestId: string,
    private readonly part: string,
  ) {}

  /**
   * Copies bytes behind what is there; they may be used again when this returns.
   * @returns what to wait for before more is written; nothing where no block was filled
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

  /** Leaves room for so many bytes, in one block; one stretch at a time. */
  async reserve(length: number): Promise<Reserved> {
    if (this.reserved) throw new Error('Something else is reserved.');
    if (this.current && this.current.buffer.length - this.current.length < length)
      await this.closeBlock();
    const block = (this.current ??= this.newBlock());
    this.reserved = { block, at: block.length, length };
    block.length += length;
    this.offset += length;
    return this.reserved;
  }

  /** Writes what was reserved. */
  async fill({ block, at, length }: Reserved, bytes: Buffer): Promise<void> {
    if (bytes.length !== length) throw new Error('What was reserved has another length.');
    bytes.copy(block.buffer, at);
    this.reserved = null;
    if (this.isWaiting) {
      this.isWaiting = false;
      await this.stage(block);
    }
  }

  /** Stages what is left. */
  async finish(): Promise<void> {
    if (this.current) await this.closeBlock();
    await this.staging;
    if (this.failure) throw this.failure;
  }

  /** Where it stands now; to be given to `goBack` or `goOn` in the end. */
  position(): Position {
    const { current, blockIds, offset } = this;
    if (current) current.pins += 1;
    return { block: current, length: current?.length ?? 0, blocks: blockIds.length, offset };
  }

  /** Forgets a position: nobody goes back to it. */
  goOn({ block }: Position): void {
    if (!block) return;
    block.pins -= 1;
    this.recycle(block);
  }

  /**
   * Goes back to where it stood, between two entries. Blocks staged meanwhile are not named any
   * more; their ids are staged again.
   */
  async goBack({ block, length, blocks, offset }: Position): Promise<void> {
    // An upload that is under way must not come in after the next one of the same id.
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

  /** Begins to stage a block as soon as the one before it is staged. */
  private async stage(block: Block): Promise<void> {
    await this.staging;
    if (this.failure) throw this.failure;
    const content = block.buffer.subarray(0, block.length);
    this.staging = this.store.stageBlock(this.requestId, block.id, content).then(() => {
      block.isStaged = true;
      this.recycle(block);
    });
    // Heard by whoever awaits it next; until then it must not end the process.
    this.staging.catch((error: unknown) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
    });
  }
}

/** Block ids of a blob must have one length; they carry part, attempt and sequence. */
export const blockId = (part: string, attempt: string, sequence: number): string =>
  Buffer.from(`${part}.${attempt}.${String(sequence).padStart(5, '0')}`).toString('base64');
