import { configure, BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import fc from 'fast-check';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitPackage } from '../../src/adapters/package/commit';
import { PartWriter } from '../../src/adapters/package/part-writer';
import { partName } from '../../src/core/package/blob-names';
import { verifyDirectory, verifyParts } from '../../src/adapters/package/verify';
import { blockLength, mostBlocks, pageLength, partCapacity } from '../../src/core/package/limits';
import { IntegrityError } from '../../src/core/errors';
import type { PartManifest } from '../../src/ports';
import { MemoryPackageStore as MemoryStore } from '../helpers/package-store';
import { bsdtar, itWith, run, sevenZip } from '../helpers/tools';

const passphrase = 'TEST-TEST-TEST-TEST';

type Part = Pick<PartManifest, 'bytes' | 'blockIds' | 'entries'>;

interface File {
  name: string;
  content: Buffer;
  compression: 'deflate' | 'store';
}

async function* chunked(content: Buffer, length: number): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (let i = 0; i < content.length; i += length) yield content.subarray(i, i + length);
}

async function* listOf<T>(values: T[]): AsyncGenerator<T> {
  await Promise.resolve();
  yield* values;
}

async function writePackage(store: MemoryStore, parts: File[][]): Promise<Part[]> {
  const manifests: Part[] = [];
  for (const [i, files] of parts.entries()) {
    const writer = new PartWriter(store, 'r', partName(i, 1, 1), passphrase);
    for (const { name, content, compression } of files)
      await writer.add(name, chunked(content, 70_001), compression);
    manifests.push(await writer.finish());
  }
  const size = await commitPackage(store, 'r', listOf(manifests), null);
  expect(size).toBe(store.content?.length);
  return manifests;
}

/** Reads all of a package back, as the app does before it releases it. */
async function verifyPackage(store: MemoryStore, password: string, parts: Part[]): Promise<void> {
  const end = await verifyDirectory(store, 'r', listOf(parts));
  await verifyParts(store, 'r', password, { parts: listOf(parts), start: 0, end });
}

async function readWithZipJs(content: Buffer, password: string): Promise<Map<string, Buffer>> {
  configure({ useWebWorkers: false });
  const reader = new ZipReader(new BlobReader(new Blob([new Uint8Array(content)])), { password });
  const files = new Map<string, Buffer>();
  for (const entry of await reader.getEntries()) {
    if (!entry.directory)
      files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())));
  }
  return files;
}

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const sample: File[][] = [
  [
    { name: 'data/empty.txt', content: Buffer.alloc(0), compression: 'store' },
    { name: 'data/empty-deflated.txt', content: Buffer.alloc(0), compression: 'deflate' },
    {
      name: 'data/text.json',
      content: Buffer.from('{"a": 1}\n'.repeat(5000)),
      compression: 'deflate',
    },
  ],
  [
    {
      name: 'data/grüße-日本.bin',
      content: randomBytes(17 * 1024 * 1024 + 13),
      compression: 'store',
    },
    { name: 'data/one-byte', content: Buffer.from([7]), compression: 'store' },
  ],
];

