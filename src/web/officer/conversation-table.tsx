import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Verdict } from '../../core/subject/verdicts';
import { Button } from '../shared/button';
import { Icon, type IconName } from '../shared/icons';
import { say } from '../shared/live';
import { useWords } from '../shared/words';
import { readAll, VerdictChoice, type Board } from './conversation-board';
import { identifierLabel, otherContactName } from './evidence-words';
import { useFocusKept } from './focus-kept';
import { KeysDialog } from './keys';
import type { DoubtfulConversation, DoubtfulPage } from './officer-api';
import { Loaded, useExplanation, useResource } from './resource';

/** Conversations on a page. */
const pageLength = 25;

interface Filter {
  verdict: 'all' | 'undecided' | Verdict;
  identifier: string;
  contact: string;
}

/** What the table shows: a page of what a filter lets through, read from the server. */
interface TableState {
  filter: Signal<Filter>;
  /** Cursors of the pages up to this one; the first page has none. */
  cursors: Signal<readonly string[]>;
  selected: Signal<readonly DoubtfulConversation[]>;
}

const queryOf = ({ verdict, identifier, contact }: Filter): object => ({
  ...(verdict === 'all' ? {} : { verdict }),
  identifier,
  contact,
});

export function ConversationTable({ board }: { board: Board }): JSX.Element {
  const { evidence, doubtful, isOpen, view } = board;
  const hasToDecide = isOpen && doubtful.undecided > 0;
  const state: TableState = {
    filter: useSignal<Filter>({
      verdict: hasToDecide ? 'undecided' : 'all',
      identifier: '',
      contact: '',
    }),
    cursors: useSignal<readonly string[]>([]),
    selected: useSignal<readonly DoubtfulConversation[]>([]),
  };
  useEffect(() => {
    const { value } = state.filter;
    if (hasToDecide || value.verdict !== 'undecided') return;
    // What was decided is not gone.
    state.filter.value = { ...value, verdict: 'all' };
    state.cursors.value = [];
  }, [hasToDecide]);
  useEffect(() => {
    // Of those that are decided in one way a decision makes others: their pages are other ones.
    if (state.filter.value.verdict !== 'all') state.cursors.value = [];
  }, [evidence.decisionVersion]);
  const query = {
    ...queryOf(state.filter.value),
    limit: pageLength,
    cursor: state.cursors.value.at(-1) ?? '',
  };
  const card = useRef<HTMLDivElement>(null);
  const key = JSON.stringify(query);
  useFocusKept(key, () => card.current?.focus({ preventScroll: true }));
  const page = useResource(key, () => view.calls.conversations(query), view.again);
  return (
    <div class="card conversations" tabIndex={-1} ref={card}>
      <div class="table-tools">
        <Filters board={board} state={state} />
        {board.isOpen && <Selection board={board} state={state} />}
      </div>
      <Loaded of={page}>
        {(data) => (
          <>
            <Rows board={board} state={state} page={data} />
            <TablePager state={state} page={data} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Filters({ board, state }: { board: Board; state: TableState }): JSX.Element {
  const { evidence, doubtful, revealed, words } = board;
  const { t } = words;
  const { filter } = state;
  const set = (change: Partial<Filter>): void => {
    filter.value = { ...filter.value, ...change };
    state.cursors.value = [];
    state.selected.value = [];
  };
  const select = (
    name: keyof Filter,
    options: readonly { value: string; label: string }[],
  ): JSX.Element => (
    <label class="filter">
      <span>{t(`officer.doubtful.filters.${name}`)}</span>
      <select
        value={filter.value[name]}
        onChange={({ currentTarget }) => set({ [name]: currentTarget.value })}
      >
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
  const any = { value: '', label: t('officer.filters.any') };
  return (
    <div class="filters-row">
      {select(
        'verdict',
        ['undecided', 'all', 'include', 'withhold'].map((value) => ({
          value,
          // What is chosen on the page and not saved is among them.
          label: t(
            value === 'undecided' && board.isOpen
              ? 'officer.doubtful.notSaved'
              : `officer.doubtful.verdicts.${value}`,
          ),
        })),
      )}
      {doubtful.byIdentifier.length > 1 &&
        select('identifier', [
          any,
          ...evidence.identifiers
            .filter(({ number }) => doubtful.byIdentifier.some((one) => one.identifier === number))
            .map((one) => ({
              value: String(one.number),
              label: identifierLabel(one, { evidence, words, revealed }),
            })),
        ])}
      {doubtful.byContact.length > 1 &&
        select('contact', [
          any,
          ...doubtful.byContact.map(({ contactId }) => ({
            value: contactId,
            label: otherContactName(board, contactId),
          })),
        ])}
    </div>
  );
}

/** Decides on the rows that are selected, or on all that match the filter. */
function Selection({ board, state }: { board: Board; state: TableState }): JSX.Element {
  const { t } = board.words;
  const { selected } = state;
  const count = selected.value.length;
  const decide = (verdict: Verdict): void => {
    board.choose({ by: 'rows', rows: selected.value, verdict });
    selected.value = [];
  };
  if (count === 0) return <p class="secondary">{t('officer.doubtful.noneSelected')}</p>;
  return (
    <div class="selection">
      <strong>{t('officer.doubtful.selected', { count })}</strong>
      <div class="pair">
        <Button run={() => decide('include')}>{t('officer.doubtful.include')}</Button>
        <Button run={() => decide('withhold')}>{t('officer.doubtful.withhold')}</Button>
      </div>
    </div>
  );
}

const isIn = (rows: readonly DoubtfulConversation[], row: DoubtfulConversation): boolean =>
  rows.some(({ conversationId }) => conversationId === row.conversationId);

/** Selects all that the filter lets through, of which the page shows some. */
function SelectMatching({
  board,
  state: { selected, filter },
  total,
}: {
  board: Board;
  state: TableState;
  total: number;
}): JSX.Element {
  const { t } = board.words;
  const values = { count: total };
  const select = async (): Promise<void> => {
    selected.value = await readAll(board.view.calls, queryOf(filter.value));
    say(t('officer.doubtful.selected', values));
  };
  return (
    <p class="select-all">
      <Button kind="quiet" run={select} explain={useExplanation()}>
        {t('officer.doubtful.selectMatching', values)}
      </Button>
    </p>
  );
}

interface RowsProps {
  board: Board;
  state: TableState;
  page: DoubtfulPage;
}

function Rows({ board, state, page }: RowsProps): JSX.Element {
  const { isOpen, words } = board;
  const { t } = words;
  const { selected } = state;
  const asked = useSignal(false);
  const { conversations: rows, total } = page;
  if (rows.length === 0) return <p class="empty">{t('officer.doubtful.none')}</p>;
  const allSelected = rows.every((row) => isIn(selected.value, row));
  const toggleAll = (): void => {
    const others = selected.value.filter((row) => !isIn(rows, row));
    selected.value = allSelected ? others : [...others, ...rows];
  };
  return (
    <>
      {isOpen && allSelected && selected.value.length < total && (
        <SelectMatching {...{ board, state, total }} />
      )}
      <table
        class="table cards"
        onKeyDown={(event) => decideByKey(event, board, rows, () => (asked.value = true))}
      >
        <caption class="visually-hidden">{t('officer.doubtful.caption')}</caption>
        <thead>
          <tr>
            {isOpen && (
              <td>
                <input
                  type="checkbox"
                  aria-label={t('officer.doubtful.selectPage')}
                  checked={allSelected}
                  onChange={toggleAll}
                />
              </td>
            )}
            {(['time', 'channel', 'queue', 'tiedBy', 'contact', 'choice'] as const).map(
              (column) => (
                <th key={column} scope="col">
                  {t(`officer.doubtful.columns.${column}`)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.conversationId} {...{ board, state, row }} />
          ))}
        </tbody>
      </table>
      {asked.value && <KeysDialog close={() => (asked.value = false)} />}
    </>
  );
}

const channelIcons: Record<string, IconName> = {
  voice: 'call',
  callback: 'call',
  email: 'email',
  message: 'message',
  chat: 'chat',
};

function Row({
  board,
  state,
  row,
}: {
  board: Board;
  state: TableState;
  row: DoubtfulConversation;
}): JSX.Element {
  const { evidence, revealed, isOpen, choose, words } = board;
  const { t, has, day, dateTime, time: clockTime, list } = words;
  const { selected } = state;
  const [channel = ''] = row.channels;
  const time = dateTime(row.startedAt);
  const channelKey = `officer.doubtful.channels.${channel}`;
  const tied = row.tiedBy.flatMap((number) => {
    const found = evidence.identifiers.find((one) => one.number === number);
    return found ? [identifierLabel(found, { evidence, words, revealed })] : [];
  });
  const others = row.otherContacts.map((id) => otherContactName(board, id));
  const verdict = board.verdict(row);
  const isSelected = isIn(selected.value, row);
  const toggle = (): void => {
    selected.value = isSelected
      ? selected.value.filter(({ conversationId }) => conversationId !== row.conversationId)
      : [...selected.value, row];
  };
  return (
    <tr class={isSelected ? 'chosen' : ''} data-row={row.conversationId}>
      {isOpen && (
        <td>
          <input
            type="checkbox"
            aria-label={t('officer.doubtful.selectRow', { time })}
            checked={isSelected}
            onChange={toggle}
          />
        </td>
      )}
      <th scope="row">
        <span class="whole">{day(row.startedAt)}</span>{' '}
        <span class="whole">{clockTime(row.startedAt)}</span>
      </th>
      <td data-label={t('officer.doubtful.columns.channel')}>
        <span class={`kind ${channelIcons[channel] ?? ''}`}>
          <Icon name={channelIcons[channel] ?? 'chat'} />
          <span>
            {[
              t(has(channelKey) ? channelKey : 'officer.doubtful.channels.unknown'),
              ...(row.direction === null
                ? []
                : [t(`officer.doubtful.directions.${row.direction}`)]),
            ].join(', ')}
          </span>
        </span>
      </td>
      <td data-label={t('officer.doubtful.columns.queue')}>{queueNames(row.queues).join(', ')}</td>
      <td data-label={t('officer.doubtful.columns.tiedBy')}>
        {tied.length === 0 ? '–' : list(tied)}
        <div class="secondary">{t(`officer.doubtful.doubts.${row.doubt}`)}</div>
      </td>
      <td data-label={t('officer.doubtful.columns.contact')}>
        {others.length === 0 ? t('officer.doubtful.noContact') : list(others)}
      </td>
      <td>
        {isOpen ? (
          <VerdictChoice
            label={t('officer.doubtful.decideRow', { time })}
            chosen={verdict}
            choose={(value) => choose({ by: 'rows', rows: [row], verdict: value })}
          />
        ) : (
          t(`officer.doubtful.verdicts.${verdict ?? 'undecided'}`)
        )}
      </td>
    </tr>
  );
}

/** Names of queues; an id is none. */
const queueNames = (queues: readonly string[]): readonly string[] =>
  queues.filter((queue) => !/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(queue));

/** I includes the row that has the focus, O leaves it out, U undoes; J and K move. */
function decideByKey(
  event: KeyboardEvent,
  board: Board,
  rows: readonly DoubtfulConversation[],
  askForKeys: () => void,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === '?') askForKeys();
  if (!(event.currentTarget instanceof HTMLElement) || !board.isOpen) return;
  const table = [...event.currentTarget.querySelectorAll<HTMLElement>('tbody tr')];
  const at = table.findIndex((row) => row.contains(event.target as Node));
  const step = { j: 1, k: -1 }[key];
  if (step !== undefined) {
    const next = table[Math.min(table.length - 1, Math.max(0, at + step))];
    next?.querySelector<HTMLElement>('input')?.focus();
  }
  const row = rows[at];
  const verdict = ({ i: 'include', o: 'withhold' } as const)[key];
  if (row && verdict) board.choose({ by: 'rows', rows: [row], verdict });
  if (key === 'u') board.undo();
}

function TablePager({ state, page }: { state: TableState; page: DoubtfulPage }): JSX.Element {
  const { t } = useWords();
  const { cursors } = state;
  const { next } = page;
  const from = cursors.value.length * pageLength + 1;
  const values = {
    from,
    to: from + page.conversations.length - 1,
    total: page.total,
  };
  return (
    <footer class="pager">
      <p class="secondary">{page.conversations.length > 0 && t('officer.rangeOf', values)}</p>
      <nav class="pages" aria-label={t('officer.pages')}>
        {cursors.value.length > 0 && (
          <Button icon="previous" run={() => (cursors.value = cursors.value.slice(0, -1))}>
            {t('officer.previousPage')}
          </Button>
        )}
        {next !== null && (
          <Button run={() => (cursors.value = [...cursors.value, next])}>
            {t('officer.nextPage')}
          </Button>
        )}
      </nav>
    </footer>
  );
}
