import type { Range } from '../mapped-text';
import { each, joined, Pace } from '../steps';
import { contentOf, type ContentEdit, type Edit } from './edits';
import { lineAt, lineBreakAt, workSize, type Decoded, type Encoded } from './transfer';

/** Lines of base64 may end anywhere. */
const lineFeed = Buffer.from('\n');

const foreign = 255;
const padding = 254;
const values = new Uint8Array(256).fill(foreign);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((letter, i) => {
  values[letter.charCodeAt(0)] = i;
});
values[61] = padding;

/** A stretch of base64 that ends with padding or with the content. Several may follow one another. */
interface Segment {
  /** Where its first letter stands. */
  start: number;
  /** Place of its first decoded byte, and of the one after its last. */
  decodedStart: number;
  decodedEnd: number;
  /** Behind its last letter, its padding included. */
  end: number;
  letters: number;
}

/**
 * A line with letters of base64, or a stretch of a longer one: where it stands, and how many letters of
 * its segment come before.
 */
interface Line {
  segment: number;
  start: number;
  letters: number;
}

/** Bytes of a line after which a stretch of its own begins. */
const longestStretch = 4_096;

/** Reads base64 as most readers do: other letters are passed over, and after padding it begins anew. */
class Reader {
  readonly segments: Segment[] = [];
  readonly lines: Line[] = [];
  readonly out: Buffer;
  length = 0;
  hasForeign = false;
  private bits = 0;
  private current: Segment | null = null;
  private readonly pace = new Pace(workSize);

  constructor(private readonly encoded: Encoded) {
    this.out = Buffer.alloc(Math.ceil(((encoded.range.end - encoded.range.start) * 3) / 4) + 3);
  }

  *read(): Generator<void, void> {
    const { bytes, range } = this.encoded;
    for (let at = range.start; at < range.end;) {
      const line = lineAt(bytes, at, range.end);
      yield* this.readLine(at, line.end);
      at = line.next;
      if (this.pace.isOver(16)) yield;
    }
    this.finish(range.end);
  }

  private *readLine(start: number, end: number): Generator<void, void> {
    const { bytes } = this.encoded;
    this.note(start);
    for (let i = start; i < end; i += 1) {
      // What is replaced in a long line does not change the whole of it.
      if (i > start && (i - start) % longestStretch === 0) this.note(i);
      const value = values[bytes[i] ?? 0] ?? foreign;
      if (value < 64) this.letter(value, i);
      else if (value === padding) this.pad(i, start);
      else if (bytes[i] !== 32 && bytes[i] !== 9) this.hasForeign = true;
      if (this.pace.isOver()) yield;
    }
  }

  private note(start: number): void {
    const segment = this.current === null ? this.segments.length : this.segments.length - 1;
    this.lines.push({ segment, start, letters: this.current?.letters ?? 0 });
  }

  private letter(value: number, at: number): void {
    if (this.current === null) {
      const { length } = this;
      this.current = { start: at, decodedStart: length, decodedEnd: length, end: at, letters: 0 };
      this.segments.push(this.current);
    }
    this.bits = ((this.bits << 6) | value) & 0xffffff;
    this.current.letters += 1;
    this.current.end = at + 1;
    if (this.current.letters % 4 !== 0) return;
    this.out[this.length] = this.bits >> 16;
    this.out[this.length + 1] = (this.bits >> 8) & 255;
    this.out[this.length + 2] = this.bits & 255;
    this.length += 3;
  }

  private pad(at: number, line: number): void {
    const last = this.segments.at(-1);
    if (this.current === null && last !== undefined) last.end = at + 1;
    if (this.current === null) return;
    this.finish(at + 1);
    this.note(Math.max(line, at + 1));
  }

  private finish(end: number): void {
    const { current } = this;
    if (current === null) return;
    const rest = current.letters % 4;
    if (rest > 1) this.out[this.length] = (this.bits << (24 - 6 * rest)) >> 16;
    if (rest > 2) this.out[this.length + 1] = ((this.bits << 6) >> 8) & 255;
    this.length += rest > 1 ? rest - 1 : 0;
    current.decodedEnd = this.length;
    if (rest !== 0 && this.encoded.bytes[end - 1] === 61) current.end = end;
    this.current = null;
    this.bits = 0;
  }
}

/** Decodes base64, with pauses. Replacements change the lines around them only. */
export function* decodeBase64(encoded: Encoded): Generator<void, Decoded> {
  const reader = new Reader(encoded);
  yield* reader.read();
  const { segments, lines, hasForeign } = reader;
  const bytes = reader.out.subarray(0, reader.length);
  const writer = new Writer({ encoded, decoded: bytes, segments, lines });
  return { bytes, hasForeign, toEncoded: (edits) => writer.write(edits) };
}

interface Read {
  encoded: Encoded;
  decoded: Buffer;
  segments: readonly Segment[];
  lines: readonly Line[];
}

/** Most replacements in one stretch, where it may be parted. */
const mostEdits = 100;

/** Replacements of one stretch that is encoded anew. */
interface Stretch {
  segment: Segment;
  number: number;
  /** Groups of four letters, from the first to before the last. */
  firstGroup: number;
  endGroup: number;
  edits: ContentEdit[];
}

class Writer {
  /** The line in which the last replacement began, to before its line break, and behind that. */
  private line = { start: 0, end: -1, next: -1 };
  private readonly lastBreak: string;

  constructor(private readonly read: Read) {
    const { bytes } = read.encoded;
    this.lastBreak = lineBreakAt(bytes, bytes.length);
  }

