import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Button } from '../shared/button';
import { Note } from '../shared/labels';
import { useWords } from '../shared/words';
import { canDecide, waitsForDecision } from './action-rules';
import { Candidates } from './candidates';
import { Conversations } from './conversations';
import { Decided } from './decided';
import { draftOf } from './decision-draft';
import { DecisionBar } from './decision-bar';
import { IdentifierCards, MethodCard } from './identifiers';
import type { Evidence, Revealed } from './officer-api';
import { Loaded, useResource } from './resource';
import { RevealDialog } from './reveal';
import type { RequestView } from './request-view';
import { may } from './session';

/** What officers decide by: who made the request, and which doubtful conversations are theirs. */
export function DecisionTab({ view }: { view: RequestView }): JSX.Element {
  const { summary, calls } = view;
  const evidence = useResource(`${summary.requestId} ${summary.stateSince}`, calls.evidence);
  const savedAt = useSignal<string | null>(null);
  const isChanging = useSignal(false);
  const reload = async (): Promise<void> => {
    await Promise.all([evidence.reload(), view.reload()]);
  };
  const saved = async (): Promise<void> => {
    savedAt.value = new Date().toISOString();
    await reload();
    isChanging.value = false;
  };
  return (
    <Loaded of={evidence}>
      {(data) => (
        <Parts
          evidence={data}
          view={{ ...view, reload: saved }}
          savedAt={savedAt.value}
          isChanging={isChanging}
        />
      )}
    </Loaded>
  );
}

interface PartsProps {
  evidence: Evidence;
  view: RequestView;
  /** When it was saved on this page; null for not yet. */
  savedAt: string | null;
  /** Whether the officer decides although nothing waits for it. */
  isChanging: Signal<boolean>;
}

function Parts({ evidence, view, savedAt, isChanging }: PartsProps): JSX.Element {
  const { t, time } = useWords();
  const { identifiers, doubtful, decision } = evidence;
  if (identifiers.length === 0)
    return <Note title={t('officer.decision.deleted')}>{t('officer.decision.deletedText')}</Note>;
  const mayDecide = canDecide(view.summary) && may('Requests.Decide');
  const isAsked = waitsForDecision(view.summary, evidence) || isChanging.value;
  const isOpen = mayDecide && isAsked;
  const change = mayDecide ? () => (isChanging.value = true) : null;
  const hasDoubtful = doubtful !== null && doubtful.total > 0;
  const who = (
    <Who
      key={decision?.at ?? ''}
      {...{ evidence, view, isOpen }}
      // Where there are conversations to decide on, their bar says it.
      savedAt={hasDoubtful ? null : savedAt}
    />
  );
  const isDecided = decision !== null && !isAsked;
  return (
    <>
      {isDecided && savedAt !== null && (
        <Note tone="ok" title={t('officer.save.savedAt', { time: time(savedAt) })} />
      )}
      {isDecided && <Decided {...{ evidence, view, change }} isNew={savedAt !== null} />}
      {!isDecided && !isAsked && change && (
        <p>
          <Button run={change}>{t('officer.decided.unasked')}</Button>
        </p>
      )}
      {hasDoubtful && <Conversations {...{ evidence, doubtful, view, isOpen, savedAt }} />}
      {isDecided || hasDoubtful ? (
        <details class="who-again">
          <summary>{t('officer.decision.whoAgain')}</summary>
          {who}
        </details>
      ) : (
        who
      )}
    </>
  );
}

interface WhoProps {
  evidence: Evidence;
  view: RequestView;
  isOpen: boolean;
  savedAt: string | null;
}

/** The request beside each contact that may have made it. */
function Who({ evidence, view, isOpen, savedAt }: WhoProps): JSX.Element {
  const words = useWords();
  const { t, dateTime } = words;
  const draft = useSignal(draftOf(evidence));
  const revealed = useSignal<Revealed | null>(null);
  const isAsked = useSignal(false);
  const { candidates, decision } = evidence;
  return (
    <section class="who" aria-labelledby="who">
      <header class="part-head">
        <div>
          <h2 id="who">{t('officer.decision.title')}</h2>
          <p class="lead">
            {t('officer.decision.lead', { count: candidates.length })}{' '}
            {decision !== null && t('officer.decision.saved', { time: dateTime(decision.at) })}
          </p>
        </div>
        {isOpen && revealed.value === null && (
          <button
            type="button"
            class="button plain"
            onClick={() => {
              isAsked.value = true;
            }}
          >
            {t('officer.reveal.open')}
          </button>
        )}
      </header>
      {revealed.value !== null && (
        <Note tone="warn" title={t('officer.reveal.shown')}>
          {t('officer.reveal.shownText')}
        </Note>
      )}
      {!isOpen && <Note title={t('officer.decision.closed')} />}
      {candidates.length > 0 && (
        <Candidates {...{ evidence, draft, isOpen }} revealed={revealed.value} />
      )}
      <div class="cards">
        <IdentifierCards {...{ evidence, draft, isOpen }} revealed={revealed.value} />
        <MethodCard {...{ evidence, draft, isOpen }} requester={view.summary.status.requester} />
      </div>
      {isOpen && <DecisionBar {...{ evidence, draft, view, savedAt }} />}
      {isAsked.value && (
        <RevealDialog
          calls={view.calls}
          show={(shown) => (revealed.value = shown)}
          close={() => (isAsked.value = false)}
        />
      )}
    </section>
  );
}
