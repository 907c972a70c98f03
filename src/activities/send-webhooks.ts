import { isFinal } from '../core/request/states';
import { webhookBody, webhookDelay, type WebhookTarget } from '../core/api/webhooks';
import type { ActivityInput, ActivityOutput } from '../orchestrators/activity-types';
import { runActivity, type Environment } from '../services/environment';

/**
 * Tells the ticketing system of every change of state that it was not told of, in their order: an
 * event waits for the one before, until that is delivered or given up.
 */
export const createSendWebhooks =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'sendWebhooks'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'sendWebhooks'>> => {
      const sealed = await env.ledger.callback(requestId);
      if (sealed === null || env.webhooks === null) return { nextInSeconds: null };
      const target = JSON.parse(
        await env.keys.decryptWithMasterKey(sealed, requestId),
      ) as WebhookTarget;
      for (const event of await env.ledger.webhooks(requestId)) {
        if (event.state !== 'pending') continue;
        const id = `msg_${requestId}_${event.sequence}`;
        const body = webhookBody(requestId, event, target.ticketId);
        const answer = await env.webhooks.send(target.url, id, body);
        const attempts = event.attempts + 1;
        const nextInSeconds = webhookDelay(attempts);
        if (answer === 'retry' && nextInSeconds !== null) {
          await env.ledger.settleWebhook(requestId, { ...event, attempts });
          return { nextInSeconds };
        }
        const isDelivered = answer === 'delivered';
        const state = isDelivered ? 'delivered' : 'failed';
        await env.ledger.settleWebhook(requestId, { ...event, attempts, state });
        await env.ledger.note(requestId, {
          event: isDelivered ? 'webhookDelivered' : 'webhookFailed',
          detail: { state: event.to, attempts },
        });
      }
      const record = await env.ledger.get(requestId);
      const isWholeStory = record !== null && isFinal(record.state) && record.pendingWebhooks === 0;
      const hasGivenUp = (await env.ledger.webhooks(requestId)).some(
        ({ state }) => state === 'failed',
      );
      // What was given up may be tried again by an officer, who needs the address for it.
      if (isWholeStory && !hasGivenUp) await env.ledger.deleteCallback(requestId);
      return { nextInSeconds: null };
    });
