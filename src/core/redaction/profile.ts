import type { Contact } from '../subject/contact';
import type { Policy } from './policy';
import type { Redactions } from './redactions';
import { Sanitiser } from './sanitiser';

/**
 * The profile of the package with its names masked: they are what somebody has typed. Numbers and
 * mailboxes are the person's own.
 */
export function maskedProfile<T extends Pick<Contact, 'firstName' | 'lastName'>>(
  contact: T,
  policy: Policy,
): { contact: T; redactions: Redactions } {
  const sanitiser = new Sanitiser(policy, (id) => id, { file: 'data/profile.json' });
  const mask = (name: 'firstName' | 'lastName'): string | null =>
    contact[name] === null ? null : sanitiser.text(contact[name], name);
  const masked = { ...contact, firstName: mask('firstName'), lastName: mask('lastName') };
  return { contact: masked, redactions: sanitiser.redactions };
}
