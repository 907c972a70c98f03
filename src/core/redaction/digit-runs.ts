/** Groups of digits in a text, and what stands between them. */

import { lettersAtATime } from './steps';

/** How two groups of digits are held apart. */
export const gaps = {
  /** The first group of a run has nothing before it. */
  none: 0,
  space: 1,
  hyphen: 2,
  /** Several spaces. */
  wide: 3,
  spacedHyphen: 4,
  /** A dot, a middle dot or an underscore. */
  dot: 5,
  /** A line break or a tab, which ends a value in a table. */
  lineBreak: 6,
} as const;
export type Gap = (typeof gaps)[keyof typeof gaps];

/** Groups of digits with nothing but separators between them. */
export interface DigitRun {
  /** Where each group begins and ends. */
  starts: number[];
  ends: number[];
  /** What stands before each group. */
  gaps: Gap[];
}

/** Digits of scripts in which people write numbers: Arabic, Eastern Arabic, Devanagari, full width. */
const zeros = [0x0660, 0x06f0, 0x0966, 0xff10] as const;

/** The value of a digit; -1 of what is none, as behind the end of a text. */
export function digitValue(code: number): number {
  if (code < 0x80) return code >= 0x30 && code <= 0x39 ? code - 0x30 : -1;
  if (code < 0x0660) return -1;
  for (const zero of zeros) if (code >= zero && code <= zero + 9) return code - zero;
  return -1;
}

const separators: Record<'space' | 'hyphen' | 'dot' | 'line' | 'nothing', string> = {
  space:
    ' \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000',
  hyphen: '-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d',
  dot: '._\u00b7\u2022\u2024',
  line: '\n\r\v\f\u0085\u2028\u2029',
  // Not seen: joiners, soft hyphen, byte order mark, marks of direction.
  nothing: '\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff',
};
const kindOf = new Map<number, keyof typeof separators>(
  (Object.keys(separators) as (keyof typeof separators)[]).flatMap((kind) =>
    [...separators[kind]].map((char): [number, keyof typeof separators] => [
      char.charCodeAt(0),
      kind,
    ]),
  ),
);

/** Most characters between two groups: a line break with an indent. */
const widestGap = 64;
const tab = 0x09;
const greater = 0x3e;

/** What was counted between two groups. */
interface Counts {
  space: number;
  hyphen: number;
  dot: number;
  line: number;
  nothing: number;
  tab: number;
}

/** What holds groups apart from a place on, and where it ends; null when something else comes before a digit. */
function gapAt(text: string, from: number): { gap: Gap; end: number } | null {
  const counts: Counts = { space: 0, hyphen: 0, dot: 0, line: 0, nothing: 0, tab: 0 };
  const last = Math.min(text.length, from + widestGap);
  for (let at = from; at < last; at += 1) {
    const code = text.charCodeAt(at);
    if (digitValue(code) >= 0) {
      const gap = gapOf(counts);
      return gap === null ? null : { gap, end: at };
    }
    const kind = kindOf.get(code);
    if (kind !== undefined) counts[kind] += 1;
    else if (code === tab) counts.tab += 1;
    // A line of a mail that is quoted begins so.
    else if (code !== greater || counts.line === 0) return null;
  }
  return null;
}

/** What kind of gap it is; null when groups are not held apart so. */
function gapOf({ space, hyphen, dot, line, tab: tabs }: Counts): Gap | null {
  if (hyphen + dot > 1 || line > 4) return null;
  if (line + tabs > 0) return dot === 0 ? gaps.lineBreak : null;
  if (dot > 0) return space <= 1 ? gaps.dot : null;
  if (hyphen > 0) return space > 0 ? gaps.spacedHyphen : gaps.hyphen;
  return space <= 1 ? gaps.space : gaps.wide;
}

/** Most groups of a run; a longer one comes in parts that share as many groups as a number can have. */
const mostGroups = 4096;
const sharedGroups = 19;

/** The last groups of a run, with which its next part begins. */
const lastGroups = (run: DigitRun): DigitRun => ({
  starts: run.starts.slice(-sharedGroups),
  ends: run.ends.slice(-sharedGroups),
  gaps: run.gaps.slice(-sharedGroups),
});

/**
 * The runs of a text that have enough digits to matter, in order. It yields `null` now and then, so that
 * whoever reads a long text can let others go on.
 * A run without end comes in parts that overlap.
 * @param leastDigits runs with fewer digits are left out
 */
export function* digitRuns(text: string, leastDigits: number): Generator<DigitRun | null> {
  let run: DigitRun = { starts: [], ends: [], gaps: [] };
  let digits = 0;
  let pause = lettersAtATime;
  let at = 0;
  while (at < text.length) {
    if (at >= pause) {
      pause = at + lettersAtATime;
      yield null;
    }
    if (digitValue(text.charCodeAt(at)) < 0) {
      at += 1;
      continue;
    }
    const start = at;
    // The end of a group that is longer than a piece is looked for in one go: it costs little.
    do at += 1;
    while (digitValue(text.charCodeAt(at)) >= 0);
    run.starts.push(start);
    run.ends.push(at);
    if (run.gaps.length < run.starts.length) run.gaps.push(gaps.none);
    digits += at - start;
    const next = gapAt(text, at);
    if (next !== null) {
      if (run.starts.length === mostGroups) {
        if (digits >= leastDigits) yield run;
        run = lastGroups(run);
      }
      run.gaps.push(next.gap);
      at = next.end;
      continue;
    }
    if (digits >= leastDigits) yield run;
    run = { starts: [], ends: [], gaps: [] };
    digits = 0;
  }
}
