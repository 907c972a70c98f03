import type { Range } from '../mapped-text';
import { drain, lettersAtATime, Pace } from '../steps';

/** A parameter of a header field (RFC 2045 section 5.1, RFC 2231), with the place of its value. */
export interface Parameter {
  /** In lower case, without what RFC 2231 adds to it. */
  name: string;
  /** Number of the section where the value is in several; null where it is in one. */
  section: number | null;
  /** Whether letters of the value are written as `%4A`. */
  isExtended: boolean;
  isQuoted: boolean;
  /** Of the value, without its quotes. */
  range: Range;
  value: string;
}

/** A value with parameters, as `Content-Type` has them. */
export interface WithParameters {
  /** In lower case. */
  value: string;
  parameters: Parameter[];
}

/** A parameter costs as much as to pass over so many letters. */
const tokenCost = 64;

/** Spaces, line breaks and comments, between which the parts of a value stand. */
function skipSpace(text: string, from: number): number {
  const most = Math.min(text.length, from + longestToken);
  let depth = 0;
  for (let at = from; at < most; at += 1) {
    const letter = text[at];
    if (letter === '(') depth += 1;
    else if (letter === ')' && depth > 0) depth -= 1;
    else if (letter === '\\' && depth > 0) at += 1;
    else if (depth === 0 && !/\s/.test(letter ?? '')) return at;
  }
  return most;
}

/** A longer quoted string, comment or value is none: it ends there. */
const longestToken = 16_384;

/** Behind a quoted string, whose opening quote stands at a place. */
export function endOfQuoted(text: string, from: number): number {
  const most = Math.min(text.length, from + longestToken);
  for (let at = from + 1; at < most; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return most;
}

/** A longer header is read no further where a part or a file is to be known by it. */
const longestHeader = 8_192;

/** The start of a value with its parameters: as much of it as decides how a part or a file is read. */
export const parseParameters = (text: string): WithParameters =>
  drain(parametersInSteps(text.slice(0, longestHeader)));

/**
 * Reads a value with its parameters, however carelessly they are written. Places count from the text's
 * start. In steps.
 */
export function* parametersInSteps(text: string): Generator<void, WithParameters> {
  const pace = new Pace(lettersAtATime);
  const first = skipSpace(text, 0);
  const end = /[;\s(]/.exec(text.slice(first))?.index ?? text.length - first;
  const parameters: Parameter[] = [];
  let at = text.indexOf(';', first + end);
  while (at >= 0 && at < text.length) {
    const start = skipSpace(text, at + 1);
    const name = /^[^\s=;()"]+/.exec(text.slice(start, start + 200))?.[0];
    const equals = skipSpace(text, start + (name ?? '').length);
    if (name === undefined || text[equals] !== '=') {
      if (pace.isOver(start - at + tokenCost)) yield;
      at = text.indexOf(';', Math.max(start, at + 1));
      continue;
    }
    const { range, isQuoted } = valueAt(text, skipSpace(text, equals + 1));
    parameters.push({
      ...nameParts(name),
      isQuoted,
      range,
      value: unquoted(text, range, isQuoted),
    });
    if (pace.isOver(range.end - at + tokenCost)) yield;
    at = text.indexOf(';', range.end);
  }
  return { value: text.slice(first, first + end).toLowerCase(), parameters };
}

function valueAt(text: string, start: number): { range: Range; isQuoted: boolean } {
  if (text[start] === '"') {
    const end = endOfQuoted(text, start);
    const isClosed = end - 1 > start && text[end - 1] === '"';
    return { range: { start: start + 1, end: isClosed ? end - 1 : end }, isQuoted: true };
  }
  const longest = text.slice(start, start + longestToken);
  const written = longest.slice(0, /[;\r\n]/.exec(longest)?.index ?? longest.length);
  return { range: { start, end: start + written.trimEnd().length }, isQuoted: false };
}

const unquoted = (text: string, { start, end }: Range, isQuoted: boolean): string => {
  const value = text.slice(start, end);
  return isQuoted ? value.replaceAll(/\\(.)/g, '$1').replaceAll(/\r?\n/g, '') : value;
};

function nameParts(given: string): Pick<Parameter, 'name' | 'section' | 'isExtended'> {
  const [, name = given, section, star] = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(given) ?? [];
  return {
    name: name.toLowerCase(),
    section: section === undefined ? null : Number(section),
    isExtended: star !== undefined,
  };
}

/** The sections of a parameter in the order of their numbers; one, where it has no sections. */
export const sectionsOf = ({ parameters }: WithParameters, name: string): Parameter[] =>
  parameters
    .filter((one) => one.name === name)
    .toSorted((a, b) => (a.section ?? 0) - (b.section ?? 0));

/** The value of a parameter; undefined where there is none. */
export function parameterOf(value: WithParameters, name: string): string | undefined {
  const sections = sectionsOf(value, name);
  const [first] = sections;
  if (first === undefined) return undefined;
  if (first.section === null && !first.isExtended) return first.value;
  const letters = sections.map(({ value: text, isExtended }) =>
    isExtended ? percentDecoded(text) : text,
  );
  return first.isExtended ? letters.join('').replace(/^[^']*'[^']*'/, '') : letters.join('');
}

/** Letters of `%4A`, each byte as a letter. */
const percentDecoded = (text: string): string =>
  text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
