import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { DurableClient } from 'durable-functions';
import type { MonitorLimits } from '../../core/request/alerts';
import { instanceIdOf } from '../../orchestrators/activity-types';
import { monitorRequests, type MonitorServices } from '../../services/monitor';

/** Statuses of instances that have not ended. */
const unfinished = [
  df.OrchestrationRuntimeStatus.Running,
  df.OrchestrationRuntimeStatus.Pending,
  df.OrchestrationRuntimeStatus.Suspended,
];

/** Every hour, seven minutes past. */
export function registerMonitor(services: MonitorServices, limits: MonitorLimits): void {
  app.timer('monitor', {
    schedule: '0 7 * * * *',
    extraInputs: [df.input.durableClient()],
    handler: async (_timer, context: InvocationContext) =>
      monitorRequests(services, limits, await lastSteps(df.getClient(context)), context),
  });
}

/** When any orchestration of a request last did something; null for a request without one. */
async function lastSteps(client: DurableClient): Promise<(requestId: string) => Date | null> {
  const instances = await client.getStatusBy({ runtimeStatus: unfinished });
  return (requestId) =>
    instances
      .filter(({ instanceId }) => instanceId.startsWith(instanceIdOf(requestId)))
      .map(({ lastUpdatedTime }) => new Date(lastUpdatedTime))
      .reduce<Date | null>((last, at) => (last === null || at > last ? at : last), null);
}
