import {
  type SourceConversation,
  type SourceParticipant,
  type SourceSession,
  outsiders,
} from '../genesys/conversation';
import type { SubjectIdentifiers } from './contact';
import {
  normaliseEmail,
  normaliseHandle,
  normalisePhone,
  socialNetworks,
  type SocialHandle,
} from './identifiers';

export type Judgement = 'subject' | 'otherContact' | 'beforeContact' | 'none';

/**
 * Judges whose conversation a search result is:
 * - `subject`: it carries one of the person's contact ids, or one of their addresses and no other
 *   contact's id;
 * - `otherContact`: it carries another contact's id, whatever its addresses are;
 * - `beforeContact`: only an address connects it with the person, and it is older than their record.
 *   Phone numbers are reassigned to new owners;
 * - `none`: nothing in it is the person's.
 */
export function judgeConversation(
  conversation: SourceConversation,
  subject: SubjectIdentifiers,
): Judgement {
  const people = outsiders(conversation);
  const contactIds = people.flatMap((person) => person.externalContactId ?? []);
  const ownIds = contactIds.filter((id) => subject.contactIds.includes(id));
  const known = knownAddresses(subject);
  const hasOwnAddress = people
    .flatMap((person) => person.sessions ?? [])
    .flatMap(addressesOf)
    .some((address) => known.has(address));
  if (contactIds.length > ownIds.length)
    return ownIds.length > 0 || hasOwnAddress ? 'otherContact' : 'none';
  if (ownIds.length > 0) return 'subject';
  if (!hasOwnAddress) return 'none';
  const isOlder = subject.since !== null && conversation.conversationStart < subject.since;
  return isOlder ? 'beforeContact' : 'subject';
}

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

const handleKey = ({ type, value }: SocialHandle): string => `${type}:${value}`;

/** The person's addresses as `addressesOf` returns them. */
const knownAddresses = ({ phones, emails, handles }: SubjectIdentifiers): Set<string> =>
  new Set([...phones, ...emails, ...handles.map(handleKey)]);

/** Addresses of a session, normalised, without the scheme that the channel writes before them. */
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
    // An id identifies a person within its network only.
    if (network !== undefined) {
      const value = normaliseHandle(network, address);
      return value === null ? [] : [handleKey({ type: network, value })];
    }
    const bare = address
      .replace(/^(tel|sip|mailto):/i, '')
      .replace(/@.*$/, (domain) => (address.toLowerCase().startsWith('sip:') ? '' : domain));
    const normal = bare.includes('@') ? normaliseEmail(bare) : normalisePhone(bare, null);
    return normal === null ? [] : [normal];
  });
}
