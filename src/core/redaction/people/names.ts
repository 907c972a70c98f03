/** Names in running text: whole words, in whatever case and with whatever stands between them. */

const wordPattern = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu;
/** What may stand between two words of one name. */
const between = /^[\s.,;_"'“”>()[\]\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff]{1,6}$/;
/** What may stand beside the name of a field. */
const besideLabel = /^[\s,;"'\\&?{}<>/=:_|-]{1,16}$/;
/** Names of the fields that hold one part of a name each, as records of other systems have them. */
const label = /^(?:(?:first|last|given|family|fore|middle|vor|nach)name|surname)$/i;
const labelStart = /^(?:first|last|given|family|middle|fore|vor|nach|surname)/i;
/** A longer name is none. */
export const longestName = 200;
const mostWords = 8;
/** With more names, to look for each costs more than it saves. */
const mostFirst = 200;

const normal = (word: string): string => word.normalize('NFC').toLowerCase().replaceAll('’', "'");

/** Words of a name as they are compared. */
export const wordsOf = (name: string): string[] =>
  [...name.matchAll(wordPattern)].map(([word]) => normal(word));

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
    const [first = '', last = ''] = [words[0], words.at(-1)];
    return words.length < 2 ? [words] : [words, [first, last], [last, first]];
  });
  return [...new Map(forms.map((words) => [words.join(' '), words])).values()];
}

/** Where a name stands, and what is known of it. */
export interface NameSpot<T> {
  start: number;
  end: number;
  value: T;
}

/** Finds any number of names in one pass over a text. */
export class NameIndex<T> {
  private shortest = Number.POSITIVE_INFINITY;
  /** By their first word: by the whole, and how many words they have, the most first. */
  private readonly byFirst = new Map<string, { byKey: Map<string, T>; counts: number[] }>();
  /** Names of several words with hyphens between, as one word. */
  private readonly hyphened = new Map<string, T>();

  /** Adds a name, which replaces the same name with another value. */
  add(words: readonly string[], value: T): void {
    if (words.length === 0 || words.length > mostWords) return;
    const first = words[0] ?? '';
    const key = words.join(' ');
    this.shortest = Math.min(this.shortest, key.length);
    const names = this.byFirst.get(first) ?? { byKey: new Map<string, T>(), counts: [] };
    names.byKey.set(key, value);
    if (words.length > 1) this.hyphened.set(words.join('-'), value);
    if (!names.counts.includes(words.length))
      names.counts = [...names.counts, words.length].sort((one, other) => other - one);
    this.byFirst.set(first, names);
  }

  /** Names in a text, in order; of those that begin at one word, the longest. */
  find(text: string): NameSpot<T>[] {
    const found: NameSpot<T>[] = [];
    if (text.length < this.shortest || !this.mayHold(text)) return found;
    const words = [...text.matchAll(wordPattern)];
    for (let i = 0; i < words.length; i += 1) {
      const name = this.nameAt(text, words, i);
      if (name === undefined) continue;
      const [end] = name.words.slice(-1);
      const last = end === undefined ? i : words.indexOf(end, i);
      const isApart = last - i >= name.words.length;
      found.push(...spotsOf(text, name, isApart ? 'fields' : 'text'));
      i = last;
    }
    return found;
  }

  /** Whether the first word of a name stands somewhere: cheaper than to take a text apart. */
  private mayHold(text: string): boolean {
    if (this.byFirst.size > mostFirst) return true;
    const plain = normal(text);
    for (const first of this.byFirst.keys()) if (plain.includes(first)) return true;
    return false;
  }

  private nameAt(
    text: string,
    words: readonly RegExpExecArray[],
    at: number,
  ): FoundName<T> | undefined {
    const begins = words[at];
    const first = normal(begins?.[0] ?? '');
    const whole = this.hyphened.get(first);
    if (begins !== undefined && whole !== undefined) return { words: [begins], value: whole };
    const names = this.byFirst.get(first);
    if (names === undefined || begins === undefined) return undefined;
    const most = names.counts[0] ?? 0;
    const together = wordsTogether(text, words, { at, most });
    for (const count of names.counts) {
      const key = together.slice(0, count).map(([word]) => normal(word));
      const value = count > together.length ? undefined : names.byKey.get(key.join(' '));
      if (value !== undefined) return { words: together.slice(0, count), value };
    }
    return undefined;
  }
}

/** The words of a name in a text. */
interface FoundName<T> {
  words: RegExpExecArray[];
  value: T;
}

/** The words from one on that may be of one name: those that stand together, or in fields side by side. */
function wordsTogether(
  text: string,
  words: readonly RegExpExecArray[],
  { at, most }: { at: number; most: number },
): RegExpExecArray[] {
  const together = words.slice(at, at + 1);
  for (let i = at + 1; i < words.length && together.length < most; i += 1) {
    const [before, next] = [words[i - 1], words[i]];
    if (before === undefined || next === undefined) break;
    const length = labelAt(text, words, i);
    const behind = words[i + length];
    if (length > 0 && behind !== undefined) {
      together.push(behind);
      i += length;
    } else if (between.test(gapOf(text, before, next))) together.push(next);
    else break;
  }
  return together;
}

/** How many words the name of a field has that begins with a word, between two values; 0 where it is none. */
function labelAt(text: string, words: readonly RegExpExecArray[], at: number): number {
  const name = words[at]?.[0] ?? '';
  if (name.length > longestLabel || !labelStart.test(name)) return 0;
  const length = label.test(name) ? 1 : 2;
  const [before, first, last, behind] = [at - 1, at, at + length - 1, at + length].map(
    (i) => words[i],
  );
  if (!before || !first || !last || !behind) return 0;
  if (
    length === 2 &&
    text.slice(first.index, endOf(last)).toLowerCase() !== `${name}_name`.toLowerCase()
  )
    return 0;
  const isBeside =
    besideLabel.test(gapOf(text, before, first)) && besideLabel.test(gapOf(text, last, behind));
  return isBeside ? length : 0;
}

const longestLabel = 10;

const endOf = ({ 0: word, index }: RegExpExecArray): number => index + word.length;
const gapOf = (text: string, before: RegExpExecArray, next: RegExpExecArray): string =>
  text.slice(endOf(before), next.index);

/** Where a name stands: each of its words, where names of fields stand between them. */
function spotsOf<T>(
  text: string,
  { words, value }: FoundName<T>,
  where: 'text' | 'fields',
): NameSpot<T>[] {
  if (where === 'fields')
    return words.map((word) => ({ start: word.index, end: endOf(word), value }));
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [start, end] = [first.index, endOf(last)];
  // `Ada (Brandt)` ends with what its bracket opened.
  const opened = /[([](?=[^)\]]*$)/.exec(text.slice(start, end))?.[0];
  const isClosed = opened !== undefined && text[end] === (opened === '(' ? ')' : ']');
  return [{ start, end: isClosed ? end + 1 : end, value }];
}
