import type { ConversationRow } from './conversation-row';
import type { Item, ItemKind } from './items';

/** What is missing for one reason, with where that comes from. */
export interface MissingGroup {
  kind: ItemKind;
  reason: string;
  count: number;
  /** Queues of the conversations that it is missing of, the most frequent first; empty where one says nothing. */
  queues: { queue: string; count: number }[];
  /** Days (UTC) of the first and the last of these conversations; null where none is in the package. */
  from: string | null;
  to: string | null;
}

/** Most queues that a group names. */
const namedQueues = 3;

/**
 * Groups what is missing by its kind and reason, in the order in which they first appear.
 * @param rows of the conversations in the package
 */
export function missingGroups(
  missing: readonly (Pick<Item, 'conversation' | 'kind'> & { reason: string | null })[],
  rows: readonly Pick<ConversationRow, 'number' | 'queue' | 'date'>[],
): MissingGroup[] {
  const known = new Map(rows.map((row) => [row.number, row]));
  const groups = new Map<string, MissingGroup & { all: Map<string, number> }>();
  for (const { conversation, kind, reason: given } of missing) {
    const reason = given ?? 'unknown';
    const key = `${kind}:${reason}`;
    const group = groups.get(key) ?? {
      ...{ kind, reason, count: 0, queues: [], from: null, to: null },
      all: new Map<string, number>(),
    };
    group.count += 1;
    groups.set(key, group);
    const row = known.get(conversation);
    if (row === undefined) continue;
    group.all.set(row.queue, (group.all.get(row.queue) ?? 0) + 1);
    if (row.date === '') continue;
    group.from = group.from === null || row.date < group.from ? row.date : group.from;
    group.to = group.to === null || row.date > group.to ? row.date : group.to;
  }
  return [...groups.values()].map(({ all, ...group }) => ({ ...group, queues: queuesOf(all) }));
}

function queuesOf(all: ReadonlyMap<string, number>): MissingGroup['queues'] {
  const named = [...all]
    .map(([queue, count]) => ({ queue, count }))
    .filter(({ queue }) => queue !== '')
    .sort((a, b) => b.count - a.count || a.queue.localeCompare(b.queue));
  return all.size < 2 ? [] : named.slice(0, namedQueues);
}
