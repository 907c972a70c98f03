import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Icon, type IconName } from '../shared/icons';
import { useWords, type Words } from '../shared/words';
import { CopyButton } from './copy-button';
import type { Draft } from './decision-draft';
import { candidateName } from './evidence-words';
import type { Candidate, Evidence, IdentifierEvidence, Revealed } from './officer-api';

/** Candidates that are compared at a time. */
const comparedAtOnce = 3;

interface Props {
  evidence: Evidence;
  draft: Draft;
  isOpen: boolean;
  revealed: Revealed | null;
}

/** The request beside the contacts that match it, value by value. */
export function Candidates({ evidence, draft, isOpen, revealed }: Props): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { candidates, identifiers, maskedName: requestName } = evidence;
  const hidden = useSignal<readonly number[]>(
    candidates.slice(comparedAtOnce).map(({ number }) => number),
  );
  const isChosen = ({ contactId }: Candidate): boolean =>
    draft.value.contactIds.includes(contactId);
  // Whoever is chosen is seen, whichever others are compared.
  const isShown = (one: Candidate): boolean => isChosen(one) || !hidden.value.includes(one.number);
  const shown = candidates.filter(isShown);
  const given = identifiers.filter(({ isGiven }) => isGiven);
  const choose = ({ contactId }: Candidate): void => {
    const { contactIds } = draft.value;
    draft.change({
      contactIds: contactIds.includes(contactId)
        ? contactIds.filter((id) => id !== contactId)
        : [...contactIds, contactId],
    });
  };
  return (
    <>
      {candidates.length > comparedAtOnce && <Compared {...{ candidates, hidden, isChosen }} />}
      <table class="table compare">
        <caption class="visually-hidden">{t('officer.decision.caption')}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('officer.decision.inRequest')}</th>
            {shown.map((candidate) => (
              <CandidateHead
                key={candidate.contactId}
                {...{ candidate, isOpen }}
                isChosen={isChosen(candidate)}
                choose={() => choose(candidate)}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(given, { words, revealed, identifiers, requestName }).map(
            ({ name, inRequest, cell }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td data-label={t('officer.decision.inRequest')}>{inRequest}</td>
                {shown.map((candidate) => (
                  <td
                    key={candidate.contactId}
                    data-label={candidateName(candidate.number, words)}
                    class={isChosen(candidate) ? 'chosen' : ''}
                  >
                    {cell(candidate)}
                  </td>
                ))}
              </tr>
            ),
          )}
        </tbody>
      </table>
      {candidates.length > 1 && isOpen && <p class="secondary">{t('officer.decision.several')}</p>}
    </>
  );
}

/** Which of many candidates are compared; those that are chosen always are. */
function Compared({
  candidates,
  hidden,
  isChosen,
}: {
  candidates: readonly Candidate[];
  hidden: Signal<readonly number[]>;
  isChosen: (candidate: Candidate) => boolean;
}): JSX.Element {
  const words = useWords();
  const toggle = (number: number): void => {
    const { value } = hidden;
    hidden.value = value.includes(number)
      ? value.filter((one) => one !== number)
      : [...value, number];
  };
  return (
    <fieldset class="compared">
      <legend>{words.t('officer.decision.compare', { count: candidates.length })}</legend>
      {candidates.map((candidate) => {
        const { number } = candidate;
        return (
          <label key={number} class="check">
            <input
              type="checkbox"
              checked={isChosen(candidate) || !hidden.value.includes(number)}
              disabled={isChosen(candidate)}
              onChange={() => toggle(number)}
            />
            {candidateName(number, words)}
          </label>
        );
      })}
    </fieldset>
  );
}

interface HeadProps {
  candidate: Candidate;
  isOpen: boolean;
  isChosen: boolean;
  choose: () => void;
}

function CandidateHead({ candidate, isOpen, isChosen, choose }: HeadProps): JSX.Element {
  const words = useWords();
  const { t, day } = words;
  const { number, createdAt, contactId } = candidate;
  const name = candidateName(number, words);
  return (
    <th scope="col" class={isChosen ? 'chosen' : ''}>
      <label class="check">
        <input type="checkbox" checked={isChosen} disabled={!isOpen} onChange={choose} />
        {name}
      </label>
      <div class="secondary">
        {createdAt === null
          ? t('officer.decision.onFileUnknown')
          : t('officer.decision.onFileSince', { day: day(createdAt) })}
      </div>
      <CopyButton kind="quiet" value={contactId}>
        {t('officer.decision.copyId')} <span class="visually-hidden">{name}</span>
      </CopyButton>
    </th>
  );
}

interface Row {
  name: string;
  inRequest: string;
  cell: (candidate: Candidate) => JSX.Element | string;
}

interface Shown {
  words: Words;
  identifiers: readonly IdentifierEvidence[];
  revealed: Revealed | null;
  /** The name that the request gives, masked; null without one. */
  requestName: string | null;
}

const nothing = '–';

