import type { UnreadableReason } from '../package/items';
import { msPerDay } from '../time/time';
import { cutWindow, type SearchWindow } from './search-windows';

/** Days that Genesys Cloud keeps audits (Genesys help, "Data retention periods by feature"). */
export const auditRetentionDays = 365;

export type AuditEntityType = 'Contact' | 'Note';

/**
 * One query of the audit trail: an interval, and the entity whose audits are wanted. The API document
 * does not say how several filters of one property are combined. If all had to hold, a query for two
 * ids would find nothing, and that would look like an empty trail: so each query names one.
 */
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

/** A contact or note, and the times between which something was done to it; null where not known. */
export interface AuditedEntity {
  entityType: AuditEntityType;
  entityId: string;
  createdAt: string | null;
  changedAt: string | null;
}

/** For clocks that differ, and for audits that are written a little later than what they tell of. */
const marginDays = 1;

const timeOf = (text: string | null): number => (text === null ? NaN : Date.parse(text));

/**
 * The queries for the audit trail of contacts and notes, each of at most `days` days. There is none for
 * the time before an entity was created, nor for what the source does not keep any more.
 */
export function planAuditQueries(
  now: Date,
  entities: readonly AuditedEntity[],
  days: number,
): AuditQuery[] {
  const kept = now.getTime() - auditRetentionDays * msPerDay;
  return entities.flatMap(({ entityType, entityId, createdAt, changedAt }) => {
    const created = timeOf(createdAt) - marginDays * msPerDay;
    const changed = timeOf(changedAt) + marginDays * msPerDay;
    const from = Number.isNaN(created) ? kept : Math.max(kept, created);
    const to = Number.isNaN(changed) ? now.getTime() : Math.min(now.getTime(), changed);
    if (from >= to) return [];
    const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    return cutWindow(window, days).map((part) => ({ window: part, entityType, entityId }));
  });
}

/** A query of which nothing was asked yet. */
export const newAuditQuery = (query: AuditQuery): AuditQueryProgress => ({
  ...query,
  state: 'new',
  queryId: null,
  attempts: 0,
  results: [],
  problem: null,
});

/** What can be done to a note that leaves its trace in the note itself: when it was made, and changed. */
const changes: ReadonlySet<string> = new Set(['create', 'update', 'delete']);

/**
 * Whether the audits of something that is still there are all from between its creation and its last
 * change: so where changes are all that the source keeps audits of, and not, say, views.
 * @param actions of which the source keeps audits; null when it does not say
 */
export const areOnlyChanges = (actions: readonly string[] | null): boolean =>
  actions !== null && actions.length > 0 && actions.every((one) => changes.has(one.toLowerCase()));
