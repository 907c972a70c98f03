import { append, contentOf, each, type ContentEdit, type Edit } from './edits';
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

/** A line with letters of base64: where it stands, and how many letters of its segment come before. */
interface Line {
  segment: number;
  start: number;
  letters: number;
}

/** Reads base64 as most readers do: other letters are passed over, and after padding it begins anew. */
class Reader {
  readonly segments: Segment[] = [];
  readonly lines: Line[] = [];
  readonly out: Buffer;
  length = 0;
  hasForeign = false;
  private bits = 0;
  private current: Segment | null = null;

  constructor(private readonly encoded: Encoded) {
    this.out = Buffer.alloc(Math.ceil(((encoded.range.end - encoded.range.start) * 3) / 4) + 3);
  }

  *read(): Generator<void, void> {
    const { bytes, range } = this.encoded;
    let pause = range.start + workSize;
    for (let at = range.start; at < range.end;) {
      const line = lineAt(bytes, at, range.end);
      yield* this.readLine(at, line.end);
      at = line.next;
      if (at < pause) continue;
      pause = at + workSize;
      yield;
    }
    this.finish(range.end);
  }

  private *readLine(start: number, end: number): Generator<void, void> {
    const { bytes } = this.encoded;
    this.note(start);
    for (let i = start; i < end; i += 1) {
      const value = values[bytes[i] ?? 0] ?? foreign;
      if (value < 64) this.letter(value, i);
      else if (value === padding) this.pad(i, start);
      else if (bytes[i] !== 32 && bytes[i] !== 9) this.hasForeign = true;
      if ((i - start) % workSize === workSize - 1) yield;
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

/** Most replacements in one stretch, where it may be parted: its work is done without a pause. */
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
  constructor(private readonly read: Read) {}

  *write(edits: readonly ContentEdit[]): Generator<void, Edit[]> {
    const stretches: Stretch[] = [];
    yield* each(edits, (edit) => {
      for (const part of this.stretchesOf(edit)) join(stretches, part);
    });
    return yield* each(stretches, (stretch) => this.editOf(stretch));
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

  private editOf({ segment, number, firstGroup, endGroup, edits }: Stretch): Edit {
    const isEnd = endGroup * 4 >= segment.letters;
    const from = segment.decodedStart + firstGroup * 3;
    const to = isEnd ? segment.decodedEnd : segment.decodedStart + endGroup * 3;
    const pieces: Buffer[] = [];
    let at = from;
    for (const [i, edit] of edits.entries()) {
      pieces.push(this.read.decoded.subarray(at, edit.start));
      const isLast = i === edits.length - 1;
      pieces.push(contentOf(edit, isLast && !isEnd ? fillersFor(edits, to - from) : 0));
      at = edit.end;
    }
    pieces.push(this.read.decoded.subarray(at, to));
    const start = this.placeOf(number, firstGroup * 4);
    const end = isEnd ? segment.end : this.placeOf(number, endGroup * 4 - 1) + 1;
    const letters = Buffer.concat(pieces).toString('base64');
    const content = Buffer.from(this.wrapped(letters, { start, end }), 'latin1');
    return { start, end, content, filler: lineFeed };
  }

  /** Letters in lines that are as long as the one that they stand in. */
  private wrapped(letters: string, { start, end }: { start: number; end: number }): string {
    const { bytes, range } = this.read.encoded;
    const before = bytes.lastIndexOf(10, start - 1);
    const lineStart = start === 0 ? 0 : Math.max(before + 1, range.start);
    const line = lineAt(bytes, start, range.end);
    const isSingle = line.end === range.end || line.end >= end;
    const width = Math.max(line.end - lineStart, isSingle ? 76 : 4);
    // One long line stays one.
    if (width > 998) return letters;
    const first = Math.max(width - (start - lineStart), 0);
    const lines = [letters.slice(0, first)];
    for (let at = first; at < letters.length; at += width)
      lines.push(letters.slice(at, at + width));
    return lines.join(lineBreakAt(bytes, line.end));
  }
}

/** How many spaces make a stretch longer by whole groups of three bytes. */
function fillersFor(edits: readonly ContentEdit[], length: number): number {
  const change = edits.reduce((sum, one) => sum + contentOf(one).length - (one.end - one.start), 0);
  const size = edits.at(-1)?.filler.length ?? 1;
  return [0, 1, 2].find((count) => (length + change + count * size) % 3 === 0) ?? 0;
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
  append(last.edits, stretch.edits);
}
