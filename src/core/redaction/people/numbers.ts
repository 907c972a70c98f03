/** Phone numbers in texts, in any spelling. */

/** What people put between the digits of a number. */
const run = /\+?\(?\d(?:[\s().\-\u00a0\u2010-\u2015\u202f/]{0,3}\d)*/g;
/** Digits of a number with everything that is dialled before it. */
const mostDigits = 20;

export interface NumberSpot<T> {
  start: number;
  end: number;
  value: T;
}

interface Group {
  digits: string;
  start: number;
  end: number;
}

/** Finds any number of phone numbers in one pass over a text. */
export class NumberIndex<T> {
  private readonly byDigits = new Map<string, T>();
  private readonly firstDigits = new Set<string>();
  private longest = 0;
  private shortest = Number.POSITIVE_INFINITY;

  get isEmpty(): boolean {
    return this.byDigits.size === 0;
  }

  /** @param digits as somebody may write the number, without what separates them */
  add(digits: string, value: T): void {
    this.byDigits.set(digits, value);
    this.firstDigits.add(digits.slice(0, 2));
    this.longest = Math.max(this.longest, digits.length);
    this.shortest = Math.min(this.shortest, digits.length);
  }

  has(digits: string): boolean {
    return this.byDigits.has(digits);
  }

  /** Numbers in a text that begin and end where groups of digits do, in order; the longest of each place. */
  find(text: string): NumberSpot<T>[] {
    const found: NumberSpot<T>[] = [];
    if (this.isEmpty) return found;
    for (const { 0: written, index } of text.matchAll(run)) {
      if (written.length < this.shortest) continue;
      const groups = groupsOf(written, index);
      for (let i = 0; i < groups.length; i += 1) {
        const first = groups[i];
        const last = this.mayBegin(groups, i) ? this.lastOf(groups, i) : null;
        if (first === undefined || last === null || isPartOfWord(text, first.start, last.end))
          continue;
        found.push({ start: leading(text, first.start, index), ...last });
        while (i + 1 < groups.length && (groups[i + 1]?.start ?? 0) < last.end) i += 1;
      }
    }
    return found;
  }

  /** Whether a number begins with the first two digits from here on. */
  private mayBegin(groups: readonly Group[], at: number): boolean {
    const digits = groups[at]?.digits ?? '';
    return this.firstDigits.has(
      digits.length > 1 ? digits.slice(0, 2) : digits + (groups[at + 1]?.digits[0] ?? ''),
    );
  }

  private lastOf(groups: readonly Group[], from: number): { end: number; value: T } | null {
    let digits = '';
    let found: { end: number; value: T } | null = null;
    const most = Math.min(this.longest, mostDigits);
    for (let i = from; i < groups.length; i += 1) {
      const group = groups[i];
      if (group === undefined || digits.length + group.digits.length > most) break;
      digits += group.digits;
      const value = this.byDigits.get(digits);
      if (value !== undefined) found = { end: group.end, value };
    }
    return found;
  }
}

/** What belongs to a number before its first digit. */
function leading(text: string, start: number, least: number): number {
  let at = start;
  while (at > least && /[+(]/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}

/** Whether digits are part of a word, as in an id; codes of addresses (`%2B49...`) are none. */
function isPartOfWord(text: string, start: number, end: number): boolean {
  if (/[\p{L}_]/u.test(text[end] ?? '')) return true;
  return (
    /[\p{L}_]/u.test(text[start - 1] ?? '') && !/%[\da-f]{2}$/i.test(text.slice(start - 3, start))
  );
}

const groupsOf = (written: string, offset: number): Group[] =>
  [...written.matchAll(/\d+/g)].map(({ 0: digits, index }) => ({
    digits,
    start: offset + index,
    end: offset + index + digits.length,
  }));
