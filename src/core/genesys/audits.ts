import type { UnreadableReason } from '../package/items';
import { msPerDay } from '../time/time';
import type { SearchWindow } from './search-windows';

/** Days that Genesys Cloud keeps audits (Genesys help, "Data retention periods by feature"). */
export const auditRetentionDays = 365;
/** Longest interval of one audit query. */
const windowDays = 30;

export type AuditEntityType = 'Contact' | 'Note';

/** One query of the audit trail: an interval, and the entity whose audits are wanted. */
export interface AuditQuery {
  window: SearchWindow;
  entityType: AuditEntityType;
  entityId: string;
}

/** How far a query of the audit trail has come. */
export interface AuditQueryProgress extends AuditQuery {
  state: 'new' | 'running' | 'done' | 'refused';
  queryId: string | null;
  attempts: number;
  results: Record<string, unknown>[];
  /** Why some of the results cannot be processed; null when all can. */
  problem: UnreadableReason | null;
}

/** All queries for the audit trail of contacts and notes, oldest first. */
export function planAuditQueries(
  now: Date,
  contactIds: readonly string[],
  noteIds: readonly string[],
): AuditQuery[] {
  const entities = [
    ...contactIds.map((entityId) => ({ entityType: 'Contact' as const, entityId })),
    ...noteIds.map((entityId) => ({ entityType: 'Note' as const, entityId })),
  ];
  const queries: AuditQuery[] = [];
  for (let from = now.getTime() - auditRetentionDays * msPerDay; from < now.getTime();) {
    const to = Math.min(from + windowDays * msPerDay, now.getTime());
    const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    queries.push(...entities.map((entity) => ({ window, ...entity })));
    from = to;
  }
  return queries;
}
