import type { ContentEdit, Edit } from './edits';
import { lineAt, lineBreakAt, workSize, type Decoded, type Encoded } from './transfer';
import { each, Pace } from '../steps';

/** A line of quoted-printable. */
interface Line {
  start: number;
  /** Behind its letters, without spaces that are none. */
  lettersEnd: number;
  end: number;
  next: number;
  /** Whether the next line goes on with it. */
  goesOn: boolean;
}

/** A place in a line, and where it is in the decoded content. */
interface Place {
  line: Line;
  start: number;
  decoded: number;
}

const hexDigits = new Int8Array(256).fill(-1);
[...'0123456789ABCDEFabcdef'].forEach((digit) => {
  hexDigits[digit.charCodeAt(0)] = Number.parseInt(digit, 16);
});

/** How many bytes say what byte stands at a place: three for `=4A`. */
function lengthAt(bytes: Buffer, at: number, end: number): 1 | 3 {
  if (bytes[at] !== 61 || at + 2 >= end) return 1;
  const isHex = (byte = 0): boolean => (hexDigits[byte] ?? -1) >= 0;
  return isHex(bytes[at + 1]) && isHex(bytes[at + 2]) ? 3 : 1;
}

/** The byte that is said from a place on by so many. */
const byteAt = (bytes: Buffer, at: number, length: 1 | 3): number =>
  length === 1
    ? (bytes[at] ?? 0)
    : (hexDigits[bytes[at + 1] ?? 0] ?? 0) * 16 + (hexDigits[bytes[at + 2] ?? 0] ?? 0);

/** Places are kept at the start of each line, and after so many bytes of a longer one. */
const betweenPlaces = 256;

/** Decodes quoted-printable, with pauses. Replacements change the lines around them only. */
export function* decodeQuotedPrintable(encoded: Encoded): Generator<void, Decoded> {
  const reader = new Reader(encoded);
  yield* reader.read();
  const writer = new Writer(encoded, reader.places);
  return {
    bytes: reader.out.subarray(0, reader.length),
    hasForeign: false,
    toEncoded: (edits) => each(edits, (edit) => writer.write(edit)),
  };
}

class Reader {
  readonly places: Place[] = [];
  readonly out: Buffer;
  length = 0;
  private readonly pace = new Pace(workSize / 2);

  constructor(private readonly encoded: Encoded) {
    this.out = Buffer.alloc(encoded.range.end - encoded.range.start);
  }

  *read(): Generator<void, void> {
    const { bytes, range } = this.encoded;
    for (let at = range.start; at < range.end;) {
      const line = yield* this.lineFrom(at);
      yield* this.readLine(line);
      if (!line.goesOn) this.length += bytes.copy(this.out, this.length, line.end, line.next);
      at = line.next;
      if (this.pace.isOver(16)) yield;
    }
  }

  private *lineFrom(start: number): Generator<void, Line> {
    const { bytes, range } = this.encoded;
    const { end, next } = lineAt(bytes, start, range.end);
    let lettersEnd = end;
    while (lettersEnd > start && (bytes[lettersEnd - 1] === 32 || bytes[lettersEnd - 1] === 9)) {
      lettersEnd -= 1;
      if (this.pace.isOver()) yield;
    }
    const goesOn = lettersEnd > start && bytes[lettersEnd - 1] === 61;
    return { start, lettersEnd: goesOn ? lettersEnd - 1 : lettersEnd, end, next, goesOn };
  }

  private *readLine(line: Line): Generator<void, void> {
    const { bytes } = this.encoded;
    const decoded = this.length;
    this.places.push({ line, start: line.start, decoded });
    for (let at = line.start; at < line.lettersEnd;) {
      const count = this.length - decoded;
      if (count > 0 && count % betweenPlaces === 0)
        this.places.push({ line, start: at, decoded: this.length });
      const length = lengthAt(bytes, at, line.lettersEnd);
      this.out[this.length] = byteAt(bytes, at, length);
      this.length += 1;
      at += length;
      if (this.pace.isOver()) yield;
    }
  }
}

