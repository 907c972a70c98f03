import { dateIn } from './local-time';
import { msPerDay } from './time';

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

/** Whether a date is a Saturday, a Sunday or a public holiday. */
function isFree(day: Day, { holidays }: Pick<LegalCalendar, 'holidays'>): boolean {
  const date = new Date(serial(day) * msPerDay);
  const weekday = date.getUTCDay();
  return weekday === 0 || weekday === 6 || holidays.has(date.toISOString().slice(0, 10));
}

/** The date itself when it is a working day, else the next one that is. */
export const workingDay = (day: Day, calendar: Pick<LegalCalendar, 'holidays'>): Day =>
  isFree(day, calendar) ? workingDay(plusDays(day, 1), calendar) : day;

/** The n-th working day after a date. */
export function plusWorkingDays(
  day: Day,
  count: number,
  calendar: Pick<LegalCalendar, 'holidays'>,
): Day {
  let found = day;
  for (let passed = 0; passed < count; passed += 1)
    found = workingDay(plusDays(found, 1), calendar);
  return found;
}

/** The first moment after a day in a time zone (ISO 8601), even when clocks change in that night. */
export function endOf(day: Day, timeZone: string): string {
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
