import {
  expectedOf,
  itemKinds,
  type Item,
  type ItemCounts,
  type ItemKind,
  type ItemStatus,
} from './items';

/** An item that is not in the package. */
export type MissingEntry = Pick<Item, 'conversation' | 'kind' | 'status' | 'reason'>;

/** How many items of a kind are not in the package, for one reason. */
export interface MissingCount {
  status: ItemStatus;
  /** An unknown reason is given as it is; null where none is known. */
  reason: string | null;
  count: number;
}

/** A kind of items, and what is missing of it. */
export interface KindSummary {
  kind: ItemKind;
  exported: number;
  of: number;
  missing: MissingCount[];
}

/** How many items of a kind have failed, for one reason. */
export interface FailureCount {
  kind: ItemKind;
  reason: string | null;
  count: number;
}

/**
 * The kinds of which there are items, in the order of the package, with what is missing by its reasons. Of items
 * that are still waited for, which may be many, those need not be given that wait for nothing in particular.
 */
export const kindSummaries = (
  counts: ItemCounts,
  missing: readonly MissingEntry[],
): KindSummary[] =>
  itemKinds.flatMap((kind) => {
    const { exported, absent, pending } = counts[kind];
    const of = expectedOf(counts[kind]) + absent;
    const own = missing.filter((item) => item.kind === kind);
    if (of === 0 && own.length === 0) return [];
    const waiting = pending - own.filter(({ status }) => status === 'pending').length;
    return [{ kind, exported, of, missing: countByReason(own, waiting) }];
  });

/** Most first; of as many, in the order in which they come. */
function countByReason(missing: readonly MissingEntry[], waiting: number): MissingCount[] {
  const counts = new Map<string, MissingCount>();
  for (const { status, reason } of missing) {
    const key = `${status} ${reason ?? ''}`;
    const { count } = counts.get(key) ?? { count: 0 };
    counts.set(key, { status, reason, count: count + 1 });
  }
  const rest: MissingCount = { status: 'pending', reason: null, count: waiting };
  return [...counts.values(), ...(waiting > 0 ? [rest] : [])].sort((a, b) => b.count - a.count);
}

/** What has failed, by kind and reason: what an officer accepts as missing. */
export const failureCounts = (kinds: readonly KindSummary[]): FailureCount[] =>
  kinds.flatMap(({ kind, missing }) =>
    missing.flatMap(({ status, reason, count }) =>
      status === 'failed' ? [{ kind, reason, count }] : [],
    ),
  );
