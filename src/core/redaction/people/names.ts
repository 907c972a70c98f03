/** Names in running text: whole words, in whatever case and with whatever stands between them. */

import type { Range } from '../mapped-text';

const wordPattern = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu;
/** What may stand between two words of one name. */
const between = /^[\s.,;_"'“”>()[\]\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff]{1,6}$/;
/**
 * What stands between two words of one name in fields side by side: the name of the second field, which
 * holds one part of a name, as records of other systems have it.
 */
const label =
  /^[\s,;"'\\&?{}<>/=:_|-]{1,16}(?:(?:first|last|given|family|fore|middle|vor|nach)_?name|surname)[\s,;"'\\&?{}<>/=:_|-]{1,16}$/i;
/** A longer name is none. */
export const longestName = 200;
const mostWords = 8;
/** With more names, to look for each costs more than it saves. */
const mostFirst = 200;

/** A text as it is compared: in whatever case, with ß as SS and one small Σ wherever it stands. */
export const folded = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ς', 'σ')
    .replaceAll('’', "'");

/** Words of a name as they are compared. */
export const wordsOf = (name: string): string[] =>
  [...name.matchAll(wordPattern)].map(([word]) => folded(word));

/** By what two names are the same: with hyphens between their words or without. */
export const nameKey = (words: readonly string[]): string => words.join(' ').replaceAll('-', ' ');

/** A name as it is written, and `Last, First` in the other order. Neither is an address. */
export function formsOfName(name: string): string[][] {
  if (name.includes('@') || name.length > longestName) return [];
  const forms = [wordsOf(name)];
  const comma = name.indexOf(',');
  if (comma > 0) forms.push(wordsOf(`${name.slice(comma + 1)} ${name.slice(0, comma)}`));
  return forms.filter((words) => words.length > 0);
}

/** The same, and how people write it besides: the last name first, and without names in the middle. */
export function writtenForms(name: string): string[][] {
  const forms = formsOfName(name).flatMap((words) => {
    const [first, last] = [words.slice(0, 1), words.slice(-1)];
    return words.length < 2 ? [words] : [words, [...first, ...last], [...last, ...first]];
  });
  return [...new Map(forms.map((words) => [words.join(' '), words])).values()];
}

/** Where a name stands, and what is known of it. */
export interface NameSpot<T> extends Range {
  value: T;
}

/** A word of a text as it is compared, and where it stands: as which word, and from where to where. */
interface Word {
  word: string;
  at: number;
  start: number;
  end: number;
}

/** Finds any number of names in one pass over a text. */
export class NameIndex<T> {
  private readonly firstWords = new Set<string>();
  private readonly byKey = new Map<string, T>();

  /** Adds a name, which replaces the same name with another value. */
  add(words: readonly string[], value: T): void {
    const [first] = words;
    if (first === undefined || words.length > mostWords) return;
    this.firstWords.add(firstOf(first));
    this.byKey.set(nameKey(words), value);
  }

  /** Names in a text, in order; of those that begin at one word, the longest. */
  find(text: string): NameSpot<T>[] {
    const found: NameSpot<T>[] = [];
    if (!this.mayHold(text)) return found;
    const words = wordsIn(text);
    let passed = 0;
    for (const first of words) {
      if (first.start < passed) continue;
      for (const spot of this.spotsAt(text, words, first)) {
        found.push(spot);
        passed = spot.end;
      }
    }
    return found;
  }

  /** Whether the first word of a name stands somewhere: cheaper than to take a text apart. */
  private mayHold(text: string): boolean {
    if (this.firstWords.size > mostFirst) return true;
    const plain = folded(text);
    return [...this.firstWords].some((first) => plain.includes(first));
  }

  /** Where the longest name stands that begins with a word: each of its words, where it stands in fields. */
  private spotsAt(text: string, words: readonly Word[], first: Word): NameSpot<T>[] {
    if (!this.firstWords.has(firstOf(first.word))) return [];
    const name = wordsTogether(text, words, first);
    for (let last = name.pop(); last !== undefined; last = name.pop()) {
      const all = [...name, last];
      const value = this.byKey.get(nameKey(all.map(({ word }) => word)));
      if (value === undefined) continue;
      const isApart = last.at - first.at >= all.length;
      if (isApart) return all.map(({ start, end }) => ({ start, end, value }));
      return [{ ...closed(text, { start: first.start, end: last.end }), value }];
    }
    return [];
  }
}

/** The first of words with hyphens between. */
const firstOf = (word: string): string => word.replace(/-.*/, '');

const wordsIn = (text: string): Word[] =>
  [...text.matchAll(wordPattern)].map(({ 0: word, index: start }, at) => ({
    word: folded(word),
    at,
    start,
    end: start + word.length,
  }));

/** The words from one on that may be of one name. */
function wordsTogether(text: string, words: readonly Word[], first: Word): Word[] {
  const together: Word[] = [];
  for (
    let next: Word | undefined = first;
    next !== undefined && together.length < mostWords;
    next = nextOf(text, words, next)
  )
    together.push(next);
  return together;
}

/** The next word of one name: in the field behind, of whose name one word or two stand between, or right behind. */
function nextOf(text: string, words: readonly Word[], before: Word): Word | undefined {
  const behind = words.slice(before.at + 1, before.at + 4);
  const isNext = (gap: RegExp) => (word: Word) => gap.test(text.slice(before.end, word.start));
  return behind.find(isNext(label)) ?? behind.find(isNext(between));
}

/** A stretch of a text with what closes the bracket that opens in it: `Ada (Brandt)`. */
function closed(text: string, { start, end }: Range): Range {
  const opened = /[([](?=[^)\]]*$)/.exec(text.slice(start, end))?.[0];
  const isClosed = opened !== undefined && text[end] === (opened === '(' ? ')' : ']');
  return { start, end: isClosed ? end + 1 : end };
}
