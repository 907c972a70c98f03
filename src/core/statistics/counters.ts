import type { CustodyEntry, CustodyEvent } from '../custody/record';
import { legalClockOf, type LegalClockPolicy } from '../request/legal-clock';
import type { RequestRecord } from '../request/record';
import { isFinal } from '../request/states';
import { dayOf, daysBetween } from '../time/calendar';
import { atTime } from '../time/time';

/** What requests come to: the data was given, or how they ended without. */
export const outcomes = [
  'dataGiven',
  'noDataFound',
  'unverified',
  'refused',
  'cancelled',
  'recalled',
] as const;
export type Outcome = (typeof outcomes)[number];

/** How a request was answered. */
export interface AnswerFacts {
  outcome: Outcome;
  isInTime: boolean;
  /** Calendar days from receipt to the answer, by `bucketOf`. */
  days: string;
  isWithoutOfficer: boolean;
  /** Whether the data that was given was fetched, or handed over. */
  isOpened: boolean;
}

/** What is counted of a request. */
export interface RequestFacts {
  /** Month of receipt in the controller's time zone, such as `2026-11`. */
  month: string;
  /** Null while there is no answer. */
  answer: AnswerFacts | null;
}

/** How many requests of a month there were, and what became of them. No personal data. */
export interface MonthCounters {
  received: number;
  answeredInTime: number;
  answeredLate: number;
  withoutOfficer: number;
  opened: number;
  byOutcome: Partial<Record<Outcome, number>>;
  daysToAnswer: Record<string, number>;
}

export const noRequests: Readonly<MonthCounters> = {
  received: 0,
  answeredInTime: 0,
  answeredLate: 0,
  withoutOfficer: 0,
  opened: 0,
  byOutcome: {},
  daysToAnswer: {},
};

/** The counters of a month with one more request. */
export function plusRequest(counters: MonthCounters, { answer }: RequestFacts): MonthCounters {
  const received = counters.received + 1;
  if (answer === null) return { ...counters, received };
  const { outcome, isInTime, days, isWithoutOfficer, isOpened } = answer;
  return {
    received,
    answeredInTime: counters.answeredInTime + Number(isInTime),
    answeredLate: counters.answeredLate + Number(!isInTime),
    withoutOfficer: counters.withoutOfficer + Number(isWithoutOfficer),
    opened: counters.opened + Number(isOpened),
    byOutcome: { ...counters.byOutcome, [outcome]: (counters.byOutcome[outcome] ?? 0) + 1 },
    daysToAnswer: { ...counters.daysToAnswer, [days]: (counters.daysToAnswer[days] ?? 0) + 1 },
  };
}

/** Where whole days, up to a number of them, are counted together. */
const longBuckets: readonly (readonly [until: number, name: string])[] = [
  [60, '31-60'],
  [90, '61-90'],
];

/** The days up to 30 by themselves, more of them together. */
export const bucketOf = (days: number): string =>
  days <= 30
    ? String(Math.max(0, days))
    : (longBuckets.find(([until]) => days <= until)?.[1] ?? '91+');

/** What an officer does to a request without changing it, or was not allowed to do. */
const onlyLooked: readonly CustodyEvent[] = ['roleRefused', 'identifiersRevealed', 'messageRead'];
/** What says that the person has, or could take, what the package holds. */
const fetched: readonly CustodyEvent[] = ['linkMinted', 'downloadReported', 'handedOver'];

const isFetched = ({ event, detail }: CustodyEntry): boolean =>
  fetched.includes(event) || (event === 'downloadsLogged' && Number(detail?.['reads'] ?? 0) > 0);

/**
 * What a request has come to; null while it is open. A clean-up comes before the last change of state: what
 * the person was told says then how the request ends.
 */
function outcomeOf({
  state,
  endNotice,
}: Pick<RequestRecord, 'state' | 'endNotice'>): Outcome | null {
  const end = isFinal(state) ? state : (endNotice?.end ?? null);
  if (state === 'available' || state === 'delivered' || end === 'expired') return 'dataGiven';
  return end;
}

/** When a request was answered: the package was there, or the person was told that there is none. */
function answeredAtOf(
  outcome: Outcome,
  entries: readonly CustodyEntry[],
  { stateSince }: Pick<RequestRecord, 'stateSince'>,
): string {
  const isRelease = outcome === 'dataGiven' || outcome === 'recalled';
  const answer = isRelease
    ? entries.find(({ to }) => to === 'available')
    : (entries.find(({ event }) => event === 'endNoticed') ??
      entries.find(({ to }) => to === outcome));
  return answer?.at ?? stateSince;
}

/** The month in which a request was received, where the controller is. */
export function monthOf(
  { receivedAt }: Pick<RequestRecord, 'receivedAt'>,
  { timeZone }: Pick<LegalClockPolicy, 'timeZone'>,
): string {
  const { year, month } = dayOf(atTime(receivedAt), timeZone);
  return `${year}-${String(month).padStart(2, '0')}`;
}

/**
 * What is counted of a request, by its custody record.
 * @param entries of the custody record, all of them
 */
export function factsOf(
  record: RequestRecord,
  entries: readonly CustodyEntry[],
  policy: LegalClockPolicy,
): RequestFacts {
  const month = monthOf(record, policy);
  const outcome = outcomeOf(record);
  if (outcome === null) return { month, answer: null };
  const answered = atTime(answeredAtOf(outcome, entries, record));
  const received = dayOf(atTime(record.receivedAt), policy.timeZone);
  const isRelease = outcome === 'dataGiven' || outcome === 'recalled';
  return {
    month,
    answer: {
      outcome,
      isInTime: answered < atTime(legalClockOf(record, policy, answered).dueAt),
      days: bucketOf(daysBetween(received, dayOf(answered, policy.timeZone))),
      isWithoutOfficer: entries.every(
        ({ actor, event }) => actor === null || onlyLooked.includes(event),
      ),
      isOpened: isRelease && entries.some(isFetched),
    },
  };
}
