import type { z } from 'zod';
import type { requestSummary, summaryResponse } from '../core/api/responses';
import { nullIfDeleted } from '../core/errors';
import { handOverBegan, hasApproved } from '../core/custody/hand-over';
import { releaseOf } from '../core/package/expiry';
import { expectedOf, failuresOf, type ItemCounts } from '../core/package/items';
import { lawOf } from '../core/request/legal-clock';
import { openRequestOf } from '../core/request/request-index';
import { needsOfficer, requestClockOf, waitsForApproval } from '../core/request/request-list';
import type {
  CustodyRecord,
  KeyStore,
  Ledger,
  RequestDetails,
  RequestRecord,
  ScratchStore,
  Settings,
} from '../ports';
import { DoubtfulConversations } from './doubtful';
import { progressOf, statusWith, waitingOf, type StatusServices } from './status-view';

/** What the summary of a request is made of. */
export type SummaryServices = StatusServices & {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'getWhole' | 'details' | 'custody'>;
  scratch: Pick<ScratchStore, 'read'>;
  settings: Pick<Settings, 'legalClock' | 'delivery'>;
};

type WholeRequest = NonNullable<Awaited<ReturnType<Ledger['getWhole']>>>;
export type RequestSummary = z.output<typeof requestSummary>;
export type WholeSummary = z.output<typeof summaryResponse>;

/**
 * A request as lists show it. Of what is stored apart it reads only what its state has.
 * @returns null where there is no such request
 */
export async function summaryOf(
  services: SummaryServices,
  requestId: string,
): Promise<RequestSummary | null> {
  const whole = await services.ledger.getWhole(requestId);
  if (whole === null) return null;
  const { record } = whole;
  return summaryWith(services, {
    ...whole,
    counts: hasCounts(record) ? await services.items.counts(requestId) : null,
    custody:
      isHandedOver(services, record) || isReleasedAgain(record)
        ? await services.ledger.custody(requestId)
        : null,
  });
}

/** A request, and what is stored apart from it, as far as it is shown. */
interface ReadRequest extends WholeRequest {
  /** Null before anything is counted, and once it was deleted. */
  counts: ItemCounts | null;
  /** Read where a hand-over waits for an approval, or a package was released again; else it may be null. */
  custody: CustodyRecord | null;
}

async function summaryWith(
  services: SummaryServices,
  { record, details, counts, custody }: ReadRequest,
): Promise<RequestSummary> {
  const { clock, settings } = services;
  const open = openRequestOf(record);
  return {
    requestId: record.requestId,
    ticketId: details?.ticketId ?? null,
    sourceSystem: record.sourceSystem ?? null,
    rights: [...(record.rights ?? [])],
    locale: details?.locale ?? record.locale ?? null,
    law: lawOf(record),
    state: record.state,
    reasonCode: record.reason,
    stateSince: record.stateSince,
    createdAt: record.createdAt,
    receivedAt: record.receivedAt,
    cleanedAt: record.cleanedAt,
    needsOfficer: needsOfficer(open, settings.delivery.handOver),
    clock: requestClockOf(record, settings.legalClock, clock.now()),
    progress: counts && { conversations: doneOf(counts), byKind: progressOf(counts) },
    doubtful: await undecidedOf(services, record, details),
    failedItems: counts && failuresOf(counts),
    availableUntil: record.availableUntil,
    openedAt: openedAtOf(record, custody),
    handOver: custody && isHandedOver(services, record) ? handOverOf(custody) : null,
    waiting: waitingOf(record),
  };
}

/** Whether a package is there that was there before: it may have been opened then. */
const isReleasedAgain = (record: RequestRecord): boolean =>
  record.state === 'available' && releaseOf(record) > 1;

/**
 * When the person last reported that they have the package, also of one that was released again since; null
 * before, and once there is no package.
 */
function openedAtOf(record: RequestRecord, custody: CustodyRecord | null): string | null {
  if (record.state === 'delivered') return record.stateSince;
  if (!isReleasedAgain(record)) return null;
  return custody?.entries.findLast(({ to }) => to === 'delivered')?.at ?? null;
}

/**
 * The same with what a page about one request shows of it.
 * @param own ids under which the officer who asks stands in custody records
 */
export async function wholeSummaryOf(
  services: SummaryServices,
  record: RequestRecord,
  own: readonly string[],
): Promise<WholeSummary> {
  const { requestId, searched } = record;
  const details = await services.ledger.details(record).catch(nullIfDeleted);
  const custody = await services.ledger.custody(requestId);
  const counts = await services.items.counts(requestId);
  const monthOf = (time: string): string => time.slice(0, 'YYYY-MM'.length);
  return {
    ...(await summaryWith(services, {
      record,
      details,
      counts: hasCounts(record) ? counts : null,
      custody,
    })),
    steps: custody.entries.flatMap(({ event, at, to, reasonCode = null }) =>
      event === 'stateChanged' && to !== undefined ? [{ state: to, at, reasonCode }] : [],
    ),
    foundConversations: record.conversations,
    searchedMonths: searched && { from: monthOf(searched.from), to: monthOf(searched.to) },
    hasApproved: hasApproved(custody.entries, own),
    custodyEntries: custody.entries.length,
    status: statusWith(services, record, counts),
  };
}

/** Whether anything is counted of a request, and was not deleted. */
const hasCounts = ({ pages, cleanedAt }: RequestRecord): boolean =>
  pages !== null && cleanedAt === null;

/** Whether somebody has begun a hand-over, which another one has to approve. */
const isHandedOver = (
  { settings }: Pick<SummaryServices, 'settings'>,
  record: RequestRecord,
): boolean => waitsForApproval(openRequestOf(record), settings.delivery.handOver);

const doneOf = ({ conversation }: ItemCounts): { done: number; total: number } => {
  const total = expectedOf(conversation);
  return { done: total - conversation.pending, total };
};

/** How many conversations an officer has to decide on; null unless the request waits for that. */
async function undecidedOf(
  services: Pick<SummaryServices, 'keys' | 'scratch'>,
  record: RequestRecord,
  details: RequestDetails | null,
): Promise<number | null> {
  const { state, reason, wrappedSecret } = record;
  const isAsked = state === 'needsDecision' && reason === 'doubtfulConversations';
  if (!isAsked || details === null || wrappedSecret === null) return null;
  const owner = { record, keys: await services.keys.unwrap(wrappedSecret) };
  const doubtful = await DoubtfulConversations.of(services, owner);
  return doubtful && doubtful.summary(details.decision).undecided;
}

/** Who has begun a hand-over, by name where that is still stored. */
function handOverOf({ entries, annotations }: CustodyRecord): RequestSummary['handOver'] {
  const began = handOverBegan(entries);
  return (
    began && {
      startedBy: annotations.get(began.sequence)?.displayName ?? '',
      startedAt: began.at,
    }
  );
}
