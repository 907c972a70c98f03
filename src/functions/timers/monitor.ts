import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { DurableClient } from 'durable-functions';
import type { Environment } from '../../services/environment';
import { mailOfficer } from '../../services/messaging';
import { alertsOf, type AlertCode, type MonitorLimits } from '../../core/request/alerts';
import { legalClockOf } from '../../core/request/legal-clock';
import type { OfficerNotice } from '../../core/messages/messages';
import { atTime, secondsBetween } from '../../core/time/time';
import { instanceIdOf } from '../../orchestrators/activity-types';
import type { RequestRecord } from '../../ports';

/** Statuses of instances that something may still come of. */
const unfinished = [
  df.OrchestrationRuntimeStatus.Running,
  df.OrchestrationRuntimeStatus.Pending,
  df.OrchestrationRuntimeStatus.Suspended,
];

/** Alerts that the officer is mailed, once a day; of a failure the orchestration has told them. */
const mailed: Partial<Record<AlertCode, OfficerNotice>> = {
  deadlineNear: 'deadlineNear',
  deadlinePassed: 'deadlinePassed',
  exportStalled: 'exportStalled',
  cleanupOverdue: 'cleanupOverdue',
};

/**
 * Looks once an hour at every request that is open: at its legal clock, at work that does not go on,
 * at what should have been deleted. What it finds is logged, one line each, for the alert rules, and
 * mailed to the officer.
 */
export function registerMonitor(env: Environment, limits: MonitorLimits): void {
  app.timer('monitor', {
    schedule: '0 7 * * * *',
    extraInputs: [df.input.durableClient()],
    handler: async (_timer, context: InvocationContext) => {
      const now = env.clock.now();
      const lastStepOf = await lastSteps(df.getClient(context));
      const open = await env.ledger.listOpen();
      context.info(`portability.monitor open=${open.length}`);
      for (const record of open) {
        const { requestId } = record;
        context.info(requestLine(env, record));
        const lastStep = lastStepOf(requestId);
        for (const code of alertsOf(record, env.settings.legalClock, limits, now, lastStep)) {
          context.warn(alertLine(code, requestId));
          if (code === 'deadlinePassed' && !record.isDeadlineMissed) {
            const missed = { isDeadlineMissed: true };
            await env.ledger.note(requestId, { event: 'deadlineMissed' }, missed);
          }
          const notice = mailed[code];
          // A mail that is not taken is tried again in an hour.
          if (notice) await mailOfficer(env, record, notice).catch(() => undefined);
        }
      }
    },
  });
}

/** A line that alert rules look for. */
export const alertLine = (code: AlertCode, requestId: string): string =>
  `portability.alert code=${code} request=${requestId}`;

/** How a request stands, for the workbook. Days are whole ones. */
function requestLine(env: Environment, record: RequestRecord): string {
  const now = env.clock.now();
  const days = (from: Date, to: Date): number => Math.floor(secondsBetween(from, to) / 86_400);
  const { dueAt } = legalClockOf(record, env.settings.legalClock, now);
  const age = days(atTime(record.receivedAt), now);
  return `portability.request request=${record.requestId} state=${record.state} ageDays=${age} dueInDays=${days(now, atTime(dueAt))} end`;
}

/** When any orchestration of a request last did something. */
async function lastSteps(client: DurableClient): Promise<(requestId: string) => Date | null> {
  const steps: [instanceId: string, at: Date][] = [];
  for (const { instanceId, lastUpdatedTime } of await client.getStatusBy({
    runtimeStatus: unfinished,
  }))
    steps.push([instanceId, new Date(lastUpdatedTime)]);
  return (requestId) =>
    steps
      .filter(([instanceId]) => instanceId.startsWith(instanceIdOf(requestId)))
      .map(([, at]) => at)
      .reduce<Date | null>((last, at) => (last === null || at > last ? at : last), null);
}
