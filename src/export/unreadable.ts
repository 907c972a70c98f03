import { UnreadableError } from '../core/errors';
import { failed, type Item } from '../core/package/items';
import type { Sanitiser } from '../core/redaction/sanitiser';

/**
 * What comes of content; the item alone, as failed, when it cannot be processed. What was masked in
 * it does not count then.
 * @param work writes nothing before it has processed all of the content
 */
export async function orFailed(
  item: Item,
  sanitiser: Sanitiser,
  work: () => Promise<Item[]>,
): Promise<Item[]> {
  const before = { ...sanitiser.redactions };
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    sanitiser.redactions = before;
    return [failed(item, error.reason)];
  }
}

/** An address (URL) from a document of the source; null for what is none. */
export const addressOf = (value: unknown): string | null =>
  typeof value === 'string' && URL.canParse(value) ? value : null;

/** An id from a document of the source; null for what is none. */
export const idOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
