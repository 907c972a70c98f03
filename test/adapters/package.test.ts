import { configure, BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import fc from 'fast-check';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitPackage } from '../../src/adapters/package/commit';
import { PartWriter } from '../../src/adapters/package/part-writer';
import { partName } from '../../src/core/layout';
import { verifyPackage } from '../../src/adapters/package/verify';
import { IntegrityError } from '../../src/core/errors';
import type { PackageStore, PartFragment } from '../../src/ports';
import { bsdtar, itWith, run, sevenZip } from '../helpers/tools';

const passphrase = 'TEST-TEST-TEST-TEST';

/** A block blob in memory: blocks wait until a list names them. */
class MemoryStore implements PackageStore {
  readonly staged = new Map<string, Buffer>();
  content: Buffer | null = null;
  stageBlock(_id: string, blockId: string, content: Buffer): Promise<void> {
    this.staged.set(blockId, Buffer.from(content));
    return Promise.resolve();
  }
  commit(_id: string, blockIds: string[]): Promise<void> {
    const blocks = blockIds.map((blockId) => this.staged.get(blockId));
    if (blocks.includes(undefined)) throw new Error('InvalidBlockList');
    expect(new Set(blockIds.map((blockId) => blockId.length)).size).toBe(1);
    this.content = Buffer.concat(blocks as Buffer[]);
    return Promise.resolve();
  }
  size(): Promise<number | null> {
    return Promise.resolve(this.content?.length ?? null);
  }
  read(_id: string, from: number, count: number): Promise<Buffer> {
    return Promise.resolve((this.content ?? Buffer.alloc(0)).subarray(from, from + count));
  }
  async *stream(id: string, from: number, count: number): AsyncGenerator<Buffer> {
    const bytes = await this.read(id, from, count);
    for (let i = 0; i < bytes.length; i += 100_003)
      yield bytes.subarray(i, Math.min(i + 100_003, bytes.length));
  }
  delete(): Promise<void> {
    this.content = null;
    return Promise.resolve();
  }
  link(): Promise<{ url: string; expiresAt: string }> {
    return Promise.reject(new Error('not here'));
  }
}

type Part = Pick<PartFragment, 'bytes' | 'blockIds' | 'entries'>;

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

async function writePackage(store: MemoryStore, parts: File[][]): Promise<Map<string, string>> {
  const fragments: Part[] = [];
  for (const [i, files] of parts.entries()) {
    const writer = new PartWriter(store, 'r', partName(i, 1), passphrase);
    for (const { name, content, compression } of files)
      await writer.add(name, chunked(content, 70_001), compression);
    fragments.push(await writer.finish());
  }
  const size = await commitPackage(store, 'r', listOf(fragments));
  expect(size).toBe(store.content?.length);
  return new Map(
    fragments.flatMap(({ entries }) => entries.map(({ name, sha256 }) => [name, sha256])),
  );
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
      content: randomBytes(20 * 1024 * 1024 + 13),
      compression: 'store',
    },
    { name: 'data/one-byte', content: Buffer.from([7]), compression: 'store' },
  ],
];

