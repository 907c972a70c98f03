import type { Range } from '../mapped-text';
import { Pace } from '../steps';
import { parameterOf, parseParameters, type WithParameters } from './parameters';
import { lineAt, transferEncoding, workSize, type TransferEncoding } from './transfer';

/** A header field: from its name to behind its last line break. */
export interface Field {
  /** In lower case. */
  name: string;
  /** Behind the colon, to before the last line break. */
  value: Range;
}

/** A part of a mail, or the mail itself: its header and, where it holds no parts itself, its body. */
export interface Part {
  fields: Field[];
  /** The first field of each name that tells how the part is read. */
  byName: Map<string, Field>;
  contentType: WithParameters;
  encoding: TransferEncoding;
  body: Range | null;
}

/** Where the parts of a mail stand, and what stands outside of them. */
export interface Structure {
  parts: Part[];
  /** Before the first part and after the last one, and lines of a header that are no fields. */
  loose: Range[];
}

/** What a part without `Content-Type` is (RFC 2045 section 5.2, RFC 2046 section 5.1.5). */
type DefaultType = 'text/plain' | 'message/rfc822';

interface Level {
  boundary: string | null;
  defaultType: DefaultType;
  hasParts: boolean;
}

type Mode = { kind: 'header' | 'body' | 'loose'; start: number };

/** Messages whose header and body are those of a mail. */
const isMessage = (type: string): boolean =>
  /^message\/(rfc822|global|news|rfc2822)$|^(text\/rfc822-headers|message\/(rfc822|global)-headers)$/.test(
    type,
  );

export const isMailPart = ({ contentType }: Part): boolean => isMessage(contentType.value);

const maximumBoundary = 200;
/** A line costs as much as to pass over so many bytes. */
const lineCost = 64;

/**
 * Reads a mail line by line, once, whatever its parts are in: RFC 5322 section 2.2, RFC 2046 section 5.1.
 * A delimiter ends all that stands within its multipart, also what was not ended. Boundaries that do
 * not fit are told by what follows them.
 */
class Reader {
  readonly structure: Structure = { parts: [], loose: [] };
  private readonly levels: Level[] = [];
  /** Numbers of the levels that have a boundary, the innermost last. */
  private readonly open = new Map<string, number[]>();
  private part: Part;
  private mode: Mode = { kind: 'header', start: 0 };

  constructor(private readonly bytes: Buffer) {
    this.part = this.newPart('text/plain');
  }

  *read(): Generator<void, Structure> {
    const { bytes } = this;
    const pace = new Pace(workSize);
    for (let at = 0; at < bytes.length;) {
      const line = lineAt(bytes, at, bytes.length);
      this.line(at, line);
      const size = line.next - at;
      at = line.next;
      if (pace.isOver(size + lineCost)) yield;
    }
    this.finish(bytes.length);
    return this.structure;
  }

  private line(start: number, { end, next }: { end: number; next: number }): void {
    if (this.isDelimiter(start, end, next)) return;
    if (this.mode.kind === 'header') this.headerLine(start, end, next);
  }

  private isDelimiter(start: number, end: number, next: number): boolean {
    const { bytes } = this;
    if (this.levels.length === 0 || bytes[start] !== 45 || bytes[start + 1] !== 45) return false;
    if (end - start > maximumBoundary) return false;
    const key = bytes.toString('latin1', start + 2, end).trimEnd();
    const level = this.levelOf(key);
    const closed = key.endsWith('--') ? this.levelOf(key.slice(0, -2)) : undefined;
    if (level === undefined && closed === undefined) return this.adopts(key, start, next);
    this.finish(this.beforeBreak(start));
    this.closeAfter(level ?? closed ?? 0);
    if (level === undefined) this.mode = { kind: 'loose', start: next };
    else this.beginPart(next);
    return true;
  }

  private levelOf(boundary: string): number | undefined {
    return this.open.get(boundary)?.at(-1);
  }

