import fc from 'fast-check';
import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as immediate } from 'node:timers/promises';
import { ContentHash } from '../../src/adapters/package/content-hash';
import { endThreads } from '../../src/adapters/package/threads';
import { startedThreads } from '../helpers/started-threads';
import type * as StartedThreads from '../helpers/started-threads';

jest.mock(
  'node:worker_threads',
  () => jest.requireActual<typeof StartedThreads>('../helpers/started-threads').notedThreads,
);

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
  beforeEach(async () => {
    await endThreads();
    startedThreads.length = 0;
  });
  afterAll(() => Promise.all(startedThreads.map((worker) => worker.terminate())));

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

  it('is computed by one thread for all, and by none for short contents', async () => {
    await hashed(bytes.subarray(0, 1000), 1000);
    expect(startedThreads).toHaveLength(0);
    await Promise.all([100_000, 70_000, 1024 * 1024].map((pieces) => hashed(bytes, pieces)));
    await hashed(bytes, 100_000);
    await hashed(bytes.subarray(0, 1000), 1000);
    expect(startedThreads).toHaveLength(1);
  });

  it('of an abandoned content whose source still writes disturbs no other', async () => {
    for (let i = 0; i < 20; i += 1) {
      const given = new ContentHash();
      await given.update(bytes.subarray(0, 1_000_000));
      // A stream that is destroyed may still have a chunk on its way.
      const writing = (async () => {
        for (let n = 0; n < 60; n += 1) {
          await given.update(bytes.subarray(n, n + 300_000));
          if (n % 3 === 0) await immediate();
        }
      })();
      given.abandon();
      const others: Promise<{ size: number; sha256: string }>[] = [];
      for (let turn = 0; turn < 20; turn += 1) {
        others.push(hashed(bytes.subarray(turn, turn + 600_000), 100_000));
        await immediate();
      }
      const expected = others.map((_, n) => sha256(bytes.subarray(n, n + 600_000)));
      expect((await Promise.all(others)).map((other) => other.sha256)).toEqual(expected);
      await writing;
    }
  });

  it('fails when the thread ends in the middle; the next content gets a new thread', async () => {
    const sum = new ContentHash();
    await sum.update(bytes);
    await startedThreads.at(-1)?.terminate();
    await sum.update(Buffer.alloc(10)).catch(() => undefined);
    await expect(sum.digest()).rejects.toThrow('thread');
    expect(await hashed(bytes, 100_000)).toEqual({ size: bytes.length, sha256: sha256(bytes) });
    // None of what the ended thread had answered is taken for a beginning by the next one.
    const late = new ContentHash();
    await late.update(bytes.subarray(0, 262_144));
    await startedThreads.at(-1)?.terminate();
    await late.update(bytes.subarray(0, 262_144));
    await expect(late.digest()).rejects.toThrow('thread');
    expect(await hashed(bytes, 100_000)).toEqual({ size: bytes.length, sha256: sha256(bytes) });
  });

  it('leaves no thread when its end is asked for, and starts one when it goes on', async () => {
    await hashed(bytes, 100_000);
    await endThreads();
    expect(startedThreads.map(({ threadId }) => threadId)).toEqual(startedThreads.map(() => -1));
    const started = startedThreads.length;
    expect(await hashed(bytes, 100_000)).toEqual({ size: bytes.length, sha256: sha256(bytes) });
    expect(startedThreads).toHaveLength(started + 1);
  });
});
