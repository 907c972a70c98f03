import { allAtOnce } from '../core/at-once';
import { isFinal } from '../core/request/states';
import { addHours, atTime } from '../core/time/time';
import {
  factsOf,
  monthOf,
  noRequests,
  plusRequest,
  type MonthCounters,
  type RequestFacts,
} from '../core/statistics/counters';
import type { Clock, Ledger, RequestRecord, Settings, StatisticsStore } from '../ports';

/** What counting a request uses. */
export interface CountingServices {
  ledger: Pick<Ledger, 'custodyEntries'>;
  settings: Pick<Settings, 'legalClock'>;
  statistics: Pick<StatisticsStore, 'count'>;
}

/**
 * Counts a request for good, once it can be said how it ends. Whoever calls it marks the request after it
 * (`isCounted`): until then it may be called any number of times.
 * @returns whether it was counted; a request whose end neither its state nor a notice says yet is not
 */
export async function countRequest(
  services: CountingServices,
  record: RequestRecord,
): Promise<boolean> {
  const facts = await presentFacts(services, record);
  if (facts.answer === null) return false;
  await services.statistics.count(record.requestId, facts);
  return true;
}

async function presentFacts(
  { ledger, settings }: Omit<CountingServices, 'statistics'>,
  record: RequestRecord,
): Promise<RequestFacts> {
  const entries = await ledger.custodyEntries(record.requestId);
  return factsOf(record, entries, settings.legalClock);
}

/** What the statistics of the present moment use. */
export interface StatisticsServices {
  clock: Clock;
  ledger: Pick<Ledger, 'custodyEntries' | 'get' | 'listOpen'>;
  settings: Pick<Settings, 'legalClock'>;
  statistics: Pick<StatisticsStore, 'read'>;
}

/** Counters of a month. */
export type Month = { month: string } & MonthCounters;

/** What says of an open request whether there is more to count than that it was received. */
type OpenRequest = Pick<
  RequestRecord,
  'requestId' | 'state' | 'receivedAt' | 'releasedAt' | 'cleanedAt'
>;

/** Requests that are read at a time. */
const readAtOnce = 8;

const isAnswered = ({ state, releasedAt }: OpenRequest): boolean =>
  releasedAt !== null || isFinal(state);

/**
 * Counters by month of receipt, oldest first: of requests that have ended as they were counted then, of
 * open ones as they stand. Open requests are read first, so that one that ends meanwhile is not missed; it
 * is among those that were counted, and not counted again.
 */
export async function statisticsOf(services: StatisticsServices): Promise<Month[]> {
  const listed: readonly OpenRequest[] = await services.ledger.listOpen();
  const { months, counted } = await services.statistics.read();
  const open = listed.filter(
    ({ requestId, cleanedAt }) => cleanedAt === null && !counted.has(requestId),
  );
  const all = new Map(months);
  for (const facts of await factsOfAll(services, open))
    all.set(facts.month, plusRequest(all.get(facts.month) ?? noRequests, facts));
  return [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, counters]) => ({ month, ...counters }));
}

async function factsOfAll(
  services: StatisticsServices,
  open: readonly OpenRequest[],
): Promise<RequestFacts[]> {
  const { legalClock } = services.settings;
  const facts: RequestFacts[] = open
    .filter((request) => !isAnswered(request))
    .map((request) => ({ month: monthOf(request, legalClock), answer: null }));
  const answered = open.filter(isAnswered);
  const read = (request: OpenRequest): Promise<RequestFacts> => answeredFacts(services, request);
  return [...facts, ...(await allAtOnce(answered, read, readAtOnce))];
}

async function answeredFacts(
  services: StatisticsServices,
  request: OpenRequest,
): Promise<RequestFacts> {
  const record = await services.ledger.get(request.requestId);
  if (record !== null) return presentFacts(services, record);
  return { month: monthOf(request, services.settings.legalClock), answer: null };
}

/** Hours for which it is known which request was counted: longer than anybody reads the counters for. */
const settledAfterHours = 1;

/**
 * Whether nothing counts a request again, so that it need not be known any more that it was counted.
 * @param record null when the request is gone
 */
export const isSettled = (record: RequestRecord | null, now: Date): boolean =>
  record === null ||
  (record.isCounted === true &&
    record.cleanedAt !== null &&
    addHours(atTime(record.cleanedAt), settledAfterHours) <= now);
