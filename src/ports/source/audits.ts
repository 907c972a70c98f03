import type { AuditQuery } from '../../core/genesys/audits';
import type { SearchState } from './conversation-searches';

/** The audit trail, by asynchronous queries. */
export interface AuditSource {
  /** Starts a query and returns its id, or null when it was refused. */
  submitAuditQuery(query: AuditQuery): Promise<string | null>;
  auditQueryState(id: string): Promise<SearchState>;
  /** Null when the source has deleted the results. */
  auditQueryResults(id: string): Promise<Record<string, unknown>[] | null>;
}
