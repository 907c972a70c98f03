import { dateIn } from '../time/local-time';
import { atTime, msPerDay } from '../time/time';

/** Calendar by which legal periods are counted. */
export interface LegalCalendar {
  /** Time zone of the controller (IANA), in which days begin and end. */
  timeZone: string;
  /** Public holidays at the controller's location, as dates (`2026-12-25`). */
  holidays: ReadonlySet<string>;
}

/** How the deadline of a request is determined. */
export interface LegalClockPolicy extends LegalCalendar {
  /**
   * Whether the period is suspended while the person has to verify their identity (EDPB guidelines
   * 01/2022, version 2.1, number 159).
   */
  isSuspendedByVerification: boolean;
}

/** The facts of a request that determine its deadline. All times are ISO 8601. */
export interface LegalFacts {
  receivedAt: string;
  /** When the person was asked to verify their identity; null before. */
  verificationRequestedAt: string | null;
  verifiedAt: string | null;
  /** When the period was extended; null without an extension. */
  extendedAt: string | null;
}

export interface LegalClock {
  /** The first moment after the period (ISO 8601). */
  dueAt: string;
  /** The same without suspension: the strictest reading of the law. */
  strictDueAt: string;
  /** The end of the first month: an extension must be notified before. */
  extendableUntil: string;
  isExtended: boolean;
}

/** A calendar date. */
interface Day {
  year: number;
  month: number;
  day: number;
}

/**
 * Determines when the answer to a request is due: one month after its receipt, three months after an
 * extension (Art. 12(3) GDPR). Periods are counted by Regulation (EEC, Euratom) No 1182/71: a period
 * ends with the last hour of the same date in its last month, or of that month's last day when it has
 * no such date (Art. 3(2)(c)); and with the last hour of the following working day when that is a
 * public holiday, a Saturday or a Sunday (Art. 3(4)).
 * @param now end of the suspension while the person has not verified their identity
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

/** Whole days from the request for verification to the verification. */
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

/** The date at a time, in a time zone. */
function dayOf(time: Date, timeZone: string): Day {
  const [year, month, day] = dateIn(timeZone, time);
  return { year, month, day };
}

const serial = ({ year, month, day }: Day): number => Date.UTC(year, month - 1, day) / msPerDay;

function ofSerial(days: number): Day {
  const date = new Date(days * msPerDay);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const plusDays = (day: Day, days: number): Day => ofSerial(serial(day) + days);

function plusMonths({ year, month, day }: Day, months: number): Day {
  const index = year * 12 + month - 1 + months;
  const target = { year: Math.floor(index / 12), month: (index % 12) + 1 };
  const last = new Date(Date.UTC(target.year, target.month, 0)).getUTCDate();
  return { ...target, day: Math.min(day, last) };
}

function workingDay(day: Day, calendar: LegalCalendar): Day {
  const date = new Date(serial(day) * msPerDay);
  const weekday = date.getUTCDay();
  const isFree =
    weekday === 0 || weekday === 6 || calendar.holidays.has(date.toISOString().slice(0, 10));
  return isFree ? workingDay(plusDays(day, 1), calendar) : day;
}

/** The first moment after a day in a time zone (ISO 8601), even when clocks change in that night. */
function endOf(day: Day, timeZone: string): string {
  const next = plusDays(day, 1);
  // No time zone is more than 14 hours from UTC: the day begins after `low`, at a full quarter hour.
  let low = serial(next) * msPerDay - 15 * 3_600_000;
  let high = low + 30 * 3_600_000;
  while (high - low > 900_000) {
    const middle = low + Math.floor((high - low) / 2 / 900_000) * 900_000;
    const isThere = serial(dayOf(new Date(middle), timeZone)) >= serial(next);
    if (isThere) high = middle;
    else low = middle;
  }
  return new Date(high).toISOString();
}
