import type { TextEdit } from '../mapped-text';
import { each, Pace } from '../steps';
import { contentEdit, type ContentEdit } from './edits';

/**
 * How bytes become a text. `bytes`: one byte is one letter. `units`: so many bytes are one UTF-16 unit.
 * `steps`: several bytes may be a letter, and a decoder tells which.
 */
type Form =
  | { kind: 'bytes'; encoding: string | null }
  | { kind: 'units'; size: 2 | 4; isLittle: boolean }
  | { kind: 'steps'; encoding: string };

/** Content that was decoded. */
export interface DecodedText {
  text: string;
  /** The same replacements in the bytes. They are in order. */
  toBytes: (edits: readonly TextEdit[]) => Generator<void, ContentEdit[]>;
}

/** Names of charsets that TextDecoder (WHATWG Encoding Standard) does not know, and are the same. */
const aliases: Record<string, string> = {
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  'utf-8-sig': 'utf-8',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  'x-mac-roman': 'macintosh',
  cp65001: 'utf-8',
  latin9: 'iso-8859-15',
};

/** Charsets that have the letters of ASCII in other places (IBM EBCDIC). */
const ebcdic =
  /^(?:x-)?(?:ebcdic.*|(?:ibm|cp)[-_]?0*(?:37|273|27[78]|28[0145]|29[07]|42[034]|500|87[01]|88[05]|90[05]|10(?:26|47)|11[234]\d))$/;

/** Whether a text in this charset cannot be read, so that nobody can tell what stands in it. */
export const isUnreadable = (label: string | null): boolean => label !== null && ebcdic.test(label);

const byBom = (bytes: Buffer): Form | null => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { kind: 'units', size: bytes[2] === 0 && bytes[3] === 0 ? 4 : 2, isLittle: true };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { kind: 'units', size: 2, isLittle: false };
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0xfeff)
    return { kind: 'units', size: 4, isLittle: false };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return { kind: 'steps', encoding: 'utf-8' };
  return null;
};

/** UTF-16 by its zero bytes: letters of ASCII have one each. */
function byZeros(bytes: Buffer): Form | null {
  const sample = bytes.subarray(0, 2_000);
  const zeros = [0, 0];
  sample.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const isUnits =
    Math.max(even, odd) * 4 > sample.length && Math.abs(even - odd) * 4 > sample.length;
  return isUnits ? { kind: 'units', size: 2, isLittle: odd > even } : null;
}

const decoderOf = (encoding: string) => new TextDecoder(encoding, { ignoreBOM: true });

function byLabel(label: string): Form | null {
  if (/^utf-?32/.test(label)) return { kind: 'units', size: 4, isLittle: label.endsWith('le') };
  let encoding: string;
  try {
    ({ encoding } = decoderOf(aliases[label] ?? label));
  } catch {
    return null;
  }
  if (encoding === 'utf-16le') return { kind: 'units', size: 2, isLittle: true };
  if (encoding === 'utf-16be') return { kind: 'units', size: 2, isLittle: false };
  const isWide = /^(utf-8|gbk|gb18030|big5|euc-jp|euc-kr|shift_jis|iso-2022-jp)$/.test(encoding);
  return { kind: isWide ? 'steps' : 'bytes', encoding };
}

/** A text of which nobody says what it is written in: UTF-8 where it may be, else every byte is a letter. */
function unlabelled(bytes: Buffer): Form {
  const sample = bytes.subarray(0, 65_536);
  let last = sample.length;
  // A letter may be cut in two at the end of the sample.
  while (sample.length < bytes.length && last > 0 && ((sample[last - 1] ?? 0) & 0x80) !== 0)
    last -= 1;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample.subarray(0, last));
    return { kind: 'steps', encoding: 'utf-8' };
  } catch {
    return { kind: 'bytes', encoding: 'windows-1252' };
  }
}

function formOf(bytes: Buffer, label: string | null): Form {
  const marked = byBom(bytes);
  if (marked !== null) return marked;
  const named = label === null ? unlabelled(bytes) : byLabel(label);
  if (named === null) return { kind: 'bytes', encoding: null };
  if (named.kind !== 'units') return byZeros(bytes) ?? named;
  // Without a zero byte there is no letter of ASCII in it, or it is something else than it says.
  if (!bytes.includes(0)) return unlabelled(bytes);
  // `utf-16` does not say in which order; zeros do.
  return (label === 'utf-16' ? byZeros(bytes) : null) ?? named;
}

/** How much is decoded at once. */
const chunkSize = 131_072;

/**
 * Decodes a text, with a pause after each chunk. Whatever the charset, replacements of ASCII letters can
 * be written: what surrounds them keeps its bytes.
 * @param label the charset in lower case, as the part names it; null where it names none
 */
