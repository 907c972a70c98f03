import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** Bytes of some content, which arrive in their order. */
export interface HashedBytes {
  /** Where the sum of the content is kept. Its first bytes put an end to what was kept there before. */
  slot: number;
  isFirst: boolean;
  /** Shared memory, all of it full but for the last one. */
  memory: SharedArrayBuffer[];
  /** Of all together. */
  length: number;
}

const sums: Hash[] = [];

/**
 * Answers when the memory may be reused, with the SHA-256 of the content so far: nobody has to say which
 * bytes are the last, and to wait once more for that.
 */
parentPort?.on('message', ({ slot, isFirst, memory, length }: HashedBytes) => {
  const sum = (isFirst ? undefined : sums[slot]) ?? createHash('sha256');
  sums[slot] = sum;
  let left = length;
  for (const one of memory) {
    const bytes = new Uint8Array(one, 0, Math.min(one.byteLength, left));
    sum.update(bytes);
    left -= bytes.length;
  }
  parentPort?.postMessage(sum.copy().digest('hex'));
});