describe('a package of two parts', () => {
  const store = new MemoryStore();
  let hashes: Map<string, string>;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    hashes = await writePackage(store, sample);
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    file = join(folder, 'package.zip');
    writeFileSync(file, store.content ?? '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is staged in blocks of at least 8 MiB that run across entries', () => {
    const sizes = [...store.staged.values()].map((block) => block.length);
    expect(sizes.filter((size) => size >= 8 * 1024 * 1024)).toHaveLength(2);
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

  it('is read back by ourselves', async () => {
    await expect(verifyPackage(store, 'r', passphrase, hashes)).resolves.toBeUndefined();
    expect(hashes.get('data/text.json')).toBe(hashOf(sample[0]?.[2]?.content ?? Buffer.alloc(0)));
  });

  it('keeps the same text under other bytes each time: salts are random', async () => {
    const again = new MemoryStore();
    await writePackage(again, sample);
    expect(again.content?.equals(store.content ?? Buffer.alloc(0))).toBe(false);
  });

  it('shows every kind of damage when it is read back', async () => {
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
      await expect(verifyPackage(store, 'r', passphrase, hashes)).rejects.toThrow();
    }
    store.content = intact;
    const other = new Map(hashes).set('data/one-byte', '0'.repeat(64));
    await expect(verifyPackage(store, 'r', passphrase, other)).rejects.toThrow(IntegrityError);
    other.delete('data/one-byte');
    await expect(verifyPackage(store, 'r', passphrase, other)).rejects.toThrow(IntegrityError);
    await expect(verifyPackage(store, 'r', 'wrong', hashes)).rejects.toThrow(IntegrityError);
  });
});

describe('a part whose source breaks', () => {
  async function* breaking(after: number): AsyncGenerator<Buffer> {
    for (let sent = 0; sent < after; sent += 1024 * 1024) yield randomBytes(1024 * 1024);
    await Promise.reject(new Error('broken'));
  }

  it.each([0, 1, 30])(
    'is as if the entry had never been begun, after %d MiB',
    async (mebibytes) => {
      const store = new MemoryStore();
      const writer = new PartWriter(store, 'r', partName(1, 1), passphrase);
      await writer.add('before', Buffer.from('before'), 'deflate');
      await expect(
        writer.add('broken', breaking(mebibytes * 1024 * 1024), 'store'),
      ).rejects.toThrow('broken');
      await writer.add('after', Buffer.from('after'), 'store');
      const fragment = await writer.finish();
      await commitPackage(store, 'r', listOf([fragment]));
      const files = await readWithZipJs(store.content ?? Buffer.alloc(0), passphrase);
      expect([...files.keys()]).toEqual(['before', 'after']);
      expect(files.get('after')?.toString()).toBe('after');
      await verifyPackage(
        store,
        'r',
        passphrase,
        new Map(fragment.entries.map(({ name, sha256 }) => [name, sha256])),
      );
    },
  );

  it('takes back all entries of a piece of work that fails', async () => {
    const writer = new PartWriter(new MemoryStore(), 'r', partName(1, 1), passphrase);
    const work = writer.atomically(async () => {
      await writer.add('one', Buffer.from('1'), 'store');
      throw new Error('two is missing');
    });
    await expect(work).rejects.toThrow('two is missing');
    expect(await writer.finish()).toMatchObject({ bytes: 0, entries: [], blockIds: [] });
  });
});

describe('attempts of the same part', () => {
  it('do not mix: only the blocks that the counting attempt names are committed', async () => {
    const store = new MemoryStore();
    const attempt = async (content: string): Promise<Part> => {
      const writer = new PartWriter(store, 'r', partName(1, 1), passphrase);
      await writer.add('file', Buffer.from(content), 'store');
      return writer.finish();
    };
    const [first] = [await attempt('first'), await attempt('second')];
    await commitPackage(store, 'r', listOf([first]));
    const files = await readWithZipJs(store.content ?? Buffer.alloc(0), passphrase);
    expect(files.get('file')?.toString()).toBe('first');
  });
});

describe('any files in any parts', () => {
  it('come back as they went in', async () => {
    const file = fc.record({
      content: fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes)),
      compression: fc.constantFrom('deflate' as const, 'store' as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(file, { maxLength: 4 }), { maxLength: 4 }),
        async (contents) => {
          const store = new MemoryStore();
          const parts = contents.map((files, p) =>
            files.map((one, i) => ({ ...one, name: `data/${p}/${i}` })),
          );
          const hashes = await writePackage(store, parts);
          await verifyPackage(store, 'r', passphrase, hashes);
          const files = await readWithZipJs(store.content ?? Buffer.alloc(0), passphrase);
          expect(files.size).toBe(parts.flat().length);
          for (const { name, content } of parts.flat())
            expect(files.get(name)?.equals(content)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});
