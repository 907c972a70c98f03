import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** A chunk of some content, in shared memory. The chunks of a content arrive in their order. */
export interface HashChunk {
  /** Number of the content. */
  content: number;
  memory: SharedArrayBuffer;
  length: number;
  isLast: boolean;
}

const sums = new Map<number, Hash>();

/** Answers every chunk when its memory may be reused: the last with the SHA-256, others with null. */
parentPort?.on('message', ({ content, memory, length, isLast }: HashChunk) => {
  const sum = sums.get(content) ?? createHash('sha256');
  sum.update(new Uint8Array(memory, 0, length));
  if (isLast) sums.delete(content);
  else sums.set(content, sum);
  parentPort?.postMessage(isLast ? sum.digest('hex') : null);
});
