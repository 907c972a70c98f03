import { messageNameOf } from '../core/messages/kept-messages';
import { isFinal, isClosed } from '../core/request/states';
import { atTime, secondsBetween } from '../core/time/time';
import type { Ledger, Outbox, PendingMessage, RequestRecord } from '../ports';
import { sendPendingAgain } from './send-again';
import { isHandOverKey, tellOfHandOver } from './security-notices';
import { notifyOfExtension, type NoticeServices } from './statutory-notices';
import { codeNumberOf, textCode, type CodeMessageServices } from './messaging';

/** What sending pending messages uses. */
export type PendingMessageServices = NoticeServices &
  CodeMessageServices & {
    ledger: Pick<Ledger, 'custodyEntries' | 'get'>;
    outbox: Pick<Outbox, 'pending'>;
  };

/** Seconds after which a pending code would arrive too late to be entered. */
const secondsToSend = 9 * 60;

/**
 * Sends the messages of HTTP calls that were not accepted at the time: codes while they are valid,
 * notices of an extension and of hand-overs, and what officers have sent again. Orchestrations repeat their own messages.
 */
export async function sendPendingMessages(services: PendingMessageServices): Promise<void> {
  for (const message of await services.outbox.pending()) {
    const number = codeNumberOf(message.key);
    const isHandOver = isHandOverKey(message.key);
    const isAgain = messageNameOf(message.key).again > 0;
    if (number === null && !isHandOver && !isAgain && message.key !== 'extended') continue;
    const record = await services.ledger.get(message.requestId);
    if (!record?.wrappedSecret || isClosed(record.state) || isFinal(record.state)) continue;
    if (isAgain) {
      await sendPendingAgain(services, record, message).catch(() => undefined);
    } else if (isHandOver) {
      await tellOfHandOver(services, record, message.key).catch(() => undefined);
    } else if (number === null) {
      if (record.extendedAt !== null)
        await notifyOfExtension(services, record).catch(() => undefined);
    } else await sendCode(services, record, message, number);
  }
}

async function sendCode(
  services: PendingMessageServices,
  record: RequestRecord,
  { requestId, key, at }: PendingMessage,
  number: number,
): Promise<void> {
  if (secondsBetween(atTime(at), services.clock.now()) > secondsToSend)
    return services.outbox.settle(requestId, key, 'superseded');
  const keys = await services.keys.unwrap(record.wrappedSecret ?? '');
  const details = await services.ledger.details(record);
  await textCode(services, { record, keys }, details, number).catch(() => undefined);
}
