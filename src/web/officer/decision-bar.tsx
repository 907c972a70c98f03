import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { Answers } from '../../core/api/bodies';
import type { Verdict } from '../../core/subject/decision';
import { invitationGoesTo } from '../../core/subject/invitation';
import { Button } from '../shared/button';
import { Icon } from '../shared/icons';
import { useWords, type Words } from '../shared/words';
import { answersOf, type DecisionDraft } from './decision-draft';
import { identifierName, letterOf } from './evidence-words';
import type { Evidence } from './officer-api';
import { longestText } from './reason';
import { useExplanation } from './resource';

interface BarProps {
  /** What happens when it is saved. */
  consequence: ComponentChildren;
  reason: Signal<string>;
  /** What went wrong; '' for nothing. */
  problem: string;
  /** When it was last saved on this page, while nothing was chosen since; null for not. */
  savedAt: string | null;
  children: ComponentChildren;
}

/** Stays at the foot of the page: what a decision does, why, and the buttons that save it. */
export function SaveBar({
  consequence,
  reason,
  problem,
  savedAt,
  children,
}: BarProps): JSX.Element {
  const { t, time } = useWords();
  const id = useId();
  return (
    <div class="save-bar" role="group" aria-label={t('officer.save.label')}>
      <div class="save-consequence">
        {savedAt !== null && (
          <strong class="ok">
            <Icon name="check" /> {t('officer.save.savedAt', { time: time(savedAt) })}
          </strong>
        )}{' '}
        {consequence}
      </div>
      {problem !== '' && (
        <p class="error" role="alert" id={id}>
          {problem}
        </p>
      )}
      <input
        class="input"
        type="text"
        name="reason"
        maxLength={longestText}
        aria-label={t('officer.reason.short')}
        placeholder={t('officer.reason.short')}
        aria-invalid={problem !== ''}
        {...(problem === '' ? {} : { 'aria-describedby': id })}
        value={reason.value}
        onInput={({ currentTarget }) => (reason.value = currentTarget.value)}
      />
      {children}
    </div>
  );
}

/** Saves the decision on the person. */
export function DecisionBar({
  evidence,
  draft,
  reason,
  send,
  savedAt,
}: {
  evidence: Evidence;
  draft: DecisionDraft;
  reason: Signal<string>;
  /** Saves answers, and ends once the page shows them. */
  send: (answers: Answers, why: string) => Promise<void>;
  savedAt: string | null;
}): JSX.Element {
  const { t } = useWords();
  const explanation = useExplanation();
  const problem = useSignal('');
  const isChanged = Object.keys(answersOf(draft, evidence)).length > 0;
  const save = async (): Promise<void> => {
    const answers = answersOf(draft, evidence);
    const why = reason.value.trim();
    if (Object.keys(answers).length === 0) problem.value = t('officer.save.nothing');
    else if (why === '') problem.value = t('officer.reason.missing');
    else
      try {
        problem.value = '';
        await send(answers, why);
      } catch (error) {
        problem.value = explanation(error);
      }
  };
  return (
    <SaveBar
      reason={reason}
      problem={problem.value}
      savedAt={isChanged ? null : savedAt}
      consequence={
        // What is said of the saving itself is said once, by the region of the page.
        <span aria-live="polite">
          <Consequence evidence={evidence} draft={draft} />
        </span>
      }
    >
      <Button kind="primary" run={save}>
        {t('officer.save.decision')}
      </Button>
    </SaveBar>
  );
}

function Consequence({
  evidence,
  draft,
}: {
  evidence: Evidence;
  draft: DecisionDraft;
}): JSX.Element {
  const words = useWords();
  const { t, list } = words;
  const { candidates, noContact } = evidence;
  const numberOf = (id: string): number =>
    candidates.find(({ contactId }) => contactId === id)?.number ?? 0;
  const chosen = draft.contactIds.map(numberOf);
  const method = t(`officer.decision.methods.${draft.method}`);
  if (chosen.length === 0 && noContact === null)
    return <strong class="warn">{t('officer.save.choose')}</strong>;
  const others = candidates.filter(({ number }) => !chosen.includes(number));
  return (
    <>
      <strong>
        {noContact === null
          ? t('officer.save.chosen', {
              count: chosen.length,
              contacts: list(chosen.map(letterOf)),
              method,
            })
          : t('officer.save.nobody', { method })}
      </strong>{' '}
      {inviteText({ evidence, draft, first: chosen[0] }, words)}{' '}
      {others.length > 0 &&
        noContact === null &&
        t('officer.save.others', {
          count: others.length,
          contacts: list(others.map(({ number }) => letterOf(number))),
        })}
    </>
  );
}

interface Invited {
  evidence: Evidence;
  draft: DecisionDraft;
  /** Number of the contact that is written to. */
  first: number | undefined;
}

/** Where the invitation goes. */
function inviteText({ evidence, draft, first }: Invited, words: Words): string {
  const { t } = words;
  if (draft.method === 'officer') return t('officer.save.byOfficer');
  const { candidates, identifiers } = evidence;
  const onFile = candidates.find(({ number }) => number === first)?.mailboxNumbers ?? [];
  const mailboxes = onFile.flatMap((at) => identifiers.find(({ number }) => number === at) ?? []);
  const answerOn = (number: number): Verdict | null => draft.identifiers[number] ?? null;
  const mailbox =
    first === undefined
      ? // Of somebody without a contact record only what is theirs by an answer is written to.
        identifiers.find(
          ({ number }) => number === draft.inviteTo && answerOn(number) === 'include',
        )
      : invitationGoesTo(mailboxes.map((one) => ({ ...one, verdict: answerOn(one.number) })));
  return mailbox === undefined
    ? t('officer.save.noMailbox')
    : t('officer.save.invited', { mailbox: identifierName(mailbox, words) });
}
