import { expectedOf, itemKinds, type ItemCounts } from '../package/items';
import type { RequestState } from './states';
import { atTime, secondsBetween } from '../time/time';

/** Share of the work that must be done before the rest is estimated. */
const leastShare = 0.05;

/** Estimates the remaining minutes of the export from its pace so far; null without an estimate. */
export function minutesLeft(
  { exportStartedAt, state }: { exportStartedAt: string | null; state: RequestState },
  counts: ItemCounts,
  now: Date,
): number | null {
  if (exportStartedAt === null || state !== 'exporting') return null;
  const all = itemKinds.reduce((total, kind) => total + expectedOf(counts[kind]), 0);
  const pending = itemKinds.reduce((total, kind) => total + counts[kind].pending, 0);
  const share = all === 0 ? 0 : (all - pending) / all;
  if (share < leastShare) return null;
  const minutes = secondsBetween(atTime(exportStartedAt), now) / 60;
  return Math.ceil((minutes * (1 - share)) / share);
}
