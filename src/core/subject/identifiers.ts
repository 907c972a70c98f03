import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';

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
}

/** Id of a person at a social network. */
export interface SocialHandle {
  type: SocialNetwork;
  value: string;
}

export const isHandle = (identifier: Identifier): identifier is SocialHandle =>
  identifier.type !== 'email' && identifier.type !== 'phone';

/**
 * Normalises a phone number to E.164; null when it is not valid. Without a default region the number
 * needs a country code: with a guessed country it would be another person's number.
 */
export function normalisePhone(text: string, defaultRegion: string | null): string | null {
  const region = defaultRegion as CountryCode | null;
  const parsed = parsePhoneNumberFromString(
    text,
    region === null ? {} : { defaultCountry: region },
  );
  return parsed?.isPossible() ? parsed.number : null;
}

/** Normalises an email address to trimmed lower case; null when it is not valid. */
export function normaliseEmail(text: string): string | null {
  const email = text.trim().toLowerCase();
  return /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(email) && email.length <= 254 ? email : null;
}

/** Normalises an id at a social network; null when it is not valid. WhatsApp ids are phone numbers. */
export function normaliseHandle(type: SocialNetwork, text: string): string | null {
  const value = text.trim();
  const number = type === 'whatsapp' ? normalisePhone(`+${value.replace(/^\+/, '')}`, null) : null;
  return number ?? (/^[^\s]{1,255}$/.test(value) ? value : null);
}

/** An email address without its tag, between `+` and `@`: both addresses reach one person. */
export const withoutTag = (email: string): string => email.replace(/\+[^@]*@/, '@');

/** A phone number with nothing readable but its last two digits. */
export const maskedPhone = (number: string): string => `•••• ${number.slice(-2)}`;
