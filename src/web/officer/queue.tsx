import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { listViews, pageLength } from '../../core/request/request-list';
import { Button } from '../shared/button';
import { Icon } from '../shared/icons';
import { Count, Note } from '../shared/labels';
import { Tabs } from '../shared/lists';
import { say } from '../shared/live';
import { useWords, type Words } from '../shared/words';
import { daysLeft, lastDayOf } from './deadline-view';
import { KeysDialog } from './keys';
import { showNeedsYou } from './needs-you';
import {
  listRequests,
  type ListChoice,
  type RequestList,
  type RequestSummary,
} from './officer-api';
import { useFocusKept } from './focus-kept';
import { keepQueue, queueAddress } from './place';
import { QueueFilters } from './queue-filters';
import { QueueRow } from './queue-row';
import { Loaded, useResource } from './resource';
import { TicketSearch } from './ticket-search';

/** Seconds after which the list is read again. */
const refreshSeconds = 30;

interface Props {
  choice: ListChoice;
  /** Number of the first row of the page. */
  from: number;
}

export function Queue({ choice, from }: Props): JSX.Element {
  const key = queueAddress(choice.view, choice, from);
  const list = useResource(key, () => listRequests(choice), {
    everySeconds: refreshSeconds,
  });
  const shown = useShown(key, list.data);
  const seen = useRef<RequestSummary[]>([]);
  if (list.data) seen.current = list.data.requests;
  useEffect(() => void keepQueue(key), [key]);
  useFocusKept(key, focusOnTitle);
  useEffect(() => {
    if (list.data) showNeedsYou(list.data.counts.needsYou);
  }, [list.data]);
  return (
    <>
      <header class="queue-head">
        <QueueTitle list={list.data} />
        <TicketSearch />
      </header>
      <section class="card queue" aria-labelledby="queue-title">
        <Views choice={choice} counts={list.data?.counts ?? null} />
        <QueueFilters choice={choice} seen={seen.current} />
        <Loaded of={list} rows={8}>
          {(read) => (
            <>
              <Changes shown={shown} />
              <Rows rows={shown.rows} choice={choice} />
              <Pager {...{ choice, from, next: read.next, list: read, count: shown.rows.length }} />
            </>
          )}
        </Loaded>
      </section>
    </>
  );
}

const focusOnTitle = (): void => document.getElementById('queue-title')?.focus();

function QueueTitle({ list }: { list: RequestList | null }): JSX.Element {
  const words = useWords();
  const { t } = words;
  return (
    <div>
      <h1 id="queue-title" tabIndex={-1}>
        {list === null ? t('officer.nav.queue') : headingOf(list, words)}
      </h1>
      <p class="lead">{list && nextDeadlineText(list, words)}</p>
    </div>
  );
}

function headingOf({ counts }: RequestList, { t, list }: Words): string {
  const { needsYou: count, failed } = counts;
  if (count === 0) return t('officer.queue.nothing');
  const decisions = count - failed;
  const parts = [
    ...(decisions > 0 ? [t('officer.queue.decisions', { count: decisions })] : []),
    ...(failed > 0 ? [t('officer.queue.failures', { count: failed })] : []),
  ];
  return t('officer.queue.needYou', { count, what: list(parts) });
}

function nextDeadlineText({ nextDeadline }: RequestList, words: Words): string {
  const { t, longDay } = words;
  if (nextDeadline === null) return t('officer.queue.noDeadline');
  const { dueAt, ticketId } = nextDeadline;
  const count = daysLeft(words, dueAt, new Date());
  const day = longDay(lastDayOf(dueAt));
  const ticket = ticketId ?? t('officer.aRequest');
  if (count < 0) return t('officer.queue.deadlineOver', { day, ticket });
  return t('officer.queue.deadline', { count, day, ticket });
}

function Views({
  choice,
  counts,
}: {
  choice: ListChoice;
  counts: RequestList['counts'] | null;
}): JSX.Element {
  const { t, number } = useWords();
  const isUrgent = (view: string): boolean => view === 'needsYou' || view === 'failed';
  return (
    <Tabs
      label={t('officer.queue.views')}
      current={queueAddress(choice.view)}
      tabs={listViews.map((view) => ({
        name: t(`officer.views.${view}`),
        href: queueAddress(view),
        count: counts && (
          <Count
            of={number(counts[view])}
            needsYou={isUrgent(view) && counts[view] > 0 ? 'yes' : 'no'}
          />
        ),
      }))}
    />
  );
}

/** The rows on the page, which stay where they are until the officer asks for what has changed. */
interface Shown {
  rows: RequestSummary[];
  /** How many requests came, went or stand otherwise since. */
  changes: number;
  show: () => void;
}

/** What makes a row another one; progress may change in place. */
const standingOf = ({ requestId, state, needsOfficer, clock, reasonCode }: RequestSummary) =>
  JSON.stringify([requestId, state, needsOfficer, clock.dueAt, reasonCode]);

function useShown(key: string, list: RequestList | null): Shown {
  const held = useRef<{ key: string; rows: RequestSummary[] } | null>(null);
  const shownAgain = useSignal(0);
  void shownAgain.value;
  if (list !== null && held.current?.key !== key) held.current = { key, rows: list.requests };
  const before = held.current?.key === key ? held.current.rows : [];
  const now = new Map(list?.requests.map((request) => [request.requestId, request]));
  const isSame = (one: RequestSummary): boolean => {
    const read = now.get(one.requestId);
    return read !== undefined && standingOf(read) === standingOf(one);
  };
  const known = new Set(before.map(({ requestId }) => requestId));
  const came = [...now.keys()].filter((id) => !known.has(id)).length;
  const changed = before.filter((one) => !isSame(one));
  return {
    rows: before.map((one) => (isSame(one) ? (now.get(one.requestId) ?? one) : one)),
    changes: list === null ? 0 : Math.max(changed.length, came),
    show: () => {
      if (list) held.current = { key, rows: list.requests };
      shownAgain.value += 1;
      // The button is gone with the changes.
      focusOnTitle();
    },
  };
}

