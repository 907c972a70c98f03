import type { SourceConversation } from '../core/genesys/conversation';
import { SourceError } from '../core/errors';
import { identityOf, type SubjectIdentity } from '../core/subject/identifiers';
import { groupCount, inGroup, searchBlob, searchKey } from '../core/package/blob-names';
import { subjectFilter } from '../core/subject/matching';
import { cutToStore } from '../core/genesys/reading';
import { halveWindow, planWindows } from '../core/genesys/search-windows';
import type { ActivityInput, ActivityOutput } from '../orchestrators/activity-types';
import type { SearchRecord } from '../ports';
import {
  runActivity,
  openRequest,
  type Environment,
  type OpenRequest,
} from '../services/environment';
import { idOf } from '../export/unreadable';

const day = 86_400_000;
/** Times that a search is submitted again when its job failed or expired. */
const submissions = 3;

/** @throws Error when the contact was not resolved: a bug, not a state */
export async function subjectOf(
  env: Environment,
  { record }: OpenRequest,
): Promise<SubjectIdentity> {
  const { contact } = await env.ledger.details(record);
  if (!contact) throw new Error('The request has no contact.');
  return identityOf(contact);
}

/** Cuts the years to search into windows and asks the source how far back it reaches. */
export const createPlanSearches =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'planSearches'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'planSearches'>> => {
      const existing = await env.searches.list(requestId);
      if (existing.length > 0) {
        const planned = Math.max(...existing.map(({ key }) => Number(key.slice(0, 4)))) + 1;
        return { groups: groupCount(planned) };
      }
      // What the source holds, and how far it reaches, is judged by its clock.
      const { days, now } = await env.source.retention();
      const windows = planWindows(now, env.settings.search.years, env.settings.search.windowDays);
      await env.ledger.update(requestId, {
        searched: {
          from: windows[0]?.from ?? '',
          to: windows.at(-1)?.to ?? '',
          windows: windows.length,
        },
        indexedUntil: await env.source.indexedUntil(),
        searchableFrom: new Date(now.getTime() - days * day).toISOString(),
      });
      await env.searches.put(
        requestId,
        windows.map((window, i) => ({
          key: searchKey(i),
          window,
          state: 'new',
          jobId: null,
          attempts: 0,
          found: 0,
        })),
      );
      return { groups: groupCount(windows.length) };
    });

/** Submits, checks and fetches the searches of one group; each as far as it is. */
export const createAdvanceSearches =
  (env: Environment) =>
  ({ requestId, group }: ActivityInput<'advanceSearches'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'advanceSearches'>> => {
      const request = await openRequest(env, requestId);
      const subject = await subjectOf(env, request);
      const searches = inGroup(await env.searches.list(requestId), group);
      let waiting = 0;
      for (const search of searches) {
        if (search.state === 'done' || search.state === 'split') continue;
        const changed =
          search.state === 'new'
            ? await submit(env, search, subject)
            : await check(env, request, search);
        if (changed.length > 0) await env.searches.put(requestId, changed);
        const open = changed.length > 0 ? changed : [search];
        waiting += open.filter(({ state }) => state === 'new' || state === 'running').length;
      }
      return { waiting };
    });

/** Starts a search; a window that the source refuses is halved. Returns the records that changed. */
async function submit(
  env: Environment,
  search: SearchRecord,
  subject: SubjectIdentity,
): Promise<SearchRecord[]> {
  const jobId = await env.source.submitSearch(search.window, subjectFilter(subject));
  if (jobId !== null)
    return [{ ...search, state: 'running', jobId, attempts: search.attempts + 1 }];
  const halves = halveWindow(search.window);
  if (halves === null) throw new SourceError({ kind: 'failed', code: 'sourceRefusedSearch' });
  return [
    { ...search, state: 'split' },
    ...halves.map((window, i): SearchRecord => ({
      key: `${search.key}${i === 0 ? 'a' : 'b'}`,
      window,
      state: 'new',
      jobId: null,
      attempts: 0,
      found: 0,
    })),
  ];
}

async function check(
  env: Environment,
  request: OpenRequest,
  search: SearchRecord,
): Promise<SearchRecord[]> {
  const jobId = search.jobId ?? '';
  const state = await env.source.searchState(jobId);
  if (state === 'running') return [];
  const found = state === 'failed' ? null : await readResults(env, jobId);
  if (found === null) {
    if (search.attempts < submissions) return [{ ...search, state: 'new', jobId: null }];
    throw new SourceError({ kind: 'failed', code: 'sourceRefusedSearch' });
  }
  const { requestId } = request.record;
  await env.scratch.write(requestId, searchBlob(search.key), request.keys.dataKey, found);
  await env.source.deleteSearch(jobId);
  return [{ ...search, state: 'done', jobId: null, found: found.length }];
}

/**
 * All results of a job; null when the source has let go of them in between.
 * @throws SourceError when one cannot be told from others, because it has no id
 */
async function readResults(env: Environment, jobId: string): Promise<SourceConversation[] | null> {
  const conversations: SourceConversation[] = [];
  let cursor: string | null = null;
  do {
    const page = await env.source.searchResults(jobId, cursor);
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
