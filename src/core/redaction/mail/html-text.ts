import { MappedText } from './mapped-text';
import { workSize } from './transfer';

/** What a markup language says: its text, and what it holds beside (attributes, comments, scripts). */
export interface MarkupTexts {
  visible: MappedText;
  hidden: MappedText;
}

/** Characters that may stand in a number or an address and have names (HTML, named character references). */
const named: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", num: '#', lowbar: '_', plus: '+' },
  ...{ commat: '@', period: '.', comma: ',', colon: ':', semi: ';', sol: '/', equals: '=' },
  // One space and one hyphen for all of their kinds; what cannot be seen is nothing.
  ...{ nbsp: ' ', ensp: ' ', emsp: ' ', thinsp: ' ', numsp: ' ', puncsp: ' ', hairsp: ' ' },
  ...{ Tab: ' ', NewLine: '\n', hyphen: '-', dash: '-', ndash: '-', mdash: '-', minus: '-' },
  ...{ shy: '', zwnj: '', zwj: '', lrm: '', rlm: '', ZeroWidthSpace: '', NoBreak: '' },
};

const reference = /&(?:#(\d{1,8});?|#[xX]([0-9a-fA-F]{1,6});?|([A-Za-z]{2,16});?)/g;
const unseen = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/;
const spaceLike = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/;

/** The letter of a reference; null for what is none. */
function letterOf([, decimal, hex, name]: RegExpMatchArray): string | null {
  if (name !== undefined) return named[name] ?? null;
  const code = Number.parseInt(decimal ?? hex ?? '', decimal === undefined ? 16 : 10);
  if (code > 0x10ffff || code === 0) return '\ufffd';
  return String.fromCodePoint(code);
}

/** Elements that do not part words: what stands before and after them is read as one. */
const inline = new Set([
  ...['a', 'abbr', 'acronym', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'data', 'del', 'dfn', 'em'],
  ...['font', 'i', 'ins', 'kbd', 'mark', 'o:p', 'q', 's', 'samp', 'small', 'span', 'strike'],
  ...['strong', 'sub', 'sup', 'time', 'tt', 'u', 'var', 'wbr', 'nobr', 'label', 'st1'],
]);

const attribute = /([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s"'>]+))/g;

class Reader {
  readonly texts: MarkupTexts = { visible: new MappedText(), hidden: new MappedText() };
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly inlineElements: ReadonlySet<string>,
  ) {}

  *read(): Generator<void, MarkupTexts> {
    let pause = workSize;
    while (this.at < this.source.length) {
      const tag = this.source.indexOf('<', this.at);
      const end = tag < 0 ? this.source.length : tag;
      yield* this.letters(this.texts.visible, this.at, end);
      this.at = end;
      if (tag >= 0) this.tag();
      if (this.at < pause) continue;
      pause = this.at + workSize;
      yield;
    }
    return this.texts;
  }

  /** Letters, with references in them read. */
  private *letters(to: MappedText, start: number, end: number): Generator<void, void> {
    for (let at = start; at < end;) {
      // A reference is not cut in two.
      const whole = this.source.lastIndexOf('&', at + workSize);
      const cut = whole > at && whole > at + workSize - 20 ? whole : at + workSize;
      const next = Math.min(end, cut);
      this.stretch(to, at, next);
      at = next;
      if (at < end) yield;
    }
  }

  private stretch(to: MappedText, start: number, end: number): void {
    const text = this.source.slice(start, end);
    let at = 0;
    const copy = (until: number): void => this.copy(to, text.slice(at, until), start + at);
    for (const found of text.matchAll(reference)) {
      const letter = letterOf(found);
      if (letter === null) continue;
      copy(found.index);
      at = found.index + found[0].length;
      const shown = unseen.test(letter) ? '' : spaceLike.test(letter) ? ' ' : letter;
      to.stand(shown, { start: start + found.index, end: start + at });
    }
    copy(text.length);
  }

  /** Letters as they stand; those that are not seen are left out. */
  private copy(to: MappedText, text: string, start: number): void {
    if (!unseen.test(text)) {
      to.copy(text.replaceAll('\u00a0', ' '), start);
      return;
    }
    let at = 0;
    for (const piece of text.split(unseen)) {
      to.copy(piece.replaceAll('\u00a0', ' '), start + at);
      at += piece.length + 1;
    }
  }

  private tag(): void {
    const { source, at } = this;
    if (source.startsWith('<!--', at)) return this.hide(at + 4, '-->');
    if (source.startsWith('<![CDATA[', at)) return this.character(at + 9);
    const [, close, name] =
      /^<([/!?]?)([A-Za-z][^\s/>]{0,60})/.exec(source.slice(at, at + 64)) ?? [];
    if (name === undefined) {
      // No tag: the sign itself.
      this.texts.visible.copy('<', at);
      this.at = at + 1;
      return;
    }
    const end = endOfTag(source, at + 1);
    this.attributes(at + 1 + name.length + (close ?? '').length, end);
    const element = name.toLowerCase();
    if (!this.inlineElements.has(element)) this.texts.visible.separate('\n');
    this.at = Math.min(end + 1, source.length);
    if (close === '' && (element === 'script' || element === 'style'))
      this.hide(this.at, `</${element}`);
  }

  private attributes(start: number, end: number): void {
    const text = this.source.slice(start, end);
    for (const found of text.matchAll(attribute)) {
      const value = found[2] ?? found[3] ?? found[4] ?? '';
      if (value === '') continue;
      const quote = found[4] === undefined ? 1 : 0;
      const closed = /["']$/.test(found[0]) ? quote : 0;
      const valueEnd = start + found.index + found[0].length - closed;
      this.stretch(this.texts.hidden, valueEnd - value.length, valueEnd);
      this.texts.hidden.separate('\n\n');
    }
  }

  /** What is not shown, up to what ends it. */
  private hide(start: number, ending: string): void {
    const found = indexIgnoringCase(this.source, ending, start);
    this.at = found;
    this.texts.hidden.separate('\n\n');
    this.texts.hidden.copy(this.source.slice(start, found), start);
    this.texts.hidden.separate('\n\n');
    if (ending === '-->') this.at = Math.min(found + 3, this.source.length);
  }

  private character(start: number): void {
    const found = indexIgnoringCase(this.source, ']]>', start);
    this.texts.visible.copy(this.source.slice(start, found), start);
    this.at = Math.min(found + 3, this.source.length);
  }
}

function indexIgnoringCase(source: string, wanted: string, from: number): number {
  const pattern = new RegExp(wanted, 'gi');
  pattern.lastIndex = from;
  return pattern.exec(source)?.index ?? source.length;
}

/** Where a tag ends: the next `>` that stands in no value. */
function endOfTag(source: string, from: number): number {
  const pattern = /=\s*"[^"]*"|=\s*'[^']*'|>/g;
  pattern.lastIndex = from;
  for (;;) {
    const found = pattern.exec(source);
    if (found === null) return nextClosing(source, from);
    if (found[0] === '>') return found.index;
    // A value that never ends would take the rest of the text with it.
    if (found[0].length > 65_536) return nextClosing(source, from);
  }
}

const nextClosing = (source: string, from: number): number => {
  const found = source.indexOf('>', from);
  return found < 0 ? source.length : found;
};

const none: ReadonlySet<string> = new Set();

/** What a page of HTML says, with the place of each letter in it. Pauses now and then. */
export const htmlTexts = (source: string): Generator<void, MarkupTexts> =>
  new Reader(source, inline).read();

/** What an XML document says; each of its elements parts words. */
export const xmlTexts = (source: string): Generator<void, MarkupTexts> =>
  new Reader(source, none).read();
