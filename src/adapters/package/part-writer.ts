import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createDeflateRaw } from 'node:zlib';
import type { EntryRecord, PackageStore } from '../../ports';
import { deriveKeys, EntryCipher, saltLength, slices } from './aes';
import { dataDescriptor, localHeader, type Method } from './zip-format';

/** Bytes of a block. Blocks run across entries: a package has few large ones, not one an entry. */
const blockLength = 8 * 1024 * 1024;

/** Content of an entry: in memory, or as a stream of any length. */
export type Content = Buffer | AsyncIterable<Buffer>;

/**
 * Writes one part of a package: entries are encrypted as they arrive and staged as blocks of the
 * final blob. Nothing is buffered beyond a block. The blocks of an attempt bear its random number,
 * so an attempt that is taken up again cannot mix with the one before.
 */
export class PartWriter {
  private readonly attempt = randomBytes(4).toString('hex');
  private readonly entries: EntryRecord[] = [];
  private readonly blockIds: string[] = [];
  private pending: Buffer[] = [];
  private pendingLength = 0;
  private offset = 0;

  /** @param part name of the part, of one length for all parts of a package */
  constructor(
    private readonly store: PackageStore,
    private readonly requestId: string,
    private readonly part: string,
    private readonly passphrase: string,
  ) {}

  /**
   * Adds an entry. Text is worth compressing (`deflate`), media is stored. When the content's source
   * throws, the part is as if the entry had never been begun, and the error goes on.
   */
  add(name: string, content: Content, compression: 'deflate' | 'store'): Promise<EntryRecord> {
    return this.atomically(() => this.writeEntry(name, content, compression));
  }

  /** Runs work that adds entries: all of them, or, when it throws, none. */
  async atomically<T>(work: () => Promise<T>): Promise<T> {
    const before = {
      pending: [...this.pending],
      pendingLength: this.pendingLength,
      offset: this.offset,
      blocks: this.blockIds.length,
      entries: this.entries.length,
    };
    try {
      return await work();
    } catch (error) {
      // Blocks staged meanwhile are not named any more; their ids are staged again.
      this.blockIds.length = before.blocks;
      this.entries.length = before.entries;
      this.pending = before.pending;
      this.pendingLength = before.pendingLength;
      this.offset = before.offset;
      throw error;
    }
  }

  private async writeEntry(
    name: string,
    content: Content,
    compression: 'deflate' | 'store',
  ): Promise<EntryRecord> {
    const method: Method = compression === 'deflate' ? 8 : 0;
    const offset = this.offset;
    const salt = randomBytes(saltLength);
    const keys = await deriveKeys(this.passphrase, salt);
    const cipher = new EntryCipher(keys, 'encrypt');
    const hash = createHash('sha256');
    let size = 0;
    async function* clear(): AsyncGenerator<Buffer> {
      for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
        for (const slice of slices(chunk)) {
          hash.update(slice);
          size += slice.length;
          yield slice;
        }
      }
    }
    await this.write(localHeader(name, method), salt, keys.verifier);
    const stored: AsyncIterable<Buffer> = method === 8 ? deflated(clear()) : clear();
    const dataStart = this.offset - salt.length - keys.verifier.length;
    for await (const slice of stored) await this.write(cipher.update(slice));
    await this.write(cipher.authenticationCode());
    const storedSize = this.offset - dataStart;
    await this.write(dataDescriptor(storedSize, size));
    const entry = { name, offset, size, storedSize, method, sha256: hash.digest('hex') };
    this.entries.push(entry);
    return entry;
  }

  /** Stages what is left and returns what the directory needs to know of this part. */
  async finish(): Promise<{
    part: string;
    bytes: number;
    blockIds: string[];
    entries: EntryRecord[];
  }> {
    await this.stage();
    return { part: this.part, bytes: this.offset, blockIds: this.blockIds, entries: this.entries };
  }

  private async write(...buffers: Buffer[]): Promise<void> {
    for (const buffer of buffers) {
      this.pending.push(buffer);
      this.pendingLength += buffer.length;
      this.offset += buffer.length;
    }
    if (this.pendingLength >= blockLength) await this.stage();
  }

  private async stage(): Promise<void> {
    if (this.pendingLength === 0) return;
    const id = blockId(this.part, this.attempt, this.blockIds.length);
    const content = Buffer.concat(this.pending, this.pendingLength);
    this.pending = [];
    this.pendingLength = 0;
    await this.store.stageBlock(this.requestId, id, content);
    this.blockIds.push(id);
  }
}

/** Block ids of a blob must have one length; they carry part, attempt and sequence. */
export const blockId = (part: string, attempt: string, sequence: number): string =>
  Buffer.from(`${part}.${attempt}.${String(sequence).padStart(5, '0')}`).toString('base64');

const deflated = (content: AsyncIterable<Buffer>): AsyncIterable<Buffer> =>
  Readable.from(content).compose(createDeflateRaw()) as AsyncIterable<Buffer>;
