import {
  type Contact,
  hasIdentifier,
  identifiersOf,
  nearlyHasIdentifier,
  withMerged,
} from '../core/subject/contact';
import { type Identifier, withoutTag } from '../core/subject/identifiers';
import { isReachable } from '../core/subject/reachability';
import { resolveSubject, type ContactMatches } from '../core/subject/resolve-contact';
import type { ContactSource, KeyStore, Ledger, RequestDetails } from '../ports';
import { methodsOf, type MethodServices } from '../services/step-up';
import { openRequestActivity, type ActivityServices } from './activity';

export interface ResolveContactServices extends ActivityServices, MethodServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'changeDetails'>;
}

/**
 * Finds the contact that the request means: exact lookups of every identifier given, then keyword
 * searches that find other contacts with the same numbers and mailboxes. Unless exactly one contact
 * matches that shares no identifier, an officer decides.
 */
export const createResolveContact = openRequestActivity<'resolveContact', ResolveContactServices>(
  'resolveContact',
  async ({ record, organisation, services }) => {
    const { ledger, settings } = services;
    const before = await ledger.details(record);
    const contactMatches =
      before.contactMatches ?? (await findCandidates(organisation.source, before.identifiers));
    const subjectOf = ({ name, decision }: RequestDetails) =>
      resolveSubject(contactMatches, name, decision);
    // An officer may have decided during the lookups, which take their time.
    const { details } = await ledger.changeDetails(record.requestId, (stored) => {
      const { outcome, contact } = subjectOf(stored.details);
      const candidates = contactMatches.candidates.length;
      return {
        details: { ...stored.details, contactMatches, contact },
        fact: { event: 'matched', detail: { candidates, outcome } },
        change: { resolvedDecisionVersion: stored.record.decisionVersion },
      };
    });
    const { decision } = details;
    const { outcome, contact } = subjectOf(details);
    if (contact === null) return { outcome };
    const methods = await methodsOf(services, record, { contact, decision });
    const { stepUp } = settings.authentication;
    const canBeReached = isReachable(contact, methods, stepUp, decision);
    return { outcome: canBeReached ? outcome : 'noAuthenticationMethod' };
  },
);

async function findCandidates(
  source: ContactSource,
  identifiers: Identifier[],
): Promise<ContactMatches> {
  const candidates = new Map<string, Contact>();
  const widened = new Map<string, Contact>();
  let isPartial = false;
  const widen = async ({ value }: Identifier): Promise<Contact[]> => {
    const { contacts, isPartial: isCut } = await source.searchContacts(value);
    isPartial ||= isCut;
    for (const contact of contacts) widened.set(contact.id, contact);
    return contacts;
  };
  for (const identifier of identifiers) {
    const exact = await source.lookUpContact(identifier);
    if (exact) candidates.set(exact.id, exact);
    // The lookup returns one contact, however many have the identifier.
    for (const contact of await widen(identifier)) {
      if (hasIdentifier(contact, identifier)) candidates.set(contact.id, contact);
    }
  }
  const isNearMatch = candidates.size === 0;
  if (isNearMatch) {
    for (const { type, value } of identifiers) {
      if (type === 'email' && withoutTag(value) !== value)
        await widen({ type, value: withoutTag(value) });
    }
    for (const contact of widened.values()) {
      if (identifiers.some((identifier) => nearlyHasIdentifier(contact, identifier)))
        candidates.set(contact.id, contact);
    }
  }
  for (const [id, candidate] of candidates)
    candidates.set(id, await withAllMerged(source, candidate));
  const shared = new Set<string>();
  for (const candidate of candidates.values()) {
    for (const identifier of identifiersOf(candidate)) {
      const others = (await widen(identifier)).filter(({ id }) => id !== candidate.id);
      if (others.some((other) => hasIdentifier(other, identifier))) shared.add(identifier.value);
    }
  }
  return { candidates: [...candidates.values()], shared: [...shared], isPartial, isNearMatch };
}

/**
 * Adds the identifiers of the contacts that were merged into one: conversations that nobody has linked
 * to a merged contact still have its number or mailbox.
 */
async function withAllMerged(source: ContactSource, contact: Contact): Promise<Contact> {
  let whole = contact;
  for (const id of contact.mergeSet.filter((one) => one !== contact.id)) {
    const merged = await source.mergedContact(id);
    if (merged) whole = withMerged(whole, merged);
  }
  return whole;
}