export function* decodeText(bytes: Buffer, label: string | null): Generator<void, DecodedText> {
  const form = formOf(bytes, label);
  const pieces: string[] = [];
  const next = pieceDecoder(form);
  for (let at = 0; at < bytes.length; at += chunkSize) {
    pieces.push(next(bytes.subarray(at, at + chunkSize), at + chunkSize >= bytes.length));
    yield;
  }
  const text = pieces.join('');
  return { text, toBytes: (edits) => bytesOf({ bytes, text, form }, edits) };
}

function pieceDecoder(form: Form): (chunk: Buffer, isLast: boolean) => string {
  if (form.kind === 'units' && form.size === 4) return (chunk) => units32(chunk, form.isLittle);
  if (form.kind === 'bytes' && form.encoding === null) return (chunk) => chunk.toString('latin1');
  const encoding =
    form.kind === 'units' ? (form.isLittle ? 'utf-16le' : 'utf-16be') : (form.encoding ?? '');
  const decoder = decoderOf(encoding);
  const decode = (chunk: Buffer, isLast: boolean): string =>
    decoder.decode(chunk, { stream: !isLast });
  if (form.kind === 'bytes') return decode;
  // A line break that a mail system has put between units of two bytes reads as a letter of an address.
  return (chunk, isLast) => decode(chunk, isLast).replaceAll(/[\u0a0d\u0d0a]/g, '\n');
}

/** UTF-32, one unit for each letter: those beyond 16 bits have no digits and need not be told apart. */
function units32(chunk: Buffer, isLittle: boolean): string {
  const letters: string[] = [];
  for (let at = 0; at + 4 <= chunk.length; at += 4) {
    const code = isLittle ? chunk.readUInt32LE(at) : chunk.readUInt32BE(at);
    letters.push(String.fromCharCode(code > 0xffff ? 0xfffd : code));
  }
  return letters.join('');
}

interface Source {
  bytes: Buffer;
  text: string;
  form: Form;
}

function bytesOf(source: Source, edits: readonly TextEdit[]): Generator<void, ContentEdit[]> {
  const { form, bytes } = source;
  if (form.kind === 'bytes')
    return each(edits, ({ start, end, text }) =>
      contentEdit({ start, end, content: Buffer.from(ascii(text), 'latin1') }),
    );
  if (form.kind === 'units') {
    const { size } = form;
    return each(edits, ({ start, end, text }) => ({
      start: Math.min(start * size, bytes.length),
      end: Math.min(end * size, bytes.length),
      content: unitsOf(text, form),
      filler: unitsOf(' ', form),
      tail: Buffer.alloc(0),
    }));
  }
  return stepsOf({ ...source, encoding: form.encoding }, edits);
}

/** What cannot be said in every charset. */
const ascii = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]/g, '?');

function unitsOf(text: string, { size, isLittle }: { size: 2 | 4; isLittle: boolean }): Buffer {
  const units = Buffer.from(size === 2 ? text : [...ascii(text)].join('\0'), 'utf16le');
  const bytes = size === 2 || text === '' ? units : Buffer.concat([units, Buffer.alloc(2)]);
  if (isLittle) return bytes;
  return size === 2 ? bytes.swap16() : bytes.swap32();
}

/**
 * Places of replacements in a charset in which letters have several bytes. A line feed is one byte in all
 * of them, so that only the lines with a replacement are walked through, and no further than the last one.
 */
function* stepsOf(
  source: Source & { encoding: string },
  edits: readonly TextEdit[],
): Generator<void, ContentEdit[]> {
  const { encoding, bytes } = source;
  const walk = new LineWalk(source);
  const results: ContentEdit[] = [];
  for (const { start, end, text: mark } of edits) {
    const from = yield* walk.placeOf(start);
    const to = yield* walk.placeOf(end);
    const content = Buffer.from(encoding === 'utf-8' ? mark : ascii(mark), 'utf8');
    const isShifted = from.state !== '' && content.length > 0;
    // An escape sequence right after another one is an error.
    const goesOn = isShifted || content.length > 0 || from.state !== to.state;
    const isReset = bytes[to.place] === escapeByte || to.place >= bytes.length;
    results.push({
      start: from.place,
      end: Math.max(to.place, from.place),
      content: isShifted ? Buffer.concat([toAscii, content]) : content,
      filler: Buffer.from(' '),
      tail: Buffer.from(goesOn && !isReset ? to.state : '', 'latin1'),
    });
  }
  return results;
}

/** The sequence of ISO-2022-JP (RFC 1468) after which ASCII follows. */
const toAscii = Buffer.from('\u001b(B', 'latin1');

/** Where a letter begins, and the escape sequence that holds there. */
interface Place {
  place: number;
  state: string;
}

/** Letters that are walked through between two pauses; a letter costs as much as to pass over so many. */
const lettersAtATime = 2_048;
const letterCost = 16;

