import { webhookType, type WebhookEvent } from '../api/webhooks';
import { releaseOf } from '../package/expiry';
import type { RequestRecord } from '../request/record';
import { isFinal } from '../request/states';
import { atTime } from '../time/time';
import { isOfficerNotice } from './officer-email';

/** What the app keeps of the messages that it sends for a request, and which may be sent again. */

/** What is kept of a message under the key of its request. */
export interface MessageContent {
  /** Where it went: masked, unless it is the company's own address. */
  to: string;
  /** Null for a message that carries a code, of which nothing is kept. */
  text: { subject: string; text: string } | null;
}

/** A code is superseded when another one was requested. */
export type MessageState = 'intended' | 'sent' | 'refused' | 'superseded';

/** A message as it is kept. */
export interface KeptMessage {
  key: string;
  state: MessageState;
  /** When it came to this state (ISO 8601). */
  at: string;
  /** How often it was tried. */
  attempts: number;
  /** When it is tried next; null where that is not known, and for one that is not tried any more. */
  nextTryAt: string | null;
  /** Null once the key of the request is destroyed, and of messages of before it was kept. */
  content: MessageContent | null;
}

/** What the key of a message says. */
export interface MessageName {
  /** Key of the first sending. */
  original: string;
  /** What is sent: a kind of message to the person, or of notice to the officers. */
  template: string;
  /** 0 for the first sending, then the number of the further one. */
  again: number;
}

const againForm = /^(.+)-again-(\d{1,6})$/;

/** Reads the key of a message. */
export function messageNameOf(key: string): MessageName {
  const [, original = key, again = '0'] = againForm.exec(key) ?? [];
  return { original, template: original.split('-')[0] ?? original, again: Number(again) };
}

/** Key of a further sending of a message. @param again its number, from 1 */
export const againKey = (original: string, again: number): string => `${original}-again-${again}`;

/** Number of the release that a message about the package tells of. */
const occasionOf = (original: string): number => Number(original.split('-')[1] ?? 1);

const isThere = ({ availableUntil }: RequestRecord, now: Date): boolean =>
  availableUntil !== null && now < atTime(availableUntil);

type Rule = (record: RequestRecord, original: string, now: Date) => boolean;
const isUnverified: Rule = ({ state, verifiedAt }) =>
  state === 'awaitingVerification' && verifiedAt === null;
const isReleased: Rule = ({ state }) => state === 'available' || state === 'delivered';
const isOfRelease: Rule = (record, original, now) =>
  isReleased(record, original, now) &&
  isThere(record, now) &&
  occasionOf(original) === releaseOf(record);

/** When a message still says what is so. What is not named is never sent again. */
const rules: Readonly<Record<string, Rule>> = {
  invitation: isUnverified,
  reminder: isUnverified,
  available: isOfRelease,
  expiring: (record, ...others) => record.state === 'available' && isOfRelease(record, ...others),
  extended: ({ extendedAt, releasedAt }) => extendedAt !== null && releasedAt === null,
  handedOver: isReleased,
};

/** Whether a message may be sent once more: the request has to be where the message belongs. */
export function mayBeSentAgain(
  { template, original }: MessageName,
  record: RequestRecord,
  now: Date,
): boolean {
  if (record.wrappedSecret === null || isFinal(record.state)) return false;
  return Object.hasOwn(rules, template) && rules[template]?.(record, original, now) === true;
}

/** A message as officers are shown it. */
export interface MessageView {
  messageId: string;
  at: string;
  channel: 'email' | 'sms' | 'webhook';
  recipient: 'person' | 'officers' | 'ticketSystem';
  template: string;
  to: string | null;
  result: 'accepted' | 'delivered' | 'failed' | 'pending' | 'superseded';
  attempts: number;
  nextTryAt: string | null;
  again: number;
  canBeSentAgain: boolean;
  hasText: boolean;
}

const resultOf = {
  intended: 'pending',
  sent: 'accepted',
  refused: 'failed',
  superseded: 'superseded',
} as const satisfies Record<MessageState, MessageView['result']>;

/** Template of text messages with a code. */
export const codeTemplate = 'code';

/** An email or a text message as officers are shown it, without its text. */
export function messageView(message: KeptMessage, record: RequestRecord, now: Date): MessageView {
  const { key, state, at, attempts, nextTryAt, content } = message;
  const name = messageNameOf(key);
  const { template, again } = name;
  return {
    messageId: key,
    at,
    channel: template === codeTemplate ? 'sms' : 'email',
    recipient: isOfficerNotice(template) ? 'officers' : 'person',
    template,
    to: content?.to ?? null,
    result: resultOf[state],
    attempts,
    nextTryAt,
    again,
    canBeSentAgain: (state === 'sent' || state === 'refused') && mayBeSentAgain(name, record, now),
    hasText: (content?.text ?? null) !== null,
  };
}

const webhookPrefix = 'webhook-';

/** Number of the event that a message id names; null for the id of another message. */
export const webhookNumberOf = (messageId: string): number | null =>
  /^webhook-\d{1,6}$/.test(messageId) ? Number(messageId.slice(webhookPrefix.length)) : null;

/**
 * A webhook as officers are shown it.
 * @param hasTarget whether the address is kept that it goes to, and with it the ticket that it names
 */
export const webhookView = (event: WebhookEvent, hasTarget: boolean): MessageView => ({
  messageId: `${webhookPrefix}${event.sequence}`,
  at: event.at,
  channel: 'webhook',
  recipient: 'ticketSystem',
  template: webhookType(event),
  to: null,
  result: event.state,
  attempts: event.attempts,
  nextTryAt: event.nextTryAt ?? null,
  again: 0,
  canBeSentAgain: event.state === 'failed' && hasTarget,
  hasText: hasTarget,
});
