import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PartWriter } from '../../src/adapters/package/part-writer';
import {
  directoryHeader,
  localHeaderLength,
  type DirectoryEntry,
} from '../../src/adapters/package/zip-format';
import { endRecords } from '../../src/core/package/zip-end';
import { partName } from '../../src/core/package/blob-names';
import { conversationFolder } from '../../src/core/package/items';
import type { PackageStore } from '../../src/ports';
import type { ShownConversation } from '../viewer-package';

/** What stands in an entry of WinZip AES beside its content. */
const aesOverhead = 28;
const documentBytes = 6000;
/** Conversations between two scripts of texts, as `viewerPackage` writes them. */
const perScript = 250;

/** Keeps the blocks of one part. */
class PartInMemory {
  private readonly blocks: Buffer[] = [];
  readonly store = {
    stageBlock: (_request: string, _id: string, block: Buffer): Promise<void> => {
      this.blocks.push(Buffer.from(block));
      return Promise.resolve();
    },
  } as unknown as PackageStore;

  get bytes(): Buffer {
    return Buffer.concat(this.blocks);
  }
}

/**
 * A package of any size of which only what is looked at exists: the viewer's scripts, each among the files of
 * its conversations, and one recording. Everything else is a hole, which can be listed and not read.
 */
export class VirtualPackage {
  private readonly entries: DirectoryEntry[] = [];
  private readonly pieces: { start: number; bytes: Buffer }[] = [];
  size = 0;
  directoryBytes = 0;

  private constructor(private readonly passphrase: string) {}

  /**
   * @param viewer folder with the viewer's files of these conversations
   * @param bytes of the whole; the recordings have them, in equal shares
   */
  static async of(
    viewer: string,
    conversations: readonly ShownConversation[],
    { bytes, passphrase }: { bytes: number; passphrase: string },
  ): Promise<VirtualPackage> {
    const made = new VirtualPackage(passphrase);
    const files = conversations.flatMap(({ files: own = [] }) => own).length;
    const share = Math.floor(bytes / files);
    const names = readdirSync(viewer, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(viewer, name)).isFile())
      .sort();
    const isText = (name: string): boolean => name.startsWith('viewer/pages/');
    const texts = names.filter(isText);
    for (let first = 0; first < conversations.length; first += perScript) {
      const some = conversations.slice(first, first + perScript);
      some.forEach((_, i) => made.hole(`${folderOf(first + i)}/conversation.json`, documentBytes));
      const script = texts.shift();
      if (script !== undefined) await made.add(script, readFileSync(join(viewer, script)));
      for (const [i, { files: own = [] }] of some.entries())
        for (const { file, content } of own) {
          const isLast = first + i === lastCall(conversations);
          const name = `${folderOf(first + i)}/${file}`;
          if (isLast && content) await made.add(name, content);
          else made.hole(name, share);
        }
    }
    for (const name of names.filter((one) => !isText(one)))
      await made.add(name, readFileSync(join(viewer, name)));
    made.close();
    return made;
  }

  get count(): number {
    return this.entries.length;
  }

  private hole(name: string, size: number): void {
    const entry = { name, method: 0 as const, size, storedSize: size + aesOverhead };
    this.entries.push({ ...entry, offset: this.size });
    this.size += localHeaderLength(name) + entry.storedSize;
  }

  private async add(name: string, content: Buffer): Promise<void> {
    const part = new PartInMemory();
    const writer = new PartWriter(part.store, 'bench', partName(1, 1, 1), this.passphrase);
    const entry = await writer.add(name, content, 'deflate');
    await writer.finish();
    this.entries.push({ ...entry, offset: this.size });
    this.append(part.bytes);
  }

  private append(bytes: Buffer): void {
    this.pieces.push({ start: this.size, bytes });
    this.size += bytes.length;
  }

  private close(): void {
    const start = this.size;
    const directory = Buffer.concat(this.entries.map(directoryHeader));
    this.directoryBytes = directory.length;
    this.append(Buffer.concat([directory, endRecords(this.count, start, directory.length)]));
  }

  /** Bytes of a range; those of holes are zeros. */
  read(from: number, count: number): Buffer {
    const result = Buffer.alloc(Math.max(0, Math.min(count, this.size - from)));
    for (const { start, bytes } of this.pieces)
      if (start < from + result.length && start + bytes.length > from)
        bytes.copy(result, Math.max(0, start - from), Math.max(0, from - start));
    return result;
  }
}

const folderOf = (index: number): string => conversationFolder(index + 1);

/** Index of the newest call with a recording, the one that is opened. */
const lastCall = (conversations: readonly ShownConversation[]): number =>
  conversations.findLastIndex(({ files = [] }) => files.some(({ kind }) => kind === 'audio'));
