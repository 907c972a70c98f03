import {
  subjectIdentifiersOf,
  type MailboxOwners,
  type SubjectIdentifiers,
} from '../core/subject/contact';
import { provenBy } from '../core/subject/no-contact';
import type { Ledger, RequestDetails, RequestRecord } from '../ports';

/**
 * The identifiers of the person that a request is about, with those that their verification has proven,
 * and the personal part of the request that they are from.
 * @param mailboxOwners matters where conversations are judged
 * @throws Error when the contact is not resolved, which no orchestration allows
 */
export async function readSubject(
  { ledger }: { ledger: Pick<Ledger, 'details'> },
  record: RequestRecord,
  mailboxOwners?: MailboxOwners,
): Promise<{ subject: SubjectIdentifiers; details: RequestDetails }> {
  const details = await ledger.details(record);
  const { contact, loginProved } = details;
  if (!contact) throw new Error('The request has no contact.');
  const proven = provenBy(contact, record.verifiedBy, loginProved);
  const identifiers = subjectIdentifiersOf(contact, mailboxOwners);
  return { subject: proven === null ? identifiers : { ...identifiers, proven }, details };
}
