import { isFinal } from '../core/states';
import { webhookBody, webhookDelay, type WebhookTarget } from '../core/webhooks';
import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import { guarded, type Environment } from './environment';

/**
 * Tells the ticketing system of every change of state that it was not told of, in their order: an
 * event waits for the one before, until that is delivered or given up.
 */
export const createSendWebhooks =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'sendWebhooks'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'sendWebhooks'>> => {
      const sealed = await env.ledger.callback(requestId);
      if (sealed === null || env.webhooks === null) return { nextInSeconds: null };
      const target = JSON.parse(await env.keys.reveal(sealed, requestId)) as WebhookTarget;
      for (const event of await env.ledger.webhooks(requestId)) {
        if (event.state !== 'pending') continue;
        const id = `msg_${requestId}_${event.sequence}`;
        const body = webhookBody(requestId, event, target.ticketId);
        const answer = await env.webhooks.send(target.url, id, body);
        const attempts = event.attempts + 1;
        const nextInSeconds = webhookDelay(attempts);
        if (answer === 'again' && nextInSeconds !== null) {
          await env.ledger.settleWebhook(requestId, { ...event, attempts });
          return { nextInSeconds };
        }
        const isDelivered = answer === 'delivered';
        const state = isDelivered ? 'delivered' : 'givenUp';
        await env.ledger.settleWebhook(requestId, { ...event, attempts, state });
        await env.ledger.note(requestId, {
          event: isDelivered ? 'webhookDelivered' : 'webhookGivenUp',
          detail: { state: event.to, attempts },
        });
      }
      const record = await env.ledger.get(requestId);
      const isWholeStory = record !== null && isFinal(record.state) && record.webhooksOpen === 0;
      const hasGivenUp = (await env.ledger.webhooks(requestId)).some(
        ({ state }) => state === 'givenUp',
      );
      // What was given up may be tried again by an officer, who needs the address for it.
      if (isWholeStory && !hasGivenUp) await env.ledger.forgetCallback(requestId);
      return { nextInSeconds: null };
    });
