import { MessageRefusedError } from '../core/errors';
import { codeText } from '../core/messages/code-text';
import { wordedBy } from '../core/messages/law-texts';
import { officerEmail, type OfficerNotice } from '../core/messages/officer-email';
import { personEmail, type PersonMessage } from '../core/messages/person-email';
import { lawOf } from '../core/request/legal-clock';
import { smsNumberOf } from '../core/subject/reachability';
import { identifierKey } from '../core/subject/spellings';
import { atTime } from '../core/time/time';
import { uuidOf } from '../core/uuid';
import {
  fallbackLocale,
  pickLocale,
  translator,
  type Locales,
  type Translator,
} from '../core/i18n/translator';
import type {
  Clock,
  CodeAndSessionStore,
  KeyStore,
  Ledger,
  Notifier,
  Outbox,
  RequestDetails,
  RequestRecord,
  Settings,
} from '../ports';
import type { OpenRequest } from './open-request';

/** What sending a message uses. */
export interface MessageServices {
  clock: Clock;
  keys: Pick<KeyStore, 'keyedHash'>;
  ledger: Pick<Ledger, 'note'>;
  locales: Locales;
  notifier: Notifier;
  outbox: Pick<Outbox, 'intend' | 'settle'>;
  settings: Pick<Settings, 'branding'>;
}

/** What sending a code by text message uses. */
export type CodeMessageServices = MessageServices & {
  codesAndSessions: Pick<CodeAndSessionStore, 'repeatCode'>;
};

/**
 * The mailbox on file that messages go to, if possible the one given in the request; '' without one. Of
 * somebody who asks for the person it is theirs, once an officer has checked it and their mandate: before,
 * nobody is written to, because nothing says that the person knows of the request.
 */
export function mailboxOf(
  { contact, identifiers, requester }: RequestDetails,
  standing: RequestRecord['requester'],
): string {
  if (requester !== undefined) return standing?.mandate ? requester.email : '';
  const onFile = contact?.emails ?? [];
  const given = new Set(identifiers.map(identifierKey));
  const named = onFile.find((value) => given.has(identifierKey({ type: 'email', value })));
  return named ?? onFile[0] ?? '';
}

/** Speaks the person's language. */
export const translatorOf = (
  { locales: languages }: Pick<MessageServices, 'locales'>,
  { locale }: RequestDetails,
): Translator => translator(languages, pickLocale([locale], languages));

/**
 * Speaks the person's language in the words of the law of their request; the language that stands in for
 * all others where nothing of the person is left.
 */
export const wordsOf = (
  services: Pick<MessageServices, 'locales'>,
  record: Pick<RequestRecord, 'law'>,
  details: RequestDetails | null,
): Translator =>
  wordedBy(
    lawOf(record),
    details === null
      ? translator(services.locales, fallbackLocale)
      : translatorOf(services, details),
  );

/** A message of a request. */
export interface OutgoingMessage {
  requestId: string;
  /** Names the message within its request. */
  key: string;
  channel: 'email' | 'sms';
  send: () => Promise<void>;
}

/**
 * Sends a message at least once: the intent is stored before, the receipt after. A message that was
 * sent, or refused for good, is not sent again. The receipt comes last, because nothing that is missing
 * after it would be made up for.
 * @throws MessageNotAcceptedError when it can be tried again, MessageRefusedError when it cannot
 */
export async function sendOnce(
  { ledger, outbox }: MessageServices,
  { requestId, key, channel, send }: OutgoingMessage,
): Promise<void> {
  if ((await outbox.intend(requestId, key)) === 'sent') return;
  const kind = key.split('-')[0] ?? key;
  try {
    await send();
  } catch (error) {
    if (error instanceof MessageRefusedError) {
      await ledger.note(requestId, { event: 'messageRefused', detail: { kind, channel } });
      await outbox.settle(requestId, key, 'refused');
    }
    throw error;
  }
  const event = channel === 'sms' ? 'codeSent' : 'messageSent';
  await ledger.note(requestId, { event, detail: { kind, channel } });
  await outbox.settle(requestId, key, 'sent');
}

