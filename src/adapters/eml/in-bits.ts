import { setImmediate } from 'node:timers/promises';

/** How long the event loop waits for one piece of work, in milliseconds. */
const longestStretch = 8;

/** Does work bit by bit, and lets others work between. */
export async function inBits<T>(work: Generator<void, T>): Promise<T> {
  for (let pauseAt = performance.now() + longestStretch; ;) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (performance.now() < pauseAt) continue;
    await setImmediate();
    pauseAt = performance.now() + longestStretch;
  }
}
