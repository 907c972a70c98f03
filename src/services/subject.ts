import {
  subjectIdentifiersOf,
  type MailboxOwners,
  type SubjectIdentifiers,
} from '../core/subject/contact';
import type { Ledger, RequestRecord } from '../ports';

/**
 * The identifiers of the person that a request is about.
 * @param mailboxOwners matters where conversations are judged
 * @throws Error when the contact is not resolved, which no orchestration allows
 */
export async function subjectOf(
  { ledger }: { ledger: Pick<Ledger, 'details'> },
  { record }: { record: RequestRecord },
  mailboxOwners?: MailboxOwners,
): Promise<SubjectIdentifiers> {
  const { contact } = await ledger.details(record);
  if (!contact) throw new Error('The request has no contact.');
  return subjectIdentifiersOf(contact, mailboxOwners);
}
