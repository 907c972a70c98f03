import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { localDay, monthOf, type ViewerRow } from '../../core/package/viewer-rows';
import { headingsOf, type ListHeading } from '../../core/viewer/list-window';
import { isEverything, isShown, mayHold, type RowFilter } from '../../core/viewer/place';
import { useViewer } from './context';
import type { PackageData, PlacedRow } from './package-data';

/** Rows that a list shows, which may not all be there yet. */
export interface RowList {
  length: number;
  headings: readonly ListHeading[];
  rowAt: (index: number) => ViewerRow | undefined;
  /** The index of a row by its place among all rows; -1 where it is not shown. */
  indexOf: (position: number) => number;
  /** Whether more of them may be found. */
  isSearching: boolean;
  /** Rows that could not be read, of which nobody knows whether they belong to it. */
  unread: number;
  /** Waits until all that can be there is there. */
  complete: () => Promise<void>;
}

const sum = (counts: Record<string, number | undefined>): number =>
  Object.values(counts).reduce<number>((total, count = 0) => total + count, 0);

/** All rows: how many there are of each month is known before any of them is loaded. */
function everything(data: PackageData): RowList {
  const parts = data.index.months.map(({ start, counts }) => ({ key: start, rows: sum(counts) }));
  return {
    length: data.total,
    headings: headingsOf(parts),
    rowAt: (index) => data.rowAt(index),
    indexOf: (position) => position,
    ...{ isSearching: false, unread: 0 },
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
    ...state,
  };
}

/** The rows of a filter; what is not known at once is found script by script. */
export function useRows(filter: RowFilter): RowList {
  const { data } = useViewer();
  const { kinds, from, to, gap } = filter;
  const found = useSignal<PlacedRow[]>([]);
  const unread = useSignal(0);
  const isDone = useSignal(false);
  const running = useRef(Promise.resolve());
  const isAll = isEverything(filter);
  useEffect(() => {
    found.value = [];
    unread.value = 0;
    isDone.value = false;
    if (isAll) return;
    let isStopped = false;
    const search = async (): Promise<void> => {
      const wanted = { kinds, from, to, gap };
      const skip = (rows: number): void => {
        if (!isStopped) unread.value += rows;
      };
      for await (const rows of data.eachRow((page) => mayHold(page, wanted), skip)) {
        if (isStopped) return;
        const own = rows.filter(({ row }) => isShown(row, wanted, data.index.timeZone));
        if (own.length > 0) found.value = [...found.value, ...own];
      }
      isDone.value = true;
    };
    running.current = search().catch(() => undefined);
    return () => {
      isStopped = true;
    };
  }, [data, isAll, kinds.join(), from, to, gap]);
  // Whoever shows a row that is not there yet shows it when it has come.
  const loaded = data.loaded.value;
  return useMemo(
    () =>
      isAll
        ? everything(data)
        : listOf(found.value, data.index.timeZone, {
            ...{ isSearching: !isDone.value, unread: unread.value },
            complete: () => running.current,
          }),
    [data, isAll, found.value, unread.value, isDone.value, loaded],
  );
}
