import type { SourceConversation } from '../core/genesys/conversation';
import { attempt } from '../core/genesys/reading';
import { assertConversation } from '../core/genesys/shapes';
import type { UnreadableReason } from '../core/package/items';
import { searchBlob, type ScratchRef } from '../core/package/blob-names';
import type { SubjectIdentifiers } from '../core/subject/contact';
import { judgeConversation, type Judgement } from '../core/subject/matching';
import type { ScratchStore, SearchLedger, SearchRecord } from '../ports';
import { readScratch, type ScratchOwner } from './scratch';

/** A conversation that the searches have found and that is, or may be, the person's. */
export interface FoundConversation {
  conversation: SourceConversation;
  /** Whose it is, or why it cannot be judged. */
  judgement: Exclude<Judgement, 'none'> | UnreadableReason;
}

/** What going through the results of searches uses. */
export interface FoundConversationServices {
  scratch: Pick<ScratchStore, 'read'>;
  searches: Pick<SearchLedger, 'list'>;
}

/**
 * Goes through the search results in order of time, of which one blob at a time is in memory, and drops
 * repeats and what is not the person's after all.
 */
export async function* foundConversations(
  services: FoundConversationServices,
  owner: ScratchOwner,
  subject: SubjectIdentifiers,
): AsyncGenerator<FoundConversation> {
  const searches = await services.searches.list(owner.record.requestId);
  const seen = new Set<string>();
  for (const blob of resultsOf(searches)) {
    for (const conversation of await readScratch(services, owner, blob)) {
      if (seen.has(conversation.conversationId)) continue;
      seen.add(conversation.conversationId);
      const judgement = judge(conversation, subject);
      if (judgement !== 'none') yield { conversation, judgement };
    }
  }
}

/** The blobs with everything that the searches have found, in order of time. */
const resultsOf = (searches: readonly SearchRecord[]): ScratchRef<SourceConversation[]>[] =>
  searches.flatMap(({ key, parts }) =>
    Array.from({ length: parts }, (_, i) => searchBlob(key, i + 1)),
  );

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
