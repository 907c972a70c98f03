import type { HttpRequest } from '@azure/functions';
import { justificationBody } from '../../core/api/bodies';
import {
  webhookBody,
  webhookType,
  type WebhookEvent,
  type WebhookTarget,
} from '../../core/api/webhooks';
import type { OfficerAction } from '../../core/custody/record';
import { MessageNotAcceptedError, MessageRefusedError } from '../../core/errors';
import {
  againKey,
  codeTemplate,
  mayBeSentAgain,
  messageNameOf,
  messageView,
  webhookNumberOf,
  webhookView,
  type KeptMessage,
  type MessageView,
} from '../../core/messages/kept-messages';
import type { Clock, KeyStore, Ledger, Outbox, RateLimiter, RequestRecord } from '../../ports';
import { hasMailbox, sendMessageAgain, type SendAgainServices } from '../../services/send-again';
import { HttpProblem, jsonResponse, parsedBody } from '../shared/http';
import {
  bodyLimit,
  type OfficerHandler,
  type OfficerRequest,
  type OfficerRequests,
} from './officer-requests';

/** What reading the messages of a request uses. */
export interface MessageListServices {
  clock: Clock;
  keys: Pick<KeyStore, 'decryptWithMasterKey' | 'unwrap'>;
  ledger: Pick<Ledger, 'callback' | 'note' | 'webhooks'>;
  outbox: Pick<Outbox, 'list'>;
}

export type OfficerMessageServices = MessageListServices &
  SendAgainServices & {
    ledger: Pick<Ledger, 'get' | 'settleWebhook'>;
    outbox: Pick<Outbox, 'intend'>;
    rateLimiter: Pick<RateLimiter, 'tryAcquire'>;
  };

const messageNotFound = (): HttpProblem =>
  new HttpProblem(404, 'messageNotFound', 'There is no message with this id.');

async function keptMessages(
  { keys, outbox }: Pick<MessageListServices, 'keys' | 'outbox'>,
  { requestId, wrappedSecret }: RequestRecord,
): Promise<KeptMessage[]> {
  const dataKey = wrappedSecret === null ? null : (await keys.unwrap(wrappedSecret)).dataKey;
  return outbox.list(requestId, dataKey);
}

/** The emails, text messages and webhooks of a request, oldest first, without their texts. */
export const listMessages =
  (services: MessageListServices): OfficerHandler =>
  async ({ record }) => {
    const { clock, ledger } = services;
    const { requestId } = record;
    const kept = await keptMessages(services, record);
    const events = await ledger.webhooks(requestId);
    const hasTarget = events.length > 0 && (await ledger.callback(requestId)) !== null;
    const messages = [
      ...kept.map((message) => messageView(message, record, clock.now())),
      ...events.map((event) => webhookView(event, hasTarget)),
    ];
    return jsonResponse(200, { messages: messages.sort(byTime) });
  };

const byTime = (a: MessageView, b: MessageView): number => (a.at < b.at ? -1 : Number(a.at > b.at));

const idOf = ({ params }: HttpRequest): string => params['messageId'] ?? '';

/** A message that a call names, and what an officer may read of it; null where nothing is kept. */
interface NamedMessage {
  kind: string;
  channel: MessageView['channel'];
  text: { subject: string; text: string } | null;
}

/**
 * Gives the text of a message. The custody record says before that an officer has read it, and why. Of a
 * message with a code there is none, and the portal's address in a text is without its token.
 */
export const readMessage =
  (services: MessageListServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { justification } = await parsedBody(call.request, justificationBody, bodyLimit);
    const { requestId } = call.record;
    const { kind, channel, text } = await namedMessage(services, call);
    if (text === null)
      throw new HttpProblem(409, 'messageHasNoText', 'Nothing is kept of what this message said.');
    const fact = { event: 'messageRead', detail: { kind, channel } } as const;
    await services.ledger.note(requestId, fact, {}, requests.actionOf(call, justification));
    return jsonResponse(200, text);
  };

/** @throws HttpProblem 404 without such a message */
async function namedMessage(
  services: MessageListServices,
  { request, record }: OfficerRequest,
): Promise<NamedMessage> {
  const id = idOf(request);
  const number = webhookNumberOf(id);
  if (number !== null) {
    const event = await eventOf(services, record, number);
    return {
      kind: webhookType(event),
      channel: 'webhook',
      text: await sentOf(services, record, event),
    };
  }
  const message = (await keptMessages(services, record)).find(({ key }) => key === id);
  if (!message) throw messageNotFound();
  const { template, channel } = messageView(message, record, services.clock.now());
  return { kind: template, channel, text: message.content?.text ?? null };
}

async function eventOf(
  { ledger }: Pick<MessageListServices, 'ledger'>,
  { requestId }: RequestRecord,
  number: number,
): Promise<WebhookEvent> {
  const event = (await ledger.webhooks(requestId)).find(({ sequence }) => sequence === number);
  if (!event) throw messageNotFound();
  return event;
}

/** What a webhook says; null once its address, and the ticket that it names, are deleted. */
async function sentOf(
  { keys, ledger }: Pick<MessageListServices, 'keys' | 'ledger'>,
  { requestId }: RequestRecord,
  event: WebhookEvent,
): Promise<NamedMessage['text']> {
  const encrypted = await ledger.callback(requestId);
  if (encrypted === null) return null;
  const target = await keys.decryptWithMasterKey(encrypted, requestId);
  const { ticketId } = JSON.parse(target) as WebhookTarget;
  return { subject: webhookType(event), text: webhookBody(requestId, event, ticketId) };
}

