import type { Range } from '../mapped-text';

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

/** Spaces, line breaks and comments, between which the parts of a value stand. */
function skipSpace(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '(') depth += 1;
    else if (letter === ')' && depth > 0) depth -= 1;
    else if (letter === '\\' && depth > 0) at += 1;
    else if (depth === 0 && !/\s/.test(letter ?? '')) return at;
  }
  return text.length;
}

/** Behind a quoted string, whose opening quote stands at a place. */
export function endOfQuoted(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** Reads a value with its parameters, however carelessly they are written. Places count from the text's start. */
export function parseParameters(text: string): WithParameters {
  const first = skipSpace(text, 0);
  const end = /[;\s(]/.exec(text.slice(first))?.index ?? text.length - first;
  const parameters: Parameter[] = [];
  let at = text.indexOf(';', first + end);
  while (at >= 0 && at < text.length) {
    const start = skipSpace(text, at + 1);
    const name = /^[^\s=;()"]+/.exec(text.slice(start, start + 200))?.[0];
    const equals = skipSpace(text, start + (name ?? '').length);
    if (name === undefined || text[equals] !== '=') {
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
  const length = /[;\r\n]/.exec(text.slice(start))?.index ?? text.length - start;
  const end = start + text.slice(start, start + length).trimEnd().length;
  return { range: { start, end }, isQuoted: false };
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
