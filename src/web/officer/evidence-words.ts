import type { Words } from '../../core/i18n/words';
import type { Evidence, IdentifierEvidence, Revealed } from './officer-api';

/** Contacts and identifiers of the evidence, as the console names them. */

const letters = 26;

/** Letter of a candidate or of another contact: A to Z, then numbers. @param number from 1 */
export const letterOf = (number: number): string =>
  number <= letters ? String.fromCharCode('A'.charCodeAt(0) + number - 1) : String(number);

export const candidateName = (number: number, { t }: Words): string =>
  t('officer.decision.contact', { letter: letterOf(number) });

/** An identifier such as "phone ending in 66"; in clear once it was revealed. */
export function identifierName(
  { number, type, masked }: IdentifierEvidence,
  { t, has }: Words,
  revealed: Revealed | null = null,
): string {
  const clear = revealed?.identifiers.find((one) => one.number === number);
  const value = clear?.value ?? masked;
  const end = /\d\d$/.exec(masked)?.[0];
  if (clear === undefined && type === 'phone' && end !== undefined)
    return t('officer.identifierTypes.phoneEnding', { end });
  const key = `officer.identifierTypes.${type}`;
  return t(has(key) ? key : 'officer.identifierTypes.account', { value, network: type });
}

/** What an identifier is named among others of the evidence. */
interface Among {
  evidence: Pick<Evidence, 'candidates' | 'identifiers'>;
  words: Words;
  revealed?: Revealed | null;
}

/**
 * An identifier with whose it is: where several contacts match, and wherever another one would be named alike,
 * because what is masked may look the same.
 */
export function identifierLabel(identifier: IdentifierEvidence, among: Among): string {
  const { t, number } = among.words;
  const named = ownedName(identifier, among);
  const alike = among.evidence.identifiers.filter((one) => ownedName(one, among) === named);
  if (alike.length < 2) return named;
  return t('officer.identifierTypes.placed', {
    identifier: named,
    place: number(alike.findIndex((one) => one.number === identifier.number) + 1),
    count: number(alike.length),
  });
}

function ownedName(
  identifier: IdentifierEvidence,
  { evidence: { candidates, identifiers }, words, revealed = null }: Among,
): string {
  const nameOf = (one: IdentifierEvidence): string => identifierName(one, words, revealed);
  const name = nameOf(identifier);
  const isAlone = identifiers.filter((one) => nameOf(one) === name).length < 2;
  if (isAlone && candidates.length < 2) return name;
  const owners = ownersOf(identifier, words);
  return owners === ''
    ? name
    : words.t('officer.identifierTypes.owned', { identifier: name, owners });
}

/** Numbers of the candidates that have an identifier as it is, not only one like it. */
export const holdersOf = ({
  candidates,
  nearly,
}: Pick<IdentifierEvidence, 'candidates' | 'nearly'>): readonly number[] =>
  candidates.filter((number) => !nearly.includes(number));

/** Where an identifier comes from: the request, and the contacts that match. */
function ownersOf(identifier: IdentifierEvidence, { t, list }: Words): string {
  const of = (numbers: readonly number[], key: 'onFile' | 'nearly'): string[] =>
    numbers.length === 0
      ? []
      : [
          t(`officer.identifierTypes.${key}`, {
            count: numbers.length,
            contacts: list(numbers.map(letterOf)),
          }),
        ];
  return [
    ...(identifier.isGiven ? [t('officer.identifierTypes.given')] : []),
    ...of(holdersOf(identifier), 'onFile'),
    ...of(identifier.nearly, 'nearly'),
  ].join(', ');
}