const messagePending = (): HttpProblem =>
  new HttpProblem(409, 'messagePending', 'This message is still being sent.');
const messagePast = (): HttpProblem =>
  new HttpProblem(
    409,
    'messagePast',
    'The request is past this message, or it is not one that is sent again.',
  );

/** How often a message is sent again at most: so many times in so many seconds. */
const againLimits: readonly (readonly [uses: number, seconds: number])[] = [
  [1, 300],
  [5, 86_400],
];

/** @throws HttpProblem 429 when a message was sent again too often */
async function requireWithinLimits(
  { rateLimiter }: Pick<OfficerMessageServices, 'rateLimiter'>,
  requestId: string,
  message: string,
): Promise<void> {
  for (const [uses, seconds] of againLimits) {
    const key = `${requestId}\0${message}\0${seconds}`;
    if (!(await rateLimiter.tryAcquire('sentAgain', key, uses, seconds)))
      throw new HttpProblem(
        429,
        'tooManyMessages',
        'A message is sent again once in five minutes, and five times a day.',
      );
  }
}

/** Sends a message once more, where the request is where the message belongs. */
export const sendAgain =
  (services: OfficerMessageServices, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    const { justification } = await parsedBody(call.request, justificationBody, bodyLimit);
    const act = requests.actionOf(call, justification);
    const number = webhookNumberOf(idOf(call.request));
    const message =
      number === null
        ? await sendMailAgain(services, call, act)
        : await sendWebhookAgain(services, call.record, { number, act });
    if (number !== null) await requests.notify(call);
    return jsonResponse(200, { message });
  };

/**
 * The intent is stored before the officer's act is noted, and that before the message is sent: once the act is
 * noted, it is sent once, by this call or by a later one of the timer, which leaves an intent without an act.
 */
async function sendMailAgain(
  services: OfficerMessageServices,
  { request, record }: OfficerRequest,
  act: OfficerAction,
): Promise<MessageView> {
  const { clock, ledger } = services;
  const { requestId } = record;
  const { original, again } = await furtherSending(services, record, idOf(request));
  const name = messageNameOf(original);
  await requireWithinLimits(services, requestId, original);
  const detail = { kind: name.template, channel: 'email', again };
  const whileNotPast = (stored: RequestRecord): object => {
    if (!mayBeSentAgain(name, stored, clock.now())) throw messagePast();
    return {};
  };
  const key = againKey(original, again);
  await services.outbox.intend(requestId, key, null);
  try {
    await ledger.note(requestId, { event: 'messageSentAgain', detail }, whileNotPast, act);
  } catch (error) {
    // What storage has failed at may have been noted all the same: the timer finds out.
    if (error instanceof HttpProblem) await services.outbox.settle(requestId, key, 'superseded');
    throw error;
  }
  await sendMessageAgain(services, record, key).catch(shownByState);
  const present = (await ledger.get(requestId)) ?? record;
  const sent = (await keptMessages(services, present)).find((one) => one.key === key);
  if (!sent) throw messagePast();
  return messageView(sent, present, clock.now());
}

/** What the mail server said of a message is shown by its state. */
function shownByState(error: unknown): void {
  if (error instanceof MessageNotAcceptedError || error instanceof MessageRefusedError) return;
  throw error;
}

/**
 * The message that is sent again, and the number of its further sending.
 * @throws HttpProblem 404 without such a message, 409 when it is not sent again
 */
async function furtherSending(
  services: OfficerMessageServices,
  record: RequestRecord,
  id: string,
): Promise<{ original: string; again: number }> {
  const kept = await keptMessages(services, record);
  if (!kept.some(({ key }) => key === id)) throw messageNotFound();
  const name = messageNameOf(id);
  if (name.template === codeTemplate)
    throw new HttpProblem(
      409,
      'messageHasCode',
      'A code is not sent again: the person asks for another.',
    );
  const sendings = kept.filter(({ key }) => messageNameOf(key).original === name.original);
  if (sendings.some(({ state }) => state === 'intended')) throw messagePending();
  if (!mayBeSentAgain(name, record, services.clock.now())) throw messagePast();
  if (!hasMailbox(name, record, await services.ledger.details(record)))
    throw new HttpProblem(409, 'noMailbox', 'No mailbox of the person is on file.');
  const again = 1 + Math.max(...sendings.map(({ key }) => messageNameOf(key).again));
  return { original: name.original, again };
}

/** Has a webhook sent again that the ticketing system has not accepted. */
async function sendWebhookAgain(
  services: OfficerMessageServices,
  record: RequestRecord,
  { number, act }: { number: number; act: OfficerAction },
): Promise<MessageView> {
  const { ledger } = services;
  const { requestId } = record;
  const event = await eventOf(services, record, number);
  if (event.state === 'pending') throw messagePending();
  const hasTarget = (await ledger.callback(requestId)) !== null;
  if (event.state !== 'failed' || !hasTarget) throw messagePast();
  await requireWithinLimits(services, requestId, `webhook-${number}`);
  const detail = { kind: webhookType(event), channel: 'webhook' };
  const pending = { ...event, state: 'pending', attempts: 0 } as const;
  await ledger.settleWebhook(requestId, pending, { event: 'messageSentAgain', detail }, act);
  return webhookView(pending, hasTarget);
}