function Changes({ shown: { changes, show } }: { shown: Shown }): JSX.Element | null {
  const { t } = useWords();
  useEffect(() => {
    if (changes > 0) say(t('officer.queue.changes', { count: changes }));
  }, [changes]);
  if (changes === 0) return null;
  return (
    <div class="changes">
      <Button kind="quiet" icon="retry" run={show}>
        {t('officer.queue.changes', { count: changes })}
      </Button>
    </div>
  );
}

function Rows({ rows, choice }: { rows: RequestSummary[]; choice: ListChoice }): JSX.Element {
  const { t } = useWords();
  const asked = useSignal(false);
  const waiting = rows.filter(({ needsOfficer }) => needsOfficer);
  const running = rows.filter(({ needsOfficer }) => !needsOfficer);
  const isGrouped = choice.view === 'open' && rows.length > 1;
  if (rows.length === 0) return <Empty choice={choice} />;
  return (
    <>
      <table
        class="table cards queue-table"
        onKeyDown={(event) => moveByKey(event, () => (asked.value = true))}
      >
        <caption class="visually-hidden">{t('officer.queue.caption')}</caption>
        <thead>
          <tr>
            {(['ticket', 'status', 'next', 'deadline'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`officer.queue.columns.${column}`)}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        {isGrouped ? (
          <>
            <Group name={t('officer.queue.needsYouNow')} rows={waiting} />
            <Group name={t('officer.queue.nothingToDo')} rows={running} />
          </>
        ) : (
          <Group name={null} rows={rows} />
        )}
      </table>
      {asked.value && <KeysDialog close={() => (asked.value = false)} />}
    </>
  );
}

function Group({
  name,
  rows,
}: {
  name: string | null;
  rows: RequestSummary[];
}): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <tbody>
      {name !== null && (
        <tr class="group">
          <th scope="rowgroup" colSpan={5}>
            {name}
          </th>
        </tr>
      )}
      {rows.map((request) => (
        <QueueRow key={request.requestId} request={request} />
      ))}
    </tbody>
  );
}

function Empty({ choice }: { choice: ListChoice }): JSX.Element {
  const { t } = useWords();
  const { view, page: _, ...filter } = choice;
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return (
    <div class="empty">
      <Note title={t(isFiltered ? 'officer.queue.noMatch' : `officer.queue.empty.${view}`)}>
        {isFiltered && <a href={queueAddress(view)}>{t('officer.queue.clear')}</a>}
      </Note>
    </div>
  );
}

/** J and K move among the rows, and `?` tells of it: only while the focus is in the list (WCAG 2.1.4). */
function moveByKey(event: KeyboardEvent, askForKeys: () => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '?') askForKeys();
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (event.key === '/') {
    event.preventDefault();
    document.querySelector<HTMLElement>('[name="ticket"]')?.focus();
  }
  if (step === undefined || !(event.currentTarget instanceof HTMLElement)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a.ticket')];
  const row = (event.target as Element).closest('tr');
  const at = links.findIndex((link) => row?.contains(link));
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
  event.preventDefault();
}

interface PagerProps extends Props {
  next: string | null;
  list: RequestList;
  count: number;
}

/** Opaque texts of the pages that were seen, by the address of the list and the number of the first row. */
const pagesSeen = new Map<string, string>();

function Pager({ choice, from, next, list, count }: PagerProps): JSX.Element {
  const { t } = useWords();
  const { page, view, ...filter } = choice;
  const listKey = queueAddress(view, filter);
  const addressAt = (first: number, token: string | undefined): string =>
    queueAddress(view, { ...filter, page: token }, first);
  if (page !== undefined) pagesSeen.set(`${listKey} ${from}`, page);
  // Of a page that was not seen only the first one's place is known.
  const seenBefore = pagesSeen.get(`${listKey} ${from - pageLength}`);
  const before = seenBefore === undefined ? 1 : from - pageLength;
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const values = {
    from,
    to: from + count - 1,
    total: list.counts[view],
  };
  const order = t(view === 'done' ? 'officer.queue.newestFirst' : 'officer.queue.earliestFirst');
  return (
    <footer class="pager">
      <p class="secondary">
        {count > 0 && `${t(isFiltered ? 'officer.range' : 'officer.rangeOf', values)}, ${order}`}
      </p>
      <p class="keys secondary" aria-hidden="true">
        <kbd>J</kbd> <kbd>K</kbd> {t('officer.keys.move')} <kbd>{t('officer.keys.enter')}</kbd>{' '}
        {t('officer.keys.open')} <kbd>?</kbd> {t('officer.keys.all')}
      </p>
      <nav class="pages" aria-label={t('officer.pages')}>
        {from > 1 && (
          <a class="button plain" href={addressAt(before, seenBefore)}>
            <Icon name="previous" /> {t('officer.previousPage')}
          </a>
        )}
        {next !== null && (
          <a class="button plain" href={addressAt(from + pageLength, next)}>
            {t('officer.nextPage')} <Icon name="next" />
          </a>
        )}
      </nav>
    </footer>
  );
}
