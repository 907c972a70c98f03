import fc from 'fast-check';
import { createHash, randomBytes } from 'node:crypto';
import type * as threads from 'node:worker_threads';
import { ContentHash } from '../../src/adapters/package/content-hash';

const mockStarted: threads.Worker[] = [];
jest.mock('node:worker_threads', () => {
  const actual = jest.requireActual<typeof threads>('node:worker_threads');
  return {
    ...actual,
    Worker: class extends actual.Worker {
      constructor(file: string) {
        super(file);
        mockStarted.push(this);
      }
    },
  };
});

const bytes = randomBytes(3 * 1024 * 1024);
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

async function hashed(content: Buffer, chunk: number): Promise<{ size: number; sha256: string }> {
  const sum = new ContentHash();
  for (let at = 0; at < content.length; at += chunk) {
    // The memory of a chunk is used again as soon as it is taken in.
    const piece = Buffer.from(content.subarray(at, at + chunk));
    await sum.update(piece);
    piece.fill(0);
  }
  return { size: sum.size, sha256: await sum.digest() };
}

describe('the hash of a content', () => {
  afterAll(() => Promise.all(mockStarted.map((worker) => worker.terminate())));

  it('is SHA-256 for every length, in chunks of every size, of several contents at once', async () => {
    const length = fc.oneof(
      fc.nat(2000),
      fc.constantFrom(262_143, 262_144, 262_145, 524_288, 1_310_720),
      fc.nat(bytes.length),
    );
    const chunk = fc.oneof(fc.integer({ min: 700, max: 70_000 }), fc.constant(1024 * 1024));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(length, chunk), { minLength: 1, maxLength: 5 }),
        async (contents) => {
          const found = await Promise.all(
            contents.map(([size, pieces]) => hashed(bytes.subarray(0, size), pieces)),
          );
          expect(found).toEqual(
            contents.map(([size]) => ({ size, sha256: sha256(bytes.subarray(0, size)) })),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is made by one thread for all, and by none for what is short', async () => {
    const before = mockStarted.length;
    await hashed(bytes.subarray(0, 1000), 1000);
    expect(mockStarted).toHaveLength(before);
    expect(before).toBe(1);
  });

  it('fails when the thread ends in the middle; the next content gets a new thread', async () => {
    const sum = new ContentHash();
    await sum.update(bytes);
    await mockStarted.at(-1)?.terminate();
    await sum.update(Buffer.alloc(10)).catch(() => undefined);
    await expect(sum.digest()).rejects.toThrow('thread');
    expect(await hashed(bytes, 100_000)).toEqual({ size: bytes.length, sha256: sha256(bytes) });
    // None of what the ended thread had answered is taken for a beginning by the next one.
    const late = new ContentHash();
    await late.update(bytes.subarray(0, 262_144));
    await mockStarted.at(-1)?.terminate();
    await late.update(bytes.subarray(0, 262_144));
    await expect(late.digest()).rejects.toThrow('thread');
    expect(await hashed(bytes, 100_000)).toEqual({ size: bytes.length, sha256: sha256(bytes) });
  });
});
