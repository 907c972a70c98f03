import { MessageNotAcceptedError, MessageRefusedError } from '../core/errors';
import { securityEmail } from '../core/messages/security-notice';
import { hasRecord, type Contact } from '../core/subject/contact';
import { pickLocale, translator } from '../core/i18n/translator';
import type { KeyStore, Ledger, RequestDetails, RequestRecord, Settings } from '../ports';
import {
  dataKeyOf,
  mailboxOf,
  mailOfficer,
  maskedMailbox,
  messageId,
  sendOnce,
  wordsOf,
  type MessageServices,
} from './messaging';

/** What telling a person what was done uses. */
export type SecurityNoticeServices = MessageServices & {
  keys: Pick<KeyStore, 'keyedHash' | 'unwrap'>;
  ledger: Pick<Ledger, 'note' | 'details'>;
};

/** What telling of an enrolment uses, which belongs to no request. */
export type EnrolmentNoticeServices = Omit<
  MessageServices,
  'keys' | 'ledger' | 'outbox' | 'settings'
> & {
  keys: Pick<KeyStore, 'keyedHash'>;
  settings: Pick<Settings, 'branding'>;
};

const handOverPrefix = 'handedOver-';

/** Whether a message that is under way tells of a hand-over. */
export const isHandOverKey = (key: string): boolean => key.startsWith(handOverPrefix);

/**
 * The mailbox on file of a person who is proven to be a customer; '' without one. A mailbox that an
 * officer named for a person without a contact record is none, nor is that of somebody who acts for the
 * person: who hands over may have named or checked it.
 */
export const provenMailboxOf = (
  { verifiedAt, requester }: Pick<RequestRecord, 'verifiedAt' | 'requester'>,
  details: RequestDetails,
): string =>
  verifiedAt !== null &&
  requester === undefined &&
  details.contact !== null &&
  hasRecord(details.contact)
    ? mailboxOf(details, requester)
    : '';

/** Stores that the person has to be told of a hand-over that is about to happen. @returns its key */
export async function intendHandOverNotice(
  { clock, outbox }: Pick<SecurityNoticeServices, 'clock' | 'outbox'>,
  { requestId }: Pick<RequestRecord, 'requestId'>,
): Promise<string> {
  const key = `${handOverPrefix}${clock.now().getTime()}`;
  await outbox.intend(requestId, key, null);
  return key;
}

/**
 * Tells the person of a hand-over. Where nothing on file can be written to, the ticketing system is asked
 * to tell them by a webhook, or, without a callback, the company's privacy address.
 * @param key of the intent
 * @returns whether the person was told by email; a message that is not accepted now is sent later
 */
export async function tellOfHandOver(
  services: SecurityNoticeServices,
  record: RequestRecord,
  key: string,
): Promise<boolean> {
  const details = await services.ledger.details(record);
  const sent = await mailNotice(services, { record, details, notice: 'handedOver', key });
  if (sent !== 'impossible') return sent === 'sent';
  const { requestId } = record;
  if (record.hasCallback)
    await services.ledger.note(
      requestId,
      { event: 'noticeByTicket', detail: { kind: 'handedOver' } },
      ({ pendingWebhooks }) => ({ pendingWebhooks: pendingWebhooks + 1 }),
    );
  else await mailOfficer(services, record, 'tellPerson');
  await services.outbox.settle(requestId, key, 'refused');
  return false;
}

/**
 * Tells the person that their package was recalled. Its webhook has told the ticketing system by then.
 * @param details as they were before the key was destroyed
 * @returns whether the person was told by email
 */
export async function tellOfRecall(
  services: SecurityNoticeServices,
  record: RequestRecord,
  details: RequestDetails,
): Promise<boolean> {
  const key = 'recalled';
  const sent = await mailNotice(services, { record, details, notice: 'recalled', key });
  if (sent === 'sent') return true;
  // Nothing of the request is left by which it could be sent later.
  await services.outbox.settle(record.requestId, key, 'superseded');
  if (!record.hasCallback)
    await mailOfficer(services, record, 'tellPerson').catch(ignoreNotAccepted);
  return false;
}

/**
 * Tells a contact that a program has enrolled an authenticator app for them.
 * @returns whether an email was accepted
 */
export async function tellOfEnrolment(
  { clock, keys, locales, notifier, settings }: EnrolmentNoticeServices,
  contact: Contact,
  authenticatorId: string,
): Promise<boolean> {
  const [to] = contact.emails;
  if (to === undefined) return false;
  const { branding } = settings;
  const content = securityEmail(
    'authenticatorEnrolled',
    translator(locales, pickLocale([], locales)),
    branding,
  );
  const host = new URL(branding.portalOrigin).hostname;
  const what = `enrolled\0${authenticatorId}\0${clock.now().toISOString()}`;
  const id = keys.keyedHash('message', what).slice(0, 32);
  return notifier.email({ to, ...content, messageId: `<${id}@${host}>` }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof MessageRefusedError) return false;
      return ignoreNotAccepted(error);
    },
  );
}

/** An email about a request, and what it says. */
interface NoticeEmail {
  record: RequestRecord;
  details: RequestDetails;
  notice: 'handedOver' | 'recalled';
  key: string;
}

/** Tells the person of a hand-over once more. @param key of the further sending */
export async function tellOfHandOverAgain(
  services: SecurityNoticeServices,
  record: RequestRecord,
  key: string,
): Promise<void> {
  const details = await services.ledger.details(record);
  await mailNotice(services, { record, details, notice: 'handedOver', key });
}

async function mailNotice(
  services: SecurityNoticeServices,
  { record, details, notice, key }: NoticeEmail,
): Promise<'sent' | 'later' | 'impossible'> {
  const to = provenMailboxOf(record, details);
  if (to === '') return 'impossible';
  const email = securityEmail(
    notice,
    wordsOf(services, record, details),
    services.settings.branding,
  );
  const send = (): Promise<void> =>
    services.notifier.email({ to, ...email, messageId: messageId(services, record, key) });
  const { subject, text } = email;
  const content = { to: maskedMailbox(to), text: { subject, text } };
  const dataKey = await dataKeyOf(services, record);
  try {
    await sendOnce(services, { record, dataKey, key, channel: 'email', content, send });
    return 'sent';
  } catch (error) {
    if (error instanceof MessageRefusedError) return 'impossible';
    ignoreNotAccepted(error);
    return 'later';
  }
}

function ignoreNotAccepted(error: unknown): false {
  if (error instanceof MessageNotAcceptedError) return false;
  throw error;
}
