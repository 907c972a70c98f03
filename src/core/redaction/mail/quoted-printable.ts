import { each, type ContentEdit, type Edit } from './edits';
import { lineAt, lineBreakAt, workSize, type Decoded, type Encoded } from './transfer';

/** A line of quoted-printable, and where it stands in the decoded content. */
interface Line {
  start: number;
  decoded: number;
}

const hexDigit = (byte: number | undefined): number => {
  const value = Number.parseInt(String.fromCharCode(byte ?? 0), 16);
  return Number.isNaN(value) ? -1 : value;
};

/** The byte that stands at a place, and how many bytes say so: three for `=4A`. */
function byteAt(bytes: Buffer, at: number, end: number): { value: number; length: number } {
  const byte = bytes[at] ?? 0;
  if (byte !== 61 || at + 2 >= end) return { value: byte, length: 1 };
  const high = hexDigit(bytes[at + 1]);
  const low = hexDigit(bytes[at + 2]);
  return high < 0 || low < 0 ? { value: byte, length: 1 } : { value: high * 16 + low, length: 3 };
}

/** Where the letters of a line end, without spaces that are none, and whether the next line goes on. */
function endOfLetters(bytes: Buffer, start: number, end: number): { end: number; goesOn: boolean } {
  let at = end;
  while (at > start && (bytes[at - 1] === 32 || bytes[at - 1] === 9)) at -= 1;
  if (at > start && bytes[at - 1] === 61) return { end: at - 1, goesOn: true };
  return { end: at, goesOn: false };
}

/** Decodes quoted-printable, with pauses. Replacements change the lines around them only. */
export function* decodeQuotedPrintable(encoded: Encoded): Generator<void, Decoded> {
  const { bytes, range } = encoded;
  const out = Buffer.alloc(range.end - range.start);
  const lines: Line[] = [];
  let length = 0;
  let pause = range.start + workSize;
  for (let at = range.start; at < range.end;) {
    const line = lineAt(bytes, at, range.end);
    const letters = endOfLetters(bytes, at, line.end);
    lines.push({ start: at, decoded: length });
    for (let i = at; i < letters.end;) {
      const { value, length: size } = byteAt(bytes, i, letters.end);
      out[length] = value;
      length += 1;
      i += size;
    }
    if (!letters.goesOn) length += bytes.copy(out, length, line.end, line.next);
    at = line.next;
    if (at < pause) continue;
    pause = at + workSize;
    yield;
  }
  const writer = new Writer(encoded, lines);
  return {
    bytes: out.subarray(0, length),
    hasForeign: false,
    toEncoded: (edits) => writer.write(edits),
  };
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
  constructor(
    private readonly encoded: Encoded,
    private readonly lines: readonly Line[],
  ) {}

  write(edits: readonly ContentEdit[]): Generator<void, Edit[]> {
    let column: { lineEnd: number; added: number } = { lineEnd: -1, added: 0 };
    return each(edits, (edit) => {
      const start = this.placeOf(edit.start);
      const end = edit.end === edit.start ? start : this.endOf(edit.end - 1);
      const added = column.lineEnd >= start ? column.added : 0;
      const { text, tail, width, lineEnd } = this.broken({ start, end }, edit, added);
      column = { lineEnd, added: width - (end - this.lineStart(end)) };
      const encoded = (tokens: string): Buffer => Buffer.from(tokens, 'latin1');
      return {
        ...{ start, end, content: encoded(text), tail: encoded(tail) },
        filler: encoded(tokensOf(edit.filler).join('')),
      };
    });
  }

  /** What replaces a stretch, in lines of 76 at most; `added`: by how much its line is longer already. */
  private broken(
    { start, end }: { start: number; end: number },
    { content, tail: last }: Pick<ContentEdit, 'content' | 'tail'>,
    added: number,
  ): { text: string; tail: string; width: number; lineEnd: number } {
    const { bytes, range } = this.encoded;
    const line = lineAt(bytes, end, range.end);
    const soft = `=${lineBreakAt(bytes, line.end)}`;
    let width = start - this.lineStart(start) + added;
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
    return { text: shown, tail, width, lineEnd: line.end };
  }

  private lineOf(decoded: number): Line {
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lines[middle]?.decoded ?? 0) <= decoded) low = middle;
      else high = middle - 1;
    }
    return this.lines[low] ?? { start: this.encoded.range.start, decoded: 0 };
  }

  private lineStart(place: number): number {
    const { bytes, range } = this.encoded;
    return place === 0 ? 0 : Math.max(bytes.lastIndexOf(10, place - 1) + 1, range.start);
  }

  /** Where a decoded byte stands. */
  private placeOf(decoded: number): number {
    const { bytes, range } = this.encoded;
    const line = this.lineOf(decoded);
    const { end, next } = lineAt(bytes, line.start, range.end);
    const letters = endOfLetters(bytes, line.start, end);
    let at = line.start;
    let left = decoded - line.decoded;
    for (; left > 0 && at < letters.end; left -= 1) at += byteAt(bytes, at, letters.end).length;
    if (at < letters.end) return at;
    return letters.goesOn ? letters.end : Math.min(end + left, next);
  }

  /** Behind a decoded byte. */
  private endOf(decoded: number): number {
    const { bytes, range } = this.encoded;
    const at = this.placeOf(decoded);
    return at + byteAt(bytes, at, range.end).length;
  }
}
