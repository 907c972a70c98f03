import { SourceError } from '../core/errors';
import type { SourceConversation } from '../core/genesys/conversation';
import { cutToStore } from '../core/genesys/reading';
import { inGroup } from '../core/genesys/search-groups';
import { halveWindow } from '../core/genesys/search-windows';
import { subjectFilter, subjectFilters, type SubjectFilter } from '../core/genesys/subject-filter';
import { searchBlob } from '../core/package/blob-names';
import type { SubjectIdentifiers } from '../core/subject/contact';
import { idOf } from '../export/unreadable';
import type {
  ConversationSearchSource,
  KeyStore,
  Ledger,
  ScratchStore,
  SearchLedger,
  SearchRecord,
} from '../ports';
import { subjectOf } from '../services/subject';
import { openRequestActivity, type ActivityServices, type OnOpenRequest } from './activity';

export interface AdvanceSearchesServices extends ActivityServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details'>;
  scratch: Pick<ScratchStore, 'write'>;
  searches: Pick<SearchLedger, 'list' | 'put'>;
}

type On = OnOpenRequest<'advanceSearches', AdvanceSearchesServices>;

/** How often a search is submitted when its job fails or expires. */
const submissions = 3;

/** Submits, checks and fetches the searches of one group, each as far as it is. */
export const createAdvanceSearches = openRequestActivity<
  'advanceSearches',
  AdvanceSearchesServices
>('advanceSearches', async (on) => {
  const { searches } = on.services;
  const { requestId, group } = on.input;
  const subject = await subjectOf(on.services, on);
  let waiting = 0;
  for (const search of inGroup(await searches.list(requestId), group)) {
    if (search.state === 'done' || search.state === 'split') continue;
    const changed =
      search.state === 'new'
        ? await submit(on.organisation.source, search, subject)
        : await check(on, search);
    if (changed.length > 0) await searches.put(requestId, changed);
    const open = changed.length > 0 ? changed : [search];
    waiting += open.filter(({ state }) => state === 'new' || state === 'running').length;
  }
  return { waiting };
});

/**
 * Starts a search; a window that the source refuses is halved.
 * @returns the records that changed
 */
async function submit(
  source: ConversationSearchSource,
  search: SearchRecord,
  subject: SubjectIdentifiers,
): Promise<SearchRecord[]> {
  const jobId = await source.submitSearch(search.window, filterOf(search, subject));
  if (jobId !== null)
    return [{ ...search, state: 'running', jobId, attempts: search.attempts + 1 }];
  const halves = halveWindow(search.window);
  if (halves === null) throw new SourceError({ kind: 'failed', code: 'sourceRefusedSearch' });
  return [
    { ...search, state: 'split' },
    ...halves.map((window, i): SearchRecord => ({
      ...search,
      key: `${search.key}${i === 0 ? 'a' : 'b'}`,
      window,
      state: 'new',
      jobId: null,
      attempts: 0,
      found: 0,
    })),
  ];
}

/** The part of the filter that a search is by. */
const filterOf = ({ part }: SearchRecord, subject: SubjectIdentifiers): SubjectFilter =>
  (part === undefined ? undefined : subjectFilters(subject)[part]) ?? subjectFilter(subject);

/**
 * Stores the results of a search that is finished, and submits one again that has failed.
 * @returns the records that changed
 */
async function check(
  { record, keys, organisation: { source }, services: { scratch } }: On,
  search: SearchRecord,
): Promise<SearchRecord[]> {
  const jobId = search.jobId ?? '';
  const state = await source.searchState(jobId);
  if (state === 'running') return [];
  const found = state === 'failed' ? null : await readResults(source, jobId);
  if (found === null) {
    if (search.attempts < submissions) return [{ ...search, state: 'new', jobId: null }];
    throw new SourceError({ kind: 'failed', code: 'sourceRefusedSearch' });
  }
  await scratch.write(record.requestId, searchBlob(search.key), keys.dataKey, found);
  await source.deleteSearch(jobId);
  return [{ ...search, state: 'done', jobId: null, found: found.length }];
}

/**
 * Reads all results of a job.
 * @returns null when the source has deleted the results
 * @throws SourceError when a conversation has no id, and so cannot be told from others
 */
async function readResults(
  source: ConversationSearchSource,
  jobId: string,
): Promise<SourceConversation[] | null> {
  const conversations: SourceConversation[] = [];
  let cursor: string | null = null;
  do {
    const page = await source.searchResults(jobId, cursor);
    if (page === null) return null;
    for (const conversation of page.conversations) {
      if (idOf((conversation as SourceConversation | null)?.conversationId) === null)
        throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
      conversations.push(cutToStore(conversation));
    }
    cursor = page.cursor;
  } while (cursor !== null);
  return conversations;
}
