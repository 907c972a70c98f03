import { SourceError } from '../../core/errors';

/** How an API divides its records into pages. */
export interface PageRule<Page, Position> {
  /** Where the first page begins; null when there is nothing to read. */
  first: Position | null;
  /** Where the page after this one begins; null after the last. */
  next(page: Page, position: Position): Position | null;
}

/** Pages with numbers from 1 on, whose answers say how many there are. */
export const byNumber = ({
  pageSize,
  recordLimit = Infinity,
}: {
  pageSize: number;
  /** The API delivers so many records in all, and refuses pages beyond. */
  recordLimit?: number;
}): PageRule<{ pageCount?: number | null | undefined }, number> => ({
  first: 1,
  next: ({ pageCount }, number) =>
    number >= (pageCount ?? 1) || number * pageSize >= recordLimit ? null : number + 1,
});

/** Pages of which each names the cursor of the next. The position of the first page is ''. */
export const byCursor = <Page>(
  cursorOf: (page: Page) => string | null | undefined,
): PageRule<Page, string> => ({
  first: '',
  next: (page) => cursorOf(page) ?? null,
});

/** Chunks of a list of ids, where the API takes so many ids in one call. */
export const byIds = (ids: readonly string[], pageSize: number): PageRule<unknown, number> => ({
  first: ids.length > 0 ? 0 : null,
  next: (_page, position) => (position + pageSize < ids.length ? position + pageSize : null),
});

/**
 * Reads all pages of a listing.
 * @param read reads the page at a position; null when the source does not have it (any more)
 * @returns the pages up to the last, or up to the first that the source does not have: then
 *   `isComplete` is false
 * @throws SourceError what `read` throws; `failed` when a page names itself as the next
 */
export async function paginate<Page, Position>(
  rule: PageRule<NoInfer<Page>, Position>,
  read: (position: Position) => Promise<Page | null>,
): Promise<{ pages: Page[]; isComplete: boolean }> {
  const pages: Page[] = [];
  for (let position = rule.first; position !== null;) {
    const page = await read(position);
    if (page === null) return { pages, isComplete: false };
    pages.push(page);
    const next = rule.next(page, position);
    if (next === position)
      throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
    position = next;
  }
  return { pages, isComplete: true };
}
