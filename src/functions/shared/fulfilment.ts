import type { DurableClient } from 'durable-functions';
import { isFinal } from '../../core/request/states';
import {
  requestChanged,
  instanceIdOf,
  webhooksIdOf,
  type OrchestrationLimits,
  type OrchestratorTypes,
} from '../../orchestrators/activity-types';
import type { Orchestrations, RequestRecord } from '../../ports';

/** Statuses of instances that have ended. */
const ended: readonly string[] = ['Completed', 'Failed', 'Terminated', 'Canceled'];

/** Whether an instance is running; the client throws for an instance that it does not know. */
async function isRunning(client: DurableClient, instanceId: string): Promise<boolean> {
  try {
    const { runtimeStatus } = await client.getStatus(instanceId);
    return !ended.includes(runtimeStatus);
  } catch (error) {
    if (error instanceof Error && error.message.includes('HTTP 404')) return false;
    throw error;
  }
}

/** Asks the task hub for an instance that does not exist. @throws Error when it does not answer */
export async function tryTaskHub(client: DurableClient): Promise<void> {
  await isRunning(client, '00000000-0000-0000-0000-000000000000');
}

/** Whether nothing is left to do: the request is cleaned up, or has failed and waits for an officer. */
const isSettled = ({ state, cleanedAt }: Pick<RequestRecord, 'state' | 'cleanedAt'>): boolean =>
  state === 'failed' || (isFinal(state) && cleanedAt !== null);

/** Raises the event that the ledger has changed. The orchestration reads the ledger itself. */
export const notifyOrchestration = (client: DurableClient, requestId: string): Promise<void> =>
  client.raiseEvent(instanceIdOf(requestId), requestChanged, null);

/** Starts and notifies the orchestrations of requests by a durable client. */
export class DurableOrchestrations implements Orchestrations {
  constructor(
    private readonly client: DurableClient,
    private readonly limits: OrchestrationLimits,
  ) {}

  async ensureFulfilment(
    request: Pick<RequestRecord, 'requestId' | 'state' | 'cleanedAt'>,
  ): Promise<void> {
    if (isSettled(request)) return;
    await this.ensureRunning('fulfilRequest', instanceIdOf(request.requestId), request);
  }

  async ensureWebhooks(
    request: Pick<RequestRecord, 'requestId' | 'pendingWebhooks'>,
  ): Promise<void> {
    if (request.pendingWebhooks === 0) return;
    await this.ensureRunning('deliverWebhooks', webhooksIdOf(request.requestId), request);
  }

  notify(requestId: string): Promise<void> {
    return notifyOrchestration(this.client, requestId);
  }

  private async ensureRunning<N extends 'fulfilRequest' | 'deliverWebhooks'>(
    name: N,
    instanceId: string,
    { requestId }: Pick<RequestRecord, 'requestId'>,
  ): Promise<void> {
    if (await isRunning(this.client, instanceId)) return;
    const input: OrchestratorTypes[N] = { requestId, limits: this.limits };
    try {
      await this.client.startNew(name, { instanceId, input });
    } catch (error) {
      // Another caller may have started it between the check and the start.
      if (!(await isRunning(this.client, instanceId))) throw error;
    }
  }
}
