import type { CustodyCheckpoint, CustodyDay, CustodyHead } from '../core/custody/heads';

export type { CustodyCheckpoint, CustodyDay, CustodyHead };

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
  /** How many heads it has of each request, by its id. */
  lengths(): Promise<Map<string, number>>;
  /** When the last head of a request was added; null where it has none. */
  lastAddedAt(requestId: string): Promise<Date | null>;
  /** Stores a checkpoint. One of the same length that is there already stays. */
  putCheckpoint(checkpoint: CustodyCheckpoint): Promise<void>;
  /** Checkpoints of a request, shortest first. */
  checkpoints(requestId: string): Promise<CustodyCheckpoint[]>;
  putDay(day: CustodyDay): Promise<void>;
}
