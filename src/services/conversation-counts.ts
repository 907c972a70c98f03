import { attempt } from '../core/genesys/reading';
import type { SourceConversation } from '../core/genesys/conversation';
import { assertConversation } from '../core/genesys/shapes';
import { subjectIdentifiersOf } from '../core/subject/contact';
import type { Identifier } from '../core/subject/identifiers';
import { tiesOf } from '../core/subject/matching';
import {
  noEvidence,
  personWithoutRecord,
  withConversation,
  type IdentifierEvidence,
} from '../core/subject/no-contact';
import { identifierKey } from '../core/subject/spellings';

/**
 * Counts the conversations that carry each of some identifiers, and keeps of them when the first and the
 * last began. One that cannot be read counts for every identifier that it was searched by.
 * @param identifiers that the conversations were searched by, all in one search
 * @param pages the results; null for those that the source has deleted
 * @returns null when the source has deleted the results
 */
export async function countConversations(
  identifiers: readonly Identifier[],
  pages: AsyncIterable<SourceConversation[] | null>,
): Promise<IdentifierEvidence[] | null> {
  const keys = identifiers.map(identifierKey);
  const evidence = new Map(keys.map((key) => [key, noEvidence(key)]));
  const subject = subjectIdentifiersOf(personWithoutRecord(identifiers));
  // The source may deliver a conversation twice. Ids are held while a search is counted, never stored.
  const seen = new Set<string>();
  for await (const conversations of pages) {
    if (conversations === null) return null;
    for (const conversation of conversations) {
      if (seen.has(conversation.conversationId)) continue;
      seen.add(conversation.conversationId);
      const read = attempt(() => {
        assertConversation(conversation);
        return tiesOf(conversation, subject).tiedBy;
      });
      const startedAt = 'problem' in read ? null : conversation.conversationStart;
      for (const key of 'problem' in read ? keys : read.value)
        evidence.set(key, withConversation(evidence.get(key) ?? noEvidence(key), startedAt));
    }
  }
  return [...evidence.values()];
}
