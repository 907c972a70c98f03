import { MessageRefusedError } from '../core/errors';
import { legalClockOf } from '../core/request/legal-clock';
import type { PersonMessage } from '../core/messages/person-email';
import type { KeyStore, Ledger, RequestDetails, RequestRecord, Settings } from '../ports';
import { mailboxOf, mailOfficer, mailPerson, type MessageServices } from './messaging';
import type { OpenRequest } from './open-request';

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
  if (details.statutoryNotices.extended === null) return false;
  if (mailboxOf(details, record.requester) !== '') {
    const keys = await services.keys.unwrap(record.wrappedSecret);
    try {
      await mailExtension(services, { record, keys }, details);
      return true;
    } catch (error) {
      if (!(error instanceof MessageRefusedError)) throw error;
    }
  }
  await mailOfficer(services, record, 'statutoryNotice');
  return false;
}

/**
 * Emails a person that the period was extended, and why; nothing where it was not.
 * @param again number of the further sending; absent for the first
 */
export async function mailExtension(
  services: NoticeServices,
  request: OpenRequest,
  details: RequestDetails,
  again?: number,
): Promise<void> {
  const notice = details.statutoryNotices.extended;
  if (notice === null) return;
  const { clock, settings } = services;
  const { code: reason, explanation } = notice;
  const message: PersonMessage = { kind: 'extended', reason, explanation };
  const { dueAt: until } = legalClockOf(request.record, settings.legalClock, clock.now());
  const number = again === undefined ? {} : { again };
  await mailPerson(services, { request, details, message, until, ...number });
}
