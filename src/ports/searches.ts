import type { SearchWindow } from '../core/genesys/search-windows';

export interface SearchRecord {
  /** Order of the window. The parts of a window that was cut extend its key. */
  key: string;
  /** Which of the filters over the person's identifiers it asks by, from 0. */
  filter: number;
  window: SearchWindow;
  state: 'new' | 'running' | 'done' | 'split';
  jobId: string | null;
  attempts: number;
  found: number;
  /** Blobs that hold what was found. */
  parts: number;
}

/** The searches of a request, one row for each window and part of the filter. */
export interface SearchLedger {
  put(requestId: string, searches: SearchRecord[]): Promise<void>;
  /** In the order of their keys, which is the order of time. */
  list(requestId: string): Promise<SearchRecord[]>;
  deleteAll(requestId: string): Promise<void>;
}
