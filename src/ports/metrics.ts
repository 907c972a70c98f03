import type { ItemCounts } from '../core/package/items';
import type { RateLimitKind } from './rate-limiter';

/** Measurements of the app. They hold counts, codes and names of organisations only. */
export interface Metrics {
  /**
   * Counts a call of Genesys Cloud.
   * @param family of the API that was called
   * @param status of the answer; 0 without one
   */
  countCall(family: string, status: number): void;
  /** Counts uses that this process has leased of a rate limit. */
  countLeased(kind: RateLimitKind, key: string, count: number): void;
  /** Records a released package: its items by kind and outcome, its size, how long the export took. */
  countRelease(counts: ItemCounts, bytes: number, seconds: number): void;
}
