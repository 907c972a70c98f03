import {
  isHandle,
  withoutTag,
  type Identifier,
  type IdentifierType,
  type SocialHandle,
} from './identifiers';

/** A contact of the source, with what is needed to find its conversations and reach the person. */
export interface Contact {
  id: string;
  firstName: string | null;
  lastName: string | null;
  /** Ids that conversations may carry: the contact's own and those of contacts merged into it. */
  mergeSet: string[];
  /** Phone numbers on file (E.164), those that receive text messages first. */
  phones: { number: string; receivesSms: boolean }[];
  /** Email addresses on file, lower case. */
  emails: string[];
  handles: SocialHandle[];
  /**
   * Further identifiers, of contacts merged into this one: searched by, never written to.
   */
  former: Identifier[];
  /** When the source first had a record of the contact (ISO 8601); null when it does not say. */
  createdAt: string | null;
}

/** All identifiers by which the conversations of one person are found. */
export interface SubjectIdentifiers {
  contactIds: string[];
  phones: string[];
  emails: string[];
  handles: SocialHandle[];
  /** When the contact's record begins; an earlier match by address alone may be another person's. */
  since: string | null;
}

/** The identifiers that a contact's conversations may carry. */
export function subjectIdentifiersOf(contact: Contact): SubjectIdentifiers {
  const former = (type: IdentifierType): string[] =>
    contact.former.filter((one) => one.type === type).map(({ value }) => value);
  return {
    contactIds: [...new Set([contact.id, ...contact.mergeSet])],
    phones: [...new Set([...contact.phones.map((phone) => phone.number), ...former('phone')])],
    emails: [...new Set([...contact.emails, ...former('email')])],
    handles: [...contact.handles, ...contact.former.filter(isHandle)],
    since: contact.createdAt,
  };
}

/** All identifiers of a contact but its ids. */
export const identifiersOf = (contact: Contact): Identifier[] => {
  const { phones, emails, handles } = subjectIdentifiersOf(contact);
  return [
    ...phones.map((value) => ({ type: 'phone' as const, value })),
    ...emails.map((value) => ({ type: 'email' as const, value })),
    ...handles,
  ];
};

/** Whether a contact has exactly this identifier. */
export const hasIdentifier = (contact: Contact, { type, value }: Identifier): boolean =>
  identifiersOf(contact).some((own) => own.type === type && own.value === value);

/** Whether a contact has an email address that differs from this one in its tag only. */
export const nearlyHasIdentifier = (contact: Contact, { type, value }: Identifier): boolean =>
  type === 'email' && contact.emails.some((email) => withoutTag(email) === withoutTag(value));

/** A contact with the identifiers of another one that was merged into it. */
export function withMerged(contact: Contact, merged: Contact): Contact {
  const isNew = (identifier: Identifier): boolean => !hasIdentifier(contact, identifier);
  return { ...contact, former: [...contact.former, ...identifiersOf(merged).filter(isNew)] };
}

/** A contact without the identifiers that other contacts have, too. */
export const withoutShared = (contact: Contact, shared: readonly string[]): Contact => ({
  ...contact,
  phones: contact.phones.filter(({ number }) => !shared.includes(number)),
  emails: contact.emails.filter((email) => !shared.includes(email)),
  handles: contact.handles.filter(({ value }) => !shared.includes(value)),
  former: contact.former.filter(({ value }) => !shared.includes(value)),
});
