import { idPrefixes, wholeTurn, type Stop } from '../core/jobs/turn';
import type { CustodyWitness, Ledger } from '../ports';
import { allAtOnce } from './at-once';

/** What the repair of the index uses. */
export interface IndexRepairServices {
  ledger: Pick<
    Ledger,
    'listOpenIds' | 'listEnded' | 'repairIndex' | 'repairEnded' | 'recountEnded'
  >;
  witness: Pick<CustodyWitness, 'summaries'>;
}

export interface IndexRepair {
  /** How many requests had other rows than they should, and how many rows had no request. */
  repaired: number;
  /** Ids of requests whose rows could not be compared; the next run tries them again. */
  failed: string[];
  stop: Stop;
}

/** Ended requests that are read at a time. */
const pageLength = 500;
/** The second part of the work, in what a turn ended with; the first is named by the beginning of an id. */
const endedPart = 'ended ';

/**
 * Compares the index with every request, and brings it in line where it differs: what a crash has left is
 * repaired by whoever reads the index next, so that this finds what hands, restored tables and earlier
 * versions of the app have left. Every request has a witness of its custody record, or is in the index.
 */
export async function repairIndex(
  services: IndexRepairServices,
  turn = wholeTurn,
): Promise<IndexRepair> {
  const repair: IndexRepair = { repaired: 0, failed: [], stop: null };
  const { after } = turn;
  if (after?.startsWith(endedPart) !== true) {
    const open = await services.ledger.listOpenIds();
    for (const prefix of idPrefixes.filter((one) => after === null || one > after)) {
      await repairRequests(services, prefix, open, repair);
      if (turn.isOver()) return { ...repair, stop: prefix };
    }
  }
  const from = after?.startsWith(endedPart) === true ? after.slice(endedPart.length) : null;
  for (let next = from; ;) {
    const page = await services.ledger.listEnded(next, pageLength);
    await attemptAll(page.requests, (row) => services.ledger.repairEnded(row), repair);
    next = page.next;
    if (next === null) break;
    if (turn.isOver()) return { ...repair, stop: `${endedPart}${next}` };
  }
  if (await services.ledger.recountEnded()) repair.repaired += 1;
  return repair;
}

/** Repairs the rows of the requests whose ids begin so. */
async function repairRequests(
  { ledger, witness }: IndexRepairServices,
  prefix: string,
  open: readonly string[],
  repair: IndexRepair,
): Promise<void> {
  const ids = new Set([
    ...(await witness.summaries(prefix)).keys(),
    ...open.filter((id) => id.startsWith(prefix)),
  ]);
  const requests = [...ids].map((requestId) => ({ requestId }));
  await attemptAll(requests, ({ requestId }) => ledger.repairIndex(requestId), repair);
}

async function attemptAll<T extends { requestId: string }>(
  things: readonly T[],
  work: (thing: T) => Promise<boolean>,
  repair: IndexRepair,
): Promise<void> {
  await allAtOnce(things, async (thing) => {
    try {
      if (await work(thing)) repair.repaired += 1;
    } catch {
      repair.failed.push(thing.requestId);
    }
  });
}
