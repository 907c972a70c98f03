import { expectedOf, itemKinds, type ItemCounts } from '../package/items';
import { atTime, secondsBetween } from '../time/time';
import type { RequestRecord } from './record';

/** How much longer an export takes, as far as that can be said. */
export type TimeLeft =
  /** There is no pace to go by yet. */
  | { kind: 'unknown' }
  /** It waits for something, so that its pace so far says nothing. */
  | { kind: 'longer' }
  | { kind: 'about'; minutes: number };

/** Share of the work, and seconds of it, that must be over before the rest is estimated. */
const leastShare = 0.05;
const leastSeconds = 10;

/** What the estimate is made from. */
type Progress = Pick<RequestRecord, 'exportStartedAt' | 'state' | 'exportAttempts' | 'waiting'>;

/**
 * Estimates the rest of an export from its pace so far, rounded up. A later attempt finds a part of its work
 * done, so that its pace is not known; and nobody knows how long what it waits for takes.
 */
export function timeLeft(request: Progress, counts: ItemCounts, now: Date): TimeLeft {
  const { exportStartedAt, state, exportAttempts, waiting } = request;
  if (exportStartedAt === null || state !== 'exporting') return { kind: 'unknown' };
  if (waiting !== null) return { kind: 'longer' };
  const all = itemKinds.reduce((total, kind) => total + expectedOf(counts[kind]), 0);
  const pending = itemKinds.reduce((total, kind) => total + counts[kind].pending, 0);
  const share = all === 0 ? 0 : (all - pending) / all;
  const seconds = secondsBetween(atTime(exportStartedAt), now);
  if (exportAttempts > 1 || share < leastShare || seconds < leastSeconds)
    return { kind: 'unknown' };
  const minutes = ((seconds / 60) * (1 - share)) / share;
  return { kind: 'about', minutes: roundedUp(minutes) };
}

/** Minutes as people say them: one by one to ten, then by five, from an hour on by the half hour, then by the hour. */
function roundedUp(minutes: number): number {
  const step = minutes <= 10 ? 1 : minutes <= 60 ? 5 : minutes <= 240 ? 30 : 60;
  return Math.max(1, Math.ceil(minutes / step) * step);
}

/** What somebody has been told: when it should be done (milliseconds). */
export interface TimePromise {
  endsAt: number;
}

/** Time by which a promise may be missed before it is broken, in milliseconds. */
const promiseGrace = 60_000;

/**
 * What is told of the time left to somebody who was told something before: that it takes longer, once the time
 * is over that they were told first.
 * @param promise what they were told first; null for nothing
 */
export function keptPromise(
  promise: TimePromise | null,
  left: TimeLeft,
  now: Date,
): { promise: TimePromise | null; left: TimeLeft } {
  if (left.kind !== 'about') return { promise, left };
  const endsAt = now.getTime() + left.minutes * 60_000;
  if (promise === null) return { promise: { endsAt }, left };
  const isBroken = now.getTime() > promise.endsAt + promiseGrace;
  return { promise, left: isBroken ? { kind: 'longer' } : left };
}
