import type { Contact } from './contact';

/** How something that a request gives compares with what is on file: `none` where one of them is missing. */
export const comparisons = ['same', 'similar', 'differs', 'none'] as const;
export type Comparison = (typeof comparisons)[number];

/** The words of a name, without case and accents, in alphabetical order. In capitals ß is SS (Unicode case folding). */
const nameWords = (name: string): string[] =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .split(/[^\p{L}\p{N}]/u)
    .filter((word) => word !== '')
    .sort();

/** A name for comparison: without case, accents and order. */
const nameKey = (name: string): string => nameWords(name).join(' ');

/** The names of a contact as one text; blank without one. */
const nameOf = ({ firstName, lastName }: Contact): string =>
  // What is null is joined as nothing.
  [firstName, lastName].join(' ');

/** Whether a contact has this name, in whatever order, case and accents. */
export const hasName = (contact: Contact, name: string): boolean =>
  nameKey(nameOf(contact)) === nameKey(name);

/** An initial is no part of a name that two names could share. */
const isInitial = (word: string): boolean => /^\p{Script=Latin}$/u.test(word);

/**
 * How the name that a request gives compares with a contact's: `similar` when they share a part.
 * @param name null when the request gives none
 */
export function compareName(contact: Contact, name: string | null): Comparison {
  const onFile = nameWords(nameOf(contact));
  const given = nameWords(name ?? '');
  if (onFile.length === 0 || given.length === 0) return 'none';
  if (onFile.join(' ') === given.join(' ')) return 'same';
  return given.some((word) => !isInitial(word) && onFile.includes(word)) ? 'similar' : 'differs';
}

/**
 * A name with nothing readable but the first letter of each of its parts, however long they are; null without
 * a name.
 */
export function maskedWords(name: string | null): string | null {
  const parts = (name ?? '').match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
  return parts.length === 0 ? null : parts.map((part) => `${[...part][0] ?? ''}•••`).join(' ');
}

/** A contact's name, masked; null without a name. */
export const maskedName = (contact: Contact): string | null => maskedWords(nameOf(contact));
