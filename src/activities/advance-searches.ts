import { SourceError } from '../core/errors';
import type { SourceConversation } from '../core/genesys/conversation';
import { cutToStore } from '../core/genesys/reading';
import { inGroup, partKey } from '../core/genesys/search-groups';
import { daysOf, halveWindow, type SearchWindow } from '../core/genesys/search-windows';
import { shortestDays } from '../core/genesys/window-length';
import { countBlob, searchBlob } from '../core/package/blob-names';
import { idOf } from '../export/unreadable';
import type { KeyStore, Ledger, ScratchStore, SearchLedger, SearchRecord } from '../ports';
import { countConversations } from '../services/conversation-counts';
import { batchesToCount, filtersOf } from '../services/search-filters';
import { WindowCutter, type WindowLengthServices } from '../services/window-length';
import { openRequestActivity, type ActivityServices, type OnOpenRequest } from './activity';

export interface AdvanceSearchesServices extends ActivityServices, WindowLengthServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details'>;
  scratch: Pick<ScratchStore, 'write'>;
  searches: Pick<SearchLedger, 'list' | 'put'>;
}

type On = OnOpenRequest<'advanceSearches', AdvanceSearchesServices>;

/** How often a search is submitted when its results are gone, or when it fails and cannot be cut. */
const submissions = 3;
/** How often a search may fail before its window is cut: once may be the source's own trouble. */
const failuresBeforeCut = 2;

/**
 * Submits, checks and fetches the searches of one group, each as far as it is; where conversations are
 * only counted, nothing of them is stored. Every change is stored
 * before the next call of the source, so that a crash costs one call. A finished job is left to the
 * source: it deletes the results by itself (`AsyncQueryStatus.expirationDate`), and a job that has ended
 * stands in the way of no other.
 */
export const createAdvanceSearches = openRequestActivity<
  'advanceSearches',
  AdvanceSearchesServices
>('advanceSearches', async (on) => {
  const group = await SearchGroup.read(on);
  await checkRunning(on, group);
  await submitNew(on, group);
  return { waiting: group.in('new', 'running').length };
});

/** The searches of a group, as they are stored. */
class SearchGroup {
  private constructor(
    private readonly on: On,
    private readonly records: Map<string, SearchRecord>,
  ) {}

  static async read(on: On): Promise<SearchGroup> {
    const { requestId, group } = on.input;
    const searches = inGroup(await on.services.searches.list(requestId), group);
    return new SearchGroup(on, new Map(searches.map((search) => [search.key, search])));
  }

