/** Names in running text: whole words, in whatever case and with whatever stands between them. */

const wordPattern = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu;
/** What may stand between two words of one name. */
const between = /^[\s.,;_"'“”>\u00ad\u200b-\u200f\u2060\ufeff]{1,6}$/;
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

  /** Adds a name, which replaces the same name with another value. */
  add(words: readonly string[], value: T): void {
    if (words.length === 0 || words.length > mostWords) return;
    const first = words[0] ?? '';
    const key = words.join(' ');
    this.shortest = Math.min(this.shortest, key.length);
    const names = this.byFirst.get(first) ?? { byKey: new Map<string, T>(), counts: [] };
    names.byKey.set(key, value);
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
      const [first, last] = [words[i], words[i + (name?.count ?? 0) - 1]];
      if (name === undefined || first === undefined || last === undefined) continue;
      found.push({ start: first.index, end: last.index + last[0].length, value: name.value });
      i += name.count - 1;
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
  ): { count: number; value: T } | undefined {
    const first = normal(words[at]?.[0] ?? '');
    const names = this.byFirst.get(first);
    if (names === undefined) return undefined;
    const together = [first];
    for (let i = at + 1; i < words.length && together.length < (names.counts[0] ?? 0); i += 1) {
      const [before, next] = [words[i - 1], words[i]];
      if (before === undefined || next === undefined) break;
      if (!between.test(text.slice(before.index + before[0].length, next.index))) break;
      together.push(normal(next[0]));
    }
    for (const count of names.counts) {
      const value =
        count > together.length ? undefined : names.byKey.get(together.slice(0, count).join(' '));
      if (value !== undefined) return { count, value };
    }
    return undefined;
  }
}
