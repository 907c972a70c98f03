import { patternMark } from './marks';
import { RE2JS, RE2JSSyntaxException } from 're2js';

/**
 * The expressions of a policy. They are searched by RE2 (https://github.com/google/re2/wiki/Syntax), whose
 * time grows with the length of the text and never with the number of ways in which an expression could
 * fit: an expression as `(a+)+$` cannot keep the app from working.
 */

/** A stretch of a text that an expression fits. */
export interface Match {
  start: number;
  end: number;
}

/** An expression that can be searched for. */
export interface CompiledPattern {
  /** Finds where the expression fits, in order, in steps; no match is empty, none overlaps another. */
  findInSteps(text: string): Generator<void, Match[]>;
}

/** Most steps of an expression, as RE2 counts them: it may take each of them at each character. */
const mostSteps = 600;

/**
 * Why an expression is refused.
 * @returns null where it can be searched for
 */
export function problemOf(expression: string): string | null {
  if (expression === '') return 'is empty: it would be found everywhere';
  const plain = expression.replaceAll('\\\\', '');
  if (/\\(?:[1-9]|k<)/.test(plain))
    return 'refers back to a group, which cannot be searched in a time that is bounded';
  try {
    const size = compiled(expression).programSize();
    return size <= mostSteps
      ? null
      : `is too large: its repetitions come to ${size} steps, and ${mostSteps} are the most`;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return syntaxProblem(plain, error);
  }
}

/** Why RE2 does not know an expression (https://github.com/google/re2/wiki/WhyRE2). */
function syntaxProblem(expression: string, error: RE2JSSyntaxException): string {
  if (/\(\?<?[=!]/.test(expression))
    return 'looks ahead or behind, which cannot be searched in a time that is bounded: use \\b, or name what stands beside it in the expression';
  return `is not a regular expression that RE2 knows: ${error.getDescription()}`;
}

/** What `\s` finds in JavaScript (ECMA-262, WhiteSpace and LineTerminator); in RE2 it is ASCII alone. */
const spaces = '\\s\\v\\x{feff}\\p{Z}';
/** What `.` does not find in JavaScript. */
const lineEnds = '\\n\\r\\x{2028}\\x{2029}';

/**
 * An expression with the meaning that it has in JavaScript (flag `u`): spaces of every kind, lines that
 * end in any way, code points, named groups and names of scripts.
 */
function asRe2(expression: string): string {
  const dotFitsAll = /\(\?[a-zA-Z]*s/.test(expression);
  let isInClass = false;
  const translated = expression.replaceAll(
    /\\[pP]\{(?:Script|sc|General_Category|gc)=(\w+)\}|\\[^]|[^]/g,
    (token: string, script: string | undefined) => {
      if (script !== undefined) return `${token.slice(0, 2)}{${script}}`;
      if (token === '\\s') return isInClass ? spaces : `[${spaces}]`;
      if (token === '\\S' && !isInClass) return `[^${spaces}]`;
      if (token === '.' && !isInClass && !dotFitsAll) return `[^${lineEnds}]`;
      if (token === '[') isInClass = true;
      if (token === ']') isInClass = false;
      return token;
    },
  );
  return RE2JS.translateRegExp(translated);
}

const compiled = (expression: string): RE2JS => RE2JS.compile(asRe2(expression));

/** How much of a text is searched at once, and how much more is seen behind it. */
const windowSize = 4_096;
const seenBehind = 4_096;
/** Before it, one character is seen, of which `^` and `\b` depend. */
const seenBefore = 2;
/** Matches after which others may go on. */
const matchesAtATime = 16;

/**
 * @param expression one in which `problemOf` finds none
 * @throws RE2JSException otherwise
 */
export function compilePattern(expression: string): CompiledPattern {
  const pattern = compiled(expression);
  return { findInSteps: (text) => findAll(pattern, text) };
}

/** A pattern of a policy, ready to be searched for. */
export interface NamedPattern {
  /** The code of why its matches are masked. */
  reason: string;
  pattern: CompiledPattern;
  /** What stands there instead. */
  mark: string;
}

type Given = readonly { name: string; pattern: string }[];

/** The patterns of policies in use: to make them ready takes longer than to search a text. */
const ready = new WeakMap<Given, readonly NamedPattern[]>();

/** The patterns of a policy; the same list gives the same patterns. */
export function patternsOf({ patterns }: { patterns: Given }): readonly NamedPattern[] {
  const made =
    ready.get(patterns) ??
    patterns.map(({ name, pattern }) => ({
      reason: `pattern:${name}`,
      pattern: compilePattern(pattern),
      mark: patternMark(name),
    }));
  ready.set(patterns, made);
  return made;
}

/** Searches a long text in windows: of what is longer than 4,096 characters, the rest may be missed. */
function* findAll(pattern: RE2JS, text: string): Generator<void, Match[]> {
  const found: Match[] = [];
  let at = 0;
  for (let start = 0; start <= text.length; start += windowSize) {
    const from = Math.max(0, start - seenBefore);
    const end = start + windowSize;
    const matcher = pattern.matcher(text.slice(from, end + seenBehind));
    const last = Math.min(end, text.length);
    let count = 0;
    for (at = Math.max(at, start); at < last && matcher.find(at - from); count += 1) {
      const match = { start: matcher.start() + from, end: matcher.end() + from };
      if (match.start >= end) break;
      if (match.end > match.start) found.push(match);
      at = match.end > match.start ? match.end : behind(text, match.start);
      if (count % matchesAtATime === matchesAtATime - 1) yield;
    }
    yield;
  }
  return found;
}

/** Where the character that begins at a place ends. */
const behind = (text: string, at: number): number =>
  at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
