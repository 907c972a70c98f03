import { createCipheriv } from 'node:crypto';
import * as zlib from 'node:zlib';
import * as aes from '../../src/adapters/package/aes';
import { commitPackage } from '../../src/adapters/package/commit';
import { PartWriter } from '../../src/adapters/package/part-writer';
import { verifyDirectory, verifyParts } from '../../src/adapters/package/verify';
import { endRecords, longestEnd, shortestEnd as endLength } from '../../src/core/package/zip-end';
import { IntegrityError } from '../../src/core/errors';
import { partName } from '../../src/core/package/blob-names';
import type { PackageStore, PartManifest } from '../../src/ports';

jest.mock('../../src/adapters/package/aes', () => {
  const original = jest.requireActual<typeof aes>('../../src/adapters/package/aes');
  return { ...original, deriveKeys: jest.fn(original.deriveKeys) };
});

jest.mock('node:zlib', () => {
  const original = jest.requireActual<typeof zlib>('node:zlib');
  return {
    ...original,
    inflateRaw: jest.fn(original.inflateRaw),
    createInflateRaw: jest.fn(original.createInflateRaw),
  };
});

type Part = Pick<PartManifest, 'bytes' | 'blockIds' | 'entries'>;

const passphrase = 'TEST-TEST-TEST-TEST';
const text = Buffer.from('{"a": 1}\n'.repeat(500));
const media = Buffer.from(Array.from({ length: 3001 }, (_, i) => (i * 31) & 255));

/** Bytes that take no fewer when they are deflated. */
const incompressible = (length: number): Buffer =>
  createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(length));

/** A package in memory; it is read in chunks of a few bytes. */
class MemoryStore implements PackageStore {
  private readonly staged = new Map<string, Buffer>();
  content: Buffer | null = null;
  chunk = 7;
  stageBlock(_id: string, blockId: string, content: Buffer): Promise<void> {
    this.staged.set(blockId, Buffer.from(content));
    return Promise.resolve();
  }
  commit(_id: string, blockIds: string[]): Promise<void> {
    const none = Buffer.alloc(0);
    this.content = Buffer.concat(blockIds.map((blockId) => this.staged.get(blockId) ?? none));
    return Promise.resolve();
  }
  version = () => Promise.resolve(null);
  size = () => Promise.resolve(this.content?.length ?? null);
  read = (_id: string, from: number, count: number): Promise<Buffer> =>
    Promise.resolve((this.content ?? Buffer.alloc(0)).subarray(from, from + count));
  async *stream(id: string, from: number, count: number): AsyncGenerator<Buffer> {
    const bytes = await this.read(id, from, count);
    for (let i = 0; i < bytes.length; i += this.chunk) yield bytes.subarray(i, i + this.chunk);
  }
  delete = () => Promise.resolve();
  link = () => Promise.resolve(null);
}

async function* listOf<T>(values: T[]): AsyncGenerator<T> {
  await Promise.resolve();
  yield* values;
}

/** A package of two parts with content, and one without any between them. */
async function written(): Promise<{ store: MemoryStore; parts: Part[] }> {
  const store = new MemoryStore();
  const parts: Part[] = [];
  for (const [i, contents] of [[text, media], [], [media]].entries()) {
    const writer = new PartWriter(store, 'r', partName(i, 1, 1), passphrase);
    for (const content of contents)
      await writer.add(
        `data/${i}/${content.length}`,
        content,
        content === text ? 'deflate' : 'store',
      );
    parts.push(await writer.finish());
  }
  await commitPackage(store, 'r', listOf(parts), null);
  return { store, parts };
}

let store: MemoryStore;
let parts: Part[];
let whole: Buffer;
beforeAll(async () => {
  const made = await written();
  parts = made.parts;
  whole = made.store.content ?? Buffer.alloc(0);
});
beforeEach(() => {
  store = new MemoryStore();
  store.content = Buffer.from(whole);
});

const part = (index: number): Part => parts[index] ?? { bytes: 0, blockIds: [], entries: [] };
const entryOf = (index: number, at: number) => part(index).entries[at] as Part['entries'][number];
const directoryStart = () => parts.reduce((sum, { bytes }) => sum + bytes, 0);
/** Why the work does not find the package whole; an error of another kind is thrown. */
async function problemOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof IntegrityError) return error.message;
    throw error;
  }
}
const flip = (at: number): void => {
  const content = store.content ?? Buffer.alloc(0);
  content[at] = (content[at] ?? 0) ^ 1;
};

