import { localDay, monthOf, type ViewerRow } from '../../core/package/viewer-rows';
import { headingsOf, type ListHeading } from '../../core/viewer/list-window';
import { isShown, mayHold, type RowFilter } from '../../core/viewer/place';
import type { PackageData, PlacedRow } from './package-data';

/** Rows that a list shows, which may not all be there yet. */
export interface RowList {
  length: number;
  headings: readonly ListHeading[];
  rowAt: (index: number) => ViewerRow | undefined;
  /** The index of a row by its place among all rows; -1 where it is not shown. */
  indexOf: (position: number) => number;
  /** Whether a row is one that could not be read. */
  isLost: (index: number) => boolean;
  /** Whether more of them may be found. */
  isSearching: boolean;
  /** Rows that could not be read: of a filter nobody knows whether it has them. */
  unread: number;
  /** Waits until all that can be there is there. */
  complete: () => Promise<void>;
}

const sum = (counts: Record<string, number | undefined>): number =>
  Object.values(counts).reduce<number>((total, count = 0) => total + count, 0);

/** All rows: how many there are of each month is known before any of them is loaded. */
export function everything(data: PackageData): RowList {
  const parts = data.index.months.map(({ start, counts }) => ({ key: start, rows: sum(counts) }));
  return {
    length: data.total,
    headings: headingsOf(parts),
    rowAt: (index) => data.rowAt(index),
    indexOf: (position) => position,
    isLost: (index) => data.isLost(index),
    ...{ isSearching: false, unread: data.unread.value },
    complete: () => data.readAll(),
  };
}

/** Months of rows: to find one costs more than all else that a list does with a row. */
const months = new WeakMap<ViewerRow, string>();

function monthOfRow(row: ViewerRow, timeZone: string): string {
  const month = months.get(row) ?? monthOf(localDay(row.at, timeZone));
  months.set(row, month);
  return month;
}

/** Some rows, in the order of the list, with a heading where a month begins. */
export function listOf(
  found: readonly PlacedRow[],
  timeZone: string,
  state: Pick<RowList, 'isSearching' | 'unread' | 'complete'>,
): RowList {
  const headings: ListHeading[] = [];
  let month: string | null = null;
  found.forEach(({ row }, index) => {
    const own = monthOfRow(row, timeZone);
    if (own !== month) headings.push({ index, key: own });
    month = own;
  });
  return {
    length: found.length,
    headings,
    rowAt: (index) => found[index]?.row,
    indexOf: (position) => found.findIndex((one) => one.position === position),
    isLost: () => false,
    ...state,
  };
}

/** What was found of a filter so far. */
export interface FoundRows {
  rows: readonly PlacedRow[];
  /** Rows that nobody could look at. */
  unread: number;
  isDone: boolean;
}

export const nothingFound: FoundRows = { rows: [], unread: 0, isDone: false };

/**
 * Finds the rows of a filter, script by script. It never fails, and comes to an end whatever is in the scripts.
 * @param tell takes what was found so far
 * @param signal ends it; nothing is told after that
 */
export async function findRows(
  data: PackageData,
  filter: RowFilter,
  tell: (found: FoundRows) => void,
  signal: AbortSignal,
): Promise<void> {
  const { pages, timeZone } = data.index;
  const isWanted = (page: Pick<RowFilter, 'from' | 'to'>): boolean => mayHold(page, filter);
  let left = pages.filter(isWanted);
  let found = nothingFound;
  const add = (change: Partial<FoundRows>): void => {
    found = { ...found, ...change };
    if (!signal.aborted) tell(found);
  };
  const skip = (rows: number): void => add({ unread: found.unread + rows });
  try {
    for await (const rows of data.eachRow(isWanted, skip)) {
      if (signal.aborted) return;
      const own = rows.filter(({ row }) => isShown(row, filter, timeZone));
      left = left.slice(1);
      if (own.length > 0) add({ rows: [...found.rows, ...own] });
    }
  } catch {
    skip(left.reduce((total, { rows }) => total + rows, 0));
  } finally {
    add({ isDone: true });
  }
}
