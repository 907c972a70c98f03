import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { DurableClient } from 'durable-functions';
import { alertLine } from '../../core/request/log-lines';
import { addDays } from '../../core/time/time';
import type { OfficerAuditLog } from '../../ports';
import { reviewCustody, type CustodyReviewServices } from '../../services/custody';
import {
  applyRetention,
  type RetentionLimits,
  type RetentionServices,
} from '../../services/retention';

export interface PurgeLimits extends RetentionLimits {
  /** Days for which the histories of ended orchestrations are kept. */
  historyDays: number;
}

/** Before any instance of the app was started. */
const epoch = new Date('2020-01-01T00:00:00Z');

/** What the nightly timer uses. */
export type PurgeServices = RetentionServices &
  CustodyReviewServices & { officerAudit: Pick<OfficerAuditLog, 'deleteBefore'> };

/** Once a night: retention of ended requests and of orchestration histories, review of custody records. */
export function registerPurgeExpired(services: PurgeServices, limits: PurgeLimits): void {
  app.timer('purgeExpired', {
    schedule: '0 30 3 * * *',
    extraInputs: [df.input.durableClient()],
    handler: async (_timer, context: InvocationContext) => {
      for (const requestId of await applyRetention(services, limits))
        context.warn(`The retention of request ${requestId} failed; the next run tries again.`);
      const kept = addDays(services.clock.now(), -limits.annotationRetentionDays);
      await services.officerAudit.deleteBefore(kept);
      const before = addDays(services.clock.now(), -limits.historyDays);
      await purgeHistories(df.getClient(context), before);
      await reviewRecords(services, context);
    },
  });
}

/** Logs the line of an alert for each custody record that was changed or removed. */
async function reviewRecords(
  services: CustodyReviewServices,
  context: InvocationContext,
): Promise<void> {
  const { broken, failed } = await reviewCustody(services);
  for (const requestId of broken) context.warn(alertLine('custodyBroken', requestId));
  for (const requestId of failed)
    context.warn(`The review of request ${requestId} failed; the next run tries again.`);
}

/** Deletes instances that have ended, sub-orchestrations included. They hold codes, counts and times. */
async function purgeHistories(client: DurableClient, before: Date): Promise<void> {
  await client.purgeInstanceHistoryBy({
    createdTimeFrom: epoch,
    createdTimeTo: before,
    runtimeStatus: [
      df.OrchestrationRuntimeStatus.Completed,
      df.OrchestrationRuntimeStatus.Failed,
      df.OrchestrationRuntimeStatus.Terminated,
      df.OrchestrationRuntimeStatus.Canceled,
    ],
  });
}