  /** Those in one of these states, in the order of time. */
  in(...states: SearchRecord['state'][]): SearchRecord[] {
    return [...this.records.values()]
      .filter(({ state }) => states.includes(state))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async store(changed: SearchRecord[]): Promise<void> {
    await this.on.services.searches.put(this.on.input.requestId, changed);
    for (const search of changed) this.records.set(search.key, search);
  }
}

/**
 * Checks the jobs in the order in which they were submitted, and so up to the first that is still
 * running: to ask about those behind it would cost a call each, and they are likely not to be done
 * either. It stops as well where it has cut a window, so that a source at which every job fails is found
 * out by one window and not by all.
 */
async function checkRunning(on: On, group: SearchGroup): Promise<void> {
  for (const search of group.in('running')) {
    const changed = await check(on, search);
    if (changed === 'givenUp') {
      // Its job would be as gone or failed when somebody tries the request again.
      await group.store([{ ...search, state: 'new', jobId: null, attempts: 0 }]);
      throw new SourceError({ kind: 'failed', code: 'sourceSearchFailed' });
    }
    if (changed.length === 0) return;
    await group.store(changed);
    if (changed.length > 1) return;
  }
}

/**
 * Stores the results of a search that is finished. One that has failed is submitted again, and then cut:
 * it may have found too much, or have taken too long.
 * @returns the records that changed; `givenUp` when it was submitted as often as it may be
 */
async function check(on: On, search: SearchRecord): Promise<SearchRecord[] | 'givenUp'> {
  const { source } = on.organisation;
  const jobId = search.jobId ?? '';
  const state = await source.searchState(jobId);
  if (state === 'running') return [];
  const take = on.input.purpose === 'count' ? countResults : storeResults;
  const stored = state === 'fulfilled' ? await take(on, search) : null;
  if (stored !== null) return [{ ...search, ...stored, state: 'done', jobId: null }];
  if (state === 'failed' && search.attempts >= failuresBeforeCut) {
    const halves = daysOf(search.window) > shortestDays ? halveWindow(search.window) : null;
    if (halves !== null) return partsOf(search, halves);
  }
  return search.attempts < submissions ? [{ ...search, state: 'new', jobId: null }] : 'givenUp';
}

/** Starts searches, oldest first; the windows that the source refuses are cut. */
async function submitNew(on: On, group: SearchGroup): Promise<void> {
  const queue = group.in('new');
  if (queue.length === 0) return;
  const { record, organisation, services } = on;
  const cutter = await WindowCutter.for(services, record.organisation, 'search');
  const filters = await filtersOf(services, on, on.input.purpose);
  for (let search = queue.shift(); search !== undefined; search = queue.shift()) {
    const { window, attempts } = search;
    let windows = cutter.cut(window);
    if (windows === null) {
      const filter = filters[search.filter] ?? noFilter();
      const jobId = await organisation.source.submitSearch(window, filter);
      if (jobId !== null) {
        await group.store([{ ...search, state: 'running', jobId, attempts: attempts + 1 }]);
        await cutter.taken(window);
        continue;
      }
      windows = cutter.refused(window);
    }
    if (windows === null) throw new SourceError({ kind: 'failed', code: 'sourceRefusedSearch' });
    const cut = partsOf(search, windows);
    await group.store(cut);
    queue.unshift(...cut.slice(1));
  }
}

/** What the search record of a finished job says of its results. */
type Taken = Pick<SearchRecord, 'found' | 'parts'>;

/** A search that was planned for another person than the request is about now is never run. */
function noFilter(): never {
  throw new SourceError({ kind: 'failed', code: 'internalError' });
}

/** The record of a search that was cut, and after it those of its parts. */
const partsOf = (search: SearchRecord, windows: readonly SearchWindow[]): SearchRecord[] => [
  { ...search, state: 'split', jobId: null },
  ...windows.map((window, i): SearchRecord => ({
    key: partKey(search.key, i),
    filter: search.filter,
    window,
    state: 'new',
    jobId: null,
    attempts: 0,
    found: 0,
    parts: 0,
  })),
];

/**
 * Stores all results of a job, a blob for each page, so that no more than a page is held in memory.
 * @returns null when the source has deleted the results
 */
async function storeResults(on: On, search: SearchRecord): Promise<Taken | null> {
  const { record, keys, services } = on;
  let found = 0;
  let parts = 0;
  for await (const conversations of resultsOf(on, search)) {
    if (conversations === null) return null;
    parts += 1;
    found += conversations.length;
    const blob = searchBlob(search.key, parts);
    await services.scratch.write(record.requestId, blob, keys.dataKey, conversations);
  }
  return { found, parts };
}

/** Stores how many results a job has for each identifier, and nothing of the conversations themselves. */
async function countResults(on: On, search: SearchRecord): Promise<Taken | null> {
  const { record, keys, services } = on;
  const { identifiers } = (await batchesToCount(services, on))[search.filter] ?? noFilter();
  const counts = await countConversations(identifiers, resultsOf(on, search));
  if (counts === null) return null;
  await services.scratch.write(record.requestId, countBlob(search.key), keys.dataKey, counts);
  return { found: 0, parts: 0 };
}

/**
 * The results of a job by the page; null, and nothing after it, when the source has deleted them.
 * @throws SourceError when a conversation has no id, and so cannot be told from others
 */
async function* resultsOf(
  { organisation: { source } }: On,
  { jobId }: SearchRecord,
): AsyncGenerator<SourceConversation[] | null> {
  let cursor: string | null = null;
  do {
    const page = await source.searchResults(jobId ?? '', cursor);
    if (page === null) {
      yield null;
      return;
    }
    if (page.cursor !== null && page.cursor === cursor)
      throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
    if (page.conversations.length > 0) yield page.conversations.map(identified);
    cursor = page.cursor;
  } while (cursor !== null);
}

function identified(conversation: SourceConversation): SourceConversation {
  if (idOf((conversation as SourceConversation | null)?.conversationId) === null)
    throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
  return cutToStore(conversation);
}
