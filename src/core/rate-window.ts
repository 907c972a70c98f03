/** Arithmetic of rate limits: a window begins with a first use and grants so many. Times in milliseconds. */
export interface RateWindow {
  start: number;
  /** Uses that were granted in it. */
  granted: number;
  /** Nothing is granted before this time. */
  pausedUntil: number;
}

export interface RateLimit {
  uses: number;
  milliseconds: number;
}

/** The window after uses were granted, or when it is worth asking again. */
export type Grant = { window: RateWindow } | { availableAt: number };

export const noWindow: RateWindow = { start: 0, granted: 0, pausedUntil: 0 };

/** When a window ends under a limit. */
export const endOfWindow = ({ start }: RateWindow, { milliseconds }: RateLimit): number =>
  start + milliseconds;

/** Grants so many uses at once, or none. */
export function grant(stored: RateWindow, limit: RateLimit, count: number, now: number): Grant {
  if (stored.pausedUntil > now) return { availableAt: stored.pausedUntil };
  const isOver = now >= endOfWindow(stored, limit);
  const window = isOver ? { ...stored, start: now, granted: 0 } : stored;
  if (window.granted + count > limit.uses) return { availableAt: endOfWindow(window, limit) };
  return { window: { ...window, granted: window.granted + count } };
}

/** A window that grants nothing before a time. A pause is never cut short by a later, shorter one. */
export const paused = (window: RateWindow, until: number): RateWindow => ({
  ...window,
  pausedUntil: Math.max(window.pausedUntil, until),
});

/** Uses that a process leases at a time. */
const leaseSize = 20;
/**
 * The window of a lease is a sixtieth longer than the other system's. Both begin with a first use; ours
 * begins a moment earlier, and must not end a moment earlier.
 */
const leaseMargin = 61 / 60;

/** The limit of another system, by which uses are leased. */
export const leaseLimit = (uses: number, seconds: number): RateLimit => ({
  uses,
  milliseconds: seconds * 1000 * leaseMargin,
});

/** How many uses of a limit are leased at a time, by a process among others. */
export const leasedUses = ({ uses }: RateLimit): number => Math.min(leaseSize, uses);

/** The share of a limit that a process leases at a time while no other takes any: a fifth. */
const shareAlone = 5;

/** The same for a process that is alone: calls of storage are fewer, and four fifths are left for one that comes. */
export const leasedAlone = (limit: RateLimit): number =>
  Math.max(leasedUses(limit), Math.floor(limit.uses / shareAlone));