  /** Takes a line for a delimiter, in a multipart whose own has not come, when a header follows it. */
  private adopts(boundary: string, start: number, next: number): boolean {
    const level = this.levels.at(-1);
    if (this.mode.kind !== 'loose' || level?.hasParts !== false || boundary === '') return false;
    const following = this.bytes.toString('latin1', next, next + 100);
    if (!/^(?:content-[\w-]+|mime-version)[ \t]*:/i.test(following)) return false;
    this.finish(this.beforeBreak(start));
    this.push({ boundary, defaultType: level.defaultType, hasParts: false });
    this.beginPart(next);
    return true;
  }

  /** The line break before a delimiter belongs to the delimiter. */
  private beforeBreak(start: number): number {
    if (this.bytes[start - 1] !== 10) return start;
    return this.bytes[start - 2] === 13 ? start - 2 : start - 1;
  }

  private push(level: Level): void {
    this.levels.push(level);
    if (level.boundary === null) return;
    const numbers = this.open.get(level.boundary);
    if (numbers) numbers.push(this.levels.length - 1);
    else this.open.set(level.boundary, [this.levels.length - 1]);
  }

  private closeAfter(number: number): void {
    while (this.levels.length - 1 > number) {
      const boundary = this.levels.pop()?.boundary ?? null;
      if (boundary !== null) this.open.get(boundary)?.pop();
    }
  }

  private beginPart(start: number): void {
    const level = this.levels.at(-1);
    if (level) level.hasParts = true;
    this.part = this.newPart(level?.defaultType ?? 'text/plain');
    this.mode = { kind: 'header', start };
  }

  private newPart(type: DefaultType): Part {
    const contentType = { value: type, parameters: [] };
    const part: Part = {
      ...{ fields: [], byName: new Map(), contentType, encoding: 'none', body: null },
    };
    this.structure.parts.push(part);
    return part;
  }

  private headerLine(start: number, end: number, next: number): void {
    const { bytes, part } = this;
    if (start === end) {
      this.beginBody(next);
      return;
    }
    const isFolded = bytes[start] === 32 || bytes[start] === 9;
    const last = part.fields.at(-1);
    if (isFolded && last) {
      last.value.end = end;
      return;
    }
    const name = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/.exec(
      bytes.toString('latin1', start, start + 200),
    );
    if (name !== null && start + name[0].length <= end) {
      const field = (name[1] ?? '').toLowerCase();
      const one = { name: field, value: { start: start + name[0].length, end } };
      part.fields.push(one);
      if (field.startsWith('content-') && !part.byName.has(field)) part.byName.set(field, one);
    } else if (
      part.fields.length === 0 &&
      /^>?From /.test(bytes.toString('latin1', start, start + 6))
    ) {
      // How mailboxes separate mails (RFC 4155).
      this.structure.loose.push({ start, end });
    } else {
      this.beginBody(start);
      // The line is the first one of a message in it.
      if (this.part !== part) this.headerLine(start, end, next);
    }
  }

  private beginBody(start: number): void {
    const { part, bytes } = this;
    const valueOf = (name: string): string => {
      const field = part.byName.get(name);
      return field ? bytes.toString('latin1', field.value.start, field.value.end) : '';
    };
    const given = valueOf('content-type');
    if (given.trim() !== '') part.contentType = parseParameters(given);
    part.encoding = transferEncoding(parseParameters(valueOf('content-transfer-encoding')).value);
    const type = part.contentType.value;
    if (type.startsWith('multipart/')) {
      const boundary = parameterOf(part.contentType, 'boundary')?.trimEnd();
      const defaultType = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
      this.push({ boundary: boundary || null, defaultType, hasParts: false });
      this.mode = { kind: 'loose', start };
    } else if (isMessage(type) && part.encoding === 'none') {
      this.part = this.newPart('text/plain');
      this.mode = { kind: 'header', start };
    } else {
      this.mode = { kind: 'body', start };
    }
  }

  private finish(end: number): void {
    const { kind, start } = this.mode;
    const range = { start, end: Math.max(start, end) };
    if (kind === 'body') this.part.body = range;
    else if (kind === 'loose') this.structure.loose.push(range);
    this.mode = { kind: 'loose', start: range.end };
  }
}

/** Where the parts of a mail stand. Nothing is copied, and nothing is left out. Pauses now and then. */
export const readStructure = (bytes: Buffer): Generator<void, Structure> =>
  new Reader(bytes).read();
