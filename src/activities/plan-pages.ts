import type { SourceConversation } from '../core/genesys/conversation';
import { attempt } from '../core/genesys/reading';
import { assertConversation } from '../core/genesys/shapes';
import {
  countItems,
  failed,
  newItem,
  withheld,
  type Item,
  type UnreadableReason,
} from '../core/package/items';
import { pageBlob, searchBlob, type ScratchRef } from '../core/package/blob-names';
import { pageLength } from '../core/package/limits';
import type { PageConversation } from '../core/package/page';
import type { SubjectIdentifiers } from '../core/subject/contact';
import { isDoubt, verdictOn } from '../core/subject/decision';
import { judgeConversation, tiesOf, type Judgement } from '../core/subject/matching';
import type {
  ItemLedger,
  KeyStore,
  Ledger,
  ScratchStore,
  SearchLedger,
  SearchRecord,
  Settings,
} from '../ports';
import { holdPage } from '../services/deletion-hold';
import { readScratch } from '../services/scratch';
import { subjectOf } from '../services/subject';
import { openRequestActivity, type ActivityServices } from './activity';

function judge(
  conversation: SourceConversation,
  subject: SubjectIdentifiers,
): Judgement | UnreadableReason {
  const read = attempt(() => {
    assertConversation(conversation);
    return judgeConversation(conversation, subject);
  });
  return 'problem' in read ? read.problem : read.value;
}

/** The item of a conversation of which nothing is exported yet. */
export function plannedItem({ number, judgement, verdict }: PageConversation): Item {
  const item = newItem(number, 'conversation', 1, null);
  switch (judgement) {
    case 'subject':
      return item;
    case 'otherContact':
    case 'beforeContact':
    case 'sharedIdentifier':
      return verdict === 'include' ? item : withheld(item, judgement);
    case 'notVerified':
      return withheld(item, judgement);
    case 'notReadable':
    case 'tooDeep':
      return failed(item, judgement);
  }
}

/** The blobs with everything that the searches have found, in order of time. */
const resultsOf = (searches: readonly SearchRecord[]): ScratchRef<SourceConversation[]>[] =>
  searches.flatMap(({ key, parts }) =>
    Array.from({ length: parts }, (_, i) => searchBlob(key, i + 1)),
  );

export interface PlanPagesServices extends ActivityServices {
  items: Pick<ItemLedger, 'put' | 'putCounts'>;
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'note'>;
  scratch: Pick<ScratchStore, 'read' | 'write'>;
  searches: Pick<SearchLedger, 'list'>;
  settings: Pick<Settings, 'export'> & { search: Pick<Settings['search'], 'mailboxOwners'> };
}

/**
 * Goes through the search results in order of time, drops repeats and what is not the person's after
 * all, numbers the rest and stores it in pages. Every conversation becomes an expected item; one that
 * may be another person's is withheld unless an officer has decided otherwise, and one that cannot be
 * processed has failed.
 */
export const createPlanPages = openRequestActivity<'planPages', PlanPagesServices>(
  'planPages',
  async (on) => {
    const { record, services } = on;
    const { source } = on.organisation;
    const { requestId } = record;
    if (record.conversations !== null && record.pages !== null)
      return { conversations: record.conversations, pages: record.pages };
    const key = on.keys.dataKey;
    const { mailboxOwners } = services.settings.search;
    const subject = await subjectOf(services, on, mailboxOwners);
    const { decision } = await services.ledger.details(record);
    const searches = await services.searches.list(requestId);
    const found = searches.reduce((total, search) => total + search.found, 0);
    const length = pageLength(found, services.settings.export.conversationsPerPage);
    const seen = new Set<string>();
    let number = 0;
    let pages = 0;
    let unprotectedConversations = 0;
    let page: PageConversation[] = [];
    const store = async (): Promise<void> => {
      pages += 1;
      await services.scratch.write(requestId, pageBlob(pages), key, page);
      unprotectedConversations += await holdPage({ ...services, source }, on, pages, page);
      const items = page.map(plannedItem);
      await services.items.put(requestId, pages, items);
      await services.items.putCounts(requestId, pages, countItems(items));
      page = [];
    };
    for (const blob of resultsOf(searches)) {
      for (const conversation of await readScratch(services, on, blob)) {
        if (seen.has(conversation.conversationId)) continue;
        seen.add(conversation.conversationId);
        const judgement = judge(conversation, subject);
        if (judgement === 'none') continue;
        number += 1;
        const verdict = isDoubt(judgement)
          ? verdictOn(tiesOf(conversation, subject), decision)
          : null;
        page.push({ number, judgement, verdict, conversation });
        if (page.length === length) await store();
      }
    }
    if (page.length > 0) await store();
    const change = { conversations: number, pages, unprotectedConversations };
    const detail = { conversations: number, windows: searches.length };
    await services.ledger.note(requestId, { event: 'searched', detail }, change);
    return { conversations: number, pages };
  },
);
