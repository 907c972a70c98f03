import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate as immediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createDeflateRaw, deflateRaw } from 'node:zlib';
import type { EntryRecord, PackageStore } from '../../ports';
import { chunkLength, chunksOf, EntryCipher } from './aes';
import { BlockWriter } from './block-writer';
import { ContentHash } from './content-hash';
import { EntryKeyring } from './entry-keys';
import { localHeader, localHeaderLength, type Method } from './zip-format';

/** Content of an entry: in memory, or as a stream of any length. */
export type Content = Buffer | AsyncIterable<Buffer>;

/** Bytes that are processed before timers and requests have their turn: some milliseconds. */
const turnLength = 4 * chunkLength;
const deflate = promisify(deflateRaw);

/**
 * Writes one part of a package: entries are encrypted as they arrive and staged as blocks of the final
 * blob. Three blocks are buffered at most: one that is filled, one that is staged, and one that waits
 * for the sizes of its entry.
 */
export class PartWriter {
  private readonly entries: EntryRecord[] = [];
  private readonly blocks: BlockWriter;
  private readonly keyring: EntryKeyring;
  private sinceTurn = 0;

  /** @param part name of the part, of one length for all parts of a package */
  constructor(
    store: PackageStore,
    requestId: string,
    private readonly part: string,
    passphrase: string,
  ) {
    this.blocks = new BlockWriter(store, requestId, part);
    this.keyring = new EntryKeyring(passphrase);
  }

  /**
   * Adds an entry. Text is compressed (`deflate`), media is stored. When the content's source throws,
   * the part is as it was before, and the error is thrown.
   */
  add(name: string, content: Content, compression: 'deflate' | 'store'): Promise<EntryRecord> {
    return this.atomically(() => this.writeEntry(name, content, compression));
  }

  /** Runs work that adds entries. When it throws, none of them is added. */
  async atomically<T>(work: () => Promise<T>): Promise<T> {
    const before = this.blocks.position();
    const entries = this.entries.length;
    try {
      const result = await work();
      this.blocks.release(before);
      return result;
    } catch (error) {
      this.entries.length = entries;
      await this.blocks.rollBack(before);
      throw error;
    }
  }

  private async writeEntry(
    name: string,
    content: Content,
    compression: 'deflate' | 'store',
  ): Promise<EntryRecord> {
    const { blocks } = this;
    const method: Method = compression === 'deflate' ? 8 : 0;
    const { salt, keys } = await this.keyring.next();
    const cipher = new EntryCipher(keys, 'encrypt');
    const offset = blocks.offset;
    const header = await blocks.reserve(localHeaderLength(name));
    const dataStart = blocks.offset;
    await blocks.write(Buffer.concat([salt, keys.verifier]));
    const isSmall = Buffer.isBuffer(content) && content.length <= chunkLength;
    const { size, sha256 } = isSmall
      ? await this.encryptSmall(content, method, cipher)
      : await this.encryptStream(content, method, cipher);
    await blocks.write(cipher.authenticationCode());
    const storedSize = blocks.offset - dataStart;
    await blocks.fill(header, localHeader({ name, method, size, storedSize }));
    const entry = { name, offset, size, storedSize, method, sha256 };
    this.entries.push(entry);
    return entry;
  }

  /** Content of one chunk at most. Most entries are, and a stream would cost more than their content. */
  private async encryptSmall(
    content: Buffer,
    method: Method,
    cipher: EntryCipher,
  ): Promise<{ size: number; sha256: string }> {
    const packed = method === 8 ? await deflate(content) : content;
    for (const chunk of chunksOf(packed)) await this.encryptChunk(chunk, cipher);
    await this.takeTurns(content.length);
    return { size: content.length, sha256: hash('sha256', content, 'hex') };
  }

  private async encryptStream(
    content: Content,
    method: Method,
    cipher: EntryCipher,
  ): Promise<{ size: number; sha256: string }> {
    const sum = new ContentHash();
    async function* clear(): AsyncGenerator<Buffer> {
      for await (const received of Buffer.isBuffer(content) ? [content] : content) {
        for (const chunk of chunksOf(received)) {
          await sum.update(chunk);
          yield chunk;
        }
      }
    }
    const packed =
      method === 8
        ? (Readable.from(clear()).compose(createDeflateRaw()) as AsyncIterable<Buffer>)
        : clear();
    try {
      for await (const received of packed) {
        for (const chunk of chunksOf(received)) {
          await this.encryptChunk(chunk, cipher);
          await this.takeTurns(chunk.length);
        }
      }
    } catch (error) {
      sum.abandon();
      throw error;
    }
    return { size: sum.size, sha256: await sum.digest() };
  }

  private async encryptChunk(chunk: Buffer, cipher: EntryCipher): Promise<void> {
    for (const encrypted of cipher.update(chunk)) {
      // Most writes fill no block, and waiting for those would cost time.
      const isStaging = this.blocks.write(encrypted);
      if (isStaging) await isStaging;
    }
  }

  /** Lets the event loop run now and then: content in memory never waits for anything. */
  private async takeTurns(bytes: number): Promise<void> {
    this.sinceTurn += bytes;
    if (this.sinceTurn < turnLength) return;
    this.sinceTurn = 0;
    await immediate();
  }

  /** Stages the last block. Returns what the directory of the package needs to know about this part. */
  async finish(): Promise<{
    part: string;
    bytes: number;
    blockIds: string[];
    entries: EntryRecord[];
  }> {
    await this.blocks.finish();
    const { offset: bytes, blockIds } = this.blocks;
    return { part: this.part, bytes, blockIds, entries: this.entries };
  }
}