describe('the directory of a package', () => {
  const problem = (manifests: Part[] = parts) =>
    problemOf(verifyDirectory(store, 'r', listOf(manifests)));

  it('gives the offset at which the last part ends, in whatever chunks it is read', async () => {
    for (const chunk of [1, 7, 1_000_000]) {
      store.chunk = chunk;
      expect(await verifyDirectory(store, 'r', listOf(parts))).toBe(directoryStart());
    }
  });

  it('is read without the parts before it, for a package of any size', async () => {
    const read = jest.spyOn(store, 'read');
    await verifyDirectory(store, 'r', listOf(parts));
    const directory = whole.length - endLength - directoryStart();
    expect(read.mock.calls).toEqual([
      ['r', whole.length - longestEnd, longestEnd],
      ['r', directoryStart(), directory],
    ]);
  });

  it('of no entries is whole', async () => {
    store.content = Buffer.from(endRecords(0, 0, 0));
    expect(await verifyDirectory(store, 'r', listOf([]))).toBe(0);
  });

  it.each([
    ['is missing', () => null, 'There is no package.'],
    ['is shorter than its end', () => whole.subarray(-endLength + 1), 'There is no package.'],
    ['has lost its last byte', () => whole.subarray(0, -1), 'The end of the package is damaged.'],
    ['has lost its first byte', () => whole.subarray(1), 'The end of the package is damaged.'],
    [
      'has a byte too many at its beginning',
      () => Buffer.concat([Buffer.alloc(1), whole]),
      'The end of the package is damaged.',
    ],
  ])('of a package that %s is refused', async (_name, make, message) => {
    store.content = make();
    expect(await problem()).toBe(message);
  });

  it('with any byte changed is refused', async () => {
    for (let at = directoryStart(); at < whole.length; at += 1) {
      store.content = Buffer.from(whole);
      flip(at);
      expect(await problem()).not.toBeNull();
    }
  });

  it.each<[string, (manifests: Part[]) => Part[], string]>([
    [
      'lacks an entry',
      ([a, ...rest]) => [{ ...(a as Part), entries: part(0).entries.slice(1) }, ...rest],
      'The directory is damaged.',
    ],
    [
      'lacks the last entry',
      (all) => [...all.slice(0, 2), { ...part(2), entries: [] }],
      'The directory does not describe the parts.',
    ],
    [
      'has one entry more',
      (all) => [...all, { ...part(2), bytes: 0 }],
      'The package ends too early.',
    ],
    [
      'has other sizes',
      (all) =>
        all.map((one) => ({
          ...one,
          entries: one.entries.map((entry) => ({ ...entry, size: entry.size + 1 })),
        })),
      'The directory is damaged.',
    ],
    ['has parts in another order', (all) => [...all].reverse(), 'The directory is damaged.'],
    [
      'has a part that is longer',
      (all) => [...all.slice(0, 2), { ...part(2), bytes: part(2).bytes + 1 }],
      'The directory does not describe the parts.',
    ],
    [
      'has a part that is shorter',
      (all) => [...all.slice(0, 2), { ...part(2), bytes: part(2).bytes - 1 }],
      'The directory does not describe the parts.',
    ],
  ])('is refused where the manifest %s', async (_name, change, message) => {
    expect(await problem(change(parts))).toBe(message);
  });

  it('is refused where its end counts other entries', async () => {
    const size = whole.length - endLength - directoryStart();
    const end = endRecords(4, directoryStart(), size);
    store.content = Buffer.concat([whole.subarray(0, -endLength), end]);
    expect(await problem()).toBe('The directory does not describe the parts.');
  });

  it('is refused where there are bytes after its entries', async () => {
    const size = whole.length - endLength - directoryStart();
    const end = endRecords(3, directoryStart(), size + 1);
    store.content = Buffer.concat([whole.subarray(0, -endLength), Buffer.alloc(1), end]);
    expect(await problem()).toBe('The directory does not describe the parts.');
  });
});

