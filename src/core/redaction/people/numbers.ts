/** Phone numbers in texts, in any spelling. */

import type { Range } from '../mapped-text';

/** What people put between the digits of a number. */
const run = /(?:\(\+|\+\(|[+(])?\d(?:[\s().\-\u00a0\u2010-\u2015\u202f/]{0,3}\d)*/g;
/** Digits of a number with everything that is dialled before it. */
const mostDigits = 20;

export interface NumberSpot<T> extends Range {
  value: T;
}

/** Digits side by side, with what belongs to a number before its first digit. */
interface Group extends Range {
  digits: string;
}

/** Finds any number of phone numbers in one pass over a text. */
export class NumberIndex<T> {
  private readonly byDigits = new Map<string, T>();
  private readonly firstDigits = new Set<string>();
  private shortest = Number.POSITIVE_INFINITY;

  /** @param digits as somebody may write the number, without what separates them */
  add(digits: string, value: T): void {
    if (digits.length > mostDigits) return;
    this.byDigits.set(digits, value);
    this.firstDigits.add(digits.slice(0, 2));
    this.shortest = Math.min(this.shortest, digits.length);
  }

  /** Numbers in a text that begin and end where groups of digits do, in order; the longest of each place. */
  find(text: string): NumberSpot<T>[] {
    const found: NumberSpot<T>[] = [];
    let passed = 0;
    for (const { 0: written, index } of text.matchAll(run)) {
      if (written.length < this.shortest) continue;
      const groups = groupsOf(written, index);
      for (const [i, first] of groups.entries()) {
        const mayBegin = first.start >= passed && this.mayBegin(groups, i);
        const last = mayBegin ? this.lastOf(text, first, groups.slice(i, i + mostDigits)) : null;
        if (last === null) continue;
        const start = first.start + opened(text.slice(first.start, last.end));
        found.push({ start, ...last });
        passed = last.end;
      }
    }
    return found;
  }

  /** Whether a number begins with the first two digits from here on. */
  private mayBegin(groups: readonly Group[], at: number): boolean {
    const digits = digitsOf(groups.slice(at, at + 2));
    return this.firstDigits.has(digits.slice(0, 2));
  }

  /** Where the longest number ends that begins with the first of these groups, and is no part of a word. */
  private lastOf(
    text: string,
    first: Group,
    groups: readonly Group[],
  ): { end: number; value: T } | null {
    const firstDigit = first.end - first.digits.length;
    let all = '';
    let found: { end: number; value: T } | null = null;
    for (const { digits, end } of groups) {
      all += digits;
      const value = this.byDigits.get(all);
      if (value === undefined || isPartOfWord(text, firstDigit, end)) continue;
      found = { end, value };
    }
    return found;
  }
}

/** How long the bracket before a number is that does not close within it, and is none of it: 0 or 1. */
const opened = (written: string): number => (/^\((?![^(]*\))/.test(written) ? 1 : 0);

/** Whether digits are part of a word, as in an id; codes of addresses (`%2B49...`) are none. */
function isPartOfWord(text: string, start: number, end: number): boolean {
  if (/[\p{L}_]/u.test(text[end] ?? '')) return true;
  return (
    /[\p{L}_]/u.test(text[start - 1] ?? '') && !/%[\da-f]{2}/i.test(text.slice(start - 3, start))
  );
}

const digitsOf = (groups: readonly Group[]): string => groups.map(({ digits }) => digits).join('');

const groupsOf = (written: string, offset: number): Group[] =>
  [...written.matchAll(/(?:\(\+|\+\(|[+(])?\d+/g)].map(({ 0: group, index }) => ({
    digits: group.replaceAll(/\D/g, ''),
    start: offset + index,
    end: offset + index + group.length,
  }));
