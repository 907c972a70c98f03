import { setTimeout as delay } from 'node:timers/promises';

/** Looks again and again until something is found. @throws Error naming it when that takes too long */
export async function until<T>(
  what: string,
  look: () => Promise<T | null>,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  // Each look costs what is waited for some of its time.
  for (let pause = 50; Date.now() < deadline; pause = Math.min(pause * 1.25, 300)) {
    const found = await look();
    if (found !== null) return found;
    await delay(pause);
  }
  throw new Error(`Waited in vain for ${what}.`);
}
