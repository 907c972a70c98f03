import {
  subjectIdentifiersOf,
  type MailboxOwners,
  type SubjectIdentifiers,
} from '../core/subject/contact';
import { provenBy } from '../core/subject/no-contact';
import type { Ledger, RequestRecord } from '../ports';

/**
 * The identifiers of the person that a request is about, with those that their verification has proven.
 * @param mailboxOwners matters where conversations are judged
 * @throws Error when the contact is not resolved, which no orchestration allows
 */
export async function subjectOf(
  { ledger }: { ledger: Pick<Ledger, 'details'> },
  { record }: { record: RequestRecord },
  mailboxOwners?: MailboxOwners,
): Promise<SubjectIdentifiers> {
  const { contact, loginProved } = await ledger.details(record);
  if (!contact) throw new Error('The request has no contact.');
  const proven = provenBy(contact, record.verifiedBy, loginProved);
  const identifiers = subjectIdentifiersOf(contact, mailboxOwners);
  return proven === null ? identifiers : { ...identifiers, proven };
}
