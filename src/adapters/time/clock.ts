import { existsSync, readFileSync } from 'node:fs';
import type { Clock } from '../../ports';

/** The machine's time. */
export const systemClock: Clock = { now: () => new Date() };

/**
 * The machine's time moved by as many milliseconds as a file holds: for rehearsals, in which days
 * have to pass at once. The file is read at every question, because another process moves it; a
 * file that is not there moves nothing.
 */
export class MovedClock implements Clock {
  constructor(private readonly offsetFile: string) {}

  now(): Date {
    const offset = existsSync(this.offsetFile) ? Number(readFileSync(this.offsetFile, 'utf8')) : 0;
    return new Date(Date.now() + offset);
  }
}
