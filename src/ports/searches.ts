import type { SearchWindow } from '../core/genesys/search-windows';

export interface SearchRecord {
  /** Order of the window. The halves of a refused window extend the key of their parent. */
  key: string;
  /** Part of the filter that is searched by, from 0; absent in searches by all of it. */
  part?: number;
  window: SearchWindow;
  state: 'new' | 'running' | 'done' | 'split';
  jobId: string | null;
  attempts: number;
  found: number;
}

/** The searches of a request, one row for each window and part of the filter. */
export interface SearchLedger {
  put(requestId: string, searches: SearchRecord[]): Promise<void>;
  /** In the order of their keys, which is the order of time. */
  list(requestId: string): Promise<SearchRecord[]>;
  deleteAll(requestId: string): Promise<void>;
}
