import type { SearchWindow } from './search-windows';

/** How long Genesys Cloud keeps audits (genesys help, "Data retention periods by feature"). */
export const auditRetentionDays = 365;
/** Longest interval of one audit query. */
const windowDays = 30;
const day = 86_400_000;

export type AuditEntityType = 'Contact' | 'Note';

/** One query of the audit trail: a stretch of time, and whose trail it is. */
export interface AuditQuery {
  window: SearchWindow;
  entityType: AuditEntityType;
  entityId: string;
}

/** Every query that the trail of contacts and notes takes, oldest first. */
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
  for (let from = now.getTime() - auditRetentionDays * day; from < now.getTime();) {
    const to = Math.min(from + windowDays * day, now.getTime());
    const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    queries.push(...entities.map((entity) => ({ window, ...entity })));
    from = to;
  }
  return queries;
}
