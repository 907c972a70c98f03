import { identifiersOf, withoutShared, type Contact } from './contact';

/** A privacy officer's decision on who the request means and which data is theirs. */
export interface Decision {
  /** Id, in the source, of the candidate who is meant. */
  contactId: string;
  /** Whether numbers and mailboxes that other contacts have, too, are searched by and written to. */
  sharedIdentifiers: 'exclude' | 'include';
  /** Whether conversations that may be another person's are exported. */
  doubtfulConversations: 'withhold' | 'include';
  /** How a person verifies their identity who has no method on file. */
  method: 'oidc' | 'officer' | null;
  at: string;
}

/** Contacts that the search for the person has found. */
export interface ContactMatches {
  /** Contacts that have one of the identifiers given, in the order in which they were found. */
  candidates: Contact[];
  /**
   * Identifiers of candidates that other contacts have, too, and numbers with an extension, which are
   * those of a switchboard.
   */
  shared: string[];
  /** Whether a search for such contacts returned an incomplete result. */
  isPartial: boolean;
  /** Whether candidates have a similar identifier only. */
  isNearMatch: boolean;
}

export type ResolveOutcome =
  | 'found'
  | 'noDataFound'
  | 'ambiguousContact'
  | 'nearMatch'
  | 'contactSearchIncomplete'
  | 'sharedIdentifier'
  | 'nameDiffers'
  | 'noAuthenticationMethod';

/**
 * Determines the contact that the request means. Only one contact that shares nothing with others is
 * clear; everything else needs an officer's decision.
 * @param name that the request gives; null without one
 * @param decision of an officer; null without one
 * @returns the contact, with the identifiers that may be searched by and written to, when it is clear
 */
export function resolveSubject(
  contactMatches: ContactMatches,
  name: string | null,
  decision: Decision | null,
): { outcome: ResolveOutcome; contact: Contact | null } {
  const { candidates, shared } = contactMatches;
  const chosen = decision ? candidates.find(({ id }) => id === decision.contactId) : candidates[0];
  if (!chosen) return { outcome: 'noDataFound', contact: null };
  if (decision === null) {
    const outcome = doubtAbout(contactMatches, chosen, name);
    if (outcome !== null) return { outcome, contact: null };
  }
  const contact =
    decision?.sharedIdentifiers === 'include' ? chosen : withoutShared(chosen, shared);
  return { outcome: 'found', contact };
}

function doubtAbout(
  { candidates, shared, isPartial, isNearMatch }: ContactMatches,
  chosen: Contact,
  name: string | null,
): ResolveOutcome | null {
  if (candidates.length > 1) return 'ambiguousContact';
  if (isNearMatch) return 'nearMatch';
  if (isPartial) return 'contactSearchIncomplete';
  if (identifiersOf(chosen).some(({ value }) => shared.includes(value))) return 'sharedIdentifier';
  return name !== null && !hasName(chosen, name) ? 'nameDiffers' : null;
}

const hasName = (contact: Contact, name: string): boolean =>
  nameKey(`${contact.firstName ?? ''} ${contact.lastName ?? ''}`) === nameKey(name);

/** A name for comparison: without case, accents and order. */
const nameKey = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .sort()
    .join(' ');
