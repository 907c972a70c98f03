import { addHours, atTime } from '../time/time';

/** How long a download that runs at the end may go on, in hours. */
const longestExtension = 24;

export interface PackageTimes {
  /** Until when the package was promised; null before it is released. */
  availableUntil: string | null;
  /** Until when the link of the last download lives; null without one. */
  downloadUntil: string | null;
}

/**
 * When a package is deleted: at the time that was promised, or when a download that runs then has
 * ended, a day later at most. Null before it is released.
 */
export function packageEndsAt({ availableUntil, downloadUntil }: PackageTimes): string | null {
  if (availableUntil === null || downloadUntil === null || downloadUntil <= availableUntil)
    return availableUntil;
  const latest = addHours(atTime(availableUntil), longestExtension).toISOString();
  return downloadUntil < latest ? downloadUntil : latest;
}
