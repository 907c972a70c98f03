import { dateIn } from './local-time';
import { msPerDay } from './time';

/** Whether a text is a day of the calendar without a time, such as `2026-12-28`. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  // A day that its month does not have becomes one of the next.
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

/** A calendar date. */
export interface Day {
  year: number;
  month: number;
  day: number;
}

/** Calendar by which legal periods are counted. */
export interface LegalCalendar {
  /** Time zone of the controller (IANA), in which days begin and end. */
  timeZone: string;
  /** Public holidays at the controller's location, as dates (`2026-12-25`). */
  holidays: ReadonlySet<string>;
}

/** The date at a time, in a time zone. */
export function dayOf(time: Date, timeZone: string): Day {
  const [year, month, day] = dateIn(timeZone, time);
  return { year, month, day };
}

const serial = ({ year, month, day }: Day): number => Date.UTC(year, month - 1, day) / msPerDay;

function ofSerial(days: number): Day {
  const date = new Date(days * msPerDay);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Days from one date to another; negative when the other is earlier. */
export const daysBetween = (from: Day, to: Day): number => serial(to) - serial(from);

export const plusDays = (day: Day, days: number): Day => ofSerial(serial(day) + days);

/** The same date some months later, or the last day of that month where it has no such date. */
export function plusMonths({ year, month, day }: Day, months: number): Day {
  const index = year * 12 + month - 1 + months;
  const target = { year: Math.floor(index / 12), month: (index % 12) + 1 };
  const last = new Date(Date.UTC(target.year, target.month, 0)).getUTCDate();
  return { ...target, day: Math.min(day, last) };
}

const dateOf = (day: Day): Date => new Date(serial(day) * msPerDay);
const weekdayOf = (day: Day): number => dateOf(day).getUTCDay();
const isSunday = (day: Day): boolean => weekdayOf(day) === 0;
const textOf = (day: Day): string => dateOf(day).toISOString().slice(0, 10);

/** Whether a date is a Saturday, a Sunday or a public holiday. */
const isFree = (day: Day, { holidays }: Pick<LegalCalendar, 'holidays'>): boolean =>
  isSunday(day) || weekdayOf(day) === 6 || holidays.has(textOf(day));

/** The date itself when it is a working day, else the next one that is. */
export const workingDay = (day: Day, calendar: Pick<LegalCalendar, 'holidays'>): Day =>
  isFree(day, calendar) ? workingDay(plusDays(day, 1), calendar) : day;

/** The n-th day after a date that is neither a Sunday nor a public holiday. */
export function plusBusinessDays(
  day: Day,
  count: number,
  { holidays }: Pick<LegalCalendar, 'holidays'>,
): Day {
  let found = day;
  for (let left = count; left > 0;) {
    found = plusDays(found, 1);
    if (!isSunday(found) && !holidays.has(textOf(found))) left -= 1;
  }
  return found;
}

/** Ends of days that were looked for: requests fall due on few days, and a list counts for all of them. */
const knownEnds = new Map<string, string>();
const mostEnds = 10_000;

/** The first moment after a day in a time zone (ISO 8601), even when clocks change in that night. */
export function endOf(day: Day, timeZone: string): string {
  const key = `${serial(day)} ${timeZone}`;
  const known = knownEnds.get(key);
  if (known !== undefined) return known;
  const end = findEndOf(day, timeZone);
  if (knownEnds.size >= mostEnds) knownEnds.clear();
  knownEnds.set(key, end);
  return end;
}

function findEndOf(day: Day, timeZone: string): string {
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
