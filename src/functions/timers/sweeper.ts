import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { Environment } from '../../services/environment';
import { sendPendingMessages } from '../../services/pending-messages';
import type { OrchestrationLimits } from '../../orchestrators/activity-types';
import { isClosed } from '../../core/request/states';
import { ensureFulfilment, ensureWebhooks, notifyOrchestration } from '../shared/fulfilment';

/**
 * Brings the task hub up to the ledger: starts what has a row and no instance, and raises the event
 * again where the ledger is ahead. A request cannot be stuck because a message was lost.
 */
export function registerSweeper(env: Environment, limits: OrchestrationLimits): void {
  app.timer('sweeper', {
    schedule: '0 * * * * *',
    extraInputs: [df.input.durableClient()],
    handler: async (_timer, context: InvocationContext) => {
      const client = df.getClient(context);
      await sendPendingMessages(env);
      await env.rateLimiter.purgeExpired();
      for (const record of await env.ledger.listOpen()) {
        const { requestId, state, verifiedAt } = record;
        await ensureFulfilment(client, record, limits);
        await ensureWebhooks(client, record, limits);
        const isAhead =
          (state === 'awaitingVerification' && verifiedAt !== null) ||
          (state === 'needsDecision' && record.decisionVersion > record.resolvedDecisionVersion) ||
          isClosed(state);
        if (isAhead) await notifyOrchestration(client, requestId);
      }
    },
  });
}
