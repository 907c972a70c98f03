import type { SourceConversation, SourceParticipant, SourceSession } from '../genesys/conversation';
import { outsiders } from '../genesys/conversation';
import {
  normaliseEmail,
  normaliseHandle,
  normalisePhone,
  socialNetworks,
  type SocialHandle,
  type SubjectIdentity,
} from './identifiers';

export interface DimensionPredicate {
  type: 'dimension';
  dimension: string;
  operator: 'matches';
  value: string;
}

/** A segment filter of an analytics query: one `or` over everything the person is known by. */
export interface SubjectFilter {
  type: 'or';
  predicates: DimensionPredicate[];
}

export type Judgement = 'subject' | 'otherContact' | 'beforeContact' | 'none';

const phoneDimensions = [
  'ani',
  'dnis',
  'sessionDnis',
  'remote',
  'addressFrom',
  'addressTo',
  'callbackNumber',
];
const handleDimensions = ['addressFrom', 'addressTo', 'remote'];
const emailDimensions = ['addressFrom', 'addressTo', 'remote'];
const contactDimensions = ['externalContactId', 'canonicalExternalContactId'];

/**
 * The filter that finds a person's conversations. Numbers are asked for with and without `tel:`, and
 * those of WhatsApp without `+`, too, because the form differs by channel and is not documented.
 */
export function subjectFilter(identity: SubjectIdentity): SubjectFilter {
  const predicates = (dimensions: string[], values: string[]): DimensionPredicate[] =>
    dimensions.flatMap((dimension) =>
      values.map(
        (value) => ({ type: 'dimension', dimension, operator: 'matches', value }) as const,
      ),
    );
  return {
    type: 'or',
    predicates: [
      ...predicates(contactDimensions, identity.contactIds),
      ...predicates(
        phoneDimensions,
        identity.phones.flatMap((phone) => [`tel:${phone}`, phone]),
      ),
      ...predicates(emailDimensions, identity.emails),
      ...predicates(handleDimensions, identity.handles.flatMap(formsOf)),
    ],
  };
}

const formsOf = ({ type, value }: SocialHandle): string[] =>
  type === 'whatsapp' ? [value, value.replace(/^\+/, '')] : [value];

const handleKey = ({ type, value }: SocialHandle): string => `${type}:${value}`;

/** Addresses of a session in normal form, whatever scheme the channel writes before them. */
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
    // An id says who it is within its network only.
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

/** Whether a participant carries the person's contact id, or one of their addresses and no other's id. */
export function isOwnParticipant(
  participant: SourceParticipant,
  identity: SubjectIdentity,
): boolean {
  const { externalContactId } = participant;
  if (externalContactId) return identity.contactIds.includes(externalContactId);
  const known = knownAddresses(identity);
  return (participant.sessions ?? []).flatMap(addressesOf).some((address) => known.has(address));
}

/** Everything that an address of the person can read, in normal form. */
const knownAddresses = (identity: SubjectIdentity): Set<string> =>
  new Set([...identity.phones, ...identity.emails, ...identity.handles.map(handleKey)]);

/**
 * Whose conversation it is, judged again from what came back:
 * `subject` when it carries one of the person's contact ids, or one of their addresses and no other
 * contact's id; `otherContact` when it carries another contact's id, whatever its addresses say;
 * `beforeContact` when nothing but an address ties it to the person, and it is older than their
 * record: numbers are given to new owners; `none` when nothing in it is the person's.
 */
export function judgeConversation(
  conversation: SourceConversation,
  identity: SubjectIdentity,
): Judgement {
  const people = outsiders(conversation);
  const contactIds = people.flatMap((person) => person.externalContactId ?? []);
  const ours = contactIds.filter((id) => identity.contactIds.includes(id));
  const known = knownAddresses(identity);
  const byAddress = people
    .flatMap((person) => person.sessions ?? [])
    .flatMap(addressesOf)
    .some((address) => known.has(address));
  if (contactIds.length > ours.length)
    return ours.length > 0 || byAddress ? 'otherContact' : 'none';
  if (ours.length > 0) return 'subject';
  if (!byAddress) return 'none';
  const isOlder = identity.since !== null && conversation.conversationStart < identity.since;
  return isOlder ? 'beforeContact' : 'subject';
}
