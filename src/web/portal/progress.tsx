import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { keptPromise, type TimeLeft, type TimePromise } from '../../core/request/estimate';
import { Bar } from '../shared/bars';
import { Icon } from '../shared/icons';
import { Note } from '../shared/labels';
import { useWords, type Words } from '../shared/words';
import { Screen } from './frame';
import { History } from './history';
import { conversationsOf, standsOf, type EverydayKind, type Stand } from './kinds';
import { Picture } from './picture';
import { repeatedly } from './polling';
import type { ProgressView } from './portal-api';
import { Problem } from './problem';
import { refreshQuietly, staleSince } from './state';

const refreshEvery = 3000;

/** The export as it goes on: how much is done, of what, and how much longer it takes. */
export function Progress({ view }: { view: ProgressView }): JSX.Element {
  const words = useWords();
  const { t } = words;
  useEffect(() => repeatedly(refreshQuietly, refreshEvery), []);
  const hasFailed = view.state === 'failed';
  return (
    <Screen name="progress" step={t('portal.steps.progress')} title={t('portal.progress.title')}>
      {hasFailed ? (
        <Note tone="warn" role="status" title={t('portal.progress.failed')}>
          {t('portal.progress.failedText')}
        </Note>
      ) : (
        <Picture />
      )}
      <Stale />
      {!hasFailed && <Overall view={view} />}
      <p>
        {t('portal.progress.close')} <strong>{t('portal.progress.email')}</strong>
      </p>
      <Kinds view={view} />
      <Problem />
      <History lines={view.history} title={t('portal.historyTitle')} />
    </Screen>
  );
}

function Stale(): JSX.Element | null {
  const { t, time } = useWords();
  const since = staleSince.value;
  if (since === null) return null;
  return (
    <Note tone="warn" role="status" title={t('portal.progress.stale')}>
      {t('portal.progress.staleSince', { time: time(since) })}
    </Note>
  );
}

/** The time left and the share of conversations that are done. */
function Overall({ view }: { view: ProgressView }): JSX.Element {
  const words = useWords();
  const promise = useSignal<TimePromise | null>(null);
  const { promise: next, left } = keptPromise(promise.peek(), view.timeLeft, new Date());
  useEffect(() => {
    promise.value = next;
  }, [view]);
  const stand = conversationsOf(view.progress);
  return (
    <div class="overall">
      <p>
        <strong>{stateText(words, view, left)}</strong>
        {stand.all > 0 && <span>{doneOf(words, stand)}</span>}
      </p>
      <Bar share={shareOf(stand)} />
    </div>
  );
}

const shareOf = ({ done, all }: Stand): number => (all === 0 ? 0 : done / all);

const doneOf = ({ t }: Words, { done, all }: Stand): string =>
  t('portal.progress.doneOf', { done, all });

function stateText(words: Words, { state }: ProgressView, left: TimeLeft): string {
  const { t } = words;
  if (state === 'needsDecision') return t('portal.progress.deciding');
  if (state === 'packaging') return t('portal.progress.packing');
  if (state !== 'exporting') return t('portal.progress.searching');
  if (left.kind !== 'about') return t(`portal.progress.${left.kind}`);
  const { minutes } = left;
  const hours = minutes / 60;
  return minutes <= 60
    ? t('portal.progress.minutes', { count: minutes })
    : t('portal.progress.hours', { count: hours });
}

const icons = {
  calls: 'call',
  texts: 'list',
  emails: 'email',
  messages: 'message',
  person: 'person',
} as const satisfies Record<EverydayKind, string>;

/** Each kind with its share, or a tick and how many there are. */
function Kinds({ view }: { view: ProgressView }): JSX.Element | null {
  const words = useWords();
  const stands = standsOf(view.progress);
  if (stands.length === 0) return null;
  return (
    <ul class="card kinds">
      {stands.map(({ kind, stand }) => {
        const isDone = stand.done === stand.all;
        return (
          <li key={kind} class={isDone ? 'done' : ''}>
            <span class="round">
              <Icon name={isDone ? 'check' : icons[kind]} />
            </span>
            <p>
              {words.t(`portal.kinds.${kind}`)}{' '}
              <span>{isDone ? words.number(stand.found) : doneOf(words, stand)}</span>
            </p>
            {!isDone && <Bar share={shareOf(stand)} />}
          </li>
        );
      })}
    </ul>
  );
}
