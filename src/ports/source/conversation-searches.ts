import type { SubjectFilter } from '../../core/genesys/subject-filter';
import type { SourceConversation } from '../../core/genesys/conversation';
import type { SearchWindow } from '../../core/genesys/search-windows';

/** `gone`: it was cancelled or has expired, or the source has deleted it. */
export type SearchState = 'running' | 'fulfilled' | 'failed' | 'gone';

export interface SearchPage {
  conversations: SourceConversation[];
  /** Where the next page begins; null in the last. */
  cursor: string | null;
}

/** Asynchronous searches of conversations. */
export interface ConversationSearchSource {
  /**
   * Starts a search and returns its job id, or null when the query was refused: by a code, by its size,
   * or by taking too long while the source answers other calls.
   */
  submitSearch(window: SearchWindow, filter: SubjectFilter): Promise<string | null>;
  searchState(jobId: string): Promise<SearchState>;
  /**
   * Reads one page of results.
   * @param cursor null for the first page
   * @returns null when the source does not accept the cursor, or has deleted the results
   */
  searchResults(jobId: string, cursor: string | null): Promise<SearchPage | null>;
  /** Days for which the organisation keeps conversation details, and the source's own present time. */
  retention(): Promise<{ days: number; now: Date }>;
  /** Time up to which conversations can be searched (ISO 8601); null when the source does not say. */
  indexedUntil(): Promise<string | null>;
}
