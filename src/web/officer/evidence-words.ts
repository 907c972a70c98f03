import type { Words } from '../../core/i18n/words';
import { holdersOf } from '../../core/subject/holders';
import type { Doubtful, Evidence, IdentifierEvidence, Revealed } from './officer-api';

/** Contacts and identifiers of the evidence, as the console names them. */

const letters = 26;

/** Letter of a candidate or of another contact: A to Z, then numbers. @param number from 1 */
export const letterOf = (number: number): string =>
  number <= letters ? String.fromCharCode('A'.charCodeAt(0) + number - 1) : String(number);

/** Letters by contact: those of the candidates, then of the other contacts of doubtful conversations. */
const lettersOf = kept(
  (byContact: Doubtful['byContact'], candidates: Evidence['candidates']): Map<string, string> =>
    new Map([
      ...byContact.map(({ contactId }, i): [string, string] => [
        contactId,
        letterOf(candidates.length + i + 1),
      ]),
      ...candidates.map(({ contactId, number }): [string, string] => [contactId, letterOf(number)]),
    ]),
);

/** Another contact by its letter; one that is not known yet has none. */
export const otherContactName = (
  {
    evidence: { candidates },
    doubtful: { byContact },
    words: { t },
  }: {
    evidence: Pick<Evidence, 'candidates'>;
    doubtful: Pick<Doubtful, 'byContact'>;
    words: Words;
  },
  contactId: string,
): string =>
  t('officer.decision.contact', { letter: lettersOf(byContact, candidates).get(contactId) ?? '?' });

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
export const identifierLabel = (
  identifier: IdentifierEvidence,
  { evidence: { identifiers, candidates }, words, revealed = null }: Among,
): string =>
  labelsOf(identifiers, words, revealed, candidates.length).get(identifier.number) ??
  identifierName(identifier, words, revealed);

/** The labels of all identifiers, by their numbers. */
const labelsOf = kept(
  (
    identifiers: readonly IdentifierEvidence[],
    words: Words,
    revealed: Revealed | null,
    candidates: number,
  ): Map<number, string> => {
    const { t } = words;
    const names = identifiers.map((one) => identifierName(one, words, revealed));
    const named = countOf(names);
    const owned = identifiers.map((one, i) => {
      const name = names[i] ?? '';
      const owners = named.get(name) === 1 && candidates < 2 ? '' : ownersOf(one, words);
      return owners === ''
        ? name
        : t('officer.identifierTypes.owned', { identifier: name, owners });
    });
    const alike = countOf(owned);
    const placed = new Map<string, number>();
    return new Map(
      identifiers.map((one, i) => {
        const identifier = owned[i] ?? '';
        const count = alike.get(identifier) ?? 1;
        if (count < 2) return [one.number, identifier];
        const place = (placed.get(identifier) ?? 0) + 1;
        placed.set(identifier, place);
        const values = { identifier, place, count };
        return [one.number, t('officer.identifierTypes.placed', values)];
      }),
    );
  },
);

/** How often each text is there. */
function countOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** What was made last, for as long as it is asked for the same: tables ask for each of their rows. */
function kept<K extends readonly unknown[], T>(make: (...of: K) => T): (...of: K) => T {
  let last: { of: K; made: T } | null = null;
  return (...of) => {
    if (last?.of.every((one, i) => one === of[i]) !== true) last = { of, made: make(...of) };
    return last.made;
  };
}

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
