import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';

/** Networks over which people write to a contact centre under an id of the network's. */
export const socialNetworks = [
  'whatsapp',
  'facebook',
  'instagram',
  'twitter',
  'line',
  'apple',
] as const;
export type SocialNetwork = (typeof socialNetworks)[number];

export type IdentifierType = 'email' | 'phone' | SocialNetwork;

/** Something a request names a person by, in its normal form. */
export interface Identifier {
  type: IdentifierType;
  value: string;
}

/** Who somebody is at a social network. */
export interface SocialHandle {
  type: SocialNetwork;
  value: string;
}

/** A contact as far as finding its conversations and reaching the person needs it. */
export interface Contact {
  id: string;
  firstName: string | null;
  lastName: string | null;
  /** Ids under which conversations may carry this contact: its own and those merged into it. */
  mergeSet: string[];
  /** Numbers on file as E.164, those that take text messages first. */
  phones: { number: string; receivesSms: boolean }[];
  /** Mailboxes on file, lower case. */
  emails: string[];
  handles: SocialHandle[];
  /**
   * What contacts merged into this one were known by, beside that: searched by, never written to.
   */
  former: Identifier[];
  /** When the source first had a record of the contact (ISO 8601); null when it does not say. */
  createdAt: string | null;
}

/** Everything by which conversations of one person can be found. */
export interface SubjectIdentity {
  contactIds: string[];
  phones: string[];
  emails: string[];
  handles: SocialHandle[];
  /** When the contact's record begins; what came before by an address alone may be another's. */
  since: string | null;
}

/**
 * A number in E.164, or null when it is none. Without a default region only numbers with a country
 * code are numbers: a guessed country would be another person's number.
 */
export function normalisePhone(text: string, defaultRegion: string | null): string | null {
  const region = defaultRegion as CountryCode | null;
  const parsed = parsePhoneNumberFromString(
    text,
    region === null ? {} : { defaultCountry: region },
  );
  return parsed?.isPossible() ? parsed.number : null;
}

/** A mailbox in lower case without surrounding space, or null when it is none. */
export function normaliseEmail(text: string): string | null {
  const email = text.trim().toLowerCase();
  return /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(email) && email.length <= 254 ? email : null;
}

/** An id at a social network; a WhatsApp account is a phone number. Null when it is none. */
export function normaliseHandle(type: SocialNetwork, text: string): string | null {
  const value = text.trim();
  const number = type === 'whatsapp' ? normalisePhone(`+${value.replace(/^\+/, '')}`, null) : null;
  return number ?? (/^[^\s]{1,255}$/.test(value) ? value : null);
}

export const isHandle = (identifier: Identifier): identifier is SocialHandle =>
  identifier.type !== 'email' && identifier.type !== 'phone';

/** What a contact's conversations may carry. */
export function identityOf(contact: Contact): SubjectIdentity {
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

/** The last two digits of a number, and nothing else of it. */
export const maskedPhone = (number: string): string => `•••• ${number.slice(-2)}`;
