import type { RequestState } from '../request/states';
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

/** How often a package was released, and what the person was told of it. Absent before a second release. */
export interface Releases {
  /** Number of releases; absent for one. */
  releases?: number;
  /** The release that the person was last told of, where it is not the first. */
  announcedRelease?: number;
  /** The release whose end the person was last reminded of. */
  remindedRelease?: number;
}

/** Number of the present release of a package, from 1. */
export const releaseOf = ({ releases }: Releases): number => releases ?? 1;

/** Whether the person was told of the present release, as far as that could be done. */
export const isAnnounced = (record: Releases): boolean =>
  (record.announcedRelease ?? 1) >= releaseOf(record);

/** How long a package is available, and when the person is reminded. */
export interface AvailabilityPeriod {
  availabilityHours: number;
  reminderHours: number;
}

/**
 * When a person is reminded that a package will be deleted, once for each release. Null where nobody is:
 * before the release, after the reminder, and when the package was downloaded.
 */
export function expiryReminderAt(
  record: Releases & Pick<PackageTimes, 'availableUntil'> & { state: RequestState },
  { availabilityHours, reminderHours }: AvailabilityPeriod,
): string | null {
  const { state, availableUntil, remindedRelease = 0 } = record;
  if (state !== 'available' || availableUntil === null) return null;
  if (remindedRelease >= releaseOf(record)) return null;
  const hours = Math.min(reminderHours, availabilityHours / 2);
  return addHours(atTime(availableUntil), -hours).toISOString();
}
