import { msPerDay } from '../time/time';

/** Interval that one search covers: from inclusive, to exclusive (ISO 8601, UTC). */
export interface SearchWindow {
  from: string;
  to: string;
}

/** Days that a window touches, a part of a day counted as a whole one. */
export const daysOf = ({ from, to }: SearchWindow): number =>
  Math.ceil((Date.parse(to) - Date.parse(from)) / msPerDay);

/**
 * Cuts a window into the fewest windows of at most `days` days, oldest first; together they are the
 * window, and none overlaps another. The cuts are whole days after its beginning.
 */
export function cutWindow({ from, to }: SearchWindow, days: number): SearchWindow[] {
  const end = Date.parse(to);
  const windows: SearchWindow[] = [];
  for (let start = Date.parse(from); start < end; start += days * msPerDay) {
    const next = Math.min(start + days * msPerDay, end);
    windows.push({ from: new Date(start).toISOString(), to: new Date(next).toISOString() });
  }
  return windows;
}

/**
 * Divides the `years` years before `now` into windows of at most `days` days, oldest first. All
 * boundaries but the last are midnights in UTC: a search matches conversations by the day on which
 * they started, so that each conversation belongs to one window.
 */
export function planWindows(now: Date, years: number, days: number): SearchWindow[] {
  const first = new Date(now);
  first.setUTCFullYear(first.getUTCFullYear() - years);
  first.setUTCHours(0, 0, 0, 0);
  return cutWindow({ from: first.toISOString(), to: now.toISOString() }, days);
}

/** The halves of a window, divided at a whole day after its beginning; null for a day or less. */
export function halveWindow(window: SearchWindow): [SearchWindow, SearchWindow] | null {
  const [first, second] = cutWindow(window, Math.ceil(daysOf(window) / 2));
  return first && second ? [first, second] : null;
}
