import type { Words } from '../../core/i18n/words';
import type { IdentifierEvidence, Revealed } from './officer-api';

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
