import { MessageNotAcceptedError, MessageRefusedError } from '../core/errors';
import { codeText } from '../core/messages/code-text';
import {
  againKey,
  codeTemplate,
  messageNameOf,
  type MessageContent,
} from '../core/messages/kept-messages';
import { wordedBy } from '../core/messages/law-texts';
import { officerEmail, type OfficerNotice } from '../core/messages/officer-email';
import { personEmail, type PersonMessage } from '../core/messages/person-email';
import { lawOf } from '../core/request/legal-clock';
import { maskedIdentifier, maskedPhone } from '../core/subject/identifiers';
import { invitationGoesTo } from '../core/subject/invitation';
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
  keys: Pick<KeyStore, 'keyedHash' | 'unwrap'>;
  ledger: Pick<Ledger, 'note'>;
  locales: Locales;
  notifier: Notifier;
  outbox: Pick<Outbox, 'intend' | 'postpone' | 'settle'>;
  settings: Pick<Settings, 'branding' | 'officerLocale'>;
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
  const mailboxes = onFile.map((value) => ({
    value,
    isGiven: given.has(identifierKey({ type: 'email', value })),
    // What is not written to is no mailbox of the contact by now.
    ...{ isShared: false, verdict: null },
  }));
  return invitationGoesTo(mailboxes)?.value ?? '';
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
  record: Pick<RequestRecord, 'requestId'>;
  /** The key that it is kept under; null to keep nothing of it but that it was sent. */
  dataKey: Buffer | null;
  /** Names the message within its request. */
  key: string;
  channel: 'email' | 'sms';
  /** What is kept of it for the officers, until the data of the request are deleted. */
  content: MessageContent;
  send: () => Promise<void>;
}

/**
 * Sends a message at least once: the intent is stored before, the receipt after. A message that was
 * sent, or refused for good, is not sent again. The receipt comes last, because nothing that is missing
 * after it would be made up for.
 * @throws MessageNotAcceptedError when it can be tried again, MessageRefusedError when it cannot
 */
export async function sendOnce(
  services: MessageServices,
  { record, dataKey, key, channel, content, send }: OutgoingMessage,
): Promise<void> {
  const { ledger, outbox } = services;
  const { requestId } = record;
  if ((await outbox.intend(requestId, key, { content, dataKey })) === 'sent') return;
  const { template: kind } = messageNameOf(key);
  try {
    await send();
  } catch (error) {
    if (error instanceof MessageRefusedError) {
      await ledger.note(requestId, { event: 'messageRefused', detail: { kind, channel } });
      await outbox.settle(requestId, key, 'refused');
    } else if (error instanceof MessageNotAcceptedError)
      // It is tried again whether that is noted or not.
      await outbox.postpone(requestId, key, error.afterSeconds).catch(() => undefined);
    throw error;
  }
  const event = channel === 'sms' ? 'codeSent' : 'messageSent';
  await ledger.note(requestId, { event, detail: { kind, channel } });
  await outbox.settle(requestId, key, 'sent');
}

/**
 * The key that messages of a request are kept under, for who has not unwrapped it. Null once it is destroyed,
 * and where it cannot be had: a message goes out all the same, and what it said is then not kept.
 */
export const dataKeyOf = async (
  { keys }: Pick<MessageServices, 'keys'>,
  { wrappedSecret }: Pick<RequestRecord, 'wrappedSecret'>,
): Promise<Buffer | null> =>
  wrappedSecret === null
    ? null
    : keys.unwrap(wrappedSecret).then(
        ({ dataKey }) => dataKey,
        () => null,
      );

/** Where an email to the person goes, as it is kept. */
export const maskedMailbox = (value: string): string => maskedIdentifier({ type: 'email', value });

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
  /** Number of the further sending that an officer asks for; absent for the first. */
  again?: number;
}

/**
 * Emails the person in their language.
 * @throws MessageNotAcceptedError when it can be tried again, MessageRefusedError when it cannot
 */
export async function mailPerson(
  services: MessageServices,
  { request: { record, keys }, details, message, until = null, ...number }: PersonEmail,
): Promise<void> {
  const key = keyOf(message.kind, number);
  const translator = wordsOf(services, record, details);
  const email = personEmail(message, translator, services.settings.branding, {
    token: keys.invitationToken,
    until: until === null ? '' : momentIn(translator.tag, details.timeZone, until),
  });
  const to = mailboxOf(details, record.requester);
  const send = (): Promise<void> =>
    services.notifier.email({ to, ...email, messageId: messageId(services, record, key) });
  const { subject } = email;
  // Whoever has the token and a code is the person to the portal.
  const text = email.text.replaceAll(keys.invitationToken, '…');
  const content = { to: maskedMailbox(to), text: { subject, text } };
  const { dataKey } = keys;
  await sendOnce(services, { record, dataKey, key, channel: 'email', content, send });
}

/** Key of an email to the person. */
function keyOf(
  kind: string,
  { occasion = 1, again }: Pick<PersonEmail, 'occasion' | 'again'>,
): string {
  const key = occasion === 1 ? kind : `${kind}-${occasion}`;
  return again === undefined ? key : againKey(key, again);
}

/** A time in the person's language, with its time zone. */
export const momentIn = (language: string, timeZone: string, iso: string): string =>
  `${new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(atTime(iso))} (${timeZone})`;

/** Emails the company's privacy address, in the language of its officers. */
export async function mailOfficer(
  services: MessageServices,
  record: RequestRecord,
  notice: OfficerNotice,
): Promise<void> {
  const { requestId, reason, decisionVersion } = record;
  const { branding, officerLocale } = services.settings;
  const words = translator(services.locales, pickLocale([officerLocale], services.locales));
  const key = `${notice}-${decisionVersion}-${services.clock.now().toISOString().slice(0, 10)}`;
  const email = officerEmail(notice, words, branding, { requestId, reason });
  const to = branding.controllerContact;
  const send = (): Promise<void> =>
    services.notifier.email({ to, ...email, messageId: messageId(services, record, key) });
  const content = { to, text: { subject: email.subject, text: email.text } };
  const dataKey = await dataKeyOf(services, record);
  await sendOnce(services, { record, dataKey, key, channel: 'email', content, send });
}

const codePrefix = `${codeTemplate}-`;

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
  const key = codeKeyOf(number);
  const code = services.codesAndSessions.repeatCode(number, keys.codeKey);
  const operationId = uuidOf(messageHash(services, record, key));
  const text = codeText(translatorOf(services, details), services.settings.branding, code);
  const send = (): Promise<void> => services.notifier.sms({ to: phone, text, operationId });
  // Nothing is kept of what carries a code.
  const content = { to: maskedPhone(phone), text: null };
  const { dataKey } = keys;
  await sendOnce(services, { record, dataKey, key, channel: 'sms', content, send });
}

/** The number of a code by the key of its message; null for another message. */
export const codeNumberOf = (key: string): number | null =>
  key.startsWith(codePrefix) ? Number(key.slice(codePrefix.length)) : null;
