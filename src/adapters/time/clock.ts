import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Stopwatch } from '../../ports';

/** The machine's time. */
export const systemClock: Clock = { now: () => new Date() };

/** Time as it passes for this process. */
export const systemStopwatch: Stopwatch = {
  now: () => performance.now(),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
};

/**
 * The machine's time plus the milliseconds that a file contains, for rehearsals in which days pass at
 * once. The file is read every time, because another process changes it; without the file the offset
 * is 0.
 */
export class MovedClock implements Clock {
  constructor(private readonly offsetFile: string) {}

  now(): Date {
    const offset = existsSync(this.offsetFile) ? Number(readFileSync(this.offsetFile, 'utf8')) : 0;
    return new Date(Date.now() + offset);
  }
}
