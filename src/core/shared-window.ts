import { endOfWindow, type RateLimit, type RateWindow } from './rate-window';

/** What one user of a limit has had of a window. */
export interface WindowUser {
  granted: number;
  /** Whether it has asked in this window; else it is expected, because it asked in the one before. */
  hasAsked: boolean;
  /** Begin of the first of the windows before in which it asked and was granted nothing; null without one. */
  waitsSince: number | null;
}

/** A window of a limit that several users share. */
export interface SharedWindow extends RateWindow {
  /** In the order in which shares are kept for them. */
  users: ReadonlyMap<string, WindowUser>;
}

/** What a user asks for. */
export interface Demand {
  user: string;
  /** Uses that it takes at once. */
  most: number;
  /** Uses that it may have of a whole window. */
  atMost: number;
}

/** What was granted, or when it is worth asking again. Both are noted in the window. */
export type SharedGrant =
  | { kind: 'granted'; window: SharedWindow; count: number }
  | { kind: 'refused'; window: SharedWindow; availableAt: number };

/** Users that a window tells apart; the others count as one, so that a row stays small. */
const mostUsers = 400;
const others = 'others';
const unknownUser: WindowUser = { granted: 0, hasAsked: false, waitsSince: null };

/** The share of each user: an equal part, and one use where there are more users than uses. */
export const shareOf = ({ users }: SharedWindow, { uses }: RateLimit): number =>
  Math.max(1, Math.floor(uses / Math.max(1, users.size)));

/**
 * Grants as many uses as a user takes at once, or fewer. For the first half of a window the share of every user that
 * has asked in it or in the one before is kept for it: first of those who have waited longest, last of those who
 * come during the window. What is beyond the shares, and in the second half what nobody has taken, is free for
 * whoever asks.
 */
export function grantShared(
  given: SharedWindow,
  limit: RateLimit,
  demand: Demand,
  now: number,
): SharedGrant {
  const stored = withoutWrongPause(given, now);
  if (stored.pausedUntil > now)
    return { kind: 'refused', window: stored, availableAt: stored.pausedUntil };
  const begun = windowAt(stored, limit, now);
  const name = nameIn(begun, demand.user);
  const user = { ...(begun.users.get(name) ?? unknownUser), hasAsked: true };
  const window = withUser(begun, name, user);
  const half = window.start + limit.milliseconds / 2;
  const left = limit.uses - window.granted;
  const free = now < half ? freeFor(name, window, limit) : left;
  const rest = demand.atMost - user.granted;
  const count = Math.min(portionOf(window, limit, demand), rest, free);
  if (count <= 0) {
    const isKept = left > 0 && rest > 0;
    return { kind: 'refused', window, availableAt: isKept ? half : endOfWindow(window, limit) };
  }
  const taken = withUser(window, name, { ...user, granted: user.granted + count });
  return { kind: 'granted', window: { ...taken, granted: window.granted + count }, count };
}

/** Notes all users that ask together, so that the first of them does not take what is another's share. */
export function withAsking(
  given: SharedWindow,
  limit: RateLimit,
  users: readonly string[],
  now: number,
): SharedWindow {
  const stored = withoutWrongPause(given, now);
  if (stored.pausedUntil > now) return stored;
  return users.reduce(
    (window, user) => {
      const name = nameIn(window, user);
      return withUser(window, name, { ...(window.users.get(name) ?? unknownUser), hasAsked: true });
    },
    windowAt(stored, limit, now),
  );
}

/** Twice the longest pause that an answer of the other system is taken to ask for, in milliseconds. */
const longestPause = 600_000;

/** A window without a pause that ends so late that only a clock that was wrong can have written it. */
const withoutWrongPause = (window: SharedWindow, now: number): SharedWindow =>
  window.pausedUntil - now > longestPause ? { ...window, pausedUntil: 0 } : window;

const withUser = (window: SharedWindow, name: string, user: WindowUser): SharedWindow => ({
  ...window,
  users: new Map(window.users).set(name, user),
});

const nameIn = ({ users }: SharedWindow, user: string): string =>
  users.has(user) || users.size < mostUsers ? user : others;

/** The window that a moment is in: the one that is stored, or a new one in which whoever asked before is expected. */
function windowAt(stored: SharedWindow, limit: RateLimit, now: number): SharedWindow {
  // One that begins later than a whole window from now was written by a clock that was wrong.
  const isAhead = stored.start - now > limit.milliseconds;
  const end = endOfWindow(stored, limit);
  if (!isAhead && now < end) return stored;
  const isNext = !isAhead && now < end + limit.milliseconds;
  const expected = isNext ? [...stored.users].filter(([, { hasAsked }]) => hasAsked) : [];
  const users = expected.map(([name, user]): [string, WindowUser] => [
    name,
    { ...unknownUser, waitsSince: user.granted > 0 ? null : (user.waitsSince ?? stored.start) },
  ]);
  const waitOf = ([, { waitsSince }]: [string, WindowUser]): number => waitsSince ?? Infinity;
  users.sort((one, other) => compare(waitOf(one), waitOf(other)));
  return { ...stored, start: now, granted: 0, users: new Map(users) };
}

const compare = (one: number, other: number): number => (one === other ? 0 : one - other);

/** Two processes that work for one user both get some of its share. */
function portionOf(window: SharedWindow, limit: RateLimit, { most }: Demand): number {
  return window.users.size === 1 ? most : Math.min(most, Math.ceil(shareOf(window, limit) / 2));
}

/**
 * What a user may take while shares are kept: its own share beside those that come before it, or what is left beside
 * all others.
 */
function freeFor(user: string, window: SharedWindow, limit: RateLimit): number {
  const share = shareOf(window, limit);
  const left = limit.uses - window.granted;
  let unshared = limit.uses;
  let keptForOthers = 0;
  let own = 0;
  for (const [name, { granted }] of window.users) {
    const kept = Math.max(0, Math.min(share, unshared) - granted);
    unshared -= Math.min(share, unshared);
    if (name === user) own = Math.min(kept, left - keptForOthers);
    else keptForOthers += kept;
  }
  return Math.max(own, left - keptForOthers);
}
