import { isSufficient, type StepUpMethod, type StepUpPolicy } from '../authentication/step-up';
import { identityOf, type Contact, type Identifier, type SubjectIdentity } from './identifiers';

/** What a privacy officer decided about who is meant and what is theirs. */
export interface Decision {
  /** Number of the candidate, from 1. */
  candidate: number;
  /** Whether numbers and mailboxes that other contacts have, too, are searched by and written to. */
  sharedIdentifiers: 'exclude' | 'include';
  /** Whether conversations that cannot be told apart from another person's are exported. */
  doubtfulConversations: 'withhold' | 'include';
  /** How somebody without a factor on file proves themselves: by the company's login, or to an officer. */
  method: 'oidc' | 'officer' | null;
  at: string;
}

/** What was found of the person who is meant. */
export interface ContactMatches {
  /** Contacts that have one of the identifiers given, in the order in which they were found. */
  candidates: Contact[];
  /** What candidates are known by and contacts other than theirs are, too. */
  shared: string[];
  /** Whether a search for such contacts came back incomplete. */
  isPartial: boolean;
  /** Whether candidates only resemble what was asked for. */
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

/** A name in the form in which two are compared: case, accents and order do not count. */
const nameKey = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .sort()
    .join(' ');

const bearsName = (contact: Contact, name: string): boolean =>
  nameKey(`${contact.firstName ?? ''} ${contact.lastName ?? ''}`) === nameKey(name);

/** A contact without the numbers and mailboxes that others have, too. */
const withoutShared = (contact: Contact, shared: readonly string[]): Contact => ({
  ...contact,
  phones: contact.phones.filter(({ number }) => !shared.includes(number)),
  emails: contact.emails.filter((email) => !shared.includes(email)),
  handles: contact.handles.filter(({ value }) => !shared.includes(value)),
  former: contact.former.filter(({ value }) => !shared.includes(value)),
});

/** The number that codes go to: one on file that takes text messages. */
export const smsNumberOf = (contact: Contact): string | null =>
  contact.phones.find((phone) => phone.receivesSms)?.number ?? null;

/**
 * Says who is meant, or why a person has to decide: anything but one contact of its own is for an
 * officer. Whether the person can be reached is another question: `isReachable`.
 * @returns the contact with what may be searched by and written to, when there is one
 */
export function resolveSubject(
  contactMatches: ContactMatches,
  name: string | null,
  decision: Decision | null,
): { outcome: ResolveOutcome; contact: Contact | null } {
  const { candidates, shared } = contactMatches;
  const chosen = candidates[(decision?.candidate ?? 1) - 1];
  if (!chosen) return { outcome: 'noDataFound', contact: null };
  if (decision === null) {
    const outcome = doubt(contactMatches, chosen, name);
    if (outcome !== null) return { outcome, contact: null };
  }
  const contact =
    decision?.sharedIdentifiers === 'include' ? chosen : withoutShared(chosen, shared);
  return { outcome: 'found', contact };
}

/**
 * Whether somebody can be invited and prove who they are: by a mailbox on file and a way that is
 * enough, or in person, where an officer has said so.
 * @param methods that the person can use
 */
export const isReachable = (
  contact: Contact,
  methods: readonly StepUpMethod[],
  policy: StepUpPolicy,
  decision: Decision | null,
): boolean =>
  decision?.method === 'officer' || (contact.emails.length > 0 && isSufficient(methods, policy));

function doubt(
  { candidates, shared, isPartial, isNearMatch }: ContactMatches,
  chosen: Contact,
  name: string | null,
): ResolveOutcome | null {
  if (candidates.length > 1) return 'ambiguousContact';
  if (isNearMatch) return 'nearMatch';
  if (isPartial) return 'contactSearchIncomplete';
  if (identifiersOf(chosen).some(({ value }) => shared.includes(value))) return 'sharedIdentifier';
  return name !== null && !bearsName(chosen, name) ? 'nameDiffers' : null;
}

/** A mailbox without what stands between `+` and `@`: mail for both reaches one person. */
export const withoutTag = (email: string): string => email.replace(/\+[^@]*@/, '@');

/** Whether a contact has exactly this identifier. */
export const hasIdentifier = (contact: Contact, { type, value }: Identifier): boolean =>
  identifiersOf(contact).some((own) => own.type === type && own.value === value);

/** Whether a contact has a mailbox that differs from this one in its tag only. */
export const nearlyHasIdentifier = (contact: Contact, { type, value }: Identifier): boolean =>
  type === 'email' && contact.emails.some((email) => withoutTag(email) === withoutTag(value));

/** Everything that a contact is known by, as identifiers. */
export const identifiersOf = (contact: Contact): Identifier[] => {
  const { phones, emails, handles }: SubjectIdentity = identityOf(contact);
  return [
    ...phones.map((value) => ({ type: 'phone' as const, value })),
    ...emails.map((value) => ({ type: 'email' as const, value })),
    ...handles,
  ];
};

/** A contact that is also known by what another one, which was merged into it, was known by. */
export function withMerged(contact: Contact, merged: Contact): Contact {
  const isNew = (identifier: Identifier): boolean => !hasIdentifier(contact, identifier);
  return { ...contact, former: [...contact.former, ...identifiersOf(merged).filter(isNew)] };
}
