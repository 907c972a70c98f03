import { addHours, atTime } from '../time/time';

/** Longest extension by a download that runs when the package expires, in hours. */
const longestExtension = 24;

export interface PackageTimes {
  /** When the package expires; null before its release. */
  availableUntil: string | null;
  /** When the link of the last download expires; null without one. */
  downloadUntil: string | null;
}

/**
 * When a package is deleted: when it expires, or when the link of a running download does, a day later
 * at most. Null before its release.
 */
export function packageEndsAt({ availableUntil, downloadUntil }: PackageTimes): string | null {
  if (availableUntil === null || downloadUntil === null || downloadUntil <= availableUntil)
    return availableUntil;
  const latest = addHours(atTime(availableUntil), longestExtension).toISOString();
  return downloadUntil < latest ? downloadUntil : latest;
}
