import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mostBlocks, partCapacity } from '../../src/core/package/limits';
import type { PackageStore, WrittenPart } from '../../src/ports';

/** A file in memory where the system has such, because the same bytes are written again and again. */
const folderFor = (): string =>
  mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bench-large-'));

/**
 * A store for packages of any size: it keeps the part that is being written and the directory, and of all
 * others the ids and lengths of their blocks. Every part is read back before the next one is written.
 */
export class PartSink implements PackageStore {
  private readonly folder = folderFor();
  private file: FileHandle | null = null;
  /** Blocks of the part that is being written, by their ids. */
  private present = new Map<string, number>();
  /** Blocks of finished parts, in the order of the package. */
  readonly blocks: { id: string; length: number }[] = [];
  /** Where the present part begins in the package. */
  start = 0;
  private ids: readonly string[] = [];

  /** Ids and lengths of a part's blocks; each block is where its number says. */
  async stageBlock(_requestId: string, blockId: string, content: Buffer): Promise<void> {
    this.file ??= await open(join(this.folder, 'part'), 'w+');
    const sequence = sequenceOf(blockId);
    if (this.present.has(blockId)) throw new Error('A block was staged twice.');
    this.present.set(blockId, content.length);
    await this.file.write(content, 0, content.length, partCapacity(sequence));
  }

  /**
   * Looks whether the blocks are those of the part, in their order and without a gap.
   * @throws Error when they are not
   */
  checkPart({ bytes, blockIds }: WrittenPart): void {
    let end = 0;
    for (const [sequence, id] of blockIds.entries()) {
      const length = this.present.get(id);
      if (length === undefined || sequenceOf(id) !== sequence || partCapacity(sequence) !== end)
        throw new Error('The blocks of a part are not in order.');
      this.blocks.push({ id, length });
      end += length;
    }
    if (end !== bytes || this.present.size !== blockIds.length)
      throw new Error('A part has other blocks than it says.');
  }

  /** Forgets the part that was read back. */
  async endPart({ bytes }: WrittenPart): Promise<void> {
    this.start += bytes;
    this.present = new Map();
    await this.file?.truncate(0);
  }

  /** The directory is what remains: it stays in the file. */
  commit(_requestId: string, blockIds: string[]): Promise<void> {
    const directory = blockIds.slice(this.blocks.length);
    const expected = [...this.blocks.map(({ id }) => id), ...this.present.keys()];
    const isInOrder =
      blockIds.length === expected.length && blockIds.every((id, i) => id === expected[i]);
    if (!isInOrder) throw new Error('The blocks of the package are not in order.');
    if (new Set(blockIds.map(({ length }) => length)).size !== 1)
      throw new Error('The ids of blocks differ in length.');
    if (blockIds.length > mostBlocks) throw new Error('There are too many blocks.');
    for (const id of directory) this.blocks.push({ id, length: this.present.get(id) ?? 0 });
    this.ids = directory;
    return Promise.resolve();
  }

  /** Bytes of the directory and of the records at the end. */
  get directoryBytes(): number {
    return this.ids.reduce((sum, id) => sum + (this.present.get(id) ?? 0), 0);
  }

  size(): Promise<number | null> {
    return Promise.resolve(this.start + this.directoryBytes);
  }

  async read(_requestId: string, from: number, count: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(count);
    const { bytesRead = 0 } = (await this.file?.read(bytes, 0, count, from - this.start)) ?? {};
    return bytes.subarray(0, bytesRead);
  }

  /** As storage gives it: in pieces of 64 KiB. */
  async *stream(requestId: string, from: number, count: number): AsyncIterable<Buffer> {
    for (let at = from; at < from + count; at += pieceLength)
      yield await this.read(requestId, at, Math.min(pieceLength, from + count - at));
  }

  async end(): Promise<void> {
    await this.file?.close();
    rmSync(this.folder, { recursive: true });
  }

  version = (): Promise<null> => Promise.resolve(null);
  delete = (): Promise<void> => Promise.resolve();
  link = (): Promise<null> => Promise.resolve(null);
}

const pieceLength = 64 * 1024;

/** Number of a block in its part, as its id says. */
const sequenceOf = (blockId: string): number =>
  Number(Buffer.from(blockId, 'base64').toString().split('.').at(-1));
