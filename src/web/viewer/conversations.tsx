import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { reasonWords } from '../../core/package/availability-words';
import {
  personEntries,
  viewerChannels,
  type RowKind,
  type ViewerRow,
} from '../../core/package/viewer-rows';
import { addressOf, allRows, isEverything, type RowFilter } from '../../core/viewer/place';
import { Button } from '../shared/button';
import { Icon } from '../shared/icons';
import { goTo } from '../shared/route';
import { useWords } from '../shared/words';
import { useViewer } from './context';
import { Detail } from './detail';
import { isSearchFocused } from './go';
import { LongList } from './list';
import type { RowList } from './row-list';
import { useRows } from './rows';
import { useSearch, type Search } from './search';
import { Marked } from './text';

/** The list of conversations, or of what was found, and beside it what is open. */
export function Conversations(): JSX.Element {
  const { place, wanted } = useViewer();
  const { t } = useWords();
  const rows = useRows(place.filter);
  const search = useSearch(wanted);
  const isSearched = wanted !== '';
  const list = isSearched ? search.list : rows;
  const chosen = useIndexOf(place.id, list);
  const isPrinted = useSignal(false);
  useFocusOnReturn(place.id);
  const lineFor = isSearched
    ? (row: ViewerRow) => <HitLine row={row} search={search} />
    : undefined;
  const idAt = (index: number): string | null =>
    chosen < 0 || index < 0 ? null : (list.rowAt(index)?.id ?? null);
  return (
    <div class={place.id === '' ? 'split' : 'split is-open'}>
      <section class="list-side" aria-label={t('viewer.nav.conversations')}>
        {place.id === '' && <h1 class="visually-hidden">{t('viewer.nav.conversations')}</h1>}
        {isSearched ? (
          <SearchHead search={search} />
        ) : (
          <Filters list={list} print={() => printList(list, isPrinted)} />
        )}
        {list.length > 0 ? (
          <LongList
            key={`${wanted}${JSON.stringify(place.filter)}`}
            label={t('viewer.nav.conversations')}
            list={list}
            chosen={chosen}
            isWhole={isPrinted.value}
            {...(lineFor ? { lineFor } : {})}
          />
        ) : (
          <Nothing isSure={!list.isSearching && list.unread === 0} isSearched={isSearched} />
        )}
      </section>
      <div class="detail-side">
        {place.id === '' ? (
          <p class="choose">{t('viewer.choose')}</p>
        ) : (
          <Detail
            id={place.id}
            neighbours={{ before: idAt(chosen - 1), behind: idAt(chosen + 1) }}
          />
        )}
      </div>
    </div>
  );
}

/** Gives the focus back to the row that was open, when somebody returns to the list. */
function useFocusOnReturn(id: string): void {
  const open = useRef('');
  useEffect(() => {
    const left = open.current;
    open.current = id;
    if (id !== '' || left === '' || isSearchFocused()) return;
    document.querySelector<HTMLElement>(`.list-row a[data-row="${left}"]`)?.focus();
  }, [id]);
}

/** Prints a list with all of its rows: on the screen only those in sight are drawn. */
async function printList(list: RowList, isPrinted: { value: boolean }): Promise<void> {
  await list.complete();
  isPrinted.value = true;
  // What has changed is drawn before the frame after the next one.
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  globalThis.print();
  isPrinted.value = false;
}

/** The index of a row in a list, once it is known. */
function useIndexOf(id: string, list: RowList): number {
  const { data } = useViewer();
  const position = useSignal(-1);
  useEffect(() => {
    position.value = -1;
    if (id === '') return undefined;
    let isStopped = false;
    data
      .find(id)
      .then((found) => {
        if (!isStopped) position.value = found?.position ?? -1;
      })
      .catch(() => undefined);
    return () => {
      isStopped = true;
    };
  }, [data, id]);
  return useMemo(
    () => (position.value < 0 ? -1 : list.indexOf(position.value)),
    [position.value, list],
  );
}

/** Says that there is no row, once that is sure. */
function Nothing({
  isSure,
  isSearched,
}: {
  isSure: boolean;
  isSearched: boolean;
}): JSX.Element | null {
  const { t } = useWords();
  const { data } = useViewer();
  if (!isSure) return null;
  const key = isSearched ? 'nothingFound' : data.total === 0 ? 'noConversations' : 'nothingHere';
  return <p class="nothing">{t(`viewer.${key}`)}</p>;
}

/** What was found in a conversation: the text around it, and how often more. */
function HitLine({ row, search }: { row: ViewerRow; search: Search }): ComponentChildren {
  const { t } = useWords();
  const { naming, wanted } = useViewer();
  const found = search.foundIn(row.id);
  if (found === undefined) return null;
  const more = found.count - 1;
  return (
    <>
      <Marked text={naming.plain(found.shown)} wanted={wanted} />{' '}
      {more > 0 && <b>{t('viewer.moreHits', { count: more })}</b>}
    </>
  );
}