function rowsOf(given: readonly IdentifierEvidence[], shown: Shown): Row[] {
  const { words, revealed, identifiers, requestName } = shown;
  const { t, list, number } = words;
  return [
    {
      name: t('officer.decision.name'),
      inRequest: revealed?.name ?? requestName ?? t('officer.decision.noName'),
      cell: (candidate) =>
        // Without a name in the request there is nothing to compare.
        requestName === null ? (
          clearName(candidate, revealed)
        ) : (
          <NameCell candidate={candidate} revealed={revealed} />
        ),
    },
    ...given.map((identifier): Row => ({
      name: t(
        identifier.type === 'email' || identifier.type === 'phone'
          ? `officer.decision.types.${identifier.type}`
          : 'officer.decision.types.account',
      ),
      inRequest: valueOf(identifier, revealed),
      cell: (candidate) => <MatchCell {...{ candidate, identifier, revealed }} />,
    })),
    {
      name: t('officer.decision.onFile'),
      inRequest: nothing,
      cell: ({ phones, mailboxes }) =>
        list([
          ...(phones === 0 && mailboxes > 0
            ? []
            : [t('officer.decision.phones', { count: phones })]),
          ...(mailboxes === 0 ? [] : [t('officer.decision.mailboxes', { count: mailboxes })]),
        ]),
    },
    {
      name: t('officer.decision.merged'),
      inRequest: nothing,
      cell: ({ mergedContacts }) =>
        mergedContacts === 0 ? t('officer.decision.noneMerged') : number(mergedContacts),
    },
    {
      name: t('officer.decision.code'),
      inRequest: nothing,
      cell: (candidate) => <CodeCell {...{ candidate, identifiers, revealed }} />,
    },
  ];
}

const valueOf = ({ number, masked }: IdentifierEvidence, revealed: Revealed | null): string =>
  revealed?.identifiers.find((one) => one.number === number)?.value ?? masked;

const marks: Record<string, { icon: IconName; tone: string }> = {
  same: { icon: 'check', tone: 'ok' },
  similar: { icon: 'similar', tone: 'warn' },
  differs: { icon: 'close', tone: 'bad' },
  none: { icon: 'none', tone: '' },
};

function Mark({
  icon,
  tone,
  children,
}: {
  icon: IconName;
  tone: string;
  children: string;
}): JSX.Element {
  return (
    <span class={`mark-of ${tone}`}>
      <Icon name={icon} />
      <span>{children}</span>
    </span>
  );
}

/** Where a code would go, and that others would get it, too, where they have the number. */
function CodeCell({
  candidate: { codeGoesTo, number },
  identifiers,
  revealed,
}: {
  candidate: Candidate;
  identifiers: readonly IdentifierEvidence[];
  revealed: Revealed | null;
}): JSX.Element {
  const { t } = useWords();
  if (codeGoesTo === null)
    return (
      <Mark icon="none" tone="">
        {t('officer.decision.noCode')}
      </Mark>
    );
  const possible = identifiers.filter(
    ({ type, masked, candidates }) =>
      type === 'phone' && masked === codeGoesTo && candidates.includes(number),
  );
  const [first, ...more] = possible;
  const clear = first && more.length === 0 && revealed !== null ? valueOf(first, revealed) : null;
  const goesTo =
    clear === null
      ? t('officer.decision.codeTo', { end: codeGoesTo.slice(-2) })
      : t('officer.decision.codeToClear', { number: clear });
  return possible.some(({ isShared, candidates }) => isShared || candidates.length > 1) ? (
    <Mark icon="warning" tone="warn">
      {t('officer.decision.codeToShared', { goesTo })}
    </Mark>
  ) : (
    <Mark icon="check" tone="ok">
      {goesTo}
    </Mark>
  );
}

/** The name of a contact, masked unless it is shown; '' without one. */
function clearName({ number, maskedName }: Candidate, revealed: Revealed | null): string {
  const clear = revealed?.candidates.find((one) => one.number === number);
  if (clear === undefined) return maskedName ?? '';
  return [clear.firstName, clear.lastName].filter(Boolean).join(' ');
}

function NameCell({
  candidate,
  revealed,
}: {
  candidate: Candidate;
  revealed: Revealed | null;
}): JSX.Element {
  const { t } = useWords();
  const name = clearName(candidate, revealed);
  const verdict = t(`officer.decision.comparisons.${candidate.name}`);
  return (
    <Mark {...(marks[candidate.name] ?? { icon: 'none', tone: '' })}>
      {name ? `${verdict} · ${name}` : verdict}
    </Mark>
  );
}

function MatchCell({
  candidate,
  identifier,
  revealed,
}: {
  candidate: Candidate;
  identifier: IdentifierEvidence;
  revealed: Revealed | null;
}): JSX.Element {
  const { t, day, list } = useWords();
  const match = candidate.matches.find((one) => one.identifier === identifier.number);
  const verdict = match?.verdict ?? 'none';
  const words = t(`officer.decision.comparisons.${verdict}`);
  const text = match?.since
    ? t('officer.decision.since', { verdict: words, day: day(match.since) })
    : words;
  const values = verdict === 'same' ? [] : clearValues(candidate, identifier, revealed);
  return (
    <Mark {...(marks[verdict] ?? { icon: 'none', tone: '' })}>
      {values.length === 0 ? text : `${text} · ${list(values)}`}
    </Mark>
  );
}

/** What a contact has of the kind of an identifier, in clear; nothing while it is masked. */
const clearValues = (
  { number }: Candidate,
  { type }: IdentifierEvidence,
  revealed: Revealed | null,
): readonly string[] =>
  (revealed?.candidates.find((one) => one.number === number)?.identifiers ?? [])
    .filter((one) => one.type === type)
    .map(({ value }) => value);
