import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import type { Answers } from '../../core/api/bodies';
import { Button } from '../shared/button';
import { Note } from '../shared/labels';
import { say } from '../shared/live';
import { useWords } from '../shared/words';
import { canDecide, waitsForDecision } from './action-rules';
import { leave, tie } from './begun-decision';
import { Candidates } from './candidates';
import { Conversations } from './conversations';
import { Decided } from './decided';
import { changesSince, draftWith, withAnswer, type Draft } from './decision-draft';
import { DecisionBar } from './decision-bar';
import { IdentifierCards, MethodCard } from './identifiers';
import type { Evidence, Revealed } from './officer-api';
import { Loaded, useResource } from './resource';
import { RevealDialog } from './reveal';
import type { RequestView } from './request-view';
import { saveAnswers } from './save-decision';
import { may } from './session';

/** What officers decide by: who made the request, and which doubtful conversations are theirs. */
export function DecisionTab({ view }: { view: RequestView }): JSX.Element {
  const { summary, calls } = view;
  const evidence = useResource(summary.requestId, calls.evidence, view.again);
  const savedAt = useSignal<string | null>(null);
  const { isChanging } = view;
  // The form is gone with the tab.
  useLayoutEffect(() => () => void (isChanging.value = false), []);
  useEffect(() => {
    // The button that had the focus is gone with what was decided.
    if (isChanging.value) document.querySelector<HTMLElement>('#doubtful, #who')?.focus();
  }, [isChanging.value]);
  // How often an officer has left everything as it was.
  const kept = useSignal(0);
  // Names and numbers in clear; null unless the officer has asked for them here.
  const revealed = useSignal<Revealed | null>(null);
  const saved = async (): Promise<void> => {
    savedAt.value = new Date().toISOString();
    await view.reload();
    isChanging.value = false;
  };
  const keep = (): void => {
    leave(view.begun);
    kept.value += 1;
    isChanging.value = false;
  };
  return (
    <Loaded of={evidence}>
      {(data) => (
        <Parts
          evidence={data}
          savedAt={savedAt.value}
          kept={kept.value}
          {...{ view, saved, keep, revealed }}
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
  /** How often the officer has begun to change a decision, and left it as it was. */
  kept: number;
  keep: () => void;
  /** Shows what is decided, once it is saved. */
  saved: () => Promise<void>;
  revealed: Signal<Revealed | null>;
}

function Parts(props: PartsProps): JSX.Element {
  const { evidence, view, savedAt, kept, keep, saved, revealed } = props;
  const { begun, isChanging } = view;
  const { t, time } = useWords();
  const { identifiers, doubtful, decision, decisionVersion } = evidence;
  useEffect(() => tie(begun, decisionVersion));
  if (identifiers.length === 0)
    return <Note title={t('officer.decision.deleted')}>{t('officer.decision.deletedText')}</Note>;
  const mayDecide = canDecide(view.summary) && may('Requests.Decide');
  const isAsked = waitsForDecision(evidence) || isChanging.value;
  const isOpen = mayDecide && isAsked;
  const change = mayDecide ? () => (isChanging.value = true) : null;
  const hasDoubtful = doubtful !== null && doubtful.total > 0;
  const isDecided = decision !== null && !isAsked;
  const isOvertaken = begun.isOvertaken.value && decision !== null;
  const isFolded = isDecided || hasDoubtful;
  const who = (
    <Who
      {...{ evidence, view, isOpen, saved, revealed }}
      keep={isChanging.value ? keep : null}
      place={isFolded ? (hasDoubtful ? 'besideConversations' : 'folded') : 'alone'}
      // Where there are conversations to decide on, their bar says it.
      savedAt={hasDoubtful ? null : savedAt}
    />
  );
  return (
    <>
      {isOvertaken && !isOpen && (
        <Note tone="warn" role="alert" title={t('officer.problems.decisionChanged')} />
      )}
      {isDecided && !isOvertaken && savedAt !== null && (
        <Note tone="ok" title={t('officer.save.savedAt', { time: time(savedAt) })} />
      )}
      {(isDecided || isOvertaken) && (
        <Decided
          {...{ evidence, view }}
          change={isAsked ? null : change}
          revealed={revealed.value}
          takesFocus={isDecided && (isOvertaken || savedAt !== null || kept > 0)}
        />
      )}
      {!isDecided && !isAsked && change && (
        <p>
          <Button run={change}>{t('officer.decided.unasked')}</Button>
        </p>
      )}
      {hasDoubtful && (
        <Conversations
          // What was chosen and not saved goes with the form that is left.
          key={kept}
          {...{ evidence, doubtful, view, isOpen, saved, savedAt }}
          revealed={revealed.value}
          keep={isChanging.value ? keep : null}
        />
      )}
      {isFolded ? (
        <details class="who-again">
          <summary>
            <h2 id="who">{t('officer.decision.title')}</h2>
          </summary>
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
  saved: () => Promise<void>;
  revealed: Signal<Revealed | null>;
  keep: (() => void) | null;
  /** Where it stands: by itself, or folded below its heading, also beside another form. */
  place: 'alone' | 'folded' | 'besideConversations';
}

/** @param reveal asks to show names and numbers; null where they are shown, or cannot be */
function WhoHead({
  evidence: { candidates, decision },
  place,
  reveal,
}: Pick<WhoProps, 'evidence' | 'place'> & { reveal: (() => void) | null }): JSX.Element {
  const { t, dateTime } = useWords();
  return (
    <header class="part-head">
      <div>
        {place === 'alone' && (
          <h2 id="who" tabIndex={-1}>
            {t('officer.decision.title')}
          </h2>
        )}
        <p class="lead">
          {t('officer.decision.lead', { count: candidates.length })}{' '}
          {decision !== null && t('officer.decision.saved', { time: dateTime(decision.at) })}
        </p>
      </div>
      {reveal && <Button run={reveal}>{t('officer.reveal.open')}</Button>}
    </header>
  );
}

/** The request beside each contact that may have made it. */
function Who(props: WhoProps): JSX.Element {
  const { evidence, view, isOpen, savedAt, saved, revealed, keep, place } = props;
  const { t } = useWords();
  const { begun } = view;
  const { changes, reason } = begun;
  const draft: Draft = {
    // What is not saved shows only where it can be.
    value: draftWith(evidence, isOpen ? changes.value : {}),
    change: (more) => (changes.value = { ...changes.value, ...more }),
    answer: (number, verdict) => (changes.value = withAnswer(changes.value, number, verdict)),
  };
  const send = async (answers: Answers, why: string): Promise<void> => {
    const sent = changes.value;
    const then = async (): Promise<void> => {
      if (reason.value.trim() === why) reason.value = '';
      say(t('officer.save.saved'));
      await saved();
      // Until then they are what the form shows.
      changes.value = changesSince(changes.value, sent);
    };
    await saveAnswers(view, { calls: [answers], why, shown: evidence.decisionVersion, then });
  };
  const isAsked = useSignal(false);
  const canReveal = isOpen && revealed.value === null;
  return (
    <section class="who" aria-labelledby="who">
      <WhoHead {...{ evidence, place }} reveal={canReveal ? () => (isAsked.value = true) : null} />
      {revealed.value !== null && (
        <Note tone="warn" title={t('officer.reveal.shown')}>
          {t('officer.reveal.shownText')}
        </Note>
      )}
      {!isOpen && <Note title={t('officer.decision.closed')} />}
      {evidence.candidates.length > 0 && (
        <Candidates {...{ evidence, draft, isOpen }} revealed={revealed.value} />
      )}
      <div class="cards">
        <IdentifierCards {...{ evidence, draft, isOpen }} revealed={revealed.value} />
        <MethodCard {...{ evidence, draft, isOpen }} revealed={revealed.value} />
      </div>
      {isOpen && (
        <DecisionBar
          {...{ evidence, begun, send, savedAt, keep }}
          revealed={revealed.value}
          draft={draft.value}
          label={t(`officer.save.${place === 'besideConversations' ? 'person' : 'decision'}`)}
        />
      )}
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
