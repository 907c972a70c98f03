import type { SubjectIdentifiers } from '../subject/contact';
import { leastDigits } from './card-issuers';

/** Digits of the person's own identifiers that are as long as card numbers: they are none. */
export function ownNumbers({
  contactIds,
  phones,
  handles,
}: Pick<SubjectIdentifiers, 'contactIds' | 'phones' | 'handles'>): ReadonlySet<string> {
  const written = [...contactIds, ...phones, ...handles.map(({ value }) => value)];
  return new Set(
    written
      .filter((value) => /^[+\d\s()./-]+$/.test(value))
      .map((value) => value.replaceAll(/\D/g, ''))
      .filter((digits) => digits.length >= leastDigits),
  );
}
