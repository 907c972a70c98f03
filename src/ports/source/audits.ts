import type { AuditEntityType, AuditQuery } from '../../core/genesys/audits';
import type { SearchState } from './conversation-searches';

/** The audit trail, by asynchronous queries. */
export interface AuditSource {
  /** Starts a query and returns its id, or null when it was refused. */
  submitAuditQuery(query: AuditQuery): Promise<string | null>;
  auditQueryState(id: string): Promise<SearchState>;
  /** Null when the source has deleted the results. */
  auditQueryResults(id: string): Promise<Record<string, unknown>[] | null>;
  /** The actions of which the source keeps audits for a type of entity; null when it does not say. */
  auditedActions(entityType: AuditEntityType): Promise<string[] | null>;
}
