/**
 * What is limited: calls of Genesys Cloud (key: organisation), messages (by quota), codes by text
 * message (by number and by country), calls of the portal (by address), records of a lock-out (by
 * request), records of a refused officer (by request and officer), messages that officers send
 * again (by request and message), requests of the intake page (by puzzle, by address and in all). Each kind counts apart
 * from all others, whatever the keys are.
 */
export type RateLimitKind =
  | 'genesysCalls'
  | 'messages'
  | 'number'
  | 'country'
  | 'address'
  | 'lockedOut'
  | 'roleRefused'
  | 'sentAgain'
  | 'intakePuzzle'
  | 'intakeAddress'
  | 'intake';

/**
 * Limits how often something is done, over all processes together: so many uses in a window, which
 * begins with the first use.
 */
export interface RateLimiter {
  /** Counts one use of a key. Returns false when the limit is reached. */
  tryAcquire(kind: RateLimitKind, key: string, limit: number, seconds: number): Promise<boolean>;
  /** The limit of another system, of which this process leases several uses at a time. */
  lease(kind: RateLimitKind, key: string, limit: number, seconds: number): RateLimitLease;
  /** Deletes the counts of windows that are over. */
  purgeExpired(): Promise<void>;
}

/** Who uses a limit that is shared equally. */
export interface RateLimitUser {
  id: string;
  /** Uses of a window that it may have, also when nobody else wants any. */
  atMost: number;
}

/** A limit of another system. Both methods throw RateLimitedError when too many processes use it at once. */
export interface RateLimitLease {
  /**
   * Takes one use; waits a few seconds if necessary. Users have equal shares of the limit, and what
   * others leave; whoever calls without one counts as a user like any other.
   * @throws RateLimitedError when the limit, or the user's share of it, is reached for longer
   */
  acquire(user?: RateLimitUser): Promise<void>;
  /** Grants nothing to any process for a while, because the other system says so. */
  pause(milliseconds: number): Promise<void>;
}
