import { normaliseEmail, normalisePhone } from '../subject/identifiers';
import { hasIdentifier, hasRecord, type Contact } from '../subject/contact';
import { identifierKey } from '../subject/spellings';

type Claims = Readonly<Record<string, unknown>>;
type LoginClaim = 'email' | 'phone_number';

/**
 * Which identifier of the person a sign-in has proven, by a claim that the provider has verified.
 * @returns its `identifierKey`; null when the sign-in is not the person's
 */
export function provenByLogin(contact: Contact, claims: Claims, claim: LoginClaim): string | null {
  const value = claims[claim];
  if (typeof value !== 'string' || claims[`${claim}_verified`] !== true) return null;
  const type = claim === 'email' ? 'email' : 'phone';
  const normal = type === 'email' ? normaliseEmail(value) : normalisePhone(value, null);
  if (normal === null) return null;
  // Only what is on file: what a merged contact was known by may be another person's today, and so may
  // what others have, too. Of a person without a record it is what an officer has named as theirs.
  const onFile = hasRecord(contact)
    ? { ...contact, handles: [], former: [], undecided: [] }
    : contact;
  const identifier = { type, value: normal } as const;
  return hasIdentifier(onFile, identifier) ? identifierKey(identifier) : null;
}

/** Whether a sign-in belongs to the person, by a claim that the provider has verified. */
export const isLoginOf = (contact: Contact, claims: Claims, claim: LoginClaim): boolean =>
  provenByLogin(contact, claims, claim) !== null;