describe('a package of two parts', () => {
  const store = new MemoryStore();
  let parts: Part[];
  let folder: string;
  let file: string;
  beforeAll(async () => {
    parts = await writePackage(store, sample);
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    file = join(folder, 'package.zip');
    writeFileSync(file, store.content ?? '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is staged in blocks of 8 MiB that run across entries', () => {
    const sizes = [...store.staged.values()].map((block) => block.length);
    expect(sizes.filter((size) => size === 8 * 1024 * 1024)).toHaveLength(2);
    expect(store.staged.size).toBe(5);
  });

  it('is read by zip.js, and not with another passphrase', async () => {
    const files = await readWithZipJs(store.content ?? Buffer.alloc(0), passphrase);
    for (const { name, content } of sample.flat())
      expect(files.get(name)?.equals(content)).toBe(true);
    await expect(readWithZipJs(store.content ?? Buffer.alloc(0), 'wrong')).rejects.toThrow();
  });

  itWith(sevenZip, '7-Zip')('is read by 7-Zip, and not with another passphrase', () => {
    const tested = run(sevenZip ?? '', ['t', `-p${passphrase}`, file]);
    expect(tested.output).toContain('Everything is Ok');
    expect(tested.output).toContain('Files: 5');
    expect(run(sevenZip ?? '', ['t', '-pwrong', file]).status).not.toBe(0);
  });

  itWith(bsdtar, 'bsdtar')('is read by bsdtar, and not with another passphrase', () => {
    expect(run(bsdtar ?? '', ['--passphrase', passphrase, '-xf', file, '-C', folder]).status).toBe(
      0,
    );
    for (const { name, content } of sample.flat())
      expect(readFileSync(join(folder, name)).equals(content)).toBe(true);
    expect(
      run(bsdtar ?? '', ['--passphrase', 'wrong', '-tvf', file, '-xOf', file]).status,
    ).not.toBe(0);
  });

  it('passes its own verification', async () => {
    await expect(verifyPackage(store, passphrase, parts)).resolves.toBeUndefined();
    expect(parts[0]?.entries[2]?.sha256).toBe(hashOf(sample[0]?.[2]?.content ?? Buffer.alloc(0)));
  });

  it('encrypts the same text to different bytes each time, because salts are random', async () => {
    const [one, again] = [new MemoryStore(), new MemoryStore()];
    for (const written of [one, again]) await writePackage(written, sample.slice(0, 1));
    expect(again.content?.equals(one.content ?? Buffer.alloc(0))).toBe(false);
  });

  it('fails verification for every kind of damage', async () => {
    const intact = store.content ?? Buffer.alloc(0);
    const changedAt = (position: number): Buffer => {
      const copy = Buffer.from(intact);
      copy[position] = (copy[position] ?? 0) ^ 1;
      return copy;
    };
    const damaged = [
      changedAt(40),
      changedAt(1000),
      changedAt(Math.floor(intact.length / 2)),
      changedAt(intact.length - 200),
      changedAt(intact.length - 60),
      intact.subarray(0, intact.length - 1),
      Buffer.alloc(0),
    ];
    for (const content of damaged) {
      store.content = content;
      await expect(verifyPackage(store, passphrase, parts)).rejects.toThrow();
    }
    store.content = intact;
    const changed = (change: (part: Part) => void): Part[] => {
      const copy = structuredClone(parts);
      for (const part of copy.slice(1)) change(part);
      return copy;
    };
    const others = [
      changed(({ entries }) => Object.assign(entries[0] ?? {}, { sha256: '0'.repeat(64) })),
      changed(({ entries }) => Object.assign(entries[0] ?? {}, { name: 'data/other' })),
      changed(({ entries }) => entries.pop()),
      changed((part) => Object.assign(part, { bytes: part.bytes + 1 })),
    ];
    for (const other of others)
      await expect(verifyPackage(store, passphrase, other)).rejects.toThrow(IntegrityError);
    await expect(verifyPackage(store, 'wrong', parts)).rejects.toThrow(IntegrityError);
  });
});

describe('a part whose source breaks', () => {
  async function* breaking(after: number): AsyncGenerator<Buffer> {
    for (let sent = 0; sent < after; sent += 1024 * 1024) yield randomBytes(1024 * 1024);
    await Promise.reject(new Error('broken'));
  }

  it.each([0, 1, 17])(
    'is as if the entry had never been begun, after %d MiB',
    async (mebibytes) => {
      const store = new MemoryStore();
      const writer = new PartWriter(store, 'r', partName(1, 1, 1), passphrase);
      await writer.add('before', Buffer.from('before'), 'deflate');
      await expect(
        writer.add('broken', breaking(mebibytes * 1024 * 1024), 'store'),
      ).rejects.toThrow('broken');
      await writer.add('after', Buffer.from('after'), 'store');
      const manifest = await writer.finish();
      await commitPackage(store, 'r', listOf([manifest]), null);
      const files = await readWithZipJs(store.content ?? Buffer.alloc(0), passphrase);
      expect([...files.keys()]).toEqual(['before', 'after']);
      expect(files.get('after')?.toString()).toBe('after');
      await verifyPackage(store, passphrase, [manifest]);
    },
  );

  it('contains no entry of work that fails', async () => {
    const writer = new PartWriter(new MemoryStore(), 'r', partName(1, 1, 1), passphrase);
    const work = writer.atomically(async () => {
      await writer.add('one', Buffer.from('1'), 'store');
      throw new Error('two is missing');
    });
    await expect(work).rejects.toThrow('two is missing');
    expect(await writer.finish()).toMatchObject({ bytes: 0, entries: [], blockIds: [] });
  });
});

describe('staging that fails', () => {
  it('fails the part, so that no manifest names a block that does not exist', async () => {
    const store = new MemoryStore();
    let uploads = 0;
    const stage = store.stageBlock.bind(store);
    store.stageBlock = (id, blockId, content) => {
      uploads += 1;
      return uploads === 1 ? Promise.reject(new Error('away')) : stage(id, blockId, content);
    };
    const writer = new PartWriter(store, 'r', partName(1, 1, 1), passphrase);
    await writer.add('large', randomBytes(9 * 1024 * 1024), 'store').catch(() => undefined);
    await writer.add('small', Buffer.from('small'), 'store').catch(() => undefined);
    await expect(writer.finish()).rejects.toThrow('away');
  });
});

describe('sizes', () => {
  it('are in every local header, also of an entry over many blocks', async () => {
    const store = new MemoryStore();
    const content = randomBytes(17 * 1024 * 1024);
    const [part] = await writePackage(store, [
      [
        { name: 'small', content: Buffer.from('small'), compression: 'deflate' },
        { name: 'large', content, compression: 'store' },
      ],
    ]);
    const zip = store.content ?? Buffer.alloc(0);
    for (const { name, offset, size, storedSize } of part?.entries ?? []) {
      expect(zip.readUInt16LE(offset + 6)).toBe(0x0801);
      expect(zip.readUInt32LE(offset + 18)).toBe(storedSize);
      expect(zip.readUInt32LE(offset + 22)).toBe(size);
      // No ZIP64 field, but as much room as one needs.
      const extra = offset + 30 + name.length;
      expect(zip.readUInt16LE(extra)).toBe(0xa220);
      expect(zip.readUInt16LE(extra + 2)).toBe(16);
    }
  });
});

describe('limits of block blobs', () => {
  it('allow packages of the promised size, and keep pages few', () => {
    // A part ends with its activity, after minutes: at a gigabyte a second it would be 240 GiB.
    expect(partCapacity(10_000)).toBeGreaterThan(240 * 1024 ** 3);
    expect(pageLength(200, 20)).toBe(20);
    for (const conversations of [50_000, 100_000, 1_000_000, 10_000_000])
      expect(Math.ceil(conversations / pageLength(conversations, 20))).toBeLessThanOrEqual(5000);
    // Five rounds of every page, one short block each, leave room for blocks of 8 MiB.
    const full = mostBlocks - 5 * 5000;
    expect(full * blockLength(0)).toBeGreaterThan(190 * 1024 ** 3);
  });
});

describe('attempts of the same part', () => {
  it('do not mix: only the blocks that the counting attempt names are committed', async () => {
    const store = new MemoryStore();
    const attempt = async (content: string): Promise<Part> => {
      const writer = new PartWriter(store, 'r', partName(1, 1, 1), passphrase);
      await writer.add('file', Buffer.from(content), 'store');
      return writer.finish();
    };
    const [first] = [await attempt('first'), await attempt('second')];
    await commitPackage(store, 'r', listOf([first]), null);
    const files = await readWithZipJs(store.content ?? Buffer.alloc(0), passphrase);
    expect(files.get('file')?.toString()).toBe('first');
  });
});

describe('any files in any parts', () => {
  it('are extracted unchanged', async () => {
    const file = fc.record({
      content: fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes)),
      compression: fc.constantFrom('deflate' as const, 'store' as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(file, { maxLength: 4 }), { maxLength: 4 }),
        async (contents) => {
          const store = new MemoryStore();
          const given = contents.map((files, p) =>
            files.map((one, i) => ({ ...one, name: `data/${p}/${i}` })),
          );
          await verifyPackage(store, passphrase, await writePackage(store, given));
          const files = await readWithZipJs(store.content ?? Buffer.alloc(0), passphrase);
          expect(files.size).toBe(given.flat().length);
          for (const { name, content } of given.flat())
            expect(files.get(name)?.equals(content)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});
