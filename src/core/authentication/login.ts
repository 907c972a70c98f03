import { normaliseEmail, normalisePhone } from '../subject/identifiers';
import type { Contact } from '../subject/contact';

/** Whether a sign-in belongs to the contact, by a claim that the provider has verified. */
export function isLoginOf(
  contact: Contact,
  claims: Readonly<Record<string, unknown>>,
  claim: 'email' | 'phone_number',
): boolean {
  const value = claims[claim];
  if (typeof value !== 'string' || claims[`${claim}_verified`] !== true) return false;
  if (claim === 'email') {
    const email = normaliseEmail(value);
    return email !== null && contact.emails.includes(email);
  }
  const phone = normalisePhone(value, null);
  return phone !== null && contact.phones.some(({ number }) => number === phone);
}
