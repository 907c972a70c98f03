import type { SearchWindow } from '../core/genesys/search-windows';

export interface SearchRecord {
  /** Order of the window; halves of a refused window extend their parent's. */
  key: string;
  window: SearchWindow;
  state: 'new' | 'running' | 'done' | 'split';
  jobId: string | null;
  attempts: number;
  found: number;
}

/** The searches of a request, one row for each window. */
export interface SearchLedger {
  put(requestId: string, searches: SearchRecord[]): Promise<void>;
  /** In the order of their keys, which is that of time. */
  list(requestId: string): Promise<SearchRecord[]>;
  deleteAll(requestId: string): Promise<void>;
}
