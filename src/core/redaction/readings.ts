import { Tokenizer } from 'htmlparser2';

/** Where a part of a text begins and ends. */
export interface Part {
  start: number;
  end: number;
}

/**
 * A text as somebody reads it, with the way back to how it is written: where the same stretch has other
 * lengths in both, as an entity has, it is replaced as a whole.
 */
export interface Reading {
  text: string;
  /** Where a part of the text is written; what is no part of the reading lies between the results. */
  sourceOf(part: Part): Part[];
}

/** A stretch of a reading, and of what it was read from. */
interface Stretch {
  at: number;
  length: number;
  start: number;
  end: number;
}

/** Builds a reading from stretches of the written text. */
class ReadingBuilder implements Reading {
  text = '';
  private readonly stretches: Stretch[] = [];

  constructor(private readonly written: string) {}

  /** Adds what is read as it is written. */
  copy(start: number, end: number): void {
    this.add(this.written.slice(start, end), start, end);
  }

  /** Adds what is read otherwise. */
  add(read: string, start: number, end: number): void {
    this.stretches.push({ at: this.text.length, length: read.length, start, end });
    this.text += read;
  }

  sourceOf({ start, end }: Part): Part[] {
    const parts: Part[] = [];
    for (let i = this.indexAt(start); i < this.stretches.length; i += 1) {
      const stretch = this.stretches[i];
      if (stretch === undefined || stretch.at >= end) break;
      const isCopied = stretch.end - stretch.start === stretch.length;
      const from = isCopied ? stretch.start + Math.max(0, start - stretch.at) : stretch.start;
      const to = isCopied
        ? stretch.start + Math.min(stretch.length, end - stretch.at)
        : stretch.end;
      const last = parts.at(-1);
      if (last?.end === from) last.end = to;
      else if (to > from) parts.push({ start: from, end: to });
    }
    return parts;
  }

  /** The stretch that holds a place of the reading. */
  private indexAt(place: number): number {
    let low = 0;
    let high = this.stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.stretches[middle]?.at ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Elements that stand within a line of text: digits on both sides are one number. */
const inline = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp ' +
    'small span strike strong sub sup time tt u var wbr o:p'
  ).split(' '),
);

/** Characters that are read before a generator lets others go on. */
const charactersAtATime = 1 << 15;

/**
 * What HTML shows as text, and the values of its attributes. Tags within a line and comments are nothing;
 * other tags break the line.
 */
function* htmlReadings(written: string): Generator<Reading | null> {
  const shown = new ReadingBuilder(written);
  const values = new ReadingBuilder(written);
  const tag = (start: number, end: number): void => {
    if (!inline.has(written.slice(start, end).toLowerCase())) shown.add('\n', end, end);
  };
  let value = 0;
  const nothing = (): void => undefined;
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: true },
    {
      ontext: (start, end) => shown.copy(start, end),
      ontextentity: (code, end) =>
        shown.add(String.fromCodePoint(code), written.lastIndexOf('&', end - 1), end),
      onattribdata: (start, end) => {
        values.copy(start, end);
        value = end;
      },
      onattribentity: (code) => {
        const from = written.indexOf('&', value);
        const to = entityEnd(written, from);
        values.add(String.fromCodePoint(code), from, to);
        value = to;
      },
      onattribname: (_start, end) => (value = end),
      // Values of two attributes are not one number.
      onattribend: (_quote, end) => values.add('\0', end, end),
      onopentagname: tag,
      onclosetag: tag,
      oncdata: (start, end) => shown.copy(start, end),
      oncomment: nothing,
      ondeclaration: nothing,
      onprocessinginstruction: nothing,
      onopentagend: nothing,
      onselfclosingtag: nothing,
      onend: nothing,
    },
  );
  for (let at = 0; at < written.length; at += charactersAtATime) {
    tokenizer.write(written.slice(at, at + charactersAtATime));
    yield null;
  }
  tokenizer.end();
  yield shown;
  yield values;
}

/** Where an entity ends: with its semicolon, or where its name does. */
function entityEnd(written: string, from: number): number {
  const name = /^&(?:#x?)?[\da-z]+;?/i.exec(written.slice(from, from + 40));
  return from + (name?.[0].length ?? 1);
}

/** What bytes of UTF-8 mean that an address writes as `%C2%A0`. */
const percentDecoded = (codes: string): string =>
  new TextDecoder().decode(
    Uint8Array.from(codes.slice(1).split('%'), (code) => Number.parseInt(code, 16)),
  );

/** What the encoding of addresses stands for (URL Standard, application/x-www-form-urlencoded). */
function* urlReading(written: string): Generator<Reading | null> {
  const reading = new ReadingBuilder(written);
  let at = 0;
  let pause = charactersAtATime;
  // A plus is a space between digits; elsewhere it begins a phone number.
  for (const { index, 0: codes } of written.matchAll(/(?:%[0-9a-f]{2}){1,64}|(?<=\d)\+(?=\d)/gi)) {
    if (index >= pause) {
      pause = index + charactersAtATime;
      yield null;
    }
    reading.copy(at, index);
    at = index + codes.length;
    reading.add(codes === '+' ? ' ' : percentDecoded(codes), index, at);
  }
  reading.copy(at, written.length);
  yield reading;
}

const asWritten = (text: string): Reading => ({ text, sourceOf: (part) => [part] });

/** Characters by which one looks whether there is markup, or a code of an address. */
const markup = /<[a-z/!]|&[#a-z]/i;
const code = /%[0-9a-f]{2}|\d\+\d/i;
/** Characters of such a sign but its last: a border between two pieces may lie within. */
const signLength = 2;

/** Whether a sign stands in a text. */
function* stands(text: string, sign: RegExp): Generator<null, boolean> {
  for (let at = 0; at < text.length; at += charactersAtATime) {
    if (sign.test(text.slice(at, at + charactersAtATime + signLength))) return true;
    if (at > 0) yield null;
  }
  return false;
}

/**
 * All readings of a text in which a number can stand. It yields `null` now and then, so that whoever
 * reads a long text can let others go on.
 */
export function* readingsOf(text: string): Generator<Reading | null> {
  yield asWritten(text);
  if (yield* stands(text, markup)) yield* htmlReadings(text);
  if (yield* stands(text, code)) yield* urlReading(text);
}
