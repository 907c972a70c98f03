import * as df from 'durable-functions';
import type { DurableClient } from 'durable-functions';
import type { Stop, Turn } from '../../core/jobs/turn';
import { alertLine } from '../../core/request/log-lines';
import { addDays } from '../../core/time/time';
import type { Clock, OfficerAuditLog } from '../../ports';
import { reviewCustody, type CustodyReviewServices } from '../../services/custody';
import { repairIndex, type IndexRepairServices } from '../../services/index-repair';
import type { JobLog } from '../../services/jobs';
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

/** What the retention of requests and of what officers read uses. */
export type PurgeServices = RetentionServices & {
  officerAudit: Pick<OfficerAuditLog, 'deleteBefore'>;
};

/** Applies the retention of ended requests, and of the record of what officers read. */
export async function purgeExpired(
  services: PurgeServices,
  limits: PurgeLimits,
  { log, turn }: { log: JobLog; turn: Turn },
): Promise<Stop> {
  const { failed, stop } = await applyRetention(services, limits, turn);
  for (const requestId of failed)
    log.warn(`The retention of request ${requestId} failed; the next run tries again.`);
  if (stop !== null) return stop;
  const kept = addDays(services.clock.now(), -limits.annotationRetentionDays);
  await services.officerAudit.deleteBefore(kept);
  return null;
}

/** Logs the line of an alert for each custody record that was changed or removed. */
export async function reviewRecords(
  services: CustodyReviewServices,
  { log, turn }: { log: JobLog; turn: Turn },
): Promise<Stop> {
  const { broken, failed, stop } = await reviewCustody(services, turn);
  for (const requestId of broken) log.warn(alertLine('custodyBroken', requestId));
  for (const requestId of failed)
    log.warn(`The review of request ${requestId} failed; the next run tries again.`);
  return stop;
}

/** Brings the index of requests in line with them, and says where that was needed. */
export async function repairRequestIndex(
  services: IndexRepairServices,
  { log, turn }: { log: JobLog; turn: Turn },
): Promise<Stop> {
  const { repaired, failed, stop } = await repairIndex(services, turn);
  if (repaired > 0)
    log.warn(`The index of requests was wrong in ${repaired} places, which are repaired.`);
  for (const requestId of failed)
    log.warn(`The index of request ${requestId} could not be compared; the next run tries again.`);
  return stop;
}

/** Deletes instances that have ended, sub-orchestrations included. They hold codes, counts and times. */
export async function purgeHistories(
  { clock }: { clock: Clock },
  { historyDays }: PurgeLimits,
  client: DurableClient,
): Promise<Stop> {
  await client.purgeInstanceHistoryBy({
    createdTimeFrom: epoch,
    createdTimeTo: addDays(clock.now(), -historyDays),
    runtimeStatus: [
      df.OrchestrationRuntimeStatus.Completed,
      df.OrchestrationRuntimeStatus.Failed,
      df.OrchestrationRuntimeStatus.Terminated,
      df.OrchestrationRuntimeStatus.Canceled,
    ],
  });
  return null;
}
