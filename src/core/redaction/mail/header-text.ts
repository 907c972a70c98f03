import { decodeText, type DecodedText } from './charset';
import type { Range, TextEdit } from '../mapped-text';
import { appendInSteps, each, joined, lettersAtATime, Pace } from '../steps';
import { contentOf, inOrder, type ContentEdit, type Edit } from './edits';

/** An encoded word (RFC 2047), and where its bytes begin and end among those of the words beside it. */
interface Word {
  raw: Range;
  /** As it is written, with a language (RFC 2231 section 5) where it has one. */
  charset: string;
  encoding: 'B' | 'Q';
  content: Buffer;
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

/** Letters of an encoded word in quoted-printable (RFC 2047 section 4.2). */
function* fromQ(text: string): Generator<void, Buffer> {
  const bytes = Buffer.alloc(text.length);
  const pace = new Pace(lettersAtATime);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    const hex = letter === 61 ? /^[0-9A-Fa-f]{2}/.exec(text.slice(at + 1, at + 3))?.[0] : undefined;
    bytes[length] = hex === undefined ? letter : Number.parseInt(hex, 16);
    if (letter === 95) bytes[length] = 32;
    if (hex !== undefined) at += 2;
    length += 1;
    if (pace.isOver()) yield;
  }
  return bytes.subarray(0, length);
}

/** How a byte may be written in an encoded word at every place of a header (RFC 2047 section 5, rule 3). */
const letterOfQ = (byte: number): string => {
  const letter = String.fromCharCode(byte);
  if (letter === ' ') return '_';
  return /[A-Za-z0-9!*+/-]/.test(letter)
    ? letter
    : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
};
const lettersOfQ = Array.from({ length: 256 }, (_, byte) => letterOfQ(byte));

function* toQ(bytes: Buffer): Generator<void, string> {
  const letters = yield* each(bytes, (byte) => lettersOfQ[byte] ?? '');
  return yield* joined(letters);
}

function* encodeWord({ charset, encoding }: Word, bytes: Buffer): Generator<void, string> {
  const letters = encoding === 'B' ? bytes.toString('base64') : yield* toQ(bytes);
  return `=?${charset}?${encoding}?${letters}?=`;
}

const charsetOf = (written: string): string => (written.split('*')[0] ?? '').toLowerCase();

const longestWord = 75;

