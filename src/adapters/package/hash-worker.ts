import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** A stretch of some content, in memory that both threads see. Stretches of one content follow each other. */
export interface Stretch {
  /** Which content. */
  content: number;
  memory: SharedArrayBuffer;
  length: number;
  isLast: boolean;
}

const sums = new Map<number, Hash>();

/** Answers every stretch when its memory may be used again: the last with the SHA-256, others with null. */
parentPort?.on('message', ({ content, memory, length, isLast }: Stretch) => {
  const sum = sums.get(content) ?? createHash('sha256');
  sum.update(new Uint8Array(memory, 0, length));
  if (isLast) sums.delete(content);
  else sums.set(content, sum);
  parentPort?.postMessage(isLast ? sum.digest('hex') : null);
});
