import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { allAtOnce } from '../core/at-once';
import type { requestCountsResponse, requestsResponse } from '../core/api/responses';
import {
  countsOf,
  endedToken,
  listed,
  matchesFields,
  nextDeadlineOf,
  pageLength,
  pageOf,
  placeToken,
  type ListFilter,
  type ListPlace,
  type ListPolicy,
  type ListedRequest,
  type OpenView,
} from '../core/request/request-list';
import { isFinal } from '../core/request/states';
import type { Ledger } from '../ports';
import { summaryOf, type RequestSummary, type SummaryServices } from './request-summary';

/** What the lists of requests are made of. */
export type ListServices = SummaryServices & {
  ledger: SummaryServices['ledger'] & Pick<Ledger, 'get' | 'listOpen' | 'listEnded' | 'countEnded'>;
};

/** What requests are counted by. */
export type CountServices = Pick<ListServices, 'clock' | 'settings'> & {
  ledger: Pick<Ledger, 'listOpen' | 'countEnded'>;
};

export type RequestList = z.output<typeof requestsResponse>;
export type RequestCounts = z.output<typeof requestCountsResponse>;

/** Which requests a list has, and from where on. */
export type ListQuery = { filter: ListFilter } & (
  { view: OpenView; after: ListPlace | null } | { view: 'done'; after: string | null }
);

/** Requests that are placed in a list at a time, so that no call waits long for the others. */
const placedAtOnce = 500;
/** Ended requests that are looked through for those that a filter lets through, in one call. */
const lookedThrough = 1000;

/**
 * A page of requests. The index tells which they are and how many there are; only those of the page are
 * read themselves.
 */
export async function listRequests(services: ListServices, query: ListQuery): Promise<RequestList> {
  const now = services.clock.now();
  const all = await placedAt(services, now);
  const { ids, next } =
    query.view === 'done'
      ? await endedPage(services, query.filter, query.after)
      : openPage(all, query, now);
  const requests = await summariesOf(services, ids);
  return {
    asOf: now.toISOString(),
    counts: await countsWith(services, all),
    nextDeadline: await deadlineOf(services, nextDeadlineOf(all), requests),
    requests,
    next,
  };
}

/** How many requests each view has: by the index alone, so that none is read itself. */
export const countRequests = async (services: CountServices): Promise<RequestCounts> =>
  countsWith(services, await placedAt(services, services.clock.now()));

const countsWith = async (
  { ledger }: CountServices,
  all: readonly ListedRequest[],
): Promise<RequestCounts> => ({ ...countsOf(all), done: await ledger.countEnded() });

/** The requests that have not ended, each with its place. */
async function placedAt({ ledger, settings }: CountServices, now: Date): Promise<ListedRequest[]> {
  const { legalClock, delivery } = settings;
  const policy: ListPolicy = { legalClock, handOver: delivery.handOver, now };
  const placed: ListedRequest[] = [];
  const notEnded = (await ledger.listOpen()).filter(({ state }) => !isFinal(state));
  for (let i = 0; i < notEnded.length; i += placedAtOnce) {
    if (i > 0) await nextTurn();
    placed.push(...notEnded.slice(i, i + placedAtOnce).map((request) => listed(request, policy)));
  }
  return placed;
}

interface Page {
  ids: string[];
  /** What a caller gives back for the next page; null at the end. */
  next: string | null;
}

function openPage(
  all: readonly ListedRequest[],
  { view, filter, after }: Extract<ListQuery, { after: ListPlace | null }>,
  now: Date,
): Page {
  const { requests, next } = pageOf(all, { view, filter, after, now });
  return { ids: requests.map(({ requestId }) => requestId), next: next && placeToken(next) };
}

/**
 * A page of ended requests. With a filter it may have few requests, or none, although others follow: one
 * call looks through so many only.
 */
async function endedPage(
  { ledger }: Pick<ListServices, 'ledger'>,
  filter: ListFilter,
  after: string | null,
): Promise<Page> {
  const isFiltered = Object.keys(filter).length > 0;
  const { requests, next } = await ledger.listEnded(after, isFiltered ? lookedThrough : pageLength);
  const matching = requests.filter((request) => matchesFields(request, filter));
  const shown = matching.slice(0, pageLength);
  const last = matching.length > pageLength ? (shown.at(-1)?.key ?? null) : next;
  return {
    ids: shown.map(({ requestId }) => requestId),
    next: last === null ? null : endedToken(last),
  };
}

/** The next deadline, with its ticket. */
async function deadlineOf(
  services: ListServices,
  next: ListedRequest | null,
  shown: readonly RequestSummary[],
): Promise<RequestList['nextDeadline']> {
  if (next === null) return null;
  const { requestId, dueAt } = next;
  const known = shown.find((one) => one.requestId === requestId);
  if (known) return { requestId, ticketId: known.ticketId, dueAt };
  const whole = await services.ledger.getWhole(requestId);
  return { requestId, ticketId: whole?.details?.ticketId ?? null, dueAt };
}

/** Summaries of the requests with these ids, of those that there are. */
export async function summariesOf(
  services: SummaryServices,
  requestIds: readonly string[],
): Promise<RequestSummary[]> {
  const found = await allAtOnce(requestIds, (requestId) => summaryOf(services, requestId));
  return found.flatMap((one) => one ?? []);
}