  *write(edits: readonly ContentEdit[]): Generator<void, Edit[]> {
    const stretches: Stretch[] = [];
    yield* each(edits, (edit) => {
      for (const part of this.stretchesOf(edit)) join(stretches, part);
    });
    const replaced: Edit[] = [];
    const pace = new Pace(200);
    for (const stretch of stretches) {
      replaced.push(yield* this.editOf(stretch));
      if (pace.isOver(stretch.edits.length)) yield;
    }
    return replaced;
  }

  /** A replacement by segments; what is masked stands in the first one. */
  private *stretchesOf(edit: ContentEdit): Generator<Stretch> {
    let isFirst = true;
    for (let number = this.segmentAt(edit.start); number < this.read.segments.length; number += 1) {
      const segment = this.read.segments[number];
      if (segment === undefined || segment.decodedStart > edit.end) return;
      if (!isFirst && segment.decodedStart === edit.end) return;
      const start = Math.max(edit.start, segment.decodedStart);
      const end = Math.min(edit.end, segment.decodedEnd);
      const firstGroup = Math.floor((start - segment.decodedStart) / 3);
      const endGroup = this.endOfLine(number, Math.ceil((end - segment.decodedStart) / 3));
      const content = isFirst ? edit.content : Buffer.alloc(0);
      const tail = isFirst ? edit.tail : Buffer.alloc(0);
      const edits = [{ ...edit, start, end, content, tail }];
      yield { segment, number, firstGroup, endGroup, edits };
      isFirst = false;
    }
  }

  private segmentAt(decoded: number): number {
    const { segments } = this.read;
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (decoded < (segments[middle]?.decodedEnd ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The first whole group behind the line in which the letters before a group end. */
  private endOfLine(segment: number, group: number): number {
    const line = this.lineOf(segment, Math.max(group * 4 - 1, 0));
    const next = this.read.lines[line + 1];
    const letters = this.read.segments[segment]?.letters ?? 0;
    const end = next?.segment === segment ? next.letters : letters;
    return Math.ceil(Math.max(end, group * 4) / 4);
  }

  /** The last line that begins at or before a letter of a segment. */
  private lineOf(segment: number, letter: number): number {
    const { lines } = this.read;
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const { segment: at = 0, letters = 0 } = lines[middle] ?? {};
      if (at < segment || (at === segment && letters <= letter)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where a letter of a segment stands, counted from 0. */
  private placeOf(segment: number, letter: number): number {
    const { bytes } = this.read.encoded;
    const line = this.read.lines[this.lineOf(segment, letter)];
    let count = letter - (line?.letters ?? 0);
    for (let at = line?.start ?? 0; ; at += 1) {
      if ((values[bytes[at] ?? 0] ?? foreign) >= 64) continue;
      if (count === 0) return at;
      count -= 1;
    }
  }

  private *editOf(stretch: Stretch): Generator<void, Edit> {
    const { segment, number, firstGroup, endGroup, edits } = stretch;
    const isEnd = endGroup * 4 >= segment.letters;
    const from = segment.decodedStart + firstGroup * 3;
    const to = isEnd ? segment.decodedEnd : segment.decodedStart + endGroup * 3;
    let length = to - from;
    yield* each(edits, (edit) => (length += contentOf(edit).length - (edit.end - edit.start)));
    const last = edits.at(-1);
    const size = last?.filler?.length ?? 1;
    // So many fillers make the stretch longer by whole groups of three bytes.
    const fillers = isEnd ? 0 : [0, 1, 2].find((count) => (length + count * size) % 3 === 0);
    const bytes = Buffer.alloc(length + (fillers ?? 0) * size);
    let at = from;
    let written = 0;
    yield* each(edits, (edit) => {
      written += this.read.decoded.copy(bytes, written, at, edit.start);
      written += contentOf(edit, edit === last ? fillers : 0).copy(bytes, written);
      at = edit.end;
    });
    this.read.decoded.copy(bytes, written, at, to);
    const start = this.placeOf(number, firstGroup * 4);
    const end = isEnd ? segment.end : this.placeOf(number, endGroup * 4 - 1) + 1;
    const letters = yield* this.wrapped(bytes.toString('base64'), { start, end });
    return { start, end, content: Buffer.from(letters, 'latin1'), filler: lineFeed };
  }

  /** Letters in lines that are as long as the one that they stand in. */
  private *wrapped(letters: string, { start, end }: Range): Generator<void, string> {
    const { bytes, range } = this.read.encoded;
    if (start < this.line.start || start >= this.line.next) {
      const before = start === 0 ? -1 : bytes.lastIndexOf(10, start - 1);
      const from = start === 0 ? 0 : Math.max(before + 1, range.start);
      this.line = { start: from, ...lineAt(bytes, start, range.end) };
    }
    const { line } = this;
    const lineStart = line.start;
    const isSingle = line.end === range.end || line.end >= end;
    const width = Math.max(line.end - lineStart, isSingle ? 76 : 4);
    // One long line stays one.
    if (width > 998) return letters;
    const first = Math.max(width - (start - lineStart), 0);
    const lines = [letters.slice(0, first)];
    const lineBreak = line.end < bytes.length ? lineBreakAt(bytes, line.end) : this.lastBreak;
    const pace = new Pace(200);
    for (let at = first; at < letters.length; at += width) {
      lines.push(lineBreak, letters.slice(at, at + width));
      if (pace.isOver()) yield;
    }
    return yield* joined(lines);
  }
}

/** Adds a stretch to those before it, or to the last one where they meet. */
function join(stretches: Stretch[], stretch: Stretch): void {
  const last = stretches.at(-1);
  if (
    last?.segment !== stretch.segment ||
    last.endGroup < stretch.firstGroup ||
    (last.endGroup === stretch.firstGroup && last.edits.length > mostEdits)
  ) {
    stretches.push(stretch);
    return;
  }
  last.endGroup = Math.max(last.endGroup, stretch.endGroup);
  last.edits.push(...stretch.edits);
}
