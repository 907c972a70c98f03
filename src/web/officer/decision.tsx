import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Note } from '../shared/labels';
import { useWords } from '../shared/words';
import { canDecide } from './action-rules';
import { Candidates } from './candidates';
import { Conversations } from './conversations';
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
  const reload = async (): Promise<void> => {
    await Promise.all([evidence.reload(), view.reload()]);
  };
  return (
    <Loaded of={evidence}>{(data) => <Parts evidence={data} view={{ ...view, reload }} />}</Loaded>
  );
}

interface PartsProps {
  evidence: Evidence;
  view: RequestView;
}

function Parts({ evidence, view }: PartsProps): JSX.Element {
  const { t } = useWords();
  const { identifiers, doubtful } = evidence;
  if (identifiers.length === 0)
    return <Note title={t('officer.decision.deleted')}>{t('officer.decision.deletedText')}</Note>;
  const hasDoubtful = doubtful !== null && doubtful.total > 0;
  if (!hasDoubtful) return <Who evidence={evidence} view={view} />;
  return (
    <>
      <Conversations evidence={evidence} doubtful={doubtful} view={view} />
      <details class="who-again">
        <summary>{t('officer.decision.whoAgain')}</summary>
        <Who evidence={evidence} view={view} />
      </details>
    </>
  );
}

/** The request beside each contact that may have made it. */
function Who({ evidence, view }: PartsProps): JSX.Element {
  const words = useWords();
  const { t, dateTime } = words;
  const draft = useSignal(draftOf(evidence));
  const revealed = useSignal<Revealed | null>(null);
  const isAsked = useSignal(false);
  const isOpen = canDecide(view.summary) && may('Requests.Decide');
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
      {isOpen && <DecisionBar {...{ evidence, draft, view }} />}
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
