import { msPerDay } from '../time/time';

/** Interval that one search covers: from inclusive, to exclusive (ISO 8601, UTC). */
export interface SearchWindow {
  from: string;
  to: string;
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
  const windows: SearchWindow[] = [];
  for (let from = first.getTime(); from < now.getTime(); from += days * msPerDay) {
    const to = Math.min(from + days * msPerDay, now.getTime());
    windows.push({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  }
  return windows;
}

/** The halves of a window that the source refused, divided at a midnight; null for a day or less. */
export function halveWindow(window: SearchWindow): [SearchWindow, SearchWindow] | null {
  const from = Date.parse(window.from);
  const to = Date.parse(window.to);
  const days = Math.ceil((to - from) / msPerDay);
  if (days <= 1) return null;
  const middle = new Date(from + Math.ceil(days / 2) * msPerDay).toISOString();
  return [
    { from: window.from, to: middle },
    { from: middle, to: window.to },
  ];
}
