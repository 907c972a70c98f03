import { dateIn } from '../time/local-time';
import { atTime } from '../time/time';

/** What the law's days are counted by. */
export interface LegalCalendar {
  /** The controller's time zone (IANA): where days begin and end. */
  timeZone: string;
  /** Public holidays of the controller's place, as dates (`2026-12-25`). */
  holidays: ReadonlySet<string>;
}

/** How the deadline of a request is counted. */
export interface LegalClockPolicy extends LegalCalendar {
  /**
   * Whether the time in which the person had to prove who they are does not count (EDPB guidelines
   * 01/2022, version 2.1, number 159).
   */
  isSuspendedByVerification: boolean;
}

/** What of a request its deadline follows from. All times are ISO 8601. */
export interface LegalFacts {
  receivedAt: string;
  /** When the person was asked to prove who they are; null before. */
  verificationRequestedAt: string | null;
  verifiedAt: string | null;
  /** When the period was extended; null when it was not. */
  extendedAt: string | null;
}

export interface LegalClock {
  /** The first moment after the period that applies (ISO 8601). */
  dueAt: string;
  /** The same if nothing suspended it: the earliest reading of the law. */
  strictDueAt: string;
  /** The end of the first month, within which the person has to be told of an extension. */
  extendableUntil: string;
  isExtended: boolean;
}

/** A date of the calendar, without a time. */
interface Day {
  year: number;
  month: number;
  day: number;
}

const millisecondsPerDay = 86_400_000;

/**
 * When the answer to a request is due: one month after its receipt, three when it was extended
 * (Art. 12(3) GDPR), counted by Regulation (EEC, Euratom) No 1182/71: the period ends with the last hour of
 * the same date of the month in which it ends, of the month's last day where it has no such date
 * (Art. 3(2)(c)), and of the following working day when that is a holiday, a Saturday or a Sunday
 * (Art. 3(4)).
 * @param now while the person is still being waited for, the suspension lasts until now
 */
export function legalClockOf(facts: LegalFacts, policy: LegalClockPolicy, now: Date): LegalClock {
  const isExtended = facts.extendedAt !== null;
  const waited = policy.isSuspendedByVerification ? daysWaited(facts, policy, now) : 0;
  const received = dayOf(atTime(facts.receivedAt), policy.timeZone);
  const end = (months: number, days: number): string =>
    endOf(workingDay(plusDays(plusMonths(received, months), days), policy), policy.timeZone);
  const months = isExtended ? 3 : 1;
  return {
    dueAt: end(months, waited),
    strictDueAt: end(months, 0),
    extendableUntil: end(1, waited),
    isExtended,
  };
}

/** Whole days between being asked for proof and giving it. */
function daysWaited(
  { verificationRequestedAt, verifiedAt }: LegalFacts,
  { timeZone }: LegalCalendar,
  now: Date,
): number {
  if (verificationRequestedAt === null) return 0;
  const until = verifiedAt === null ? now : atTime(verifiedAt);
  const days =
    serial(dayOf(until, timeZone)) - serial(dayOf(atTime(verificationRequestedAt), timeZone));
  return Math.max(0, days);
}

/** The date that it is at a place. */
function dayOf(time: Date, timeZone: string): Day {
  const [year, month, day] = dateIn(timeZone, time);
  return { year, month, day };
}

const serial = ({ year, month, day }: Day): number =>
  Date.UTC(year, month - 1, day) / millisecondsPerDay;

function ofSerial(days: number): Day {
  const date = new Date(days * millisecondsPerDay);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const plusDays = (day: Day, days: number): Day => ofSerial(serial(day) + days);

function plusMonths({ year, month, day }: Day, months: number): Day {
  const index = year * 12 + month - 1 + months;
  const target = { year: Math.floor(index / 12), month: (index % 12) + 1 };
  const last = new Date(Date.UTC(target.year, target.month, 0)).getUTCDate();
  return { ...target, day: Math.min(day, last) };
}

const isoDate = ({ year, month, day }: Day): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

function workingDay(day: Day, calendar: LegalCalendar): Day {
  const weekday = new Date(serial(day) * millisecondsPerDay).getUTCDay();
  const isFree = weekday === 0 || weekday === 6 || calendar.holidays.has(isoDate(day));
  return isFree ? workingDay(plusDays(day, 1), calendar) : day;
}

/** The first moment after a day at a place (ISO 8601), whatever the clocks do in that night. */
function endOf(day: Day, timeZone: string): string {
  const next = plusDays(day, 1);
  // No zone is more than 14 hours from UTC: the day begins after `low`, at a whole quarter.
  let low = serial(next) * millisecondsPerDay - 15 * 3_600_000;
  let high = low + 30 * 3_600_000;
  while (high - low > 900_000) {
    const middle = low + Math.floor((high - low) / 2 / 900_000) * 900_000;
    const isThere = serial(dayOf(new Date(middle), timeZone)) >= serial(next);
    if (isThere) high = middle;
    else low = middle;
  }
  return new Date(high).toISOString();
}
