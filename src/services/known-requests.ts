import type { CustodyWitness, Ledger, WitnessSummary } from '../ports';

/** Where ids of requests are found without reading the requests. */
export interface RequestIdServices {
  ledger: Pick<Ledger, 'listOpenIds' | 'listCleanedIds'>;
  witness: Pick<CustodyWitness, 'summaries'>;
}

/** The requests whose ids begin with the same letters. */
export interface KnownRequests {
  ids: string[];
  /** By id; a request whose witness was removed has none. */
  witnesses: Map<string, WitnessSummary>;
}

const prefixLength = 2;

/**
 * Every request that there is: it has a witness of its custody record, or is in the index, open or cleaned
 * up. Whoever removes one of the two does not hide it.
 * @returns what tells the requests by the first two letters of their ids
 */
export async function knownRequests({
  ledger,
  witness,
}: RequestIdServices): Promise<(prefix: string) => Promise<KnownRequests>> {
  const indexed = new Map<string, string[]>();
  for (const id of [...(await ledger.listOpenIds()), ...(await ledger.listCleanedIds())]) {
    const prefix = id.slice(0, prefixLength);
    const ids = indexed.get(prefix) ?? [];
    ids.push(id);
    indexed.set(prefix, ids);
  }
  return async (prefix) => {
    const witnesses = await witness.summaries(prefix);
    const ids = new Set([...witnesses.keys(), ...(indexed.get(prefix) ?? [])]);
    return { ids: [...ids], witnesses };
  };
}
