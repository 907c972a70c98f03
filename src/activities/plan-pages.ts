import type { SourceConversation } from '../core/genesys/conversation';
import type { SubjectIdentity } from '../core/subject/identifiers';
import {
  countItems,
  failed,
  newItem,
  withheld,
  type Item,
  type UnreadableReason,
} from '../core/package/items';
import { pageBlob, searchBlob } from '../core/package/blob-names';
import { pageLength } from '../core/package/limits';
import { judgeConversation, type Judgement } from '../core/subject/matching';
import { attempt } from '../core/genesys/reading';
import { assertConversation } from '../core/genesys/shapes';
import type { ActivityInput, ActivityOutput } from '../orchestrators/activity-types';
import { holdPage } from '../services/deletion-hold';
import { runActivity, openRequest, type Environment } from '../services/environment';
import { subjectOf } from './searches';

/** A conversation on a page, with its number in the package. */
export interface PageConversation {
  number: number;
  /** Whose it is, or why nobody can tell. */
  judgement: Exclude<Judgement, 'none'> | UnreadableReason;
  conversation: SourceConversation;
}

function judge(
  conversation: SourceConversation,
  subject: SubjectIdentity,
): Judgement | UnreadableReason {
  const read = attempt(() => {
    assertConversation(conversation);
    return judgeConversation(conversation, subject);
  });
  return 'problem' in read ? read.problem : read.value;
}

/** The item of a conversation of which nothing is exported yet. */
export function plannedItem(
  { number, judgement }: PageConversation,
  doubtful: 'include' | 'withhold',
): Item {
  const item = newItem(number, 'conversation', 1, null);
  switch (judgement) {
    case 'subject':
      return item;
    case 'otherContact':
    case 'beforeContact':
      return doubtful === 'include' ? item : withheld(item, judgement);
    case 'notReadable':
    case 'tooDeep':
      return failed(item, judgement);
  }
}

/**
 * Goes through the search results in order of time, drops repeats and what is not the person's after
 * all, numbers the rest and stores it in pages. Every conversation becomes an expected item; one that
 * may be another person's is withheld unless an officer has decided otherwise, and one that cannot be
 * processed has failed.
 */
export const createPlanPages =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'planPages'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'planPages'>> => {
      const request = await openRequest(env, requestId);
      const { record } = request;
      if (record.conversations !== null && record.pages !== null)
        return { conversations: record.conversations, pages: record.pages };
      const key = request.keys.dataKey;
      const subject = await subjectOf(env, request);
      const { decision } = await env.ledger.details(record);
      const doubtful = decision?.doubtfulConversations ?? 'withhold';
      const searches = await env.searches.list(requestId);
      const found = searches.reduce((total, search) => total + search.found, 0);
      const length = pageLength(found, env.settings.export.conversationsPerPage);
      const seen = new Set<string>();
      let number = 0;
      let pages = 0;
      let unprotectedConversations = 0;
      let page: PageConversation[] = [];
      const store = async (): Promise<void> => {
        pages += 1;
        await env.scratch.write(requestId, pageBlob(pages), key, page);
        unprotectedConversations += await holdPage(env, request, pages, page);
        const items = page.map((entry) => plannedItem(entry, doubtful));
        await env.items.put(requestId, pages, items);
        await env.items.putCounts(requestId, pages, countItems(items));
        page = [];
      };
      for (const search of searches) {
        if (search.state === 'split') continue;
        const results = (await env.scratch.read(requestId, searchBlob(search.key), key)) as
          SourceConversation[] | null;
        if (results === null) throw new Error('A search has no stored result.');
        for (const conversation of results) {
          if (seen.has(conversation.conversationId)) continue;
          seen.add(conversation.conversationId);
          const judgement = judge(conversation, subject);
          if (judgement === 'none') continue;
          number += 1;
          page.push({ number, judgement, conversation });
          if (page.length === length) await store();
        }
      }
      if (page.length > 0) await store();
      const change = { conversations: number, pages, unprotectedConversations };
      const detail = { conversations: number, windows: searches.length };
      await env.ledger.note(requestId, { event: 'searched', detail }, change);
      return { conversations: number, pages };
    });