describe('a part of a package', () => {
  const problem = (one: Part, start: number, password = passphrase) =>
    problemOf(
      verifyParts(store, 'r', password, { parts: listOf([one]), start, end: start + one.bytes }),
    );

  it('is whole, in whatever chunks it is read', async () => {
    for (const chunk of [1, 7, 1_000_000]) {
      store.chunk = chunk;
      expect(await problem(part(0), 0)).toBeNull();
      expect(await problem(part(2), part(0).bytes)).toBeNull();
    }
  });

  it('without content is not read', async () => {
    store.stream = () => {
      throw new Error('read');
    };
    expect(await problem(part(1), 0)).toBeNull();
  });

  it('is refused with another passphrase', async () => {
    // A wrong passphrase has the right verifier once in 65,536 times; then the content differs.
    expect(await problem(part(0), 0, 'TEST')).toBe('An entry has another passphrase.');
  });

  it.each([
    ['in a header', (at: number) => at, 'A header is damaged.'],
    ['in a salt', (at: number, header: number) => at + header, 'An entry has another passphrase.'],
    [
      'in a verifier',
      (at: number, header: number) => at + header + 17,
      'An entry has another passphrase.',
    ],
    ['in content', (at: number, header: number) => at + header + 18, 'An entry is damaged.'],
    [
      'at the end of content',
      (_at: number, _header: number, end: number) => end - 11,
      'An entry is damaged.',
    ],
    ['in a code', (_at: number, _header: number, end: number) => end - 10, 'An entry is damaged.'],
    [
      'at the end of a code',
      (_at: number, _header: number, end: number) => end - 1,
      'An entry is damaged.',
    ],
  ])('is refused with a byte changed %s', async (_name, position, message) => {
    for (const at of [0, 1]) {
      store.content = Buffer.from(whole);
      const { offset, storedSize, name } = entryOf(0, at);
      const header = 30 + Buffer.byteLength(name) + 31;
      flip(position(offset, header, offset + header + storedSize));
      // What is read in one chunk ends as well as what comes in many.
      for (const chunk of [7, 1_000_000]) {
        store.chunk = chunk;
        expect(await problem(part(0), 0)).toBe(message);
      }
    }
  });

  it('is refused where its manifest differs', async () => {
    const [first, second] = part(0).entries as [Part['entries'][number], Part['entries'][number]];
    const changed = (change: Partial<typeof first>) => ({
      ...part(0),
      entries: [{ ...first, ...change }, second],
    });
    expect(await problem(changed({ sha256: second.sha256 }), 0)).toBe(
      'An entry differs from its manifest.',
    );
    expect(await problem(changed({ size: first.size + 1 }), 0)).toBe('A header is damaged.');
    expect(await problem({ ...part(0), entries: [first] }, 0)).toBe(
      'There are bytes after the last entry.',
    );
    expect(await problem({ ...part(0), entries: [second] }, 0)).toBe(
      'There are bytes between entries.',
    );
    expect(await problem({ ...part(0), bytes: part(0).bytes - 1 }, 0)).toBe(
      'The package ends too early.',
    );
  });

  it('is refused where header and manifest agree on a size that the content has not', async () => {
    const [first, second] = part(0).entries as [Part['entries'][number], Part['entries'][number]];
    const content = store.content ?? Buffer.alloc(0);
    // The size in the local header.
    content.writeUInt32LE(first.size + 1, 22);
    const entries = [{ ...first, size: first.size + 1 }, second];
    expect(await problem({ ...part(0), entries }, 0)).toBe('An entry is damaged.');
  });

  it.each([
    ['a code', Object.assign(new Error('storage is away'), { code: 'ECONNRESET' })],
    ['no code', new Error('storage is away')],
  ])(
    'that cannot be read now, for an error with %s, is not called damaged',
    async (_name, away) => {
      store.stream = async function* (id, from, count) {
        yield (await this.read(id, from, count)).subarray(0, 150);
        throw away;
      };
      await expect(problem(part(0), 0)).rejects.toBe(away);
      await expect(problem(part(2), part(0).bytes)).rejects.toBe(away);
    },
  );
});

