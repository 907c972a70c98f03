import { expectedOf, itemKinds, type ItemCounts } from '../package/items';
import type { RequestState } from './states';
import { atTime, secondsBetween } from '../time/time';

/** Share of the work that has to be done before the rest can be told. */
const tellableShare = 0.05;

/** Whole minutes that the collection still takes, by its pace so far; null when it cannot be told. */
export function minutesLeft(
  { exportStartedAt, state }: { exportStartedAt: string | null; state: RequestState },
  counts: ItemCounts,
  now: Date,
): number | null {
  if (exportStartedAt === null || state !== 'exporting') return null;
  const all = itemKinds.reduce((total, kind) => total + expectedOf(counts[kind]), 0);
  const open = itemKinds.reduce((total, kind) => total + counts[kind].pending, 0);
  const share = all === 0 ? 0 : (all - open) / all;
  if (share < tellableShare) return null;
  const minutes = secondsBetween(atTime(exportStartedAt), now) / 60;
  return Math.ceil((minutes * (1 - share)) / share);
}
