import {
  type Contact,
  hasIdentifier,
  identifiersOf,
  nearlyHasIdentifier,
  withMerged,
} from '../core/subject/contact';
import type { Identifier } from '../core/subject/identifiers';
import { isReachable } from '../core/subject/reachability';
import { resolveRequest } from '../core/subject/no-contact';
import type { ContactMatches } from '../core/subject/resolve-contact';
import {
  formsOf,
  identifierKey,
  keywordsOf,
  nearIdentifier,
  storedFormsOf,
} from '../core/subject/spellings';
import type { ContactSource, KeyStore, Ledger, StoredRequest } from '../ports';
import { methodsOf, type MethodServices } from '../services/step-up';
import { openRequestActivity, type ActivityServices } from './activity';

export interface ResolveContactServices extends ActivityServices, MethodServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'changeDetails'>;
}

/**
 * Finds the contact that the request means: exact lookups of every identifier given, in each of its
 * spellings, then keyword searches that find other contacts with the same numbers and mailboxes. Unless exactly one contact
 * matches that shares no identifier, an officer decides; also on a person of whom there is no contact.
 */
export const createResolveContact = openRequestActivity<'resolveContact', ResolveContactServices>(
  'resolveContact',
  async ({ record, organisation, services }) => {
    const { ledger, settings } = services;
    const before = await ledger.details(record);
    const contactMatches =
      before.contactMatches ?? (await findCandidates(organisation.source, before.identifiers));
    const subjectOf = ({ details, record: { verificationRequestedAt } }: StoredRequest) =>
      resolveRequest(
        contactMatches,
        details,
        verificationRequestedAt === null ? null : details.contact,
      );
    // An officer may have decided during the lookups, which take their time.
    const now = await ledger.changeDetails(record.requestId, (stored) => {
      const { outcome, contact } = subjectOf(stored);
      const candidates = contactMatches.candidates.length;
      return {
        details: { ...stored.details, contactMatches, contact },
        fact: { event: 'matched', detail: { candidates, outcome } },
        change: { resolvedDecisionVersion: stored.record.decisionVersion },
      };
    });
    const { decision } = now.details;
    const { outcome, contact } = subjectOf(now);
    if (contact === null) return { outcome };
    // Neither the person nor anybody else is written to before.
    if (now.record.requester?.mandate === null) return { outcome: 'mandateUnchecked' };
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
  const search = new ContactSearch(source);
  const candidates = new Map<string, Contact>();
  const near = new Map<string, Contact>();
  for (const identifier of identifiers) {
    for (const { contact, isExact } of await search.matches(identifier))
      (isExact ? candidates : near).set(contact.id, contact);
  }
  const isNearMatch = candidates.size === 0;
  // Beside an exact match, another contact that nearly matches is one more to choose from.
  for (const [id, contact] of near) if (!candidates.has(id)) candidates.set(id, contact);
  for (const [id, candidate] of candidates)
    candidates.set(id, await withAllMerged(source, candidate));
  const shared = new Set<string>();
  const all = [...candidates.values()];
  for (const candidate of all) {
    for (const identifier of identifiersOf(candidate)) {
      if (await search.isDoubtful(candidate, identifier, all)) shared.add(identifier.value);
    }
  }
  const { isPartial } = search;
  return { candidates: all, shared: [...shared], isPartial, isNearMatch };
}

/** Looks contacts up by every spelling of an identifier, each once. */
class ContactSearch {
  /** Whether a search returned an incomplete result. */
  isPartial = false;
  private readonly lookedUp = new Map<string, Contact | null>();
  private readonly searched = new Map<string, Contact[]>();
  /** Contacts of keyword searches: those that only share a word are among them. */
  private readonly widened = new Map<string, Contact>();

  constructor(private readonly source: ContactSource) {}

  /** Contacts that have an identifier, and those that have nearly the same. */
  async matches(identifier: Identifier): Promise<{ contact: Contact; isExact: boolean }[]> {
    const found = new Map<string, { contact: Contact; isExact: boolean }>();
    const add = (contact: Contact, isExact: boolean): void => {
      if (isExact || !found.has(contact.id)) found.set(contact.id, { contact, isExact });
    };
    const near = nearIdentifier(identifier);
    for (const contact of await this.lookUp(near ?? identifier)) {
      // What the source finds by a number that is on file with an extension is nearly it.
      const isExact =
        near === null &&
        (hasIdentifier(contact, identifier) || !nearlyHasIdentifier(contact, identifier));
      add(contact, isExact);
    }
    if (near !== null && identifier.extension === undefined)
      for (const contact of await this.lookUp(identifier)) add(contact, true);
    // The lookup returns one contact, however many have the identifier.
    await this.widen(identifier);
    if (near !== null) await this.widen(near);
    // Not every spelling of a mailbox is a word of a search, but one that a contact has is.
    for (const { contact } of [...found.values()])
      for (const own of identifiersOf(contact))
        if (identifierKey(own) === identifierKey(identifier)) await this.widen(own);
    for (const contact of this.widened.values()) {
      if (hasIdentifier(contact, identifier)) add(contact, true);
      else if (nearlyHasIdentifier(contact, identifier)) add(contact, false);
    }
    return [...found.values()];
  }

  /**
   * Whether an identifier of a contact may lead to others: other contacts have it, or a switchboard.
   * @param candidates with what contacts had that were merged into them, which no search finds
   */
  async isDoubtful(
    contact: Contact,
    identifier: Identifier,
    candidates: readonly Contact[],
  ): Promise<boolean> {
    if (identifier.extension !== undefined) return true;
    const found = await this.widen(identifier);
    // Not all spellings of a mailbox are words of a search.
    const isWide =
      identifier.type === 'email' && formsOf(identifier).length > keywordsOf(identifier).length;
    if (isWide) found.push(...(await this.lookUp(identifier)));
    return [...found, ...candidates].some((other) => isHeldBy(other, contact, identifier));
  }

  private async lookUp(identifier: Identifier): Promise<Contact[]> {
    const contacts: Contact[] = [];
    for (const value of storedFormsOf(identifier)) {
      const key = `${identifier.type}:${value}`;
      const known = this.lookedUp.get(key);
      const contact =
        known === undefined
          ? await this.source.lookUpContact({ type: identifier.type, value })
          : known;
      this.lookedUp.set(key, contact);
      if (contact !== null) contacts.push(contact);
    }
    return contacts;
  }

  private async widen(identifier: Identifier): Promise<Contact[]> {
    const found: Contact[] = [];
    for (const keyword of keywordsOf(identifier)) {
      const contacts = this.searched.get(keyword) ?? (await this.search(keyword));
      this.searched.set(keyword, contacts);
      found.push(...contacts);
    }
    return found;
  }

  private async search(keyword: string): Promise<Contact[]> {
    const { contacts, isPartial } = await this.source.searchContacts(keyword);
    this.isPartial ||= isPartial;
    for (const contact of contacts) this.widened.set(contact.id, contact);
    return contacts;
  }
}

/**
 * Whether a contact has an identifier of another one. A number that it has with an extension is a
 * switchboard's.
 */
const isHeldBy = (other: Contact, contact: Contact, identifier: Identifier): boolean =>
  other.id !== contact.id &&
  (hasIdentifier(other, identifier) ||
    (identifier.type === 'phone' && nearlyHasIdentifier(other, identifier)));

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
