import * as df from 'durable-functions';
import type { DurableClient } from 'durable-functions';
import { instanceIdOf } from '../../orchestrators/activity-types';

/** Statuses of instances that have not ended. */
const unfinished = [
  df.OrchestrationRuntimeStatus.Running,
  df.OrchestrationRuntimeStatus.Pending,
  df.OrchestrationRuntimeStatus.Suspended,
];

/** When any orchestration of a request last did something; null for a request without one. */
export async function lastSteps(
  client: DurableClient,
): Promise<(requestId: string) => Date | null> {
  const instances = await client.getStatusBy({ runtimeStatus: unfinished });
  return (requestId) =>
    instances
      .filter(({ instanceId }) => instanceId.startsWith(instanceIdOf(requestId)))
      .map(({ lastUpdatedTime }) => new Date(lastUpdatedTime))
      .reduce<Date | null>((last, at) => (last === null || at > last ? at : last), null);
}
