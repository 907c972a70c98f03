import { normaliseEmail, normalisePhone } from '../subject/identifiers';
import { hasIdentifier, hasRecord, type Contact } from '../subject/contact';

/** Whether a sign-in belongs to the person, by a claim that the provider has verified. */
export function isLoginOf(
  contact: Contact,
  claims: Readonly<Record<string, unknown>>,
  claim: 'email' | 'phone_number',
): boolean {
  const value = claims[claim];
  if (typeof value !== 'string' || claims[`${claim}_verified`] !== true) return false;
  const type = claim === 'email' ? 'email' : 'phone';
  const normal = type === 'email' ? normaliseEmail(value) : normalisePhone(value, null);
  if (normal === null) return false;
  // Only what is on file: what a merged contact was known by may be another person's today, and so may
  // what others have, too. Of a person without a record it is what an officer has named as theirs.
  const onFile = hasRecord(contact)
    ? { ...contact, handles: [], former: [], undecided: [] }
    : contact;
  return hasIdentifier(onFile, { type, value: normal });
}
