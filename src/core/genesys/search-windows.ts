/** A stretch of time that one search covers: from inclusive, to exclusive (ISO 8601, UTC). */
export interface SearchWindow {
  from: string;
  to: string;
}

const day = 86_400_000;

/**
 * Cuts the last `years` years before `now` into windows of at most `days` days, oldest first. All
 * borders but the last are midnights in UTC: searches match conversations by the day they started,
 * so a conversation belongs to one window only.
 */
export function planWindows(now: Date, years: number, days: number): SearchWindow[] {
  const first = new Date(now);
  first.setUTCFullYear(first.getUTCFullYear() - years);
  first.setUTCHours(0, 0, 0, 0);
  const windows: SearchWindow[] = [];
  for (let from = first.getTime(); from < now.getTime(); from += days * day) {
    const to = Math.min(from + days * day, now.getTime());
    windows.push({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  }
  return windows;
}

/** Both halves of a window that the source refused, cut at a midnight; null when it is a day or less. */
export function halveWindow(window: SearchWindow): [SearchWindow, SearchWindow] | null {
  const from = Date.parse(window.from);
  const to = Date.parse(window.to);
  const days = Math.ceil((to - from) / day);
  if (days <= 1) return null;
  const middle = new Date(from + Math.ceil(days / 2) * day).toISOString();
  return [
    { from: window.from, to: middle },
    { from: middle, to: window.to },
  ];
}
