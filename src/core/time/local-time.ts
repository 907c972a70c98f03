/** Whether a name is that of a time zone (IANA). */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** More than the names of time zones in common use. */
const mostFormatters = 500;

/** Caches a formatter for each time zone: making one costs as much as a hundred uses. */
function formatters(
  locale: string,
  options: Intl.DateTimeFormatOptions,
): (timeZone: string) => Intl.DateTimeFormat {
  const known = new Map<string, Intl.DateTimeFormat>();
  return (timeZone) => {
    const found = known.get(timeZone);
    if (found) return found;
    const made = new Intl.DateTimeFormat(locale, { ...options, timeZone });
    if (known.size >= mostFormatters) known.clear();
    known.set(timeZone, made);
    return made;
  };
}

const dates = formatters('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });
const times = formatters('en-GB', {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'longOffset',
});

/**
 * The date in a time zone (IANA): year, month (1 to 12) and day.
 * @throws RangeError when the time zone does not exist
 */
export function dateIn(timeZone: string, time: Date): [year: number, month: number, day: number] {
  const [year = 0, month = 1, day = 1] = dates(timeZone).format(time).split('-').map(Number);
  return [year, month, day];
}

/** A point in time as ISO 8601 with the offset of a time zone (IANA): `2024-01-01T11:00:00+01:00`. */
export function inTimeZone(iso: string, timeZone: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '';
  const parts = times(timeZone).formatToParts(time);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  // `GMT` alone is no ISO 8601 offset.
  const offset = part('timeZoneName').replace('GMT', '') || '+00:00';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}${offset}`;
}
