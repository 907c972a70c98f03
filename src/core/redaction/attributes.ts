import type { SourceConversation, ConversationDetails } from '../genesys/conversation';

/** Names of participant attributes that are exported; `all` for every one. */
export type AttributeAllowList = 'all' | ReadonlySet<string>;

interface WithParticipants {
  participants?: { attributes?: unknown; [field: string]: unknown }[];
}

/**
 * Withholds the participant attributes that policy does not allow. Companies store arbitrary data in
 * them, even payment data.
 * @returns the conversation, and the names of the attributes withheld
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
