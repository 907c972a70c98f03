import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ViewerRow } from '../../core/package/viewer-rows';
import type { ViewerLists } from '../../core/package/viewer-index';
import type { ViewerTexts } from '../../core/package/viewer-texts';
import { Button } from '../shared/button';
import { Icon } from '../shared/icons';
import { Note } from '../shared/labels';
import { say } from '../shared/live';
import { Loading } from '../shared/waiting';
import { useWords } from '../shared/words';
import { VisitFacts } from './about-lists';
import { useViewer } from './context';
import { Conversation, DetailHead } from './conversation';
import { hrefOf } from './go';
import { goTo } from '../shared/route';
import { addressOf } from '../../core/viewer/place';
import { Text } from './text';

type Loaded =
  | { state: 'loading' }
  | { state: 'failed' | 'absent' }
  | { state: 'conversation'; row: ViewerRow; texts: ViewerTexts }
  | { state: 'person'; row: ViewerRow; lists: ViewerLists };

/** What is open, loaded when it is opened. */
function useLoaded(id: string): Loaded {
  const { data } = useViewer();
  const loaded = useSignal<{ id: string; now: Loaded }>({ id, now: { state: 'loading' } });
  useEffect(() => {
    let isStopped = false;
    const load = async (): Promise<Loaded> => {
      const found = await data.find(id);
      if (found === null) return { state: 'absent' };
      const { row } = found;
      return row.kind === 'note' || row.kind === 'visit'
        ? { state: 'person', row, lists: await data.listsOf() }
        : { state: 'conversation', row, texts: await data.textsOf(row) };
    };
    loaded.value = { id, now: { state: 'loading' } };
    load()
      .catch((): Loaded => ({ state: 'failed' }))
      .then((now) => {
        if (!isStopped) loaded.value = { id, now };
      })
      .catch(() => undefined);
    return () => {
      isStopped = true;
    };
  }, [data, id]);
  // What was open before is not shown as what is opened.
  return loaded.value.id === id ? loaded.value.now : { state: 'loading' };
}

/** What is open beside the list. @param neighbours ids of the rows before and behind it */
export function Detail({
  id,
  neighbours,
}: {
  id: string;
  neighbours: { before: string | null; behind: string | null };
}): JSX.Element {
  const { place } = useViewer();
  const { t } = useWords();
  const loaded = useLoaded(id);
  const article = useRef<HTMLElement>(null);
  const isOpen = loaded.state === 'conversation' || loaded.state === 'person';
  return (
    <article class="detail" ref={article}>
      <a class="back" href={hrefOf({ ...place, id: '' })}>
        <Icon name="back" /> {t('viewer.back')}
      </a>
      <div class="detail-head">
        {isOpen ? <DetailHead row={loaded.row} /> : <div class="detail-title" />}
        <div class="detail-tools">
          {isOpen && place.query !== '' && <Matches article={article} id={id} />}
          <Turn to={neighbours.before} label={t('viewer.newer')} icon="back" />
          <Turn to={neighbours.behind} label={t('viewer.older')} icon="next" />
        </div>
      </div>
      {loaded.state === 'loading' && <Loading rows={6} />}
      {loaded.state === 'absent' && <Note tone="warn" title={t('viewer.notHere')} />}
      {loaded.state === 'failed' && (
        <Note tone="bad" role="alert" title={t('viewer.missing')}>
          {t('viewer.missingHint')}
        </Note>
      )}
      {loaded.state === 'conversation' && (
        <Conversation key={id} row={loaded.row} texts={loaded.texts} />
      )}
      {loaded.state === 'person' && <PersonEntryView row={loaded.row} lists={loaded.lists} />}
      {isOpen && (
        <p class="detail-foot">
          <Button kind="quiet" icon="print" run={() => globalThis.print()}>
            {t('viewer.print')}
          </Button>
        </p>
      )}
    </article>
  );
}

function Turn({
  to,
  label,
  icon,
}: {
  to: string | null;
  label: string;
  icon: 'back' | 'next';
}): JSX.Element {
  const { place } = useViewer();
  return (
    <Button
      disabled={to === null}
      aria-label={label}
      run={() => {
        if (to !== null) goTo(addressOf({ ...place, id: to }));
      }}
    >
      <Icon name={icon} />
    </Button>
  );
}

/** Which of the places with what is searched for is in sight, and ways to the others. */
function Matches({
  article,
  id,
}: {
  article: { current: HTMLElement | null };
  id: string;
}): JSX.Element | null {
  const { t } = useWords();
  const { wanted } = useViewer();
  const at = useSignal(0);
  const all = useSignal(0);
  const marks = (): HTMLElement[] => [...(article.current?.querySelectorAll('mark') ?? [])];
  const show = (to: number): void => {
    const found = marks();
    all.value = found.length;
    if (found.length === 0) return;
    at.value = (to + found.length) % found.length;
    found.forEach((mark, i) => mark.classList.toggle('now', i === at.value));
    found[at.value]?.scrollIntoView({ block: 'center' });
  };
  useEffect(() => show(0), [id, wanted]);
  const matchText = (): string =>
    t('viewer.matchOf', { count: all.value, n: at.value + 1, all: all.value });
  const move = (by: number): void => {
    show(at.value + by);
    say(matchText());
  };
  if (all.value === 0) return null;
  return (
    <span class="matches">
      <span>{matchText()}</span>
      <Button aria-label={t('viewer.previousMatch')} run={() => move(-1)}>
        <Icon name="up" />
      </Button>
      <Button aria-label={t('viewer.nextMatch')} run={() => move(1)}>
        <Icon name="expand" />
      </Button>
    </span>
  );
}

/** A note of staff, or a visit to the website. */
function PersonEntryView({
  row,
  lists,
}: {
  row: ViewerRow;
  lists: ViewerLists;
}): JSX.Element | null {
  const index = Number(row.id.split('-')[1]) - 1;
  const note = row.kind === 'note' ? lists.notes[index] : undefined;
  const visit = row.kind === 'visit' ? lists.visits[index] : undefined;
  return (
    <section class="card">
      {note && (
        <p class="words">
          <Text of={note.text} />
        </p>
      )}
      {visit && <VisitFacts visit={visit} />}
    </section>
  );
}
