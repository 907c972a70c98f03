import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { DurableClient } from 'durable-functions';
import type { Environment } from '../../services/environment';
import { addDays } from '../../core/time/time';
import type { RequestRecord } from '../../ports';

export interface PurgeLimits {
  /** Days after which a failed request that nobody takes up is cancelled. */
  failedDays: number;
  /** Days for which histories of orchestrations that have ended are kept. */
  historyDays: number;
  /** Days after everything of a request was deleted, for which officers' names and reasons stay. */
  annotationRetentionDays: number;
}

/** Days for which blocks that were staged and never committed live in storage, and two more. */
const blockDays = 9;
/** Before any of our instances was started. */
const beginning = new Date('2020-01-01T00:00:00Z');

/**
 * Does once a day what no request does for itself: ends failed requests that nobody takes up, deletes
 * histories of orchestrations, and forgets who has decided what, and why, of requests that ended long
 * ago. What was done stays, in a chain that still holds, without anybody's name. Everything here may
 * run twice.
 */
export function registerPurgeExpired(env: Environment, limits: PurgeLimits): void {
  app.timer('purgeExpired', {
    schedule: '0 30 3 * * *',
    extraInputs: [df.input.durableClient()],
    handler: async (_timer, context: InvocationContext) => {
      const daysAgo = (days: number): string => addDays(env.clock.now(), -days).toISOString();
      const tidy = async (record: RequestRecord): Promise<void> => {
        const { requestId, state, stateSince, cleanedAt } = record;
        if (state === 'failed' && stateSince <= daysAgo(limits.failedDays))
          await env.ledger.move(requestId, 'cancelled', { reason: 'failedTooLong' });
        if (cleanedAt === null) return;
        if (cleanedAt > daysAgo(blockDays)) await deleteStragglers(env, record);
        if (cleanedAt <= daysAgo(limits.annotationRetentionDays)) await forget(env, record);
      };
      for (const record of await env.ledger.list()) {
        // One that cannot be tidied now, because an officer is at it, is tidied tomorrow.
        await tidy(record).catch(() =>
          context.warn(`Request ${record.requestId} could not be tidied; tomorrow again.`),
        );
      }
      await purgeHistories(df.getClient(context), addDays(env.clock.now(), -limits.historyDays));
    },
  });
}

/** What an attempt that was overtaken, or a notice, may have written after the clean-up. */
async function deleteStragglers(env: Environment, { requestId }: RequestRecord): Promise<void> {
  await env.outbox.forget(requestId);
  await env.packages.delete(requestId);
  await env.scratch.deleteAll(requestId);
}

async function forget(
  env: Environment,
  { requestId, annotationsDeletedAt }: RequestRecord,
): Promise<void> {
  if (annotationsDeletedAt !== null) return;
  await env.ledger.deleteAnnotations(requestId);
  await env.ledger.deleteCallback(requestId);
  await env.ledger.update(requestId, { annotationsDeletedAt: env.clock.now().toISOString() });
}

/** Deletes instances that have ended, those of children too. They hold codes, counts and times. */
async function purgeHistories(client: DurableClient, before: Date): Promise<void> {
  await client.purgeInstanceHistoryBy({
    createdTimeFrom: beginning,
    createdTimeTo: before,
    runtimeStatus: [
      df.OrchestrationRuntimeStatus.Completed,
      df.OrchestrationRuntimeStatus.Failed,
      df.OrchestrationRuntimeStatus.Terminated,
      df.OrchestrationRuntimeStatus.Canceled,
    ],
  });
}
