import type { SourceConversation } from '../genesys/conversation';
import type { ConversationDetails } from '../package/conversation-row';

/** Names of participant attributes that are exported; `all` for every one. */
export type AttributeAllowList = 'all' | ReadonlySet<string>;

interface WithParticipants {
  participants?: { attributes?: unknown; [field: string]: unknown }[];
}

/**
 * A conversation without the participant attributes that policy does not let out: companies write
 * there what they like, payment data included.
 * @returns the conversation, and the names that were left out
 */
export function keepAttributes<T extends SourceConversation | ConversationDetails>(
  conversation: T,
  allowed: AttributeAllowList,
): { conversation: T; withheld: Set<string> } {
  const withheld = new Set<string>();
  const participants = (conversation as WithParticipants).participants?.map((participant) => {
    if (participant.attributes === undefined || participant.attributes === null) return participant;
    const entries = Object.entries(participant.attributes as Record<string, string>);
    const kept = entries.filter(([name]) => allowed === 'all' || allowed.has(name));
    for (const [name] of entries) if (allowed !== 'all' && !allowed.has(name)) withheld.add(name);
    return { ...participant, attributes: Object.fromEntries(kept) };
  });
  return {
    conversation: participants ? { ...conversation, participants } : conversation,
    withheld,
  };
}
