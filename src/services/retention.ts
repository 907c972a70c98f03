import { inTurn, wholeTurn, type Stop, type Turn } from '../core/jobs/turn';
import { allScratch } from '../core/package/blob-names';
import { proofEndsBefore } from '../core/request/proof';
import { addDays } from '../core/time/time';
import type {
  CleanedRequest,
  Clock,
  Ledger,
  Outbox,
  PackageStore,
  RequestRecord,
  ScratchStore,
  StatisticsStore,
} from '../ports';
import { isSettled } from './statistics';

/** What the retention of ended requests uses. */
export interface RetentionServices {
  clock: Clock;
  ledger: Pick<
    Ledger,
    | 'get'
    | 'listOpen'
    | 'listCleaned'
    | 'repairCleaned'
    | 'move'
    | 'update'
    | 'custodyEntries'
    | 'deleteAnnotations'
    | 'deleteCallback'
    | 'forget'
  >;
  outbox: Pick<Outbox, 'forget'>;
  packages: Pick<PackageStore, 'delete'>;
  scratch: Pick<ScratchStore, 'deleteAll'>;
  statistics: Pick<StatisticsStore, 'read' | 'settle'>;
}

export interface RetentionLimits {
  /** Days after which a failed request is cancelled if no officer retries it. */
  failedDays: number;
  /** Days after its deletion for which officers' names and justifications of a request are kept. */
  annotationRetentionDays: number;
  /** Years after its last entry for which the custody record of a request is kept as proof. */
  proofRetentionYears: number;
}

/** Days for which storage keeps uncommitted blocks (a week), and two more. */
const uncommittedBlockDays = 9;

/**
 * Cancels failed requests that nobody retries, deletes blobs that were written after the clean-up, and
 * deletes officers' names and justifications at the end of their retention. What was done remains, in
 * a custody chain that still holds, until the proof is not needed any more: then nothing is left of the
 * request. May run any number of times.
 * @returns ids of the requests that could not be processed, which the next run tries again, and where the
 *   turn ended
 */
export async function applyRetention(
  services: RetentionServices,
  limits: RetentionLimits,
  turn = wholeTurn,
): Promise<{ failed: string[]; stop: Stop }> {
  const failed: string[] = [];
  const isPast = turn.after?.startsWith(statisticsPart) === true;
  const stop = await inTurn(
    turn,
    isPast ? [] : await dueRequests(services, limits),
    ({ requestId }) => requestId,
    async (due) => {
      // An officer may be changing the request at this moment.
      await workOn(services, limits, due).catch(() => failed.push(due.requestId));
    },
  );
  return { failed, stop: stop ?? (await settleStatistics(services, turn)) };
}

/** The second part of the work, in what a turn ended with: in the order of ids it is after all of them. */
const statisticsPart = 'statistics ';

/** A request of which something is due, and where the index has it. */
interface DueRequest {
  requestId: string;
  /** None for one that has failed. */
  places: CleanedRequest[];
}

const timeDaysAgo = ({ clock }: Pick<RetentionServices, 'clock'>, days: number): string =>
  addDays(clock.now(), -days).toISOString();

/** The requests of which something may be due. None of the others is read. */
async function dueRequests(
  services: RetentionServices,
  limits: RetentionLimits,
): Promise<DueRequest[]> {
  const { ledger } = services;
  const failedBefore = timeDaysAgo(services, limits.failedDays);
  const open = await ledger.listOpen();
  const due = new Map(
    open
      .filter(({ state, stateSince }) => state === 'failed' && stateSince <= failedBefore)
      .map(({ requestId }): [string, DueRequest] => [requestId, { requestId, places: [] }]),
  );
  const recent = { from: timeDaysAgo(services, uncommittedBlockDays), until: null };
  const named = { from: null, until: timeDaysAgo(services, limits.annotationRetentionDays) };
  const proven = { from: null, until: proofEnds(services, limits) };
  const found = [
    ...(await ledger.listCleaned('annotations', recent)),
    ...(await ledger.listCleaned('annotations', named)),
    ...(await ledger.listCleaned('annotations', proven)),
    ...(await ledger.listCleaned('proof', recent)),
    ...(await ledger.listCleaned('proof', proven)),
  ];
  for (const place of found) {
    const { requestId } = place;
    const places = due.get(requestId)?.places ?? [];
    due.set(requestId, { requestId, places: [...places, place] });
  }
  return [...due.values()];
}

async function workOn(
  services: RetentionServices,
  limits: RetentionLimits,
  { requestId, places }: DueRequest,
): Promise<void> {
  // What is left of a call that did not finish is a place that its request does not have any more.
  for (const place of places) await services.ledger.repairCleaned(place);
  const record = await services.ledger.get(requestId);
  if (record !== null) await applyTo(services, limits, record);
}

const proofEnds = (
  { clock }: Pick<RetentionServices, 'clock'>,
  { proofRetentionYears }: RetentionLimits,
): string => proofEndsBefore(clock.now(), proofRetentionYears).toISOString();

/** Forgets which requests were counted, of those that say so themselves by now. */
async function settleStatistics(
  { clock, ledger, statistics }: Pick<RetentionServices, 'clock' | 'ledger' | 'statistics'>,
  turn: Turn,
): Promise<Stop> {
  const { counted } = await statistics.read();
  return inTurn(
    turn,
    [...counted],
    (requestId) => `${statisticsPart}${requestId}`,
    async (requestId) => {
      if (isSettled(await ledger.get(requestId), clock.now())) await statistics.settle(requestId);
    },
  );
}

async function applyTo(
  services: RetentionServices,
  limits: RetentionLimits,
  record: RequestRecord,
): Promise<void> {
  const { requestId, state, stateSince, cleanedAt } = record;
  const daysAgo = (days: number): string => timeDaysAgo(services, days);
  if (state === 'failed' && stateSince <= daysAgo(limits.failedDays))
    await services.ledger.move(requestId, 'cancelled', { reason: 'failedTooLong' });
  if (cleanedAt === null) return;
  if (cleanedAt > daysAgo(uncommittedBlockDays)) await deleteOrphans(services, requestId);
  if (cleanedAt <= daysAgo(limits.annotationRetentionDays))
    await deleteAnnotations(services, record);
  const endsBefore = proofEnds(services, limits);
  if (cleanedAt <= endsBefore) await endProof(services, requestId, endsBefore);
}

/** Deletes what is left of a request, unless something was added to its custody record since. */
async function endProof(
  { ledger }: RetentionServices,
  requestId: string,
  endsBefore: string,
): Promise<void> {
  const entries = await ledger.custodyEntries(requestId);
  const last = entries.at(-1)?.at;
  if (last === undefined || last <= endsBefore) await ledger.forget(requestId);
}

/** Deletes what a stale export attempt or a notice may have written after the clean-up. */
async function deleteOrphans(
  { outbox, packages, scratch }: RetentionServices,
  requestId: string,
): Promise<void> {
  await outbox.forget(requestId);
  await packages.delete(requestId);
  await scratch.deleteAll(requestId, allScratch);
}

async function deleteAnnotations(
  { clock, ledger }: RetentionServices,
  { requestId, annotationsDeletedAt }: RequestRecord,
): Promise<void> {
  if (annotationsDeletedAt !== null) return;
  await ledger.deleteAnnotations(requestId);
  await ledger.deleteCallback(requestId);
  await ledger.update(requestId, { annotationsDeletedAt: clock.now().toISOString() });
}
