import { lazy } from '../lazy';
import { isCalendarDay } from '../time/calendar';

/**
 * Dates, numbers and lists as readers of a language write them, by `Intl` (CLDR). A day without a time, such as
 * `2026-12-28`, has no time zone: it is that day wherever it is read.
 */
export interface Formats {
  number: (value: number) => string;
  /** @param share 0 to 1 */
  percent: (share: number) => string;
  /** A size in decimal units (kB, MB, GB), as file managers of today show it. */
  bytes: (count: number) => string;
  /** A length such as `46 seconds` or `3 minutes`: the largest unit that has one, rounded. */
  duration: (seconds: number) => string;
  /** A position in a sound, such as `3:07` or `1:02:09`. */
  position: (seconds: number) => string;
  list: (items: readonly string[]) => string;
  /** `Monday 28 December 2026` */
  longDay: (iso: string) => string;
  /** `28 December 2026` */
  day: (iso: string) => string;
  /** `Mon 28 Dec` */
  shortDay: (iso: string) => string;
  /** `28 December 2026 at 14:15` */
  dateTime: (iso: string) => string;
  /** `14:15` */
  time: (iso: string) => string;
  /** `14:15:07` */
  timeWithSeconds: (iso: string) => string;
  /** `March 2022`, of a day or of a month such as `2022-03` */
  month: (iso: string) => string;
  /** Whole days between two times, counted by the calendar of the time zone; negative when the second is earlier. */
  daysBetween: (from: string, to: string) => number;
}

const decimalUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const secondsPerMinute = 60;
const secondsPerHour = 3600;
const millisecondsPerDay = 86_400_000;

/**
 * The tag by which dates and numbers are written: English of no country is written as Europe does, as the
 * words of the pages are.
 */
export const formatTag = (tag: string): string => (tag === 'en' ? 'en-GB' : tag);

/**
 * @param language language tag (BCP 47)
 * @param timeZone IANA name of the time zone that days and times are shown in
 */
export function formats(language: string, timeZone: string): Formats {
  const tag = formatTag(language);
  // To make a format takes longer than most of what a page does: it shows few of them.
  const dates = (options: Intl.DateTimeFormatOptions): ((iso: string) => string) => {
    const format = lazy(() => new Intl.DateTimeFormat(tag, { ...options, timeZone }));
    const ofDays = lazy(() => new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' }));
    return (iso) => (isCalendarDay(iso) ? ofDays() : format()).format(new Date(iso));
  };
  const number = lazy(() => new Intl.NumberFormat(tag));
  const percent = lazy(
    () => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 }),
  );
  const list = lazy(() => new Intl.ListFormat(tag, { type: 'conjunction' }));
  const months = lazy(
    () => new Intl.DateTimeFormat(tag, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
  );
  const calendar = lazy(() => new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone }));
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);
  const calendarDay = (iso: string): string =>
    isCalendarDay(iso) ? iso : calendar().format(new Date(iso));
  const dayNumber = (iso: string): number => Date.parse(calendarDay(iso)) / millisecondsPerDay;
  return {
    number: (value) => number().format(value),
    percent: (share) => percent().format(share),
    bytes: (count) => {
      const step = Math.min(
        decimalUnits.length - 1,
        count < 1000 ? 0 : Math.floor(Math.log10(count) / 3),
      );
      const value = count / 1000 ** step;
      return new Intl.NumberFormat(tag, {
        style: 'unit',
        unit: decimalUnits[step] ?? 'byte',
        unitDisplay: step === 0 ? 'long' : 'short',
        maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
      }).format(value);
    },
    duration: (seconds) => {
      if (seconds < secondsPerMinute) return unit(Math.round(seconds), 'second');
      const minutes = Math.round(seconds / secondsPerMinute);
      return minutes < secondsPerMinute
        ? unit(minutes, 'minute')
        : unit(Math.round(seconds / (secondsPerHour / 10)) / 10, 'hour');
    },
    position: (seconds) => {
      const whole = Math.max(0, Math.floor(seconds));
      const hours = Math.floor(whole / secondsPerHour);
      const minutes = Math.floor((whole % secondsPerHour) / secondsPerMinute);
      const rest = String(whole % secondsPerMinute).padStart(2, '0');
      return hours === 0
        ? `${minutes}:${rest}`
        : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
    },
    list: (items) => list().format(items),
    longDay: dates({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    day: dates({ day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: dates({ weekday: 'short', day: 'numeric', month: 'short' }),
    dateTime: dates({ dateStyle: 'long', timeStyle: 'short' }),
    time: dates({ hour: 'numeric', minute: '2-digit' }),
    timeWithSeconds: dates({ timeStyle: 'medium' }),
    month: (iso) => {
      // A month has no time zone: 2022-03 is March wherever it is read.
      const first = iso.length > 'YYYY-MM'.length ? calendarDay(iso) : iso;
      return months().format(new Date(`${first.slice(0, 'YYYY-MM'.length)}-01T00:00:00Z`));
    },
    daysBetween: (from, to) => dayNumber(to) - dayNumber(from),
  };
}
