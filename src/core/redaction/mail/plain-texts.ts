import { MappedText } from '../mapped-text';
import { lettersAtATime } from '../steps';

/** A text as it stands. */
export function asWritten(source: string): MappedText {
  const text = new MappedText();
  text.copy(source, 0);
  return text;
}

/** A text without what `pattern` finds in it, or with what that stands for. */
export function* without(
  source: string,
  pattern: RegExp,
  standsFor: (found: string) => string,
): Generator<void, MappedText> {
  const text = new MappedText();
  let at = 0;
  let pause = lettersAtATime;
  for (const found of source.matchAll(pattern)) {
    text.copy(source.slice(at, found.index), at);
    at = found.index + found[0].length;
    text.stand(standsFor(found[0]), { start: found.index, end: at });
    if (at < pause) continue;
    pause = at + lettersAtATime;
    yield;
  }
  text.copy(source.slice(at), at);
  return text;
}

/** A calendar, a card or a report, whose lines may be folded (RFC 5545 section 3.1, RFC 6350, RFC 3464). */
export const unfolded = (source: string): Generator<void, MappedText> =>
  without(source, /\r?\n[ \t]/g, () => '');

/** UTF-7 (RFC 2152), of which a stretch that is written in base64 is replaced as a whole. */
export const fromUtf7 = (source: string): Generator<void, MappedText> =>
  without(source, /\+[A-Za-z0-9+/]*-?/g, (found) => {
    const letters = found.replaceAll(/[+-]/g, '');
    if (letters === '') return found === '+-' ? '+' : found;
    const units = Buffer.from(found.slice(1).replace(/-$/, ''), 'base64');
    return units
      .subarray(0, units.length - (units.length % 2))
      .swap16()
      .toString('utf16le');
  });
