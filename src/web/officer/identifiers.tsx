import type { JSX } from 'preact';
import { Icon } from '../shared/icons';
import { holdersOf } from '../../core/subject/holders';
import { Field } from '../shared/field';
import { Segmented } from '../shared/choices';
import { useWords, type Words } from '../shared/words';
import { isOfChosen, possibleMethods, type Draft } from './decision-draft';
import { identifierLabel, identifierName, letterOf } from './evidence-words';
import type { Evidence, IdentifierEvidence, Revealed } from './officer-api';

interface Props {
  evidence: Evidence;
  draft: Draft;
  isOpen: boolean;
}

type Answer = 'open' | 'include' | 'withhold';

const isQuestion = (identifier: IdentifierEvidence): boolean =>
  isInDoubt(identifier) || (identifier.isGiven && holdersOf(identifier).length === 0);

/** Whether each number and mailbox is searched by: first those that others may have, too. */
export function IdentifierCards({
  evidence,
  draft,
  isOpen,
  revealed,
}: Props & { revealed: Revealed | null }): JSX.Element {
  const { t } = useWords();
  const { identifiers } = evidence;
  const card = (identifier: IdentifierEvidence): JSX.Element => (
    <IdentifierCard
      key={identifier.number}
      {...{ identifier, evidence, draft, isOpen, revealed }}
    />
  );
  const others = identifiers.filter((one) => !isQuestion(one));
  return (
    <>
      {identifiers.filter(isQuestion).map(card)}
      {others.length > 0 && (
        <details class="card others">
          <summary>{t('officer.decision.others', { count: others.length })}</summary>
          {others.map(card)}
        </details>
      )}
    </>
  );
}

interface CardProps extends Props {
  identifier: IdentifierEvidence;
  revealed: Revealed | null;
}

function IdentifierCard({ identifier, evidence, draft, isOpen, revealed }: CardProps): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { number, answer: saved } = identifier;
  const name = identifierLabel(identifier, { evidence, words, revealed });
  const answer: Answer = draft.value.identifiers[number] ?? 'open';
  const choose = (value: Answer): void => draft.answer(number, value === 'open' ? null : value);
  const isNobody = evidence.noContact !== null;
  // An answer that is saved can be changed, and not be taken back; of nobody on file only what is said is searched.
  const values: Answer[] =
    saved === null && !isNobody ? ['open', 'include', 'withhold'] : ['include', 'withhold'];
  const isMeant = isOfChosen(identifier, draft.value, evidence);
  const open = isNobody ? 'unnamed' : isInDoubt(identifier) ? 'open' : 'openOwn';
  return (
    <section class="card identifier" aria-label={name}>
      <h3>
        <Icon
          name={identifier.isShared || identifier.candidates.length > 1 ? 'people' : 'person'}
        />{' '}
        {headOf(identifier, { evidence, words, revealed })}
      </h3>
      <p class="secondary">
        {[
          countedText(evidence, number, words),
          isMeant
            ? t(`officer.decision.answerText.${answer === 'open' ? open : answer}`)
            : t('officer.decision.notChosen', { count: draft.value.contactIds.length }),
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
      {isOpen && isMeant && (
        <Segmented
          label={t('officer.decision.isTheirs', { identifier: name })}
          chosen={values.includes(answer) ? answer : null}
          choose={choose}
          choices={values.map((value) => ({
            value,
            label: t(
              value === 'open' && !isInDoubt(identifier)
                ? 'officer.decision.searchOwn'
                : `officer.decision.answers.${value}`,
            ),
          }))}
        />
      )}
    </section>
  );
}

/** Whether it may lead to somebody else's conversations. */
const isInDoubt = ({ isShared, hasExtension, candidates }: IdentifierEvidence): boolean =>
  isShared || hasExtension || candidates.length > 1;

/** What speaks for or against an identifier. */
function headOf(
  identifier: IdentifierEvidence,
  { evidence, words, revealed }: { words: Words } & Pick<CardProps, 'evidence' | 'revealed'>,
): string {
  const { t, list } = words;
  const { candidates, isShared, hasExtension } = identifier;
  const name = identifierName(identifier, words, revealed);
  const label = identifierLabel(identifier, { evidence, words, revealed });
  const holders = holdersOf(identifier);
  if (holders.length > 1 && identifier.nearly.length === 0)
    return t('officer.decision.heads.both', {
      identifier: name,
      contacts: list(holders.map(letterOf)),
    });
  if (isShared) return t('officer.decision.heads.shared', { identifier: label });
  if (hasExtension) return t('officer.decision.heads.extension', { identifier: label });
  return candidates.length === 0 ? t('officer.decision.heads.nobody', { identifier: name }) : label;
}

/** How many conversations carry an identifier, where nobody is on file. */
function countedText({ noContact }: Evidence, number: number, words: Words): string {
  const { t, month } = words;
  const counted = noContact?.identifiers.find(({ identifier }) => identifier === number);
  if (!counted) return '';
  const { conversations: count, from, to } = counted;
  if (count === 0 || from === null || to === null) return t('officer.decision.noConversations');
  return t('officer.decision.counted', { count, from: month(from), to: month(to) });
}

/** How the person proves who they are, with the risk of each way. */
export function MethodCard({
  evidence,
  draft,
  isOpen,
  revealed,
}: Props & { revealed: Revealed | null }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const { noContact } = evidence;
  const { method } = draft.value;
  return (
    <section class="card method" aria-label={t('officer.decision.method')}>
      <h3>
        <Icon name="key" /> {t('officer.decision.method')}
      </h3>
      <p class="secondary">{t(`officer.decision.methodText.${method}`)}</p>
      {isOpen && (
        <Segmented
          label={t('officer.decision.method')}
          chosen={method}
          choose={(method) => draft.change({ method })}
          choices={possibleMethods(evidence).map((value) => ({
            value,
            label: t(`officer.decision.methods.${value}`),
          }))}
        />
      )}
      {isOpen && noContact !== null && <ContactPoints {...{ evidence, draft, revealed }} />}
    </section>
  );
}

/** Where codes and the invitation go, of a person without a contact record. */
function ContactPoints({
  evidence,
  draft,
  revealed,
}: Omit<Props, 'isOpen'> & { revealed: Revealed | null }): JSX.Element {
  const words = useWords();
  const { t } = words;
  const given = evidence.identifiers.filter(({ isGiven }) => isGiven);
  const field = (name: 'codeTo' | 'inviteTo', type: 'phone' | 'email'): JSX.Element => (
    <Field
      label={t(`officer.decision.${name}Label`)}
      control={(attributes) => (
        <select
          {...attributes}
          value={String(draft.value[name] ?? '')}
          onChange={({ currentTarget: { value } }) =>
            draft.change({ [name]: value === '' ? null : Number(value) })
          }
        >
          <option value="">{t('officer.decision.nowhere')}</option>
          {given
            .filter((one) => one.type === type)
            .map((one) => (
              <option key={one.number} value={String(one.number)}>
                {identifierLabel(one, { evidence, words, revealed })}
              </option>
            ))}
        </select>
      )}
    />
  );
  return (
    <div class="contact-points">
      {draft.value.method === 'sms' && field('codeTo', 'phone')}
      {draft.value.method !== 'officer' && field('inviteTo', 'email')}
    </div>
  );
}
