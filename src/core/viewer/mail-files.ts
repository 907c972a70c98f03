import { packageEnding } from '../package/file-endings';
import { withheldNotes, type WithheldPartReason } from '../redaction/mail/withheld-notes';
import { parameterOf, parseParameters, type WithParameters } from '../redaction/mail/parameters';

/** A file in a mail. */
export interface MailFile {
  name: string;
  /** Its content, decoded anew each time: nobody wants all files of a mail at once. */
  bytes: () => Uint8Array<ArrayBuffer>;
}

/** Parts within parts beyond which nobody looks. */
const mostDepth = 20;
const lettersAtATime = 32_768;

/** Bytes as letters, one each. */
function lettersOf(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += lettersAtATime)
    letters += String.fromCharCode(...bytes.subarray(at, at + lettersAtATime));
  return letters;
}

/** Letters as bytes. A loop, because an iterator makes a string of each letter of a long file. */
function bytesOf(letters: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

/** Letters that are bytes of a text. An unknown charset is read as UTF-8. */
function textOf(letters: string, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(bytesOf(letters));
  } catch {
    return new TextDecoder().decode(bytesOf(letters));
  }
}

/** Base64 as far as it can be read (RFC 2045 section 6.8). */
function fromBase64(text: string): string {
  const letters = text.replaceAll(/[^A-Za-z0-9+/]/g, '');
  return atob(letters.length % 4 === 1 ? letters.slice(0, -1) : letters);
}

const fromHex = (text: string): string =>
  text.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/** Encoded words (RFC 2047) as words. */
const withoutEncodedWords = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(
      /=\?([\w-]+)(?:\*[\w-]+)?\?([BbQq])\?([^?]*)\?=/g,
      (_, charset: string, form: string, content: string) =>
        textOf(
          form.toUpperCase() === 'B' ? fromBase64(content) : fromHex(content.replaceAll('_', ' ')),
          charset,
        ),
    );

interface Part {
  type: WithParameters;
  disposition: WithParameters;
  encoding: string;
  body: string;
}

function partOf(letters: string): Part {
  const gap = /\r?\n\r?\n/.exec(letters);
  const head = gap === null ? letters : letters.slice(0, gap.index);
  const body = gap === null ? '' : letters.slice(gap.index + gap[0].length);
  const field = (name: string): string =>
    new RegExp(`^${name}:(.*)$`, 'im').exec(head.replaceAll(/\r?\n[ \t]+/g, ' '))?.[1]?.trim() ??
    '';
  return {
    type: parseParameters(field('Content-Type')),
    disposition: parseParameters(field('Content-Disposition')),
    encoding: field('Content-Transfer-Encoding').toLowerCase(),
    body,
  };
}

/** The parts between the lines of a boundary (RFC 2046 section 5.1). */
function partsIn(body: string, boundary: string): string[] {
  const escaped = boundary.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const line = new RegExp(`(?:^|\\r?\\n)--${escaped}(--)?[ \\t]*(?=\\r?\\n|$)`, 'g');
  const places = [...body.matchAll(line)];
  return places.flatMap(({ index, 0: found, 1: end }, i) =>
    end === undefined
      ? [body.slice(index + found.length, places[i + 1]?.index).replace(/^\r?\n/, '')]
      : [],
  );
}

function decoded({ encoding, body }: Part): Uint8Array<ArrayBuffer> {
  if (encoding === 'base64') return bytesOf(fromBase64(body));
  if (encoding !== 'quoted-printable') return bytesOf(body);
  return bytesOf(fromHex(body.replaceAll(/=[ \t]*\r?\n/g, '')));
}

function nameOf({ type, disposition }: Part): string {
  const name = parameterOf(disposition, 'filename') ?? parameterOf(type, 'name') ?? '';
  return withoutEncodedWords(textOf(name));
}

function filesIn(letters: string, depth: number): MailFile[] {
  const part = partOf(letters);
  const boundary = parameterOf(part.type, 'boundary');
  if (part.type.value.startsWith('multipart/') && boundary !== undefined && depth < mostDepth)
    return partsIn(part.body, boundary).flatMap((one) => filesIn(one, depth + 1));
  const name = nameOf(part);
  const isFile = part.disposition.value === 'attachment' || name !== '';
  return isFile ? [{ name, bytes: () => decoded(part) }] : [];
}

/** The files in a mail (RFC 5322, RFC 2045 to 2049 and 2231), in their order. */
export const mailFiles = (mail: Uint8Array): MailFile[] => filesIn(lettersOf(mail), 0);

/**
 * The file of a mail that a list of names means.
 * @param names of all files that the list names, of which some may not be in the mail
 * @param index of the one that is meant
 * @returns null where the mail has none that can be told to be it
 */
export function mailFileOf(
  files: readonly MailFile[],
  names: readonly string[],
  index: number,
): MailFile | null {
  // Without a gap in one of them the places say which is which, whatever the names are.
  if (files.length === names.length) return files[index] ?? null;
  const name = names[index];
  const before = names.slice(0, index).filter((one) => one === name).length;
  const same = files.filter((one) => one.name === name);
  const wanted = names.filter((one) => one === name).length;
  return same.length === wanted ? (same[before] ?? null) : null;
}

/** Longer than any note, in bytes. */
const longestNote = 200;

/** Why a file was left out of its mail, which has a note in place of it; null for one that was not. */
export function withheldReasonOf(file: Uint8Array): WithheldPartReason | null {
  if (file.length > longestNote) return null;
  const text = new TextDecoder().decode(file).trim();
  const reasons = Object.keys(withheldNotes) as WithheldPartReason[];
  return reasons.find((reason) => withheldNotes[reason] === text) ?? null;
}

/** What a file of a mail is saved as: nothing that a double click may run, and no folder. */
export function savedName(name: string): string {
  const ending = packageEnding(name, 'opaque');
  const stem = name
    .replace(/\.[A-Za-z0-9]{1,8}$/, '')
    .replaceAll(/[\p{Cc}\p{Cf}\\/:*?"<>|]/gu, '_');
  return `${stem.replace(/^[.\s]+/, '') || 'attachment'}${ending}`;
}
