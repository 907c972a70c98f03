import { prefixOf } from '../core/jobs/turn';
import type { CustodyWitness, Ledger, WitnessSummary } from '../ports';

/** Where ids of requests are found without reading the requests. */
export interface RequestIdServices {
  ledger: Pick<Ledger, 'listOpenIds' | 'listCleanedIds'>;
  witness: Pick<CustodyWitness, 'summaries' | 'allSummaries'>;
}

/** The requests whose ids begin with the same letters. */
export interface KnownRequests {
  ids: string[];
  /** By id; a request whose witness was removed has none. */
  witnesses: Map<string, WitnessSummary>;
}

/** Puts items together by the beginnings of their ids. */
function byPrefix<T>(items: Iterable<T>, idOf: (item: T) => string): (prefix: string) => T[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const prefix = prefixOf(idOf(item));
    const group = groups.get(prefix) ?? [];
    group.push(item);
    groups.set(prefix, group);
  }
  return (prefix) => groups.get(prefix) ?? [];
}

/**
 * Every request that there is: it has a witness of its custody record, or is in the index, open or cleaned
 * up. Whoever removes one of the two does not hide it. Witnesses are listed at once where they are few, and
 * else when they are asked for, so that not all of them are in memory.
 * @returns what tells the requests whose ids begin so (`idPrefixes`)
 */
export async function knownRequests({
  ledger,
  witness,
}: RequestIdServices): Promise<(prefix: string) => Promise<KnownRequests>> {
  const indexed = byPrefix(
    [...(await ledger.listOpenIds()), ...(await ledger.listCleanedIds())],
    (id) => id,
  );
  const all = await witness.allSummaries();
  const listed = all && byPrefix(all, ([id]) => id);
  return async (prefix) => {
    const witnesses = listed ? new Map(listed(prefix)) : await witness.summaries(prefix);
    return { ids: [...new Set([...witnesses.keys(), ...indexed(prefix)])], witnesses };
  };
}
