const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const month = `(?<month>${months.join('|')})`;
const time = String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})`;
const shortDay = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const longDay = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day';

/** The three forms of an HTTP-date, all of which a recipient must accept (RFC 9110 section 5.6.7). */
const forms = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(String.raw`^${shortDay}, (?<day>\d{2}) ${month} (?<year>\d{4}) ${time} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(String.raw`^${longDay}, (?<day>\d{2})-${month}-(?<shortYear>\d{2}) ${time} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(String.raw`^${shortDay} ${month} (?<day>[ \d]\d) ${time} (?<year>\d{4})$`),
];

/** Longest wait that is taken from an answer, in seconds; whoever asks too soon is told again. */
const longestWait = 300;

/**
 * Reads an HTTP-date (RFC 9110 section 5.6.7).
 * @param now decides the century of a year with two digits
 * @returns null for any other text
 */
export function readHttpDate(text: string, now: Date): Date | null {
  for (const form of forms) {
    const parts = form.exec(text)?.groups;
    if (!parts) continue;
    const { day, hour, minute, second } = parts;
    const year =
      parts['shortYear'] === undefined
        ? Number(parts['year'])
        : wholeYear(Number(parts['shortYear']), now.getUTCFullYear());
    const date = new Date(0);
    date.setUTCFullYear(year, months.indexOf(parts['month'] ?? ''), Number(day));
    // A day that the month does not have moves into the next one.
    if (date.getUTCDate() !== Number(day)) return null;
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
    date.setUTCHours(Number(hour), Number(minute), Number(second));
    return date;
  }
  return null;
}

/** More than 50 years ahead, a year with two digits is the latest past one (RFC 9110 section 5.6.7). */
function wholeYear(digits: number, thisYear: number): number {
  const year = thisYear - (thisYear % 100) + digits;
  return year > thisYear + 50 ? year - 100 : year;
}

/**
 * Seconds that a `Retry-After` field asks to wait (RFC 9110 section 10.2.3).
 * @param value the field's value: a number of seconds, or an HTTP-date
 * @param now when the answer was given, by the clock of who gave it
 * @returns at least 1 and at most 300; null for a value that is neither
 */
export function retryAfterSeconds(value: string, now: Date): number | null {
  const text = value.trim();
  const date = readHttpDate(text, now);
  const seconds = /^\d+$/.test(text)
    ? Number(text)
    : date && Math.ceil((date.getTime() - now.getTime()) / 1000);
  return seconds === null ? null : Math.min(Math.max(seconds, 1), longestWait);
}