/** Walks from line to line through a text and its bytes. Pauses now and then. */
class LineWalk {
  private byteStart = 0;
  private textStart = 0;
  private textEnd: number;
  private letters: LetterWalk | null = null;
  private readonly pace = new Pace(letterCost * lettersAtATime);
  private readonly hasState: boolean;

  constructor(private readonly source: Source & { encoding: string }) {
    // A line of ISO-2022-JP may begin as the one before has ended: it is walked through as a whole.
    this.hasState = source.encoding === 'iso-2022-jp';
    this.textEnd = this.hasState ? source.text.length : endOfLine(source.text, 0);
  }

  /** @param offset not before the one that was asked for last */
  *placeOf(offset: number): Generator<void, Place> {
    while (offset > this.textEnd) {
      this.next();
      if (this.pace.isOver(letterCost + this.textEnd - this.textStart)) yield;
    }
    this.letters ??= new LetterWalk(this.line(), this.byteStart, this.source.encoding);
    while (!this.letters.hasReached(offset - this.textStart)) {
      this.letters.next();
      if (this.pace.isOver(letterCost)) yield;
    }
    if (this.pace.isOver(letterCost)) yield;
    return this.letters.placeOf(offset - this.textStart);
  }

  private next(): void {
    const { bytes, text } = this.source;
    const lineFeed = bytes.indexOf(10, this.byteStart);
    this.byteStart = lineFeed < 0 ? bytes.length : lineFeed + 1;
    this.textStart = this.textEnd + 1;
    this.textEnd = endOfLine(text, this.textStart);
    this.letters = null;
  }

  private line(): Buffer {
    const { bytes } = this.source;
    const lineFeed = this.hasState ? -1 : bytes.indexOf(10, this.byteStart);
    return bytes.subarray(this.byteStart, lineFeed < 0 ? bytes.length : lineFeed);
  }
}

/** Walks from letter to letter through a line and its bytes. */
class LetterWalk {
  private readonly decoder;
  private readonly hasState: boolean;
  private at = 0;
  private state = '';
  /** Where the letter begins that is read now. */
  private begin: Place;
  /** Letters that were read, and how many of them the last byte has told. */
  private count = 0;
  private told = 0;
  /** Where the first of those begins, and the others. */
  private first: Place;
  private others: Place;
  /** Whether the decoder waits for no more bytes, so that a byte of ASCII is a letter. */
  private isBetween = true;
  private ended = false;

  constructor(
    private readonly line: Buffer,
    private readonly lineStart: number,
    encoding: string,
  ) {
    this.decoder = decoderOf(encoding);
    this.hasState = encoding === 'iso-2022-jp';
    this.begin = this.first = this.others = { place: lineStart, state: '' };
  }

  hasReached(letter: number): boolean {
    return this.ended || letter < this.count;
  }

  /** @param letter one that was reached last */
  placeOf(letter: number): Place {
    return letter <= this.count - this.told ? this.first : this.others;
  }

  /** Reads the next byte; after the last one, the end of the line is as a letter. */
  next(): void {
    const { line, at, begin } = this;
    const byte = line[at];
    if (byte === undefined) {
      this.tell(this.decoder.decode().length, begin, begin);
      const end = { place: this.lineStart + line.length, state: this.state };
      this.tell(1, end, end);
      this.ended = true;
      return;
    }
    this.at = at + 1;
    const length = this.lengthAt(at, byte);
    if (this.hasState && byte === escapeByte) this.state = stateAt(line, at) ?? this.state;
    if (length === 0) return;
    // Bytes that are no letter together with the next one stand for a letter of their own.
    const place = this.lineStart + at;
    this.tell(length, begin, length === 1 ? begin : { place, state: this.state });
    this.begin = { place: place + 1, state: this.state };
  }

  /** How many letters a byte tells. */
  private lengthAt(at: number, byte: number): number {
    const isAscii = byte < 0x80;
    if (this.isBetween && isAscii && !this.hasState) return 1;
    const { length } = this.decoder.decode(this.line.subarray(at, at + 1), { stream: true });
    this.isBetween = isAscii && length > 0;
    return length;
  }

  private tell(count: number, first: Place, others: Place): void {
    if (count === 0) return;
    this.count += count;
    this.told = count;
    this.first = first;
    this.others = others;
  }
}

const endOfLine = (text: string, from: number): number => {
  const found = text.indexOf('\n', from);
  return found < 0 ? text.length : found;
};

const escapeByte = 27;
/** Behind the escape byte of ISO-2022-JP: what turns other letters on. */
const otherLetters = /^(\$[@B]|\([JI])$/;

/** The escape sequence that holds after a place, where one stands there; empty for ASCII. */
function stateAt(line: Buffer, at: number): string | null {
  const name = line.toString('latin1', at + 1, at + 3);
  if (name === '(B') return '';
  return otherLetters.test(name) ? `\u001b${name}` : null;
}
