import {
  monthOf,
  viewerChannels,
  type PeriodCount,
  type ViewerChannel,
} from '../package/viewer-rows';

/** A column of the chart of contacts: a week, a month or a quarter. */
export interface Period {
  /** Its first day (ISO 8601). */
  start: string;
  /** Its last day. */
  end: string;
  counts: Record<ViewerChannel, number>;
}

export type PeriodUnit = 'week' | 'month' | 'quarter';

/** Months of a chart beyond which quarters are shown. */
const mostMonths = 120;

const utc = (day: string): Date => new Date(`${day}T00:00:00Z`);
const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

function moved(day: string, { days = 0, months = 0 }: { days?: number; months?: number }): string {
  const date = utc(day);
  date.setUTCMonth(date.getUTCMonth() + months);
  date.setUTCDate(date.getUTCDate() + days);
  return dayOf(date);
}

/** First day of the quarter of a day. */
export const quarterOf = (day: string): string =>
  `${day.slice(0, 4)}-${String(Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`;

const nextOf: Readonly<Record<PeriodUnit, (start: string) => string>> = {
  week: (start) => moved(start, { days: 7 }),
  month: (start) => moved(start, { months: 1 }),
  quarter: (start) => moved(start, { months: 3 }),
};

/** The last day of a period. */
export const lastDayOf = (start: string, unit: PeriodUnit): string =>
  moved(nextOf[unit](start), { days: -1 });

const noCounts = (): Period['counts'] => ({ call: 0, email: 0, message: 0, chat: 0, other: 0 });

/** Conversations of a count, without what else the list shows. */
const channelsIn = ({ counts }: PeriodCount): [ViewerChannel, number][] =>
  viewerChannels.flatMap((channel) => {
    const count = counts[channel] ?? 0;
    return count === 0 ? [] : [[channel, count]];
  });

/**
 * The columns of the chart from the oldest to the newest, those without a contact between them included: by
 * weeks where the package is short, by quarters where it spans more than ten years.
 */
export function periodsOf({ months, weeks }: { months: PeriodCount[]; weeks: PeriodCount[] }): {
  unit: PeriodUnit;
  periods: Period[];
} {
  const isWeekly = weeks.length > 0;
  const given = (isWeekly ? weeks : months).filter(
    (one) => one.start !== '' && channelsIn(one).length > 0,
  );
  const [newest, oldest] = [given[0]?.start, given.at(-1)?.start];
  if (newest === undefined || oldest === undefined) return { unit: 'month', periods: [] };
  const isLong = !isWeekly && monthsBetween(oldest, newest) >= mostMonths;
  const unit = isWeekly ? 'week' : isLong ? 'quarter' : 'month';
  const startOf = (day: string): string => (unit === 'quarter' ? quarterOf(day) : day);
  const byStart = new Map<string, Period>();
  for (let start = startOf(oldest); start <= newest; start = nextOf[unit](start))
    byStart.set(start, { start, end: lastDayOf(start, unit), counts: noCounts() });
  for (const one of given) {
    const period = byStart.get(startOf(one.start));
    for (const [channel, count] of channelsIn(one)) if (period) period.counts[channel] += count;
  }
  return { unit, periods: [...byStart.values()] };
}

function monthsBetween(from: string, to: string): number {
  const [a, b] = [utc(monthOf(from)), utc(monthOf(to))];
  return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
}

/** How many contacts there are of each channel, in all. */
export function channelTotals(months: readonly PeriodCount[]): Period['counts'] {
  const totals = noCounts();
  for (const one of months)
    for (const [channel, count] of channelsIn(one)) totals[channel] += count;
  return totals;
}

/** First days of the first and the last month with a contact; null where none is known. */
export function contactSpan(months: readonly PeriodCount[]): { from: string; to: string } | null {
  const known = months.filter((one) => one.start !== '' && channelsIn(one).length > 0);
  const [to, from] = [known[0]?.start, known.at(-1)?.start];
  return from === undefined || to === undefined ? null : { from, to };
}
