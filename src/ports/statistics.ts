import type { MonthCounters, RequestFacts } from '../core/statistics/counters';

/** What was counted, read at one moment. */
export interface CountedRequests {
  /** By month of receipt. */
  months: ReadonlyMap<string, MonthCounters>;
  /** Ids of requests that were counted and may not be marked as such yet. */
  counted: ReadonlySet<string>;
}

/** Counters of requests by month, which outlive them. */
export interface StatisticsStore {
  /** Counts a request, once however often it is called until `settle` was told of it. */
  count(requestId: string, facts: RequestFacts): Promise<void>;
  read(): Promise<CountedRequests>;
  /** Forgets which request was counted: one that is marked, or gone, and is not counted again. */
  settle(requestId: string): Promise<void>;
}
