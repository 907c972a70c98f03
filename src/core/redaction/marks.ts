/** What stands in the place of what is masked. Texts that are shown to people name it by these. */

/** In the place of the number of a payment card. */
export const cardMark = '[card number removed]';
/** In the place of somebody else from outside. */
export const otherName = '[another person]';
/** In the place of their address, so that it is one still (RFC 2606). */
export const otherAddress = 'another.person@masked.invalid';
/** What addresses end with that stand for somebody. */
export const maskedDomain = '@masked.invalid';
/** In the place of what a pattern of the policy finds. */
export const patternMark = (name: string): string => `[${name} removed]`;
/** In the place of somebody of the company, by a hash of their id. */
export const pseudonymOf = (hash: string): string => `agent-${hash.slice(0, 8)}`;

/** A piece of a text: words, or what was removed there. */
export type TextPiece =
  | { kind: 'text'; text: string }
  | { kind: 'removed'; what: 'cardNumber' | 'otherPerson' }
  | { kind: 'removed'; what: 'pattern'; name: string }
  | { kind: 'staff'; pseudonym: string };

const pseudonym = String.raw`\bagent-[0-9a-f]{8}\b`;

/** All pseudonyms in a text. */
export const pseudonymsIn = (text: string): string[] =>
  text.match(new RegExp(pseudonym, 'g')) ?? [];

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/**
 * Tells the marks in texts from their words.
 * @param patterns names of the policy's patterns
 * @returns a function that cuts a text into its pieces, in order
 */
export function markReader(patterns: readonly string[]): (text: string) => TextPiece[] {
  const ofPatterns = new Map(patterns.map((name) => [patternMark(name), name]));
  const marks = [cardMark, otherName, otherAddress, ...ofPatterns.keys()].map(escaped);
  const anyMark = new RegExp(`${marks.join('|')}|${pseudonym}(?:${escaped(maskedDomain)})?`, 'g');
  const pieceOf = (mark: string): TextPiece => {
    if (mark === cardMark) return { kind: 'removed', what: 'cardNumber' };
    if (mark === otherName || mark === otherAddress)
      return { kind: 'removed', what: 'otherPerson' };
    const name = ofPatterns.get(mark);
    return name === undefined
      ? { kind: 'staff', pseudonym: mark.replace(maskedDomain, '') }
      : { kind: 'removed', what: 'pattern', name };
  };
  return (text) => {
    const pieces: TextPiece[] = [];
    let at = 0;
    for (const found of text.matchAll(anyMark)) {
      if (found.index > at) pieces.push({ kind: 'text', text: text.slice(at, found.index) });
      pieces.push(pieceOf(found[0]));
      at = found.index + found[0].length;
    }
    if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
    return pieces;
  };
}
