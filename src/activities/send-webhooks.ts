import {
  webhookBody,
  webhookDelay,
  type WebhookEvent,
  type WebhookTarget,
} from '../core/api/webhooks';
import { isFinal } from '../core/request/states';
import { addSeconds } from '../core/time/time';
import type { KeyStore, Ledger, WebhookSender } from '../ports';
import { requestActivity, type ActivityServices } from './activity';

export interface SendWebhooksServices extends ActivityServices {
  keys: Pick<KeyStore, 'decryptWithMasterKey'>;
  ledger: Pick<
    Ledger,
    'get' | 'update' | 'callback' | 'deleteCallback' | 'webhooks' | 'settleWebhook'
  >;
  /** Null where no secret is shared with the ticketing system. */
  webhooks: WebhookSender | null;
}

/**
 * Sends the ticketing system every change of state that it has not received, in order: an event waits
 * until the one before it is delivered or given up.
 */
export const createSendWebhooks = requestActivity<'sendWebhooks', SendWebhooksServices>(
  'sendWebhooks',
  async ({ input: { requestId }, services }) => {
    const { clock, ledger, keys, webhooks } = services;
    const encrypted = await ledger.callback(requestId);
    if (encrypted === null || webhooks === null) return { nextInSeconds: null };
    const target = JSON.parse(
      await keys.decryptWithMasterKey(encrypted, requestId),
    ) as WebhookTarget;
    const send = (event: WebhookEvent) =>
      webhooks.send(
        target.url,
        `msg_${requestId}_${event.sequence}`,
        webhookBody(requestId, event, target.ticketId),
      );
    for (const { nextTryAt: _before, ...event } of await ledger.webhooks(requestId)) {
      if (event.state !== 'pending') continue;
      const answer = await send(event);
      const attempts = event.attempts + 1;
      const nextInSeconds = webhookDelay(attempts);
      if (answer === 'retry' && nextInSeconds !== null) {
        const nextTryAt = addSeconds(clock.now(), nextInSeconds).toISOString();
        await ledger.settleWebhook(requestId, { ...event, attempts, nextTryAt }, null);
        return { nextInSeconds };
      }
      const isDelivered = answer === 'delivered';
      const state = isDelivered ? 'delivered' : 'failed';
      await ledger.settleWebhook(
        requestId,
        { ...event, attempts, state },
        {
          event: isDelivered ? 'webhookDelivered' : 'webhookFailed',
          detail: { state: event.to, attempts },
        },
      );
    }
    await deleteUnneededCallback(services, requestId);
    return { nextInSeconds: null };
  },
);

/**
 * Deletes the address when every event is delivered and none can follow. An officer may send again
 * what was given up, which needs the address.
 */
async function deleteUnneededCallback(
  { ledger }: SendWebhooksServices,
  requestId: string,
): Promise<void> {
  // Read again, because the request may have changed while events were sent.
  const record = await ledger.get(requestId);
  if (record === null || !isFinal(record.state) || record.pendingWebhooks > 0) return;
  // The notice of an end that an officer has made follows the change of state.
  if (!record.endNotice && record.cleanedAt === null) return;
  const events = await ledger.webhooks(requestId);
  if (events.every(({ state }) => state !== 'failed')) await ledger.deleteCallback(requestId);
}