const widest = 76;

/** Tokens of quoted-printable that must not be cut: letters, and `=4A` for everything else. */
const tokensOf = (content: Buffer): string[] =>
  [...content].map((byte) =>
    (byte >= 32 && byte <= 126 && byte !== 61) || byte === 9
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  );

class Writer {
  /** How much longer the line is in which the last replacement ended. */
  private column = { lineEnd: -1, added: 0 };
  private readonly lastBreak: string;

  constructor(
    private readonly encoded: Encoded,
    private readonly places: readonly Place[],
  ) {
    this.lastBreak = lineBreakAt(encoded.bytes, encoded.bytes.length);
  }

  /** @param edit one behind the last one */
  write(edit: ContentEdit): Edit {
    const start = this.placeOf(edit.start);
    const end = edit.end === edit.start ? start : this.endOf(edit.end - 1);
    const line = this.lineOf(end);
    const added = this.column.lineEnd >= start ? this.column.added : 0;
    const before = start - this.lineOf(start).start + added;
    const { text, tail, width } = this.broken(edit, before, { line, end });
    this.column = { lineEnd: line.end, added: width - (end - line.start) };
    const encoded = (tokens: string): Buffer => Buffer.from(tokens, 'latin1');
    return {
      ...{ start, end, content: encoded(text), tail: encoded(tail) },
      filler: encoded(tokensOf(edit.filler).join('')),
    };
  }

  /** What replaces a stretch, in lines of 76 at most; `before`: how much stands before it in its line. */
  private broken(
    { content, tail: last }: Pick<ContentEdit, 'content' | 'tail'>,
    before: number,
    { line, end }: { line: Pick<Line, 'end'>; end: number },
  ): { text: string; tail: string; width: number } {
    const { bytes } = this.encoded;
    const soft = `=${line.end < bytes.length ? lineBreakAt(bytes, line.end) : this.lastBreak}`;
    let width = before;
    let text = '';
    const tokens = tokensOf(content);
    const after = tokensOf(last);
    const breakBefore = (room: number): void => {
      if (width === 0 || width + room <= widest) return;
      text += soft;
      width = 0;
    };
    const write = (token: string): void => {
      breakBefore(token.length + 1);
      text += token;
      width += token.length;
    };
    breakBefore(Math.min([...tokens, ...after].join('').length + 1, widest));
    tokens.forEach(write);
    const contentEnd = text.length;
    after.forEach(write);
    if (line.end > end) breakBefore(line.end - end);
    // A space or tab at the end of a line is none.
    if (line.end === end) text = text.replace(/[ \t]$/, (last) => (last === ' ' ? '=20' : '=09'));
    const [shown, tail] = [text.slice(0, contentEnd), text.slice(contentEnd)];
    return { text: shown, tail, width };
  }

  /** The last kept place that is not behind another one, by what it is compared by. */
  private before(wanted: number, of: 'start' | 'decoded'): Place | undefined {
    let low = 0;
    let high = this.places.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.places[middle]?.[of] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    return this.places[low];
  }

  /** Where a decoded byte stands. */
  private placeOf(decoded: number): number {
    const { bytes, range } = this.encoded;
    const place = this.before(decoded, 'decoded');
    if (place === undefined) return range.start;
    const { lettersEnd, end, next, goesOn } = place.line;
    let at = place.start;
    let left = decoded - place.decoded;
    for (; left > 0 && at < lettersEnd; left -= 1) at += lengthAt(bytes, at, lettersEnd);
    if (at < lettersEnd) return at;
    return goesOn ? lettersEnd : Math.min(end + left, next);
  }

  /** Behind a decoded byte. */
  private endOf(decoded: number): number {
    const { bytes, range } = this.encoded;
    const at = this.placeOf(decoded);
    return at + lengthAt(bytes, at, range.end);
  }

  /** The line in which a place is; the last one, where it is behind its line break. */
  private lineOf(at: number): Pick<Line, 'start' | 'end'> {
    return this.before(at, 'start')?.line ?? { start: at, end: at };
  }
}
