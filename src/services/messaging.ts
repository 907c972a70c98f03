import { MessageRefusedError } from '../core/errors';
import {
  codeText,
  officerEmail,
  personEmail,
  type OfficerNotice,
  type PersonMessage,
} from '../core/messages/messages';
import { smsNumberOf } from '../core/subject/resolve-contact';
import { atTime } from '../core/time/time';
import { pickLocale, translator, type Translator } from '../core/i18n/translator';
import type { RequestDetails, RequestRecord } from '../ports';
import type { Environment, OpenRequest } from './environment';

/** The mailbox on file that messages go to: the one that was named, if it is on file; '' without. */
export function mailboxOf({ contact, identifiers }: RequestDetails): string {
  const onFile = contact?.emails ?? [];
  const named = identifiers.find(({ type, value }) => type === 'email' && onFile.includes(value));
  return named?.value ?? onFile[0] ?? '';
}

/** Speaks the person's language. */
export const translatorOf = (
  { locales: languages }: Environment,
  { locale }: RequestDetails,
): Translator => translator(languages, pickLocale([locale], languages));

/**
 * Sends a message at least once: the intent is stored before, the receipt after. A message that was
 * sent, or refused for good, is not sent again.
 * @param key names the message within its request
 * @throws MessageNotAcceptedError when it may be tried again, MessageRefusedError when it never will be
 */
async function sendOnce(
  env: Environment,
  requestId: string,
  key: string,
  channel: 'email' | 'sms',
  send: () => Promise<void>,
): Promise<void> {
  if ((await env.outbox.intend(requestId, key)) === 'sent') return;
  const kind = key.split('-')[0] ?? key;
  try {
    await send();
  } catch (error) {
    if (error instanceof MessageRefusedError) {
      await env.outbox.settle(requestId, key, 'refused');
      await env.ledger.note(requestId, { event: 'messageRefused', detail: { kind, channel } });
    }
    throw error;
  }
  await env.outbox.settle(requestId, key, 'sent');
  const event = channel === 'sms' ? 'codeSent' : 'messageSent';
  await env.ledger.note(requestId, { event, detail: { kind, channel } });
}

/** A text that is the same whenever a message is sent again, and tells nothing. */
const messageId = (env: Environment, requestId: string, key: string): string =>
  `<${env.keys.keyedHash('message', `${key}\0${requestId}`).slice(0, 32)}@${new URL(env.settings.branding.portalOrigin).hostname}>`;

/**
 * Mails the person, in their language.
 * @param until a time that the message names (ISO 8601)
 */
export async function mailPerson(
  env: Environment,
  { record, keys }: OpenRequest,
  details: RequestDetails,
  message: PersonMessage,
  until: string | null = null,
): Promise<void> {
  const { requestId } = record;
  const { kind } = message;
  const translator = translatorOf(env, details);
  const email = personEmail(message, translator, env.settings.branding, {
    token: keys.invitationToken,
    until: until === null ? '' : momentIn(translator.tag, details.timeZone, until),
  });
  await sendOnce(env, requestId, kind, 'email', () =>
    env.notifier.email({
      to: mailboxOf(details),
      ...email,
      messageId: messageId(env, requestId, kind),
    }),
  );
}

/** A time in words, with its zone. */
const momentIn = (language: string, timeZone: string, iso: string): string =>
  `${new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(atTime(iso))} (${timeZone})`;

/** Mails the company's own privacy address. */
export async function mailOfficer(
  env: Environment,
  { requestId, reason, decisionVersion }: RequestRecord,
  notice: OfficerNotice,
): Promise<void> {
  const { branding } = env.settings;
  const key = `${notice}-${decisionVersion}-${env.clock.now().toISOString().slice(0, 10)}`;
  await sendOnce(env, requestId, key, 'email', () =>
    env.notifier.email({
      to: branding.controllerContact,
      ...officerEmail(notice, branding, requestId, reason ?? ''),
      messageId: messageId(env, requestId, key),
    }),
  );
}

const codePrefix = 'code-';

/** Key of the message that carries the n-th code. */
export const codeKeyOf = (number: number): string => `${codePrefix}${number}`;

/** Sends the n-th code of a request to the number on file; a repeat carries the same code. */
export async function textCode(
  env: Environment,
  { record, keys }: OpenRequest,
  details: RequestDetails,
  number: number,
): Promise<void> {
  const phone = details.contact && smsNumberOf(details.contact);
  if (!phone) return;
  const { requestId } = record;
  const key = codeKeyOf(number);
  const code = env.codesAndSessions.repeatCode(number, keys.codeKey);
  const operationId = env.keys
    .keyedHash('message', `${key}\0${requestId}`)
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
  await sendOnce(env, requestId, key, 'sms', () =>
    env.notifier.sms({
      to: phone,
      text: codeText(translatorOf(env, details), env.settings.branding, code),
      operationId,
    }),
  );
}

/** The number of a code by the key of its message; null for another message. */
export const codeNumberOf = (key: string): number | null =>
  key.startsWith(codePrefix) ? Number(key.slice(codePrefix.length)) : null;
