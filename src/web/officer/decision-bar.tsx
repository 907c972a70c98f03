import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import type { Answers } from '../../core/api/bodies';
import type { Verdict } from '../../core/subject/verdicts';
import { invitationGoesTo } from '../../core/subject/invitation';
import { Button } from '../shared/button';
import { Field } from '../shared/field';
import { Icon } from '../shared/icons';
import { useWords, type Words } from '../shared/words';
import type { BegunDecision } from './begun-decision';
import { answersOf, draftOf, type DecisionDraft } from './decision-draft';
import { identifierName, letterOf } from './evidence-words';
import type { Evidence, Revealed } from './officer-api';
import { longestText } from './reason';
import { proofText } from './request-words';
import { useExplanation } from './resource';
import { isOvertaken } from './save-decision';
import { missingFrom, stillRefused, type Missing, type Refused } from './save-problem';

/** What went wrong with a save, and where that is said. */
export interface SaveProblem {
  text: string;
  /** At the reason, or above everything. */
  at: 'reason' | 'bar';
}

interface BarProps {
  /** What happens when it is saved. */
  consequence: ComponentChildren;
  reason: Signal<string>;
  /** The field of the reason, for what has to take the focus there. */
  field: RefObject<HTMLInputElement | null>;
  problem: SaveProblem | null;
  /** When it was last saved on this page, while nothing was chosen since; null for not. */
  savedAt: string | null;
  /** What it saves, for screen readers. */
  label: string;
  children: ComponentChildren;
}

/** Stays at the foot of the page: what a decision does, why, and the buttons that save it. */
export function SaveBar({
  consequence,
  reason,
  field,
  problem,
  savedAt,
  label,
  children,
}: BarProps): JSX.Element {
  const { t, time } = useWords();
  return (
    <div class="save-bar" role="group" aria-label={label}>
      {problem?.at === 'bar' && (
        <p class="error" role="alert">
          {problem.text}
        </p>
      )}
      <div class="save-consequence">
        {savedAt !== null && (
          <strong class="ok">
            <Icon name="check" /> {t('officer.save.savedAt', { time: time(savedAt) })}
          </strong>
        )}{' '}
        {consequence}
      </div>
      <div class="save-row">
        <Field
          label={t('officer.reason.short')}
          error={problem?.at === 'reason' ? problem.text : undefined}
          control={(attributes) => (
            <input
              {...attributes}
              class="input"
              type="text"
              name="reason"
              required
              maxLength={longestText}
              ref={field}
              value={reason.value}
              onInput={({ currentTarget }) => (reason.value = currentTarget.value)}
            />
          )}
        />
        <div class="save-buttons">{children}</div>
      </div>
    </div>
  );
}

/** What may keep a bar from saving, and what is said of it. */
interface Saving {
  problem: SaveProblem | null;
  /** Where the reason is entered. */
  field: RefObject<HTMLInputElement | null>;
  /** Sends what is to be saved, unless something is missing. */
  save: (missing: Missing | null, send: () => Promise<void>) => Promise<void>;
}

/**
 * The problem of a bar, for as long as it is true.
 * @param missing what the form lacks now
 * @param sends what would be sent now, as text
 */
export function useSaving(missing: Missing | null, sends: string): Saving {
  const { t } = useWords();
  const explanation = useExplanation();
  const field = useRef<HTMLInputElement>(null);
  const refused = useSignal<Refused | null>(null);
  const still = stillRefused(refused.value, { missing, sends });
  const save: Saving['save'] = async (missing, send) => {
    refused.value = missing && { by: 'form', missing };
    // The field is on the page already: only the focus moves.
    if (missing === 'reason') field.current?.focus({ preventScroll: true });
    if (missing !== null) return;
    try {
      await send();
    } catch (error) {
      const text = explanation(error);
      refused.value = isOvertaken(error)
        ? { by: 'others', text }
        : { by: 'server', text, of: sends };
    }
  };
  return { problem: still && problemOf(still, t), field, save };
}

function problemOf(refused: Refused, t: Words['t']): SaveProblem {
  if (refused.by !== 'form') return { text: refused.text, at: 'bar' };
  return refused.missing === 'reason'
    ? { text: t('officer.reason.missing'), at: 'reason' }
    : { text: t(`officer.save.missing.${refused.missing}`), at: 'bar' };
}

interface DecisionBarProps {
  evidence: Evidence;
  draft: DecisionDraft;
  begun: BegunDecision;
  /** Saves answers, and ends once the page shows them. */
  send: (answers: Answers, why: string) => Promise<void>;
  savedAt: string | null;
  /** Leaves everything as it was decided; null where a decision is waited for. */
  keep: (() => void) | null;
  /** What it saves. */
  label: string;
  /** Names and numbers in clear; null while they are masked. */
  revealed: Revealed | null;
}

/** Saves the decision on the person. */
export function DecisionBar({
  evidence,
  draft,
  begun,
  send,
  savedAt,
  keep,
  label,
  revealed,
}: DecisionBarProps): JSX.Element {
  const answers = answersOf(draft, evidence);
  const { reason, isSaving } = begun;
  const why = reason.value.trim();
  const isChanged = Object.keys(answers).length > 0;
  const isChosen = draft.contactIds.length > 0 || evidence.noContact !== null;
  const wasChosen = draftOf(evidence).contactIds.length > 0;
  const missing = missingFrom({ isChanged, isChosen, wasChosen, reason: why });
  const { problem, field, save } = useSaving(missing, JSON.stringify([answers, why]));
  return (
    <SaveBar
      {...{ reason, field, problem, label }}
      savedAt={isChanged ? null : savedAt}
      consequence={
        // What is said of the saving itself is said once, by the region of the page.
        <span aria-live="polite">
          <Consequence {...{ evidence, draft, revealed }} />
        </span>
      }
    >
      {keep && <KeepButton keep={keep} isSaving={isSaving.value} />}
      <Button
        kind="primary"
        isBusy={isSaving.value}
        run={() => save(missing, () => send(answers, why))}
      >
        {label}
      </Button>
    </SaveBar>
  );
}

/** The way back from changing a decision; none while it is being saved. */
export function KeepButton({
  keep,
  isSaving,
}: {
  keep: () => void;
  isSaving: boolean;
}): JSX.Element {
  const { t } = useWords();
  return (
    <Button run={keep} disabled={isSaving}>
      {t('officer.decided.keep')}
    </Button>
  );
}

function Consequence({
  evidence,
  draft,
  revealed,
}: Pick<DecisionBarProps, 'evidence' | 'draft' | 'revealed'>): JSX.Element {
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
      {inviteText({ evidence, draft, revealed, first: chosen[0] }, words)}{' '}
      {others.length > 0 &&
        noContact === null &&
        t('officer.save.others', {
          count: others.length,
          contacts: list(others.map(({ number }) => letterOf(number))),
        })}
    </>
  );
}

interface Invited extends Pick<DecisionBarProps, 'evidence' | 'draft' | 'revealed'> {
  /** Number of the contact that is written to. */
  first: number | undefined;
}

/** Where the invitation goes, or what has become of it. */
function inviteText({ evidence, draft, revealed, first }: Invited, words: Words): string {
  const { t } = words;
  const { status } = evidence;
  // What was sent or proven is not asked for again.
  if (status.verifiedAt !== null || status.state === 'awaitingVerification')
    return proofText(status, words);
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
    : t('officer.save.invited', { mailbox: identifierName(mailbox, words, revealed) });
}
