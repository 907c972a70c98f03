import type { CustodyCheckpoint, CustodyDay, CustodyHead } from '../core/custody/heads';

export type { CustodyCheckpoint, CustodyDay, CustodyHead };

/** What a witness has of a request. */
export interface WitnessSummary {
  /** Number of heads. */
  heads: number;
  /** When the last one was added. */
  lastAddedAt: Date | null;
}

/**
 * Keeps heads and checkpoints of custody records, apart from the records. What was written to it cannot
 * be changed or deleted where the storage account has a retention policy for it.
 */
export interface CustodyWitness {
  /**
   * Adds the head of an entry that was just written. What is missing before it is added as well; a head
   * that is there already is not added again.
   * @param all reads the heads of all entries of the record; called when some are missing
   */
  append(requestId: string, head: CustodyHead, all: () => Promise<CustodyHead[]>): Promise<void>;
  /** Heads of a request, in the order in which they were added; those that cannot be read are left out. */
  heads(requestId: string): Promise<CustodyHead[]>;
  /** What it has of each request whose id begins so, by the id. */
  summaries(prefix: string): Promise<Map<string, WitnessSummary>>;
  /** The same of all requests where one call can tell it; null where there are too many. */
  allSummaries(): Promise<Map<string, WitnessSummary> | null>;
  /** Stores a checkpoint. One of the same length that is there already stays. */
  putCheckpoint(checkpoint: CustodyCheckpoint): Promise<void>;
  /** Checkpoints of a request, shortest first. */
  checkpoints(requestId: string): Promise<CustodyCheckpoint[]>;
  putDay(day: CustodyDay): Promise<void>;
}
