import { UnreadableError } from '../errors';
import type { UnreadableReason } from '../package/items';

/** Processing of what comes from outside: content that is of no known form must not break anything. */

/** Levels of nesting that are processed; what the source gives has a tenth of them. */
export const mostLevels = 200;

const objectsIn = (values: readonly unknown[]): object[] =>
  values.filter((value): value is object => typeof value === 'object' && value !== null);

/** Whether a document has no more levels than are processed. It is walked without recursion. */
export function isShallow(document: unknown): boolean {
  let level = objectsIn([document]);
  for (let levels = 1; level.length > 0; levels += 1) {
    if (levels > mostLevels) return false;
    level = level.flatMap((value) => objectsIn(Object.values(value)));
  }
  return true;
}

/** @throws UnreadableError `tooDeep` when a document has more levels than are processed */
export function assertShallow(document: unknown): void {
  if (!isShallow(document)) throw new UnreadableError('tooDeep');
}

/**
 * A document without what is below one level more than is processed: it can be stored, and is still
 * known to be too deep.
 */
export function cutToStore<T>(document: T): T {
  const cut = (value: unknown, levels: number): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (levels === 0) return null;
    if (Array.isArray(value)) return value.map((one) => cut(one, levels - 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, cut(inner, levels - 1)]),
    );
  };
  return isShallow(document) ? document : (cut(document, mostLevels + 1) as T);
}

/** What the language itself throws at content of another form than was expected. */
const formErrors: ReadonlySet<unknown> = new Set([
  'TypeError',
  'RangeError',
  'SyntaxError',
  'URIError',
]);

/**
 * Runs a conversion of content from outside.
 * @throws UnreadableError in place of what the language throws at content of an unexpected form,
 *   whose message may repeat the content
 */
export function reading<T>(convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    const { name, code } = Object(error) as { name?: unknown; code?: unknown };
    if (formErrors.has(name) || code === 'ERR_STRING_TOO_LONG')
      throw new UnreadableError('notReadable');
    throw error;
  }
}

/** What a conversion of content from outside gives, or why the content cannot be processed. */
export function attempt<T>(convert: () => T): { value: T } | { problem: UnreadableReason } {
  try {
    return { value: reading(convert) };
  } catch (error) {
    if (error instanceof UnreadableError) return { problem: error.reason };
    throw error;
  }
}

/**
 * Reads JSON (RFC 8259), which is UTF-8.
 * @throws UnreadableError when it is none, or too deep
 */
export function parseJson(bytes: Uint8Array): unknown {
  const value = reading((): unknown =>
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)),
  );
  assertShallow(value);
  return value;
}
