import { Reader } from '@zip.js/zip.js';
import { PartWriter } from '../../src/adapters/package/part-writer';
import {
  directoryHeader,
  localHeaderLength,
  type DirectoryEntry,
} from '../../src/adapters/package/zip-format';
import { endRecords } from '../../src/core/package/zip-end';
import { partName } from '../../src/core/package/blob-names';
import type { PackageStore } from '../../src/ports';

export const passphrase = 'TEST-TEST-TEST-TEST';
/** What stands in the one file that can be read. */
export const content = Buffer.from('The words of a conversation.\n'.repeat(9000));

/** An archive of which only some pieces exist; the rest are holes. */
export class PackageWithHoles extends Reader<null> {
  readonly reads: { from: number; to: number }[] = [];
  readonly pieces: { start: number; bytes: Buffer }[] = [];

  constructor() {
    super(null);
    this.size = 0;
  }

  override readUint8Array(from: number, count: number): Promise<Uint8Array> {
    const result = new Uint8Array(count);
    this.reads.push({ from, to: from + count });
    for (const { start, bytes } of this.pieces)
      if (start < from + count && start + bytes.length > from)
        bytes.copy(result, Math.max(0, start - from), Math.max(0, from - start));
    return Promise.resolve(result);
  }

  append(bytes: Buffer): void {
    this.pieces.push({ start: this.size, bytes });
    this.size += bytes.length;
  }
}

/** A package with one readable file among holes. @param holes how many, and how large each is */
export async function packageWith(holes: {
  count: number;
  size: number;
}): Promise<PackageWithHoles> {
  const archive = new PackageWithHoles();
  const entries: DirectoryEntry[] = [];
  for (let i = 0; i < holes.count; i += 1) {
    const name = `data/conversations/${String(i).padStart(6, '0')}/audio-1.mp3`;
    const hole = { name, method: 0 as const, size: holes.size, storedSize: holes.size + 28 };
    entries.push({ ...hole, offset: archive.size });
    archive.size += localHeaderLength(name) + hole.storedSize;
  }
  const blocks: Buffer[] = [];
  const store = {
    stageBlock: (_request: string, _id: string, block: Buffer) => {
      blocks.push(Buffer.from(block));
      return Promise.resolve();
    },
  } as unknown as PackageStore;
  const writer = new PartWriter(store, 'r', partName(1, 1, 1), passphrase);
  entries.push({
    ...(await writer.add('data/Ö.json', content, 'deflate')),
    offset: archive.size,
  });
  await writer.finish();
  archive.append(Buffer.concat(blocks));
  const start = archive.size;
  const directory = Buffer.concat(entries.map(directoryHeader));
  archive.append(Buffer.concat([directory, endRecords(entries.length, start, directory.length)]));
  return archive;
}
