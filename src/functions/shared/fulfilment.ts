import type { DurableClient } from 'durable-functions';
import { isFinal } from '../../core/request/states';
import {
  requestChanged,
  instanceIdOf,
  webhooksIdOf,
  type OrchestrationLimits,
  type OrchestratorTypes,
} from '../../orchestrators/activity-types';
import type { RequestRecord } from '../../ports';

/** Statuses of instances that nothing runs any more. */
const finished: readonly string[] = ['Completed', 'Failed', 'Terminated', 'Canceled'];

/** Whether an orchestration is under way; the client throws for one that it does not know. */
async function isRunning(client: DurableClient, instanceId: string): Promise<boolean> {
  try {
    const { runtimeStatus } = await client.getStatus(instanceId);
    return !finished.includes(runtimeStatus);
  } catch (error) {
    if (error instanceof Error && error.message.includes('HTTP 404')) return false;
    throw error;
  }
}

/** Whether nothing is left to do: it has ended and is cleaned up, or has failed and waits for an officer. */
const isSettled = ({ state, cleanedAt }: RequestRecord): boolean =>
  state === 'failed' || (isFinal(state) && cleanedAt !== null);

/** Starts the orchestration of a request where none is under way and something is left to do. */
export async function ensureFulfilment(
  client: DurableClient,
  record: RequestRecord,
  limits: OrchestrationLimits,
): Promise<void> {
  const { requestId } = record;
  if (isSettled(record) || (await isRunning(client, instanceIdOf(requestId)))) return;
  const input: OrchestratorTypes['fulfilRequest'] = { requestId, limits };
  try {
    await client.startNew('fulfilRequest', { instanceId: instanceIdOf(requestId), input });
  } catch (error) {
    // Somebody else may have started it between the question and the start.
    if (!(await isRunning(client, instanceIdOf(requestId)))) throw error;
  }
}

/** Lets the ticketing system be told, where it has not heard of everything and nobody is at it. */
export async function ensureWebhooks(
  client: DurableClient,
  { requestId, pendingWebhooks }: RequestRecord,
  limits: OrchestrationLimits,
): Promise<void> {
  const instanceId = webhooksIdOf(requestId);
  if (pendingWebhooks === 0 || (await isRunning(client, instanceId))) return;
  const input: OrchestratorTypes['deliverWebhooks'] = { requestId, limits };
  try {
    await client.startNew('deliverWebhooks', { instanceId, input });
  } catch (error) {
    if (!(await isRunning(client, instanceId))) throw error;
  }
}

/** Tells the orchestration that the ledger has changed. It reads the ledger itself. */
export const notifyOrchestration = (client: DurableClient, requestId: string): Promise<void> =>
  client.raiseEvent(instanceIdOf(requestId), requestChanged, null);