/** The same text whenever a message is sent again, from which nothing can be read. */
export const messageId = (
  services: MessageServices,
  request: Pick<RequestRecord, 'requestId' | 'hashKeyId'>,
  key: string,
): string =>
  `<${messageHash(services, request, key).slice(0, 32)}@${new URL(services.settings.branding.portalOrigin).hostname}>`;

const messageHash = (
  { keys }: Pick<MessageServices, 'keys'>,
  { requestId, hashKeyId }: Pick<RequestRecord, 'requestId' | 'hashKeyId'>,
  key: string,
): string => keys.keyedHash('message', `${key}\0${requestId}`, hashKeyId);

/** An email to the person of a request. */
export interface PersonEmail {
  request: OpenRequest;
  details: RequestDetails;
  message: PersonMessage;
  /** A time that the message names (ISO 8601); null for none. */
  until?: string | null;
  /** Number of the occasion, where a message of this kind may be sent on several; 1 for the first. */
  occasion?: number;
}

/**
 * Emails the person in their language.
 * @throws MessageNotAcceptedError when it can be tried again, MessageRefusedError when it cannot
 */
export async function mailPerson(
  services: MessageServices,
  { request: { record, keys }, details, message, until = null, occasion = 1 }: PersonEmail,
): Promise<void> {
  const { requestId } = record;
  const { kind } = message;
  const key = occasion === 1 ? kind : `${kind}-${occasion}`;
  const translator = wordsOf(services, record, details);
  const email = personEmail(message, translator, services.settings.branding, {
    token: keys.invitationToken,
    until: until === null ? '' : momentIn(translator.tag, details.timeZone, until),
  });
  const send = (): Promise<void> =>
    services.notifier.email({
      to: mailboxOf(details, record.requester),
      ...email,
      messageId: messageId(services, record, key),
    });
  await sendOnce(services, { requestId, key, channel: 'email', send });
}

/** A time in the person's language, with its time zone. */
export const momentIn = (language: string, timeZone: string, iso: string): string =>
  `${new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(atTime(iso))} (${timeZone})`;

/** Emails the company's privacy address. */
export async function mailOfficer(
  services: MessageServices,
  record: RequestRecord,
  notice: OfficerNotice,
): Promise<void> {
  const { requestId, reason, decisionVersion } = record;
  const { branding } = services.settings;
  const key = `${notice}-${decisionVersion}-${services.clock.now().toISOString().slice(0, 10)}`;
  const send = (): Promise<void> =>
    services.notifier.email({
      to: branding.controllerContact,
      ...officerEmail(notice, branding, requestId, reason ?? ''),
      messageId: messageId(services, record, key),
    });
  await sendOnce(services, { requestId, key, channel: 'email', send });
}

const codePrefix = 'code-';

/** Key of the message that carries the n-th code. */
export const codeKeyOf = (number: number): string => `${codePrefix}${number}`;

/** Sends the n-th code of a request to the number on file; a repeat carries the same code. */
export async function textCode(
  services: CodeMessageServices,
  { record, keys }: OpenRequest,
  details: RequestDetails,
  number: number,
): Promise<void> {
  const phone = details.contact && smsNumberOf(details.contact);
  if (!phone) return;
  const { requestId } = record;
  const key = codeKeyOf(number);
  const code = services.codesAndSessions.repeatCode(number, keys.codeKey);
  const operationId = uuidOf(messageHash(services, record, key));
  const text = codeText(translatorOf(services, details), services.settings.branding, code);
  const send = (): Promise<void> => services.notifier.sms({ to: phone, text, operationId });
  await sendOnce(services, { requestId, key, channel: 'sms', send });
}

/** The number of a code by the key of its message; null for another message. */
export const codeNumberOf = (key: string): number | null =>
  key.startsWith(codePrefix) ? Number(key.slice(codePrefix.length)) : null;