/** How many conversations were found, and how far the search is. */
function SearchHead({ search }: { search: Search }): JSX.Element {
  const { t } = useWords();
  const { place, data } = useViewer();
  const count = search.hits.length;
  const of = { n: search.searched, all: data.total };
  return (
    <div class="list-head">
      <p role="status">
        <strong>{t('viewer.found', { count })}</strong>{' '}
        <span class="secondary">{t('viewer.foundWith', { query: place.query.trim() })}</span>
      </p>
      {search.state !== 'done' && (
        <p class="searching">
          <span class="secondary">{t(`viewer.searching.${search.state}`, of)}</span>
          {search.state === 'running' && (
            <Button kind="quiet" run={search.stop}>
              {t('viewer.stop')}
            </Button>
          )}
        </p>
      )}
      <Unread count={search.unread} />
    </div>
  );
}

/** How many rows could not be read: what is shown may not be all of it. */
function Unread({ count }: { count: number }): JSX.Element | null {
  const { t } = useWords();
  if (count === 0) return null;
  return (
    <p class="unread" role="status">
      <Icon name="warning" /> {t('viewer.unread', { count })}
    </p>
  );
}

const isKindThere = (counts: Partial<Record<RowKind, number>>[], kind: RowKind): boolean =>
  counts.some((one) => (one[kind] ?? 0) > 0);

/** Filters of the list; none where there is one row. */
function Filters({ list, print }: { list: RowList; print: () => Promise<void> }): JSX.Element {
  const { place, data } = useViewer();
  const { t, number } = useWords();
  const { filter } = place;
  const change = (to: Partial<RowFilter>): void =>
    goTo(addressOf({ ...place, id: '', filter: { ...filter, ...to } }));
  const counts = data.index.months.map((month) => month.counts);
  const kinds = [...viewerChannels, ...personEntries].filter((kind) => isKindThere(counts, kind));
  const years = [...new Set(data.index.months.map(({ start }) => start.slice(0, 4)))].filter(
    (year) => year !== '',
  );
  const year = wholeYear(filter);
  return (
    <div class="list-head">
      {data.total > 1 && (
        <div class="filters">
          <select
            aria-label={t('viewer.channel')}
            value={filter.kinds.length === 1 ? filter.kinds[0] : ''}
            onChange={({ currentTarget }) =>
              change({ kinds: kinds.filter((kind) => kind === currentTarget.value) })
            }
          >
            <option value="">{t('viewer.allChannels')}</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`viewer.kinds.${kind}`)}
              </option>
            ))}
          </select>
          <select
            aria-label={t('viewer.year')}
            value={year}
            onChange={({ currentTarget }) => change(yearFilter(currentTarget.value))}
          >
            <option value="">{t('viewer.allYears')}</option>
            {years.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
          <span class="secondary filter-count" role="status">
            {number(list.length)}
            {list.isSearching && ' …'}
          </span>
          <Button kind="quiet" aria-label={t('viewer.printList')} run={print}>
            <Icon name="print" />
          </Button>
        </div>
      )}
      <Unread count={list.unread} />
      <Chosen filter={filter} year={year} change={change} />
    </div>
  );
}

const yearFilter = (year: string): Pick<RowFilter, 'from' | 'to'> =>
  year === '' ? { from: '', to: '' } : { from: `${year}-01-01`, to: `${year}-12-31` };

/** The year that a filter shows; empty for any other days. */
const wholeYear = ({ from, to }: RowFilter): string =>
  from.endsWith('-01-01') && to === `${from.slice(0, 4)}-12-31` ? from.slice(0, 4) : '';

/** What else is chosen, each with what takes it back. */
function Chosen({
  filter,
  year,
  change,
}: {
  filter: RowFilter;
  year: string;
  change: (to: Partial<RowFilter>) => void;
}): JSX.Element | null {
  const words = useWords();
  const { t, list } = words;
  const { kinds, from, to, gap } = filter;
  if (isEverything(filter)) return null;
  const dayOf = (day: string): string => (day === '' ? '' : words.day(day));
  const days = { from: dayOf(from), to: dayOf(to) };
  const [kind = '', reason = ''] = gap.split(':');
  return (
    <p class="chosen-filters">
      {kinds.length > 1 && (
        <Button kind="quiet" icon="close" run={() => change({ kinds: [] })}>
          {list(kinds.map((one) => t(`viewer.kinds.${one}`)))}
        </Button>
      )}
      {year === '' && (from !== '' || to !== '') && (
        <Button kind="quiet" icon="close" run={() => change({ from: '', to: '' })}>
          {t('viewer.fromTo', days)}
        </Button>
      )}
      {gap !== '' && (
        <Button kind="quiet" icon="close" run={() => change({ gap: '' })}>
          {t(`report.absent.${kind}`)} {reasonWords(reason, words)}
        </Button>
      )}
      <Button kind="quiet" run={() => change(allRows)}>
        {t('viewer.showAll')}
      </Button>
    </p>
  );
}
