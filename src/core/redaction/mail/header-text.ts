import { decodeText, type DecodedText } from './charset';
import { append, contentOf, inOrder, type ContentEdit, type Edit, type TextEdit } from './edits';
import type { Range } from '../mapped-text';

/** An encoded word (RFC 2047), and where its bytes begin and end among those of the words beside it. */
interface Word {
  raw: Range;
  /** As it is written, with a language (RFC 2231 section 5) where it has one. */
  charset: string;
  encoding: 'B' | 'Q';
  bytes: Range;
}

/** A stretch of a header field: letters as they stand, or encoded words of one charset side by side. */
interface Piece {
  raw: Range;
  textStart: number;
  decoded: DecodedText;
  words: Word[];
  bytes: Buffer;
}

const encodedWord = /=\?([^?\s]{1,60})\?([bq])\?([^?\r\n]*)\?=/gi;

/** Letters of an encoded word in quoted-printable (RFC 2047 section 4.2). */
const fromQ = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll('_', ' ')
      .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    'latin1',
  );

/** What may stand in an encoded word at every place of a header (RFC 2047 section 5, rule 3). */
const toQ = (bytes: Buffer): string =>
  [...bytes]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      if (letter === ' ') return '_';
      return /[A-Za-z0-9!*+/-]/.test(letter)
        ? letter
        : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

const encodeWord = ({ charset, encoding }: Word, bytes: Buffer): string =>
  `=?${charset}?${encoding}?${encoding === 'B' ? bytes.toString('base64') : toQ(bytes)}?=`;

const charsetOf = (written: string): string => (written.split('*')[0] ?? '').toLowerCase();

const longestWord = 75;

interface FoundWord {
  raw: Range;
  charset: string;
  encoding: 'B' | 'Q';
  content: Buffer;
}

/** The value of a header field as it is read: unfolded, with encoded words decoded. */
export class HeaderText {
  private constructor(
    private readonly pieces: readonly Piece[],
    readonly text: string,
  ) {}

  /** Reads a stretch of a header. Pauses now and then. */
  static *read(bytes: Buffer, { start, end }: Range): Generator<void, HeaderText> {
    const pieces: Piece[] = [];
    let length = 0;
    const source = bytes.toString('latin1', start, end);
    for (const found of stretchesOf(source, start)) {
      const content = Array.isArray(found)
        ? Buffer.concat(found.map((word) => word.content))
        : bytes.subarray(found.start, found.end);
      const first = Array.isArray(found) ? found[0] : null;
      const decoded = yield* decodeText(content, first ? charsetOf(first.charset) : null);
      const raw = Array.isArray(found) ? wholeOf(found) : found;
      const words = Array.isArray(found) ? wordsOf(found) : [];
      pieces.push({ raw, textStart: length, decoded, words, bytes: content });
      length += decoded.text.length;
    }
    return new HeaderText(pieces, pieces.map(({ decoded }) => decoded.text).join(''));
  }

  /** Replacements, which are in order, as replacements in the bytes of the mail. */
  *editsOf(edits: readonly TextEdit[]): Generator<void, Edit[]> {
    const found: Edit[] = [];
    let at = 0;
    for (const [i, piece] of this.pieces.entries()) {
      const textEnd = piece.textStart + piece.decoded.text.length;
      while (at < edits.length && (edits[at]?.end ?? 0) <= piece.textStart) at += 1;
      const local: TextEdit[] = [];
      for (let k = at; k < edits.length; k += 1) {
        const edit = edits[k];
        if (edit === undefined || edit.start >= textEnd) break;
        local.push(within(edit, piece.textStart, textEnd));
        if (edit.end > textEnd) append(found, this.gapAfter(i));
      }
      if (local.length > 0) append(found, editsIn(piece, yield* piece.decoded.toBytes(local)));
    }
    return inOrder(found);
  }

  /** What parts two stretches that something masked stands in: a fold goes, words stay apart. */
  private gapAfter(number: number): Edit[] {
    const [piece, next] = [this.pieces[number], this.pieces[number + 1]];
    if (piece === undefined || next === undefined) return [];
    const isPlain = piece.words.length === 0 && next.words.length === 0;
    const content = Buffer.from(isPlain ? '' : ' ');
    return [{ start: piece.raw.end, end: next.raw.start, content }];
  }
}

/** A replacement as far as it is within a stretch; what is masked stands where it begins. */
const within = ({ start, end, text }: TextEdit, from: number, to: number): TextEdit => ({
  start: Math.max(start, from) - from,
  end: Math.min(end, to) - from,
  text: start >= from ? text : '',
});

