import type { DurableClient } from 'durable-functions';
import {
  identityVerified,
  instanceIdOf,
  type Limits,
  type OrchestratorContract,
} from '../orchestrators/contract';

/** Whether the task hub knows an instance; the client throws for one that it does not. */
export async function isStarted(client: DurableClient, requestId: string): Promise<boolean> {
  try {
    await client.getStatus(instanceIdOf(requestId));
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes('HTTP 404')) return false;
    throw error;
  }
}

/** Starts the orchestration of a request unless it was started before. */
export async function startFulfilment(
  client: DurableClient,
  requestId: string,
  limits: Limits,
): Promise<void> {
  if (await isStarted(client, requestId)) return;
  const input: OrchestratorContract['fulfilRequest'] = { requestId, limits };
  try {
    await client.startNew('fulfilRequest', { instanceId: instanceIdOf(requestId), input });
  } catch (error) {
    // Somebody else may have started it between the question and the start.
    if (!(await isStarted(client, requestId))) throw error;
  }
}

/** Tells the orchestration that the ledger has a verified identity. It reads the ledger itself. */
export const nudgeVerified = (client: DurableClient, requestId: string): Promise<void> =>
  client.raiseEvent(instanceIdOf(requestId), identityVerified, null);
