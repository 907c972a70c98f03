import { channelsOf, type SourceConversation } from '../genesys/conversation';
import type { SubjectIdentifiers } from './contact';
import type { Decision, Doubt } from './decision';
import { verdictOn, type Ties, type Verdict } from './verdicts';
import { tiesOf } from './matching';

/**
 * A conversation that may be another person's, as an officer sees it: when, how and by which queue it
 * came, what ties it to the person and what speaks against that. Nothing of its content, and no names
 * of people.
 */
export interface DoubtfulConversation extends Ties {
  startedAt: string;
  channels: string[];
  direction: 'inbound' | 'outbound' | null;
  /** Names of the queues; ids where the source does not name them. */
  queues: string[];
  doubt: Doubt;
}

const directions = ['inbound', 'outbound'] as const;

/** What an officer is shown of a doubtful conversation. */
export function doubtfulConversation(
  conversation: SourceConversation,
  subject: SubjectIdentifiers,
  doubt: Doubt,
): DoubtfulConversation {
  const { conversationId, tiedBy, otherContacts } = tiesOf(conversation, subject);
  return {
    conversationId,
    startedAt: conversation.conversationStart,
    channels: [...channelsOf(conversation)],
    direction: directions.find((one) => one === conversation.originatingDirection) ?? null,
    queues: queuesOf(conversation),
    doubt,
    tiedBy,
    otherContacts,
  };
}

/** Queues of a conversation; the source writes their names where it writes those of participants. */
function queuesOf({ participants }: SourceConversation): string[] {
  const queues = participants
    .filter(({ purpose }) => purpose === 'acd')
    .flatMap(({ participantName, sessions = [] }) =>
      typeof participantName === 'string' && participantName !== ''
        ? [participantName]
        : sessions.flatMap(({ segments = [] }) => segments.flatMap(({ queueId }) => queueId ?? [])),
    );
  return [...new Set(queues)];
}

/**
 * The ties of all doubtful conversations of a request, in the order of the pages that list them. What
 * many of them share is written once.
 */
export interface DoubtfulIndex {
  /** `identifierKey` of every identifier that ties one of them to the person. */
  identifiers: string[];
  /** Every contact in one of them that is not the person. */
  contacts: string[];
  /** Id, and places in the lists of what ties it and of whom else it carries. */
  conversations: [conversationId: string, tiedBy: number[], otherContacts: number[]][];
}

/** The index of doubtful conversations. */
export function doubtfulIndex(conversations: readonly Ties[]): DoubtfulIndex {
  const identifiers = new Map<string, number>();
  const contacts = new Map<string, number>();
  const placeIn = (places: Map<string, number>, key: string): number => {
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    return place;
  };
  const entries = conversations.map(
    ({ conversationId, tiedBy, otherContacts }): DoubtfulIndex['conversations'][number] => [
      conversationId,
      tiedBy.map((key) => placeIn(identifiers, key)),
      otherContacts.map((id) => placeIn(contacts, id)),
    ],
  );
  return {
    identifiers: [...identifiers.keys()],
    contacts: [...contacts.keys()],
    conversations: entries,
  };
}

/** The ties of every doubtful conversation, in the order of the index. */
function* tiesIn({ identifiers, contacts, conversations }: DoubtfulIndex): Generator<Ties> {
  for (const [conversationId, tiedBy, otherContacts] of conversations)
    yield {
      conversationId,
      tiedBy: tiedBy.flatMap((place) => identifiers[place] ?? []),
      otherContacts: otherContacts.flatMap((place) => contacts[place] ?? []),
    };
}

/** The ties of some doubtful conversations. */
export const tiesAmong = (index: DoubtfulIndex, ids: ReadonlySet<string>): Ties[] =>
  [...tiesIn(index)].filter(({ conversationId }) => ids.has(conversationId));

export interface DoubtfulCount {
  total: number;
  undecided: number;
}

/** How many doubtful conversations there are, and what is decided on them. */
export interface DoubtfulSummary extends DoubtfulCount {
  included: number;
  withheld: number;
  /** By `identifierKey`: the conversations that an answer on the identifier covers. */
  byIdentifier: (DoubtfulCount & { identifier: string })[];
  /** By contact id: the conversations that carry the contact. */
  byContact: (DoubtfulCount & { contactId: string })[];
}

/** Counts doubtful conversations by what a decision says of them. */
export function doubtfulSummary(index: DoubtfulIndex, decision: Decision | null): DoubtfulSummary {
  const all = { total: 0, undecided: 0, included: 0, withheld: 0 };
  const byIdentifier = new Map(index.identifiers.map((key) => [key, none()]));
  const byContact = new Map(index.contacts.map((id) => [id, none()]));
  for (const ties of tiesIn(index)) {
    const verdict = verdictOn(ties, decision);
    all.total += 1;
    if (verdict !== null) all[verdict === 'include' ? 'included' : 'withheld'] += 1;
    const counts = [
      all,
      ...ties.otherContacts.map((id) => byContact.get(id)),
      ...(ties.otherContacts.length === 0 ? ties.tiedBy.map((key) => byIdentifier.get(key)) : []),
    ];
    for (const count of counts) {
      if (count === undefined) continue;
      if (count !== all) count.total += 1;
      if (verdict === null) count.undecided += 1;
    }
  }
  return {
    ...all,
    byIdentifier: [...byIdentifier].map(([identifier, count]) => ({ identifier, ...count })),
    byContact: [...byContact].map(([contactId, count]) => ({ contactId, ...count })),
  };
}

const none = (): DoubtfulCount => ({ total: 0, undecided: 0 });

/** Which doubtful conversations are meant; what is absent does not matter. */
export interface DoubtfulFilter {
  verdict?: Verdict | 'undecided';
  /** `identifierKey` of an identifier: the conversations that an answer on it covers. */
  identifier?: string;
  /** A contact that they carry. */
  contact?: string;
}

/** Places in the index, from 0, of the conversations that are meant, each with its verdict. */
export function doubtfulPlaces(
  index: DoubtfulIndex,
  decision: Decision | null,
  filter: DoubtfulFilter,
): { place: number; verdict: Verdict | null }[] {
  const found: { place: number; verdict: Verdict | null }[] = [];
  let place = 0;
  for (const ties of tiesIn(index)) {
    const verdict = verdictOn(ties, decision);
    if (isMeant(ties, verdict, filter)) found.push({ place, verdict });
    place += 1;
  }
  return found;
}

function isMeant(
  { tiedBy, otherContacts }: Ties,
  verdict: Verdict | null,
  { verdict: wanted, identifier, contact }: DoubtfulFilter,
): boolean {
  if (wanted !== undefined && (verdict ?? 'undecided') !== wanted) return false;
  if (contact !== undefined && !otherContacts.includes(contact)) return false;
  return identifier === undefined || (otherContacts.length === 0 && tiedBy.includes(identifier));
}
