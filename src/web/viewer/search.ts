import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ViewerTexts } from '../../core/package/viewer-texts';
import { findIn, searchedFields, searchedTexts, type Found } from '../../core/viewer/search';
import { useViewer } from './context';
import { mailText } from './mail-frame';
import type { PackageData, PlacedRow } from './package-data';
import { listOf, type RowList } from './row-list';

/** A row in which something was found. */
interface Hit extends PlacedRow {
  found: Found;
}

interface SearchState {
  hits: Hit[];
  /** Rows whose texts were searched. */
  searched: number;
  /** Rows that could not be read, or of which the texts could not. */
  unread: number;
  state: 'running' | 'stopped' | 'done' | 'failed';
}

/** What a search has found so far, and how far it is. */
export interface Search extends SearchState {
  list: RowList;
  foundIn: (id: string) => Found | undefined;
  stop: () => void;
}

/** How long the page may wait for a search, and how often it shows what was found, in milliseconds. */
const longestStretch = 30;
const shownEvery = 300;

/**
 * Searches all rows by their fields first, which is done at once, and their texts after.
 * @param tell takes what was found so far
 */
async function searchPackage(
  data: PackageData,
  wanted: string,
  tell: (state: Partial<SearchState>) => void,
  signal: AbortSignal,
): Promise<void> {
  const hits = new Map<number, Hit>();
  const places = new Map<string, PlacedRow>();
  const pages = new Set<string>();
  let began = performance.now();
  const rest = async (): Promise<void> => {
    if (performance.now() - began < longestStretch) return;
    await new Promise((done) => setTimeout(done));
    began = performance.now();
  };
  let shownAt = 0;
  const show = (searched: number): void => {
    if (performance.now() - shownAt < shownEvery) return;
    tell({ hits: inOrder(hits), searched });
    shownAt = performance.now();
  };
  const unreadTexts = new Set<string>();
  let unread = 0;
  const skip = (rows: number): void => tell({ unread: (unread += rows) });
  for await (const rows of data.eachRow(undefined, skip)) {
    if (signal.aborted) return;
    for (const placed of rows) {
      const { row, position } = placed;
      places.set(row.id, placed);
      for (const page of row.pages ?? []) pages.add(page);
      const found = findIn(searchedFields(row), wanted);
      if (found) hits.set(position, { ...placed, found });
    }
    show(0);
    await rest();
  }
  const notes = await data.listsOf().then(
    (lists) => lists.notes,
    () => {
      skip(data.index.lists.notes);
      return [];
    },
  );
  for (const [i, { text }] of notes.entries()) {
    const placed = places.get(`note-${i + 1}`);
    const found = placed && findIn([text], wanted);
    if (placed && found) hits.set(placed.position, { ...placed, found });
  }
  shownAt = 0;
  show(0);
  const searched = new Set<number>();
  for (const page of pages) {
    const texts = await data.textsIn(page).catch(() => null);
    if (signal.aborted) return;
    if (texts === null) {
      unreadTexts.add(page);
      continue;
    }
    for (const one of texts.values()) {
      searched.add(one.number);
      const placed = places.get(String(one.number));
      const found = placed && textHit(one, wanted);
      if (placed && found) hits.set(placed.position, { ...placed, found });
      await rest();
    }
    show(searched.size);
  }
  const lacking = [...places.values()].filter(({ row }) =>
    row.pages?.some((page) => unreadTexts.has(page)),
  );
  skip(lacking.length);
  // What has no texts was searched with its row.
  tell({ hits: inOrder(hits), searched: data.total - unread, state: 'done' });
}

const inOrder = (hits: ReadonlyMap<number, Hit>): Hit[] =>
  [...hits.values()].sort((a, b) => a.position - b.position);

const textHit = (texts: ViewerTexts, wanted: string): Found | null =>
  findIn(searchedTexts(texts, mailText), wanted);

const nothing: SearchState = { hits: [], searched: 0, unread: 0, state: 'running' };

/** Searches the package while something is searched for. @param wanted folded */
export function useSearch(wanted: string): Search {
  const { data } = useViewer();
  const state = useSignal<SearchState>(nothing);
  const controller = useRef<AbortController | null>(null);
  useEffect(() => {
    state.value = nothing;
    if (wanted === '') return undefined;
    const running = new AbortController();
    controller.current = running;
    const tell = (change: Partial<SearchState>): void => {
      if (!running.signal.aborted) state.value = { ...state.value, ...change };
    };
    searchPackage(data, wanted, tell, running.signal).catch(() => tell({ state: 'failed' }));
    return () => running.abort();
  }, [data, wanted]);
  const current = state.value;
  const byId = useMemo(
    () => new Map(current.hits.map(({ row, found }) => [row.id, found])),
    [current.hits],
  );
  const list = useMemo(
    () =>
      listOf(current.hits, data.index.timeZone, {
        ...{ isSearching: current.state === 'running', unread: current.unread },
        complete: () => Promise.resolve(),
      }),
    [current.hits, current.state, current.unread, data],
  );
  return {
    ...current,
    list,
    foundIn: (id) => byId.get(id),
    stop: () => {
      controller.current?.abort();
      state.value = { ...state.value, state: 'stopped' };
    },
  };
}
