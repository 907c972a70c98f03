import { msPerDay } from '../time/time';

/** What is asked of the source by intervals, each with a longest interval of its own. */
export type IntervalKind = 'search' | 'audit';

/**
 * The longest window that the source takes is not in the API document. What public programs are known
 * to work with: 31 days for searches, 30 for queries of the audit trail.
 */
export const provenDays: Readonly<Record<IntervalKind, number>> = {
  search: 31,
  audit: 30,
};

/** Shortest window that is still cut when it is refused. Below a week the length is not the reason. */
export const shortestDays = 7;

/** The longest window that an organisation's source has taken, once it has refused a longer one. */
export interface WindowLength {
  days: number;
  /** When a longer one was refused last (ISO 8601). */
  refusedAt: string;
}

/** Days after a refusal for which no longer window is tried. */
const trialAfterDays = 7;

/**
 * Days of the windows to begin with. After a refusal these are what was taken then. A week later a
 * request tries twice as long: one that is taken lets the next request try twice that, one that is
 * refused costs a call and another week.
 * @param longest what the settings allow
 */
export function daysToTry(known: WindowLength | null, longest: number, now: Date): number {
  if (known === null) return longest;
  const isTrial = now.getTime() - Date.parse(known.refusedAt) >= trialAfterDays * msPerDay;
  return Math.min(longest, isTrial ? known.days * 2 : known.days);
}

/**
 * Days of the windows to try after longer ones were refused. Those of searches are halved, but not below
 * what is known to work while more than that is tried. For queries of the audit trail the first step is
 * what is known to work, because those programs call it the most that is taken.
 * @returns null when the refused window was one of the shortest
 */
export function shorterDays(kind: IntervalKind, refused: number): number | null {
  if (refused <= shortestDays) return null;
  const proven = provenDays[kind];
  const half = Math.ceil(refused / 2);
  if (refused <= proven) return Math.max(half, shortestDays);
  return kind === 'audit' ? proven : Math.max(half, proven);
}
