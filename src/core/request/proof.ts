import { addDays } from '../time/time';

/**
 * The time before which the proof of a request has to have ended for it to be deleted now: so many years
 * ago, by the calendar (UTC).
 */
export function proofEndsBefore(now: Date, years: number): Date {
  const before = new Date(now);
  before.setUTCFullYear(now.getUTCFullYear() - years);
  return before;
}

/** Days by which the witness may have been completed after the last entry of a record. */
const witnessDays = 7;

/**
 * Whether a custody record that is gone has ended as planned: the last head of it was added so long ago.
 * @param lastAddedAt null where there is no head any more
 */
export const hasProofEnded = (lastAddedAt: Date | null, now: Date, years: number): boolean =>
  lastAddedAt === null || lastAddedAt <= addDays(proofEndsBefore(now, years), witnessDays);
