import type { SourceConversation } from '../core/conversation';
import { countItems, newItem, withheld, type Item } from '../core/items';
import { pageBlob, searchBlob } from '../core/layout';
import { pageLength } from '../core/package-limits';
import { judgeConversation, type Judgement } from '../core/matching';
import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import { protectPage } from './deletion-protection';
import { guarded, openRequest, type Environment } from './environment';
import { subjectOf } from './searches';

/** A conversation on a page, with its number in the package. */
export interface PageConversation {
  number: number;
  judgement: Exclude<Judgement, 'none'>;
  conversation: SourceConversation;
}

/**
 * Goes through the search results in order of time, drops repeats and what is not the person's after
 * all, numbers the rest and stores it in pages. Every conversation becomes an expected item; one that
 * may be another person's is withheld unless an officer has decided otherwise.
 */
export const createPlanPages =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'planPages'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'planPages'>> => {
      const request = await openRequest(env, requestId);
      const { record } = request;
      if (record.conversations !== null && record.pages !== null)
        return { conversations: record.conversations, pages: record.pages };
      const key = request.keys.sealingKey;
      const subject = await subjectOf(env, request);
      const { decision } = await env.ledger.details(record);
      const isIncluded = decision?.doubtfulConversations === 'include';
      const searches = await env.ledger.searches(requestId);
      const found = searches.reduce((total, search) => total + search.found, 0);
      const length = pageLength(found, env.settings.pageConversations);
      const seen = new Set<string>();
      let number = 0;
      let pages = 0;
      let unprotected = 0;
      let page: PageConversation[] = [];
      const store = async (): Promise<void> => {
        pages += 1;
        await env.work.write(requestId, pageBlob(pages), key, page);
        unprotected += await protectPage(env, request, pages, page);
        const items = page.map((entry): Item => {
          const item = newItem(entry.number, 'conversation', 1, null);
          return entry.judgement === 'subject' || isIncluded
            ? item
            : withheld(item, entry.judgement);
        });
        await env.ledger.putItems(requestId, pages, items);
        await env.ledger.putPageCounts(requestId, pages, countItems(items));
        page = [];
      };
      for (const search of searches) {
        if (search.state === 'split') continue;
        const results = (await env.work.read(requestId, searchBlob(search.key), key)) as
          SourceConversation[] | null;
        if (results === null) throw new Error('A search has no stored result.');
        for (const conversation of results) {
          if (seen.has(conversation.conversationId)) continue;
          seen.add(conversation.conversationId);
          const judgement = judgeConversation(conversation, subject);
          if (judgement === 'none') continue;
          number += 1;
          page.push({ number, judgement, conversation });
          if (page.length === length) await store();
        }
      }
      if (page.length > 0) await store();
      const change = { conversations: number, pages, unprotected };
      const detail = { conversations: number, windows: searches.length };
      await env.ledger.note(requestId, { event: 'searched', detail }, change);
      return { conversations: number, pages };
    });
