import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { isEverything, type RowFilter } from '../../core/viewer/place';
import { useViewer } from './context';
import {
  everything,
  findRows,
  listOf,
  nothingFound,
  type FoundRows,
  type RowList,
} from './row-list';

/** The rows of a filter; what is not known at once is found script by script. */
export function useRows(filter: RowFilter): RowList {
  const { data } = useViewer();
  const { kinds, from, to, gap } = filter;
  const found = useSignal<FoundRows>(nothingFound);
  const running = useRef(Promise.resolve());
  const isAll = isEverything(filter);
  useEffect(() => {
    found.value = nothingFound;
    if (isAll) return;
    const ending = new AbortController();
    const tell = (now: FoundRows): void => void (found.value = now);
    running.current = findRows(data, { kinds, from, to, gap }, tell, ending.signal);
    return () => ending.abort();
  }, [data, isAll, kinds.join(), from, to, gap]);
  // Whoever shows a row that is not there yet shows it when it has come, or cannot come.
  const [loaded, lost] = [data.loaded.value, data.unread.value];
  return useMemo(() => {
    if (isAll) return everything(data);
    const { rows, unread, isDone } = found.value;
    const state = { isSearching: !isDone, unread, complete: () => running.current };
    return listOf(rows, data.index.timeZone, state);
  }, [data, isAll, found.value, loaded, lost]);
}
