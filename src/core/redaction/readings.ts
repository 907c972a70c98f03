import { Tokenizer } from 'htmlparser2';
import { MappedText, type Range } from './mapped-text';
import { lettersAtATime } from './steps';

/** Where a part of a text begins and ends. */
export type Part = Range;

/**
 * A text as somebody reads it, with the way back to how it is written: where the same stretch has other
 * lengths in both, as an entity has, it is replaced as a whole.
 */
export type Reading = Pick<MappedText, 'text' | 'sourceOf'>;

/** Elements that stand within a line of text: digits on both sides are one number. */
const inline = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp ' +
    'small span strike strong sub sup time tt u var wbr o:p'
  ).split(' '),
);

/** Letters that are not seen, and those that look like a space. */
const unseen = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/;
const spaceLike = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;

/** A shorter name of an element or an attribute is no address and no number. */
const shortestName = 10;

/** The languages that are read. In XML no element stands within a line. */
export type Markup = 'html' | 'xml';

/** Reads a text with markup, one event of the tokenizer after the other. */
class MarkupReader {
  /** What is shown: tags within a line and comments are nothing; other tags break the line. */
  readonly shown = new MappedText();
  /** What is not shown: values of attributes, comments, and names that are none of the language. */
  readonly hidden = new MappedText();
  readonly tokenizer: Tokenizer;
  /** Where that of which nothing was told begins. */
  private toldEnd = 0;
  /** Where the tag begins that has no end yet. */
  private open: number | null = null;
  /** What is to be put into the two texts, in order. */
  private told: Told[] = [];

  constructor(
    private readonly written: string,
    private readonly language: Markup,
  ) {
    const tag = (start: number, end: number): void => this.tag(start, end);
    const hide = (start: number, end: number): void => this.hide(start, end);
    this.tokenizer = new Tokenizer(
      { xmlMode: language === 'xml', decodeEntities: true },
      {
        ontext: (start, end) => this.copy(this.shown, start, end),
        ontextentity: (code, end) => {
          const start = this.written.lastIndexOf('&', end - 1);
          this.stand(this.shown, String.fromCodePoint(code), { start, end });
        },
        onattribdata: (start, end) => this.copy(this.hidden, start, end),
        onattribentity: (code) => {
          const start = this.written.indexOf('&', this.toldEnd);
          const end = entityEnd(this.written, start);
          this.stand(this.hidden, String.fromCodePoint(code), { start, end });
        },
        onattribname: (start, end) => this.name(start, end),
        // Values of two attributes are not one number.
        onattribend: (_quote, end) => {
          this.toldEnd = end;
          this.separate(this.hidden, border);
        },
        onopentagname: (start, end) => {
          this.open = start;
          tag(start, end);
        },
        onclosetag: tag,
        oncdata: (start, end, offset) => this.copy(this.shown, start, end - offset),
        oncomment: (start, end, offset) => hide(start, end - offset),
        ondeclaration: hide,
        onprocessinginstruction: hide,
        onopentagend: (end) => this.close(end),
        onselfclosingtag: (end) => this.close(end),
        onend: () => undefined,
      },
    );
  }

  /** What the tokenizer has told nothing of, and a tag without an end, which is none to all readers. */
  finish(): void {
    this.tokenizer.end();
    const from = this.open ?? this.toldEnd;
    if (from < this.written.length) this.hide(from, this.written.length);
  }

  private close(end: number): void {
    this.toldEnd = end;
    this.open = null;
  }

  private tag(start: number, end: number): void {
    this.name(start, end);
    const name = this.written.slice(start, end).toLowerCase();
    if (this.language === 'xml' || !inline.has(name)) this.separate(this.shown, '\n');
  }

  private name(start: number, end: number): void {
    if (end - start >= shortestName) this.hide(start, end);
    else this.toldEnd = end;
  }

  private hide(start: number, end: number): void {
    this.separate(this.hidden, border);
    this.copy(this.hidden, start, end);
    this.separate(this.hidden, border);
  }

  private separate(to: MappedText, text: string): void {
    this.told.push({ to, text, start: 0, end: 0, kind: 'separate' });
  }

  private stand(to: MappedText, letter: string, { start, end }: Range): void {
    this.toldEnd = end;
    const text = unseen.test(letter) ? '' : letter.replaceAll(spaceLike, ' ');
    this.told.push({ to, text, start, end, kind: 'stand' });
  }

  /** Letters that stand side by side are copied together: the tokenizer may tell each by itself. */
  private copy(to: MappedText, start: number, end: number): void {
    this.toldEnd = end;
    const last = this.told.at(-1);
    if (last?.kind === 'copy' && last.to === to && last.end === start) last.end = end;
    else this.told.push({ to, text: '', start, end, kind: 'copy' });
  }

  /** Puts what was told into the two texts. Pauses in what is long. */
  *put(): Generator<null, void> {
    const { told } = this;
    this.told = [];
    for (const { to, text, start, end, kind } of told) {
      if (kind === 'separate') to.separate(text);
      else if (kind === 'stand') to.stand(text, { start, end });
      else {
        for (let at = start; at < end; at += lettersAtATime) {
          if (at > start) yield null;
          this.putLetters(to, at, Math.min(end, at + lettersAtATime));
        }
      }
    }
  }

