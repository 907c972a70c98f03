import { verdictOn, type Decision, type Verdict } from './decision';
import type { DoubtfulConversation } from './doubtful';
import type { IdentifierNumbers } from './evidence';

/** What of the doubtful conversations an officer asks for. */
export interface DoubtfulFilter {
  verdict: Verdict | 'undecided' | null;
  /** `identifierKey` of an identifier that ties them to the person. */
  tiedBy: string | null;
  /** A contact that they carry. */
  contact: string | null;
}

/** A stretch of them: at most `limit`, from `from` on in the order in which they are stored. */
export interface Stretch {
  from: number;
  limit: number;
}

interface Tally {
  total: number;
  undecided: number;
}

/** Counts into the tally of a key. */
function count<K>(tallies: Map<K, Tally>, key: K, isUndecided: boolean): void {
  const tally = tallies.get(key) ?? { total: 0, undecided: 0 };
  tally.total += 1;
  tally.undecided += Number(isUndecided);
  tallies.set(key, tally);
}

/**
 * How many doubtful conversations there are and what is decided on them; by identifier, of those that an
 * answer on it covers; by contact, of those that carry it.
 */
export function doubtfulSummary(
  conversations: readonly DoubtfulConversation[],
  decision: Decision | null,
  numbers: IdentifierNumbers,
) {
  const verdicts = { include: 0, withhold: 0, undecided: 0 };
  const byIdentifier = new Map<number, Tally>();
  const byContact = new Map<string, Tally>();
  for (const conversation of conversations) {
    const verdict = verdictOn(conversation, decision) ?? 'undecided';
    const isUndecided = verdict === 'undecided';
    verdicts[verdict] += 1;
    // An answer by identifier covers only those that carry no other contact.
    if (conversation.otherContacts.length === 0)
      for (const number of numbers.ofAll(conversation.tiedBy))
        count(byIdentifier, number, isUndecided);
    for (const contactId of conversation.otherContacts) count(byContact, contactId, isUndecided);
  }
  return {
    total: conversations.length,
    undecided: verdicts.undecided,
    included: verdicts.include,
    withheld: verdicts.withhold,
    byIdentifier: [...byIdentifier]
      .map(([identifier, tally]) => ({ identifier, ...tally }))
      .sort((a, b) => a.identifier - b.identifier),
    byContact: [...byContact]
      .map(([contactId, tally]) => ({ contactId, ...tally }))
      .sort((a, b) => b.total - a.total || (a.contactId < b.contactId ? -1 : 1)),
  };
}

/** A doubtful conversation with numbers in place of identifiers. */
const viewOf = (
  conversation: DoubtfulConversation,
  verdict: Verdict | null,
  numbers: IdentifierNumbers,
) => ({
  conversationId: conversation.conversationId,
  startedAt: conversation.startedAt,
  channels: [...conversation.channels],
  direction: conversation.direction,
  queues: [...conversation.queues],
  doubt: conversation.doubt,
  tiedBy: numbers.ofAll(conversation.tiedBy),
  otherContacts: [...conversation.otherContacts],
  verdict,
});

/**
 * The doubtful conversations that a filter lets through, a stretch of them.
 * @returns them, how many there are in all, and where the next stretch begins; null after the last
 */
export function doubtfulPage(
  conversations: readonly DoubtfulConversation[],
  { decision, filter, numbers }: DoubtfulSelection,
  { from, limit }: Stretch,
) {
  const matching = conversations.flatMap((conversation, position) => {
    const verdict = verdictOn(conversation, decision);
    return isWanted(conversation, verdict, filter) ? [{ conversation, verdict, position }] : [];
  });
  const rest = matching.filter(({ position }) => position >= from);
  return {
    conversations: rest
      .slice(0, limit)
      .map(({ conversation, verdict }) => viewOf(conversation, verdict, numbers)),
    total: matching.length,
    next: rest[limit]?.position ?? null,
  };
}

/** By what doubtful conversations are selected and shown. */
export interface DoubtfulSelection {
  decision: Decision | null;
  filter: DoubtfulFilter;
  numbers: IdentifierNumbers;
}

const isWanted = (
  { tiedBy, otherContacts }: DoubtfulConversation,
  verdict: Verdict | null,
  filter: DoubtfulFilter,
): boolean =>
  (filter.verdict === null || filter.verdict === (verdict ?? 'undecided')) &&
  (filter.tiedBy === null || tiedBy.includes(filter.tiedBy)) &&
  (filter.contact === null || otherContacts.includes(filter.contact));
