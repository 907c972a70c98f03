import {
  type SourceConversation,
  type SourceParticipant,
  type SourceSession,
  outsiders,
} from '../genesys/conversation';
import type { SubjectIdentifiers } from './contact';
import type { Doubt } from './decision';
import type { Ties } from './verdicts';
import {
  normaliseEmail,
  normaliseHandle,
  normalisePhone,
  socialNetworks,
  type Identifier,
  type SocialNetwork,
} from './identifiers';
import { identifierKey } from './spellings';

export type Judgement = 'subject' | Doubt | 'notVerified' | 'none';

/**
 * Judges whose conversation a search result is:
 * - `subject`: it carries one of the person's contact ids, or one of their addresses and no other
 *   contact's id;
 * - `otherContact`: it carries another contact's id, whatever its addresses are;
 * - `beforeContact`: only an address connects it with the person, and it is older than the time from
 *   which they are known to have had it. Phone numbers are reassigned to new owners;
 * - `sharedIdentifier`: only an identifier that others have, too, connects it with the person, and no
 *   officer has said whose it is;
 * - `notVerified`: it carries only identifiers that the verification has not proven to be the person's;
 * - `none`: nothing in it is the person's.
 */
export function judgeConversation(
  conversation: SourceConversation,
  subject: SubjectIdentifiers,
): Judgement {
  const { ownIds, otherContacts, tiedBy } = tiesOf(conversation, subject);
  const { proven } = subject;
  const isTied = ownIds.length > 0 || tiedBy.length > 0;
  if (isTied && proven !== undefined && !tiedBy.some((address) => proven.has(address)))
    return 'notVerified';
  if (otherContacts.length > 0) return isTied ? 'otherContact' : 'none';
  if (ownIds.length > 0) return 'subject';
  if (tiedBy.length === 0) return 'none';
  // An address that was theirs by then is enough.
  const theirs = tiedBy.filter(
    (address) => !isBefore(conversation.conversationStart, sinceOf(subject, address)),
  );
  if (theirs.length === 0) return 'beforeContact';
  return theirs.every((address) => subject.doubtful?.has(address)) ? 'sharedIdentifier' : 'subject';
}

/** What ties a conversation to a person, by their contact ids among it, and whom else it carries. */
export function tiesOf(
  conversation: SourceConversation,
  subject: SubjectIdentifiers,
): Ties & { ownIds: string[] } {
  const people = outsiders(conversation);
  const contactIds = [...new Set(people.flatMap((person) => person.externalContactId ?? []))];
  const isOwn = (id: string): boolean => subject.contactIds.includes(id);
  const known = knownAddresses(subject);
  const addresses = people.flatMap((person) => person.sessions ?? []).flatMap(addressesOf);
  return {
    conversationId: conversation.conversationId,
    ownIds: contactIds.filter(isOwn),
    otherContacts: contactIds.filter((id) => !isOwn(id)),
    tiedBy: [...new Set(addresses)].filter((address) => known.has(address)),
  };
}

/** When the person first had an address; null where it cannot be another person's. */
const sinceOf = ({ since, heldSince }: SubjectIdentifiers, key: string): string | null => {
  const held = heldSince?.get(key);
  return held === undefined ? since : held;
};

/** Whether a time is before another; ISO 8601 allows fractions and offsets that differ. */
const isBefore = (time: string, since: string | null): boolean =>
  since !== null && Date.parse(time) < Date.parse(since);

/**
 * Whether a participant is the person: it carries their contact id, or one of their addresses and no
 * contact id.
 */
export function isOwnParticipant(
  participant: SourceParticipant,
  subject: SubjectIdentifiers,
): boolean {
  const { externalContactId } = participant;
  if (externalContactId !== undefined) return subject.contactIds.includes(externalContactId);
  const known = knownAddresses(subject);
  return (participant.sessions ?? []).flatMap(addressesOf).some((address) => known.has(address));
}

/** The person's addresses as `addressesOf` returns them. */
const knownAddresses = ({ phones, emails, handles }: SubjectIdentifiers): Set<string> =>
  new Set([
    ...phones.map((value) => identifierKey({ type: 'phone', value })),
    ...emails.map((value) => identifierKey({ type: 'email', value })),
    ...handles.map(identifierKey),
  ]);

/**
 * Addresses of a session as `identifierKey` names them, without the scheme that the channel writes
 * before them. An address that is none of these kinds belongs to nobody who can be told.
 */
function addressesOf(session: SourceSession): string[] {
  const raw = [
    session.ani,
    session.dnis,
    session.sessionDnis,
    session.remote,
    session.addressFrom,
    session.addressTo,
    ...(session.callbackNumbers ?? []),
  ];
  const network = socialNetworks.find((name) => name === session.messageType?.toLowerCase());
  return raw.flatMap((address) => {
    if (!address) return [];
    const identifier = network === undefined ? addressOf(session, address) : idAt(network, address);
    return identifier === null ? [] : [identifierKey(identifier)];
  });
}

/** An id at a network, which identifies a person there only; null when it is none. */
function idAt(type: SocialNetwork, address: string): Identifier | null {
  const value = normaliseHandle(type, address);
  return value === null ? null : { type, value };
}

/** The number or mailbox that an address is; null for another kind of address. */
function addressOf({ mediaType }: SourceSession, address: string): Identifier | null {
  const bare = address
    .replace(/^(tel|sips?|mailto|sms):/i, '')
    .replace(/@.*$/, (domain) => (/^sips?:/i.test(address) ? '' : domain));
  if (bare.includes('@')) {
    const value = normaliseEmail(bare);
    return value === null ? null : { type: 'email', value };
  }
  // A number of a text message may lack its +; in a call such digits are an extension.
  const isBare = mediaType === 'message' && /^[1-9]\d{6,14}$/.test(bare);
  const value = normalisePhone(isBare ? `+${bare}` : bare, null);
  return value === null ? null : { type: 'phone', value };
}