  /** Copies letters as they stand, but for their spaces; those that are not seen are left out. */
  private putLetters(to: MappedText, start: number, end: number): void {
    const text = this.written.slice(start, end).replaceAll(spaceLike, ' ');
    let at = start;
    for (const piece of text.split(unseen)) {
      to.copy(piece, at);
      at += piece.length + 1;
    }
  }
}

/** Something of which a tokenizer has told. */
interface Told extends Range {
  to: MappedText;
  text: string;
  kind: 'copy' | 'stand' | 'separate';
}

/** What stands between two values. */
const border = '\n\0\n';

/**
 * What HTML or XML shows as text, and what it holds beside. It yields `null` now and then, so that whoever
 * reads a long text can let others go on.
 */
export function* markupReadings(written: string, language: Markup): Generator<MappedText | null> {
  const reader = new MarkupReader(written, language);
  for (let at = 0; at < written.length; at += lettersAtATime) {
    reader.tokenizer.write(written.slice(at, at + lettersAtATime));
    yield* reader.put();
    yield null;
  }
  reader.finish();
  yield* reader.put();
  yield reader.shown;
  yield reader.hidden;
}

/** Where an entity ends: with its semicolon, or where its name does. */
function entityEnd(written: string, from: number): number {
  const name = /^&(?:#x?)?[\da-z]+;?/i.exec(written.slice(from, from + 40));
  return from + (name?.[0].length ?? 1);
}

const utf8 = new TextDecoder();

/** What bytes of UTF-8 mean that an address writes as `%C2%A0`. */
const percentDecoded = (codes: string): string =>
  utf8.decode(Uint8Array.from(codes.slice(1).split('%'), (code) => Number.parseInt(code, 16)));

/** Codes of addresses. A plus is a space between words and between digits; elsewhere it begins a phone number. */
const codes = /(?:%[0-9a-f]{2}){1,64}|(?<=\d)\+(?=\d)|(?<=[\p{L}\d])\+(?=[\p{L}%])/giu;

/** What the encoding of addresses stands for (URL Standard, application/x-www-form-urlencoded). */
const urlReading = (written: string): Generator<null, MappedText> =>
  decodedReading(written, codes, (found) => (found === '+' ? ' ' : percentDecoded(found)));

/**
 * Escapes of JSON (RFC 8259, section 7) and of the languages that took them over. JSON within a string of
 * JSON has more than one backslash.
 */
const escapes = /\\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[bfnrtv"'/])/g;
const escapedSpaces: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unescaped(escape: string): string {
  const code = escape.replace(/\\+/, '');
  if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return escapedSpaces[code] ?? (/["'/]/.test(code) ? code : ' ');
}

/** A text with what its codes stand for. */
function* decodedReading(
  written: string,
  pattern: RegExp,
  meaningOf: (found: string) => string,
): Generator<null, MappedText> {
  const reading = new MappedText();
  let at = 0;
  let pause = lettersAtATime;
  for (const { index, 0: found } of written.matchAll(pattern)) {
    if (index >= pause) {
      pause = index + lettersAtATime;
      yield null;
    }
    reading.copy(written.slice(at, index), at);
    at = index + found.length;
    reading.stand(meaningOf(found), { start: index, end: at });
  }
  reading.copy(written.slice(at), at);
  return reading;
}

const asWritten = (text: string): Reading => ({ text, sourceOf: (part) => [part] });

/** A reading of what another one reads. */
const readingIn = (outer: Reading, inner: Reading): Reading => ({
  text: inner.text,
  sourceOf: (part) => inner.sourceOf(part).flatMap((one) => outer.sourceOf(one)),
});

/** Characters by which one looks whether there is markup, a code of an address, or an escape. */
const markup = /<[a-z/!]|&[#a-z]/i;
const code = /%[0-9a-f]{2}|(?<=[\p{L}\d])\+[\p{L}\d%]/iu;
const escape = /\\[bfnrtuvx"'/]/;
/** Characters of such a sign but its last: a border between two pieces may lie within. */
const signLength = 2;

/** Whether a sign stands in a text. */
function* stands(text: string, sign: RegExp): Generator<null, boolean> {
  for (let at = 0; at < text.length; at += lettersAtATime) {
    if (sign.test(text.slice(at, at + lettersAtATime + signLength))) return true;
    if (at > 0) yield null;
  }
  return false;
}

/** A reading, and what markup and codes in it mean. */
function* readingsIn(outer: Reading): Generator<Reading | null> {
  yield outer;
  if (yield* stands(outer.text, markup))
    for (const reading of markupReadings(outer.text, 'html'))
      yield reading && readingIn(outer, reading);
  // Most texts have none of its signs, and to look for a letter costs far less than an expression.
  const mayHoldCode = outer.text.includes('%') || outer.text.includes('+');
  if (mayHoldCode && (yield* stands(outer.text, code)))
    yield readingIn(outer, yield* urlReading(outer.text));
}

/**
 * All readings of a text in which a number or a name can stand. It yields `null` now and then, so that
 * whoever reads a long text can let others go on.
 */
export function* readingsOf(text: string): Generator<Reading | null> {
  yield* readingsIn(asWritten(text));
  if (text.includes('\\') && (yield* stands(text, escape)))
    yield* readingsIn(yield* decodedReading(text, escapes, unescaped));
}
