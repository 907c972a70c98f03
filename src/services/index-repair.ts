import { allAtOnce } from '../core/at-once';
import { idPrefixes, wholeTurn, type Stop } from '../core/jobs/turn';
import type { Ledger, RequestRecord } from '../ports';
import { knownRequests, type RequestIdServices } from './known-requests';
import { countRequest, type CountingServices } from './statistics';

/** What the repair of the index uses. */
export interface IndexRepairServices extends CountingServices {
  ledger: RequestIdServices['ledger'] &
    CountingServices['ledger'] &
    Pick<Ledger, 'listEnded' | 'repairIndex' | 'repairEnded' | 'recountEnded' | 'update'>;
  witness: RequestIdServices['witness'];
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
 * versions of the app have left. It is the one job that reads every request, so that it also counts those that
 * were cleaned up without being counted.
 */
export async function repairIndex(
  services: IndexRepairServices,
  turn = wholeTurn,
): Promise<IndexRepair> {
  const repair: IndexRepair = { repaired: 0, failed: [], stop: null };
  const { after } = turn;
  if (after?.startsWith(endedPart) !== true) {
    const known = await knownRequests(services);
    for (const prefix of idPrefixes.filter((one) => after === null || one > after)) {
      const requests = (await known(prefix)).ids.map((requestId) => ({ requestId }));
      await attemptAll(requests, (one) => repairRequest(services, one.requestId), repair);
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

/** @returns whether its rows differed */
async function repairRequest(services: IndexRepairServices, requestId: string): Promise<boolean> {
  const { isDifferent, record } = await services.ledger.repairIndex(requestId);
  if (record !== null && record.cleanedAt !== null && !record.isCounted)
    await countLate(services, record);
  return isDifferent;
}

/** Counts a request that was cleaned up before there were statistics, or before it was known how it ends. */
async function countLate(services: IndexRepairServices, record: RequestRecord): Promise<void> {
  if (await countRequest(services, record))
    await services.ledger.update(record.requestId, { isCounted: true });
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