describe('all parts of a package', () => {
  const many = 12;
  const longText = Buffer.from(Array.from({ length: 200_000 }, (_, i) => `${i * i} `).join(''));
  let made: { store: MemoryStore; parts: Part[] };
  beforeAll(async () => {
    const long = new MemoryStore();
    const written: Part[] = [];
    for (let i = 1; i <= many; i += 1) {
      const writer = new PartWriter(long, 'r', partName(i, 1, 1), passphrase);
      await writer.add(`data/${i}/text`, text, 'deflate');
      // The fifth is longer than what is held in memory.
      await writer.add(`data/${i}/media`, i === 5 ? Buffer.alloc(9 << 20, 7) : media, 'store');
      // The seventh holds a text that is inflated as a stream.
      await writer.add(`data/${i}/long`, i === 7 ? longText : text, 'deflate');
      written.push(await writer.finish());
    }
    await commitPackage(long, 'r', listOf(written), null);
    made = { store: long, parts: written };
  });
  const size = () => made.store.content?.length ?? 0;
  const startOf = (index: number) =>
    made.parts.slice(0, index).reduce((sum, { bytes }) => sum + bytes, 0);
  const read = (more: object = {}, from = 0) =>
    verifyParts(made.store, 'r', passphrase, {
      parts: listOf(made.parts.slice(from)),
      start: startOf(from),
      end: size(),
      ...more,
    });

  it('are read by one call, in order and to the end of the package', async () => {
    made.store.chunk = 65_536;
    const stream = jest.spyOn(made.store, 'stream');
    const seen: Buffer[] = [];
    expect(await read({ onBytes: (bytes: Buffer) => seen.push(Buffer.from(bytes)) })).toBeNull();
    expect(stream).toHaveBeenCalledTimes(1);
    stream.mockRestore();
    expect(Buffer.concat(seen).equals(made.store.content ?? Buffer.alloc(0))).toBe(true);
  });

  it('are read from where they begin, as far as they are asked for', async () => {
    const stream = jest.spyOn(made.store, 'stream');
    expect(await read({}, many - 1)).toBeNull();
    expect(stream.mock.calls).toEqual([['r', startOf(many - 1), size() - startOf(many - 1)]]);
    stream.mockClear();
    expect(await read({ start: size() }, many)).toBeNull();
    expect(stream).not.toHaveBeenCalled();
    stream.mockRestore();
  });

  it('are read in stretches, each of which begins where the one before has ended', async () => {
    const seen: Buffer[] = [];
    const onBytes = (bytes: Buffer) => seen.push(Buffer.from(bytes));
    const stretches: number[] = [];
    for (let from = 0; stretches.length < many;) {
      let asked = 0;
      const mayGoOn = () => (asked += 1) < 5;
      expect(Buffer.concat(seen)).toHaveLength(startOf(from));
      const count = await read({ onBytes, mayGoOn }, from);
      if (count === null) break;
      stretches.push(count);
      from += count;
    }
    expect(stretches).toEqual([5, 5]);
    expect(Buffer.concat(seen).equals(made.store.content ?? Buffer.alloc(0))).toBe(true);
  });

  it.each(Array.from({ length: many }, (_, i) => i))(
    'are refused where part %i is damaged, however many are examined at a time',
    async (index) => {
      const content = made.store.content ?? Buffer.alloc(0);
      const at = startOf(index) + (made.parts[index]?.bytes ?? 0) - 5;
      content[at] = (content[at] ?? 0) ^ 1;
      try {
        expect(await problemOf(read())).toBe('An entry is damaged.');
      } finally {
        content[at] = (content[at] ?? 0) ^ 1;
      }
    },
  );

  /** How much is read before a part is found damaged in its first header, and whether the stream is closed. */
  async function readUntilDamage(index: number): Promise<{ bytes: number; isClosed: boolean }> {
    const content = made.store.content ?? Buffer.alloc(0);
    const seen = { bytes: 0, isClosed: false };
    const stream = jest
      .spyOn(made.store, 'stream')
      .mockImplementation(async function* (id, at, count) {
        try {
          const bytes = await made.store.read(id, at, count);
          for (let i = 0; i < bytes.length; i += 65_536) yield bytes.subarray(i, i + 65_536);
        } finally {
          seen.isClosed = true;
        }
      });
    content[startOf(index)] = (content[startOf(index)] ?? 0) ^ 1;
    try {
      const onBytes = ({ length }: Buffer) => {
        seen.bytes += length;
      };
      expect(await problemOf(read({ onBytes }, index))).toBe('A header is damaged.');
    } finally {
      content[startOf(index)] = (content[startOf(index)] ?? 0) ^ 1;
      stream.mockRestore();
    }
    return seen;
  }

  it('are read into memory whole where they are short, and never where they are long', async () => {
    const short = await readUntilDamage(3);
    expect(short.bytes).toBeGreaterThanOrEqual(made.parts[3]?.bytes ?? 0);
    const long = await readUntilDamage(4);
    expect(long.bytes).toBeLessThan(100);
    expect([short.isClosed, long.isClosed]).toEqual([true, true]);
  });

  it('are not read to their end after one is found damaged', async () => {
    expect((await readUntilDamage(0)).bytes).toBeLessThan(startOf(4));
  });

  it('are in memory four at a time, of which none is dropped', async () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const derive = jest.requireActual<typeof aes>('../../src/adapters/package/aes').deriveKeys;
    const deriveKeys = jest.mocked(aes.deriveKeys).mockImplementation(async (...given) => {
      await opened;
      return derive(...given);
    });
    // Parts 6 to 12, none of which is long.
    const first = 5;
    let bytes = 0;
    const onBytes = ({ length }: Buffer) => {
      bytes += length;
    };
    made.store.chunk = 65_536;
    const examined = read({ onBytes }, first);
    try {
      // Nothing is examined until the keys are there, so that what can be read is read in this turn.
      await new Promise(setImmediate);
      expect(bytes).toBe(startOf(first + 4) - startOf(first));
    } finally {
      open();
      deriveKeys.mockImplementation(derive);
    }
    expect(await examined).toBeNull();
    expect(bytes).toBe(size() - startOf(first));
  });

  it.each([
    ['a short text', Buffer.alloc(1000), 'at once'],
    ['a text of a mebibyte', Buffer.alloc(1 << 20), 'at once'],
    ['a text that is long, and short as it is stored', Buffer.alloc((1 << 20) + 1), 'as a stream'],
    ['what is longer as it is stored than a mebibyte', incompressible(1 << 20), 'as a stream'],
  ])('are inflated in bounded memory: %s', async (_name, content, how) => {
    const [inflateRaw, createInflateRaw] = [zlib.inflateRaw, zlib.createInflateRaw].map((one) =>
      jest.mocked(one as () => unknown),
    );
    const memory = new MemoryStore();
    memory.chunk = 65_536;
    const writer = new PartWriter(memory, 'r', partName(1, 1, 1), passphrase);
    await writer.add('data/text', content, 'deflate');
    const only = await writer.finish();
    await commitPackage(memory, 'r', listOf([only]), null);
    inflateRaw?.mockClear();
    createInflateRaw?.mockClear();
    await verifyParts(memory, 'r', passphrase, {
      parts: listOf([only]),
      start: 0,
      end: only.bytes,
    });
    const atOnce = how === 'at once' ? 1 : 0;
    expect(inflateRaw).toHaveBeenCalledTimes(atOnce);
    expect(createInflateRaw).toHaveBeenCalledTimes(1 - atOnce);
    if (atOnce === 1)
      expect(inflateRaw?.mock.calls[0]).toEqual([
        expect.any(Buffer),
        { maxOutputLength: content.length },
        expect.any(Function),
      ]);
  });

  it.each([
    ['a code', Object.assign(new Error('storage is away'), { code: 'EBUZZ_AWAY' })],
    ['no code', new Error('storage is away')],
  ])('are not called damaged for an error with %s amid a long part', async (_name, away) => {
    const stream = jest.spyOn(made.store, 'stream').mockImplementation(async function* (id, at) {
      yield await made.store.read(id, at, 5 << 20);
      throw away;
    });
    await expect(problemOf(read({}, 4))).rejects.toBe(away);
    stream.mockRestore();
  });

  it.each([
    ['at once', 0, 1, 60],
    ['as a stream', 6, 2, 100_000],
  ])('are refused where a text is damaged that is inflated %s', async (_name, index, at, byte) => {
    const content = made.store.content ?? Buffer.alloc(0);
    const entry = made.parts[index]?.entries[at === 1 ? 0 : at];
    const place = startOf(index) + (entry?.offset ?? 0) + byte + 30 + 31 + 18;
    content[place] = (content[place] ?? 0) ^ 255;
    try {
      expect(await problemOf(read())).toBe('An entry is damaged.');
    } finally {
      content[place] = (content[place] ?? 0) ^ 255;
    }
  });

  it('are refused where the package ends before what is expected', async () => {
    expect(await problemOf(read({ end: size() + 1 }))).toBe('The package ends too early.');
  });
});
