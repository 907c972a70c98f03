import type { FileKind } from '../package/file-endings';
import { parameterOf, parseParameters } from './mail/parameters';

/** Files that hold text, by their names and media types. */
const textEnding =
  /\.(?:bat|c?js|cmd|css|csv|html?|ics|ini|json|log|md|mjs|ndjson|php|ps1|py|rtf|sh|sql|srt|svg|tsv|txt|vbs|vcf|vtt|xht|xhtml|xml|xslt?|ya?ml)$/i;
const textType =
  /^(?:text\/|(?:application|image)\/(?:[\w.-]+\+)?(?:json|xml)\b|application\/(?:csv|javascript|rtf|sql|xhtml|x-ndjson|x-sh|x-yaml|yaml)\b)/i;

/** A mail has structure of its own, and is not masked as a text. */
const mailType = /^message\//i;

/** How a file is masked, by its name and media type. */
export function kindOfFile(name: string, contentType = ''): FileKind {
  if (mailType.test(contentType) || /\.eml$/i.test(name)) return 'mail';
  return textType.test(contentType) || textEnding.test(name) ? 'text' : 'opaque';
}

/**
 * Charsets in which a letter may take several bytes, other than UTF-8: a text in one of them is read as a
 * whole. In every other one, a byte of ASCII is what it is in ASCII, but for EBCDIC.
 */
const wide =
  /^(?:utf-?(?:7|16|32)|ucs-?2|gb|big5|euc|x-euc|shift|s?jis|ms_kanji|cp9|iso-2022|ks_c|hz|(?:x-)?(?:ebcdic|ibm))/;

/** The charset by which a text is read as a whole; null where it is read in pieces, as it stands. */
export function wideCharsetOf(contentType: string): string | null {
  const charset = parameterOf(parseParameters(contentType), 'charset')?.trim().toLowerCase() ?? '';
  return wide.test(charset) ? charset : null;
}

/** A piece of a text file, and what stands before and behind it: something masked may begin or end there. */
export interface TextPiece {
  before: Uint8Array;
  body: Uint8Array;
  after: Uint8Array;
}

/** The text of a file, and the way back to its bytes. */
export interface DecodedText {
  text: string;
  encode: (text: string) => Uint8Array;
}

/** Whether a file is UTF-16, by the mark with which it begins: it cannot be told from a piece of it. */
export const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

/**
 * Decodes a piece of a text file, so that what is not changed keeps its bytes: as UTF-8 where it is that,
 * else as bytes, in which ASCII digits stand for themselves in every other charset.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, encode: (changed) => new TextEncoder().encode(changed) };
  } catch {
    return {
      text: Buffer.from(bytes).toString('latin1'),
      encode: (changed) => Buffer.from(changed, 'latin1'),
    };
  }
}

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));

/**
 * Where a text can be cut so that no number, and no character of UTF-8, lies on both sides: between two
 * letters, as near to a place before its end as can be. 0 where it cannot be cut.
 */
export function lastCut(bytes: Uint8Array, before = bytes.length): number {
  for (let at = Math.min(before, bytes.length) - 1; at > 0; at -= 1)
    if (isLetter(bytes[at]) && isLetter(bytes[at - 1])) return at;
  return 0;
}
