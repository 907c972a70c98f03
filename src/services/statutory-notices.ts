import { MessageRefusedError } from '../core/errors';
import { legalClockOf } from '../core/request/legal-clock';
import type { PersonMessage } from '../core/messages/person-email';
import type { KeyStore, Ledger, RequestRecord, Settings } from '../ports';
import { mailboxOf, mailOfficer, mailPerson, type MessageServices } from './messaging';

/** What sending a statutory notice uses. */
export type NoticeServices = MessageServices & {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'details'>;
  settings: Pick<Settings, 'legalClock'>;
};

/**
 * Notifies a person of an extension, with its reason (Art. 12(3) GDPR). When the
 * person has no mailbox on file, or it refuses the email, the officer is asked to write a letter.
 * @returns whether the person was notified by email
 * @throws MessageNotAcceptedError when it can be tried again
 */
export async function notifyOfExtension(
  services: NoticeServices,
  record: RequestRecord,
): Promise<boolean> {
  if (record.wrappedSecret === null) return false;
  const details = await services.ledger.details(record);
  const notice = details.statutoryNotices.extended;
  if (notice === null) return false;
  const { code: reason, explanation } = notice;
  const message: PersonMessage = { kind: 'extended', reason, explanation };
  if (mailboxOf(details, record.requester) !== '') {
    const keys = await services.keys.unwrap(record.wrappedSecret);
    const { dueAt } = legalClockOf(record, services.settings.legalClock, services.clock.now());
    try {
      await mailPerson(services, { request: { record, keys }, details, message, until: dueAt });
      return true;
    } catch (error) {
      if (!(error instanceof MessageRefusedError)) throw error;
    }
  }
  await mailOfficer(services, record, 'statutoryNotice');
  return false;
}
