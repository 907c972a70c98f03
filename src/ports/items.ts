import type { Item, ItemCounts } from '../core/package/items';
import type { MissingEntry } from '../core/package/missing-items';

/** The expected items of a request: a row for each, and the counts of each page. Page 0 is about the person. */
export interface ItemLedger {
  put(requestId: string, page: number, items: Item[]): Promise<void>;
  list(requestId: string, page: number): Promise<Item[]>;
  delete(requestId: string, page: number): Promise<void>;
  putCounts(requestId: string, page: number, counts: ItemCounts): Promise<void>;
  /** Sum over all pages. */
  counts(requestId: string): Promise<ItemCounts>;
  /** The items of all pages that are not exported, but those that are still to be and of which nothing is known. */
  missing(requestId: string): Promise<MissingEntry[]>;
  /** Deletes the items and counts of every page. */
  deleteAll(requestId: string, pages: number): Promise<void>;
}