interface FoundWord {
  raw: Range;
  charset: string;
  encoding: 'B' | 'Q';
  text: string;
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
    const texts: string[] = [];
    const source = bytes.toString('latin1', start, end);
    for (const found of stretchesOf(source, start)) {
      if (found === null) {
        yield;
        continue;
      }
      const isPlain = !Array.isArray(found);
      const words = isPlain ? [] : yield* wordsOf(found);
      const content = isPlain
        ? bytes.subarray(found.start, found.end)
        : yield* contentOfWords(words);
      const charset = isPlain ? null : charsetOf(found[0]?.charset ?? '');
      const decoded = yield* decodeText(content, charset);
      const raw = isPlain ? found : wholeOf(found);
      pieces.push({ raw, textStart: length, decoded, words, bytes: content });
      texts.push(decoded.text);
      length += decoded.text.length;
    }
    return new HeaderText(pieces, yield* joined(texts));
  }

  /** Replacements, which are in order, as replacements in the bytes of the mail. */
  *editsOf(edits: readonly TextEdit[]): Generator<void, Edit[]> {
    const found: Edit[] = [];
    const pace = new Pace(200);
    let at = 0;
    for (const [i, piece] of this.pieces.entries()) {
      const textEnd = piece.textStart + piece.decoded.text.length;
      while (at < edits.length && (edits[at]?.end ?? 0) <= piece.textStart) at += 1;
      const local: TextEdit[] = [];
      for (let k = at; k < edits.length; k += 1) {
        const edit = edits[k];
        if (edit === undefined || edit.start >= textEnd) break;
        local.push(within(edit, piece.textStart, textEnd));
        if (edit.end > textEnd) found.push(...this.gapAfter(i));
        if (pace.isOver()) yield;
      }
      if (local.length > 0)
        yield* appendInSteps(found, yield* editsIn(piece, yield* piece.decoded.toBytes(local)));
      if (pace.isOver()) yield;
    }
    return yield* inOrder(found);
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

/** Letters as they stand, line by line, and encoded words that stand side by side. `null` is a pause. */
function* stretchesOf(source: string, offset: number): Generator<Range | FoundWord[] | null> {
  const pace = new Pace(200);
  let at = 0;
  let words: FoundWord[] = [];
  for (const { start, end, charset, letter, text } of wordsIn(source)) {
    const between = source.slice(at, start);
    const isBeside = words.length > 0 && between.trim() === '';
    if (words.length > 0 && !(isBeside && isOfCharset(words, charset))) {
      yield words;
      words = [];
    }
    if (!isBeside) yield* linesOf(source, { start: at, end: start }, offset);
    at = end;
    const encoding = letter.toUpperCase() === 'B' ? 'B' : 'Q';
    const raw = { start: offset + start, end: offset + end };
    words.push({ raw, charset, encoding, text });
    if (pace.isOver()) yield null;
  }
  if (words.length > 0) yield words;
  yield* linesOf(source, { start: at, end: source.length }, offset);
}

const wordStart = /=\?([^?\s]{1,60})\?([bq])\?/gi;

/** Encoded words as they stand. One may be as long as the field is: to look for its end costs little. */
function* wordsIn(
  source: string,
): Generator<Range & { charset: string; letter: string; text: string }> {
  const breaks = /[\r\n]/g;
  let lineEnd = -1;
  const starts = new RegExp(wordStart);
  for (let found = starts.exec(source); found !== null; found = starts.exec(source)) {
    const [, charset = '', letter = ''] = found;
    const from = starts.lastIndex;
    const to = source.indexOf('?', from);
    if (lineEnd < from) {
      breaks.lastIndex = from;
      lineEnd = breaks.exec(source)?.index ?? source.length;
    }
    if (to < 0) return;
    if (to < lineEnd && source[to + 1] === '=') {
      starts.lastIndex = to + 2;
      yield { start: found.index, end: to + 2, charset, letter, text: source.slice(from, to) };
    } else starts.lastIndex = found.index + 2;
  }
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

/** Words with their places among the bytes of all of them. */
function* wordsOf(found: readonly FoundWord[]): Generator<void, Word[]> {
  const words: Word[] = [];
  const pace = new Pace(200);
  let length = 0;
  for (const { text, ...word } of found) {
    const content = word.encoding === 'B' ? Buffer.from(text, 'base64') : yield* fromQ(text);
    words.push({ ...word, content, bytes: { start: length, end: length + content.length } });
    length += content.length;
    if (pace.isOver()) yield;
  }
  return words;
}

/** The bytes of words side by side. */
function* contentOfWords(words: readonly Word[]): Generator<void, Buffer> {
  const bytes = Buffer.alloc(words.at(-1)?.bytes.end ?? 0);
  yield* each(words, ({ content, bytes: { start } }) => content.copy(bytes, start));
  return bytes;
}

/** Words that are encoded anew, for what is replaced in them. */
interface Cluster {
  first: number;
  last: number;
  edits: ContentEdit[];
}

function* editsIn(piece: Piece, edits: readonly ContentEdit[]): Generator<void, Edit[]> {
  if (piece.words.length === 0)
    return yield* each(edits, (edit) => ({
      start: piece.raw.start + edit.start,
      end: piece.raw.start + edit.end,
      content: contentOf(edit),
    }));
  const replaced: Edit[] = [];
  const pace = new Pace(100);
  for (const cluster of yield* clustersOf(piece, edits)) {
    replaced.push(yield* encodeAnew(piece, cluster));
    if (pace.isOver()) yield;
  }
  return replaced;
}

function* clustersOf({ words }: Piece, edits: readonly ContentEdit[]): Generator<void, Cluster[]> {
  const clusters: Cluster[] = [];
  const pace = new Pace(200);
  let first = 0;
  for (const edit of edits) {
    for (; first < words.length - 1 && (words[first]?.bytes.end ?? 0) <= edit.start; first += 1)
      if (pace.isOver()) yield;
    let last = first;
    for (; last < words.length - 1 && (words[last]?.bytes.end ?? 0) < edit.end; last += 1)
      if (pace.isOver()) yield;
    const before = clusters.at(-1);
    if (before !== undefined && first <= before.last) {
      before.last = Math.max(before.last, last);
      before.edits.push(edit);
    } else clusters.push({ first, last, edits: [edit] });
    if (pace.isOver()) yield;
  }
  return clusters;
}

/** Pieces of ASCII as bytes. */
function* inLatin1(pieces: readonly string[]): Generator<void, Buffer> {
  let length = 0;
  yield* each(pieces, (piece) => (length += piece.length));
  const bytes = Buffer.alloc(length);
  let at = 0;
  yield* each(pieces, (piece) => (at += bytes.write(piece, at, 'latin1')));
  return bytes;
}

/** Encoded words around what is masked, in the charset and encoding of the first one. */
function* encodeAnew(
  { words, bytes }: Piece,
  { first, last, edits }: Cluster,
): Generator<void, Edit> {
  const [from, to] = [words[first], words[last]];
  if (from === undefined || to === undefined) return { start: 0, end: 0, content: Buffer.alloc(0) };
  const filled: Buffer[] = [];
  let at = from.bytes.start;
  let length = 0;
  const add = (chunk: Buffer): void => {
    if (chunk.length > 0) filled.push(chunk);
    length += chunk.length;
  };
  yield* each(edits, (edit) => {
    add(bytes.subarray(at, edit.start));
    add(contentOf(edit));
    at = edit.end;
  });
  add(bytes.subarray(at, to.bytes.end));
  // A word of ISO-2022-JP has to begin and end in ASCII, and a chunk may not.
  const isOne = /^iso-2022/i.test(from.charset);
  const whole =
    isOne || length <= longestWord ? yield* encodeWord(from, Buffer.concat(filled)) : null;
  const start = from.raw.start;
  const end = to.raw.end;
  if (filled.length === 0) return { start, end, content: Buffer.alloc(0) };
  if (whole !== null && (isOne || whole.length <= longestWord))
    return { start, end, content: Buffer.from(whole, 'latin1') };
  const written: string[] = [];
  const pace = new Pace(100);
  for (const chunk of filled) {
    written.push(written.length === 0 ? '' : ' ', yield* encodeWord(from, chunk));
    if (pace.isOver()) yield;
  }
  return { start, end, content: yield* inLatin1(written) };
}
