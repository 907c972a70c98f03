import { messageNameOf, mayBeSentAgain, type MessageName } from '../core/messages/kept-messages';
import { releaseOf } from '../core/package/expiry';
import { atTime, secondsBetween } from '../core/time/time';
import type { KeyStore, Ledger, PendingMessage, RequestDetails, RequestRecord } from '../ports';
import { mailboxOf, mailPerson } from './messaging';
import {
  provenMailboxOf,
  tellOfHandOverAgain,
  type SecurityNoticeServices,
} from './security-notices';
import { mailExtension, type NoticeServices } from './statutory-notices';

/** What sending a message once more uses. */
export type SendAgainServices = NoticeServices &
  SecurityNoticeServices & {
    keys: Pick<KeyStore, 'unwrap'>;
    ledger: Pick<Ledger, 'details'>;
  };

/** What the timer uses for that. */
export type PendingAgainServices = SendAgainServices & {
  ledger: Pick<Ledger, 'custodyEntries'>;
};

/** Whether there is a mailbox that a message to the person may go to. */
export const hasMailbox = (
  { template }: MessageName,
  record: RequestRecord,
  details: RequestDetails,
): boolean =>
  (template === 'handedOver'
    ? provenMailboxOf(record, details)
    : mailboxOf(details, record.requester)) !== '';

/**
 * Sends a message once more that an officer has asked for, to the mailbox on file by now. Like a first sending
 * it is sent once, however often this is called; where the request is past it by now, not at all.
 * @param key of the further sending, whose intent is stored
 * @throws MessageNotAcceptedError when it can be tried again, MessageRefusedError when it cannot
 */
export async function sendMessageAgain(
  services: SendAgainServices,
  record: RequestRecord,
  key: string,
): Promise<void> {
  const { clock, ledger, outbox } = services;
  const name = messageNameOf(key);
  if (!mayBeSentAgain(name, record, clock.now()))
    return outbox.settle(record.requestId, key, 'superseded');
  const details = await ledger.details(record);
  if (!hasMailbox(name, record, details)) return outbox.settle(record.requestId, key, 'refused');
  await sendByTemplate(services, { record, details, name, key });
}

/** Seconds that an officer's call may need from its intent to its note. */
const callSeconds = 300;

/**
 * The same for the timer: it sends what an officer's act stands behind. An intent without one is of a call that
 * is being made, or that has ended before it was noted, and is then given up.
 * @param at when the intent was stored (ISO 8601)
 */
export async function sendPendingAgain(
  services: PendingAgainServices,
  record: RequestRecord,
  { key, at }: Pick<PendingMessage, 'key' | 'at'>,
): Promise<void> {
  const { clock, ledger, outbox } = services;
  const { template, again } = messageNameOf(key);
  const entries = await ledger.custodyEntries(record.requestId);
  const isNoted = entries.some(
    ({ event, detail }) =>
      event === 'messageSentAgain' && detail?.['kind'] === template && detail['again'] === again,
  );
  if (isNoted) return sendMessageAgain(services, record, key);
  if (secondsBetween(atTime(at), clock.now()) > callSeconds)
    await outbox.settle(record.requestId, key, 'superseded');
}

interface FurtherSending {
  record: RequestRecord;
  details: RequestDetails;
  name: MessageName;
  key: string;
}

async function sendByTemplate(
  services: SendAgainServices,
  { record, details, name: { template, again }, key }: FurtherSending,
): Promise<void> {
  const request = { record, keys: await services.keys.unwrap(record.wrappedSecret ?? '') };
  switch (template) {
    case 'invitation':
    case 'reminder':
      return mailPerson(services, { request, details, message: { kind: template }, again });
    case 'available':
    case 'expiring': {
      const of = { until: record.availableUntil, occasion: releaseOf(record) };
      return mailPerson(services, { request, details, message: { kind: template }, ...of, again });
    }
    case 'extended':
      return mailExtension(services, request, details, again);
    case 'handedOver':
      return tellOfHandOverAgain(services, record, key);
  }
}
