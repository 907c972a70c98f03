import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import { asciiDomain } from './domains';

/** Networks through which people write to a contact centre under an id of the network. */
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

/** An identifier of a person, normalised. */
export interface Identifier {
  type: IdentifierType;
  value: string;
  /** Of a phone number behind a switchboard: the number alone may be anybody's there. */
  extension?: string;
}

/** Id of a person at a social network. */
export interface SocialHandle {
  type: SocialNetwork;
  value: string;
}

export const isHandle = (identifier: Identifier): identifier is SocialHandle =>
  identifier.type !== 'email' && identifier.type !== 'phone';

/** A phone number in E.164, with the extension that it was written with. */
export interface ParsedPhone {
  number: string;
  /** Digits behind a switchboard's number; null without them. */
  extension: string | null;
}

/** A whole number as E.164 writes it: + and 7 to 15 digits, the first of which is not 0. */
const e164 = /^\+[1-9]\d{6,14}$/;

/** What people put between digits to read them. */
const separators = /[\s().\-\u2010-\u2015/]/g;

/**
 * Reads a phone number. Without a default region it needs a country code: with a guessed country it
 * would be another person's number. A number in E.164 that the library does not know is kept as it
 * stands: numbering plans change, and the number was right when it was stored.
 * @returns null when the text is not a phone number
 */
export function parsePhone(text: string, defaultRegion: string | null): ParsedPhone | null {
  const known = knownNumber(text, defaultRegion);
  if (known !== null) return { number: settled(known.number), extension: known.extension };
  const [, given = text, extension] =
    /^(.*?)\s*(?:;ext=|[,;]?\s*(?:ext(?:ension)?\.?|x|#))\s*(\d{1,9})$/i.exec(text) ?? [];
  const bare = given.replaceAll(separators, '');
  return e164.test(bare) ? { number: bare, extension: extension ?? null } : null;
}

/** A number as the library reads it; null when it does not know it. */
function knownNumber(text: string, defaultRegion: string | null): ParsedPhone | null {
  const region = defaultRegion as CountryCode | null;
  const parsed = parsePhoneNumberFromString(
    text,
    region === null ? {} : { defaultCountry: region },
  );
  return parsed?.isPossible() && e164.test(parsed.number)
    ? { number: parsed.number, extension: parsed.ext ?? null }
    : null;
}

/** A number from which the library takes no further trunk prefix: it takes one at a time. */
function settled(number: string): string {
  const next = knownNumber(number, null);
  return next === null || next.number.length >= number.length ? number : settled(next.number);
}

/** Normalises a phone number to E.164, without an extension; null when it is not valid. */
export const normalisePhone = (text: string, defaultRegion: string | null): string | null =>
  parsePhone(text, defaultRegion)?.number ?? null;

/**
 * One mailbox: a local part without quotes (RFC 5321 dot-string, with letters of all languages as RFC 6531
 * allows) and a domain. What separates addresses, or encloses one, in a list of them is in neither part.
 */
const mailbox =
  /^[^\s@"(),:;<>[\\\]\p{C}]{1,64}@[^\s@.,:;<>"()[\\\]\p{C}]+(\.[^\s@.,:;<>"()[\\\]\p{C}]+)+$/u;

/**
 * Normalises an email address to trimmed lower case with its domain in ASCII, so that a domain with
 * other letters has one form; null when it is not one address.
 */
export function normaliseEmail(text: string): string | null {
  const email = text.trim().normalize('NFC').toLowerCase();
  const at = email.lastIndexOf('@');
  const whole = `${email.slice(0, at + 1)}${asciiDomain(email.slice(at + 1))}`;
  return mailbox.test(whole) && whole.length <= 254 ? whole : null;
}

/**
 * Normalises an id at a social network; null when it is not valid. WhatsApp ids are phone numbers,
 * with or without +, or ids of the company's own scope.
 */
export function normaliseHandle(type: SocialNetwork, text: string): string | null {
  const value = text.trim();
  const number = type === 'whatsapp' ? normalisePhone(`+${value.replace(/^\+/, '')}`, null) : null;
  return number ?? (/^[^\s]{1,255}$/.test(value) ? value : null);
}

/** An email address without its tag, between `+` and `@`: both addresses reach one person. */
export const withoutTag = (email: string): string => email.replace(/\+[^@]*@/, '@');

/** A phone number with nothing readable but its last two digits. */
export const maskedPhone = (number: string): string => `•••• ${number.slice(-2)}`;

/** A mailbox with nothing readable but its first letter, its domain's first letter and last label. */
function maskedMailbox(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  const first = (text: string): string => [...text][0] ?? '';
  const label = domain.slice(domain.lastIndexOf('.') + 1);
  return `${first(email)}•••@${first(domain)}•••.${label}`;
}

/**
 * An identifier as an officer sees it who tells identifiers apart: of a number, and of an id at a
 * network that ends like a number, the last two digits; of a mailbox the first letter, and of its domain
 * the first letter and the last label. Nothing of an extension, or of another id.
 */
export function maskedIdentifier({ type, value }: Identifier): string {
  if (type === 'email') return maskedMailbox(value);
  return /\d{6}$/.test(value) ? maskedPhone(value) : '••••';
}
