import type { MonthOfStatistics } from './officer-api';

/** Figures that the months of the statistics add up to. */

/** Fewer answered requests than these say nothing that a chart should show. */
export const fewestForCharts = 10;

export interface Figures {
  received: number;
  answered: number;
  inTime: number;
  withoutOfficer: number;
  opened: number;
  /** Requests whose data was given, those whose package was recalled later included: of both it is counted
   * whether the person opened it. */
  given: number;
  byOutcome: [outcome: string, count: number][];
  /** Requests by days to the answer, in their order. */
  days: DayCount[];
  /** Days within which half, and nine in ten, were answered; null without an answer. */
  median: Days | null;
  ninth: Days | null;
}

/** Days that are counted together: from the first to the last, which the longest times have none of. */
export interface Days {
  from: number;
  to: number | null;
}

export interface DayCount extends Days {
  /** `3`, or a range such as `31-60` or `91+`. */
  key: string;
  count: number;
}

/** The days that a counter of the server is about. */
function daysOf(key: string): Days {
  const [from = '', to] = key.replace('+', '').split('-');
  if (to !== undefined) return { from: Number(from), to: Number(to) };
  return { from: Number(from), to: key.endsWith('+') ? null : Number(from) };
}

const added = (all: readonly Record<string, number>[]): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const one of all)
    for (const [key, count] of Object.entries(one)) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
};

/** The days of the answer at a share of all answers; null without one. */
function quantile(days: readonly DayCount[], share: number): Days | null {
  const total = days.reduce((sum, { count }) => sum + count, 0);
  let reached = 0;
  for (const { from, to, count } of days) {
    reached += count;
    if (reached >= total * share) return { from, to };
  }
  return null;
}

export function figuresOf(months: readonly MonthOfStatistics[]): Figures {
  const sum = (pick: (month: MonthOfStatistics) => number): number =>
    months.reduce((total, month) => total + pick(month), 0);
  const outcomes = added(months.map(({ byOutcome }) => byOutcome));
  const days = [...added(months.map(({ daysToAnswer }) => daysToAnswer))]
    .map(([key, count]): DayCount => ({ key, ...daysOf(key), count }))
    .sort((a, b) => a.from - b.from);
  const inTime = sum((month) => month.answeredInTime);
  return {
    received: sum((month) => month.received),
    answered: inTime + sum((month) => month.answeredLate),
    inTime,
    withoutOfficer: sum((month) => month.withoutOfficer),
    opened: sum((month) => month.opened),
    given: (outcomes.get('dataGiven') ?? 0) + (outcomes.get('recalled') ?? 0),
    byOutcome: [...outcomes].sort((a, b) => b[1] - a[1]),
    days,
    median: quantile(days, 0.5),
    ninth: quantile(days, 0.9),
  };
}

/** The months up to the last one, without gaps. @param length 0 for all */
export function lastMonths(
  months: readonly MonthOfStatistics[],
  asOf: string,
  length: number,
): MonthOfStatistics[] {
  const indexOf = (month: string): number =>
    Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
  const last = Math.max(indexOf(asOf), ...months.map(({ month }) => indexOf(month)));
  const oldest = Math.min(last, ...months.map(({ month }) => indexOf(month)));
  const first = length === 0 ? oldest : last - length + 1;
  const known = new Map(months.map((month) => [indexOf(month.month), month]));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const index = first + i;
    const name = `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
    return known.get(index) ?? emptyMonth(name);
  });
}

const emptyMonth = (month: string): MonthOfStatistics => ({
  month,
  received: 0,
  answeredInTime: 0,
  answeredLate: 0,
  withoutOfficer: 0,
  opened: 0,
  byOutcome: {},
  daysToAnswer: {},
});

/** A month as a row of a table. */
export const cellsOf = ({
  month,
  received,
  answeredInTime,
  answeredLate,
  withoutOfficer,
  opened,
}: MonthOfStatistics): string[] => [
  month,
  ...[received, answeredInTime, answeredLate, withoutOfficer, opened].map(String),
];
