import type { Contact, Identifier } from '../core/subject/identifiers';
import {
  hasIdentifier,
  identifiersOf,
  isReachable,
  nearlyHasIdentifier,
  resolveSubject,
  withMerged,
  withoutTag,
  type ContactMatches,
} from '../core/subject/resolve-contact';
import type { ActivityInput, ActivityOutput } from '../orchestrators/activity-types';
import { runActivity, openRequest, type Environment } from '../services/environment';
import { methodsOf } from '../services/step-up';

/**
 * Finds whom the request means: exact lookups of every identifier given, then keyword searches that
 * find other contacts with the same numbers and mailboxes. Anything but one contact of its own is
 * for an officer to decide.
 */
export const createResolveContact =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'resolveContact'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'resolveContact'>> => {
      const { record } = await openRequest(env, requestId);
      const details = await env.ledger.details(record);
      const contactMatches =
        details.contactMatches ?? (await findCandidates(env, details.identifiers));
      const { decision } = details;
      const { outcome, contact } = resolveSubject(contactMatches, details.name, decision);
      await env.ledger.setDetails(record, { ...details, contactMatches, contact });
      await env.ledger.note(
        requestId,
        { event: 'matched', detail: { candidates: contactMatches.candidates.length, outcome } },
        { resolvedDecisionVersion: record.decisionVersion },
      );
      if (contact === null) return { outcome };
      const methods = await methodsOf(env, record, { contact, decision });
      const canBeReached = isReachable(
        contact,
        methods,
        env.settings.authentication.stepUp,
        decision,
      );
      return { outcome: canBeReached ? outcome : 'noAuthenticationMethod' };
    });

async function findCandidates(
  env: Environment,
  identifiers: Identifier[],
): Promise<ContactMatches> {
  const candidates = new Map<string, Contact>();
  const widened = new Map<string, Contact>();
  let isPartial = false;
  const widen = async ({ value }: Identifier): Promise<Contact[]> => {
    const { contacts, isPartial: isCut } = await env.source.searchContacts(value);
    isPartial ||= isCut;
    for (const contact of contacts) widened.set(contact.id, contact);
    return contacts;
  };
  for (const identifier of identifiers) {
    const exact = await env.source.lookUpContact(identifier);
    if (exact) candidates.set(exact.id, exact);
    // The lookup gives one contact, however many have the identifier.
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
  for (const [id, candidate] of candidates) candidates.set(id, await withAllMerged(env, candidate));
  const shared = new Set<string>();
  for (const candidate of candidates.values()) {
    for (const identifier of identifiersOf(candidate)) {
      const others = (await widen(identifier)).filter(({ id }) => id !== candidate.id);
      if (others.some((other) => hasIdentifier(other, identifier))) shared.add(identifier.value);
    }
  }
  return { candidates: [...candidates.values()], shared: [...shared], isPartial, isNearMatch };
}

/** Conversations that nobody linked to a merged contact still carry its number or mailbox. */
async function withAllMerged({ source }: Environment, contact: Contact): Promise<Contact> {
  let whole = contact;
  for (const id of contact.mergeSet.filter((one) => one !== contact.id)) {
    const merged = await source.mergedContact(id);
    if (merged) whole = withMerged(whole, merged);
  }
  return whole;
}