/** Letters as they stand, line by line, and encoded words that stand side by side. */
function* stretchesOf(source: string, offset: number): Generator<Range | FoundWord[]> {
  let at = 0;
  let words: FoundWord[] = [];
  for (const found of source.matchAll(encodedWord)) {
    const [whole, charset = '', letter = '', text = ''] = found;
    const between = source.slice(at, found.index);
    const isBeside = words.length > 0 && between.trim() === '';
    if (words.length > 0 && !(isBeside && isOfCharset(words, charset))) {
      yield words;
      words = [];
    }
    if (!isBeside) yield* linesOf(source, { start: at, end: found.index }, offset);
    at = found.index + whole.length;
    const encoding = letter.toUpperCase() === 'B' ? 'B' : 'Q';
    const content = encoding === 'B' ? Buffer.from(text, 'base64') : fromQ(text);
    const raw = { start: offset + found.index, end: offset + at };
    words.push({ raw, charset, encoding, content });
  }
  if (words.length > 0) yield words;
  yield* linesOf(source, { start: at, end: source.length }, offset);
}

const isOfCharset = (words: readonly FoundWord[], charset: string): boolean =>
  charsetOf(words[0]?.charset ?? '') === charsetOf(charset);

/** Stretches between the line breaks of a folded field (RFC 5322 section 2.2.3). */
function* linesOf(source: string, { start, end }: Range, offset: number): Generator<Range> {
  let at = start;
  const breaks = /\r?\n/g;
  breaks.lastIndex = start;
  while (at < end) {
    const found = breaks.exec(source);
    const lineEnd = found === null ? end : Math.min(found.index, end);
    if (lineEnd > at) yield { start: offset + at, end: offset + lineEnd };
    at = found === null ? end : found.index + found[0].length;
  }
}

const wholeOf = (words: readonly FoundWord[]): Range => ({
  start: words[0]?.raw.start ?? 0,
  end: words.at(-1)?.raw.end ?? 0,
});

function wordsOf(found: readonly FoundWord[]): Word[] {
  let length = 0;
  return found.map(({ raw, charset, encoding, content }) => {
    const bytes = { start: length, end: length + content.length };
    length = bytes.end;
    return { raw, charset, encoding, bytes };
  });
}

function editsIn(piece: Piece, edits: readonly ContentEdit[]): Edit[] {
  if (piece.words.length === 0)
    return edits.map((edit) => ({
      start: piece.raw.start + edit.start,
      end: piece.raw.start + edit.end,
      content: contentOf(edit),
    }));
  const clusters: { first: number; last: number; edits: ContentEdit[] }[] = [];
  let first = 0;
  for (const edit of edits) {
    while (first < piece.words.length - 1 && (piece.words[first]?.bytes.end ?? 0) <= edit.start)
      first += 1;
    let last = first;
    while (last < piece.words.length - 1 && (piece.words[last]?.bytes.end ?? 0) < edit.end)
      last += 1;
    const before = clusters.at(-1);
    if (before !== undefined && first <= before.last) {
      before.last = Math.max(before.last, last);
      before.edits.push(edit);
    } else clusters.push({ first, last, edits: [edit] });
  }
  return clusters.map((cluster) => encodeAnew(piece, cluster));
}

/** Encoded words around what is masked, in the charset and encoding of the first one. */
function encodeAnew(
  { words, bytes }: Piece,
  { first, last, edits }: { first: number; last: number; edits: ContentEdit[] },
): Edit {
  const [from, to] = [words[first], words[last]];
  if (from === undefined || to === undefined) return { start: 0, end: 0, content: Buffer.alloc(0) };
  const chunks: Buffer[] = [];
  let at = from.bytes.start;
  for (const edit of edits) {
    chunks.push(bytes.subarray(at, edit.start), contentOf(edit));
    at = edit.end;
  }
  chunks.push(bytes.subarray(at, to.bytes.end));
  const filled = chunks.filter((chunk) => chunk.length > 0);
  const whole = encodeWord(from, Buffer.concat(filled));
  // A word of ISO-2022-JP has to begin and end in ASCII, and a chunk may not.
  const isOne = whole.length <= longestWord || /^iso-2022/i.test(from.charset);
  const written =
    filled.length === 0 ? '' : isOne ? whole : filled.map((one) => encodeWord(from, one)).join(' ');
  return { start: from.raw.start, end: to.raw.end, content: Buffer.from(written, 'latin1') };
}
