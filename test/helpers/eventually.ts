import { setTimeout as delay } from 'node:timers/promises';

/** How many times as long as a look takes nobody looks again: looks slow down what is waited for. */
const rest = 8;

/** Looks at something again and again until it is as wanted; fails with what it was waiting for. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (let pause = 50; Date.now() < deadline; pause = Math.min(pause * 1.25, 300)) {
    const from = Date.now();
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    await delay(Math.max(pause, rest * (Date.now() - from)));
  }
  throw new Error(`Waited ${seconds} s in vain for ${what}.`);
}
