import { UnreadableError } from '../core/errors';
import { failed, type Item, type UnreadableReason } from '../core/package/items';
import type { Sanitiser } from '../core/redaction/sanitiser';

/**
 * What comes of content; something else when it cannot be processed. What was masked in it does not
 * count then.
 * @param work writes nothing before it has processed all of the content
 */
export async function orElse<T>(
  sanitiser: Sanitiser,
  work: () => Promise<T>,
  unreadable: (reason: UnreadableReason) => T,
): Promise<T> {
  const before = structuredClone(sanitiser.redactions);
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    sanitiser.redactions = before;
    return unreadable(error.reason);
  }
}

/** What comes of content; the item alone, as failed, when it cannot be processed. */
export const orFailed = (
  item: Item,
  sanitiser: Sanitiser,
  work: () => Promise<Item[]>,
): Promise<Item[]> => orElse(sanitiser, work, (reason) => [failed(item, reason)]);

/** An address (URL) from a document of the source; null for what is none. */
export const addressOf = (value: unknown): string | null =>
  typeof value === 'string' && URL.canParse(value) ? value : null;

/** An id from a document of the source; null for what is none. */
export const idOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
