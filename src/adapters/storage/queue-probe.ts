import type { TokenCredential } from '@azure/identity';
import type { QueueProbe } from '../../ports/queue-probe';

/** Milliseconds that storage may take. */
const timeout = 5000;
/** Version of the storage API; tokens of an identity are accepted from 2017-11-09 on. */
const apiVersion = '2021-12-02';

/** A task hub on Azure Storage, as host.json describes it. */
export interface TaskHub {
  name: string;
  partitions: number;
}

/** How the queues are reached: the address of the account's queues, and the identity of the app. */
export interface QueueConnection {
  queueUrl: string;
  credential: Pick<TokenCredential, 'getToken'>;
}

/** Storage answered with an error. It repeats nothing of the answer but its status. */
class QueueAnswerError extends Error {
  constructor(readonly status: number) {
    super(`Storage answers ${status}.`);
  }
}

/**
 * Names of the queues of a task hub: one for each partition of orchestrations, and one for activities. They are those of
 * DurableTask.AzureStorage (AzureStorageOrchestrationService), which makes them when the host starts.
 */
export function queuesOf({ name, partitions }: TaskHub): string[] {
  const own = name.toLowerCase();
  const control = Array.from(
    { length: partitions },
    (_, index) => `${own}-control-${String(index).padStart(2, '0')}`,
  );
  return [...control, `${own}-workitems`];
}

/**
 * Lists the queues of a task hub by one call (List Queues of the Queue service). How old or how many their messages are
 * says nothing: durable timers lie in them until they are due.
 */
export class AzureQueueProbe implements QueueProbe {
  /** @param hub read for each look, so that a file that cannot be read fails the check alone */
  constructor(
    private readonly storage: QueueConnection,
    private readonly hub: () => TaskHub,
  ) {}

  async missing(): Promise<string[]> {
    const hub = this.hub();
    const found = await this.list(`${hub.name.toLowerCase()}-`);
    return queuesOf(hub).filter((name) => !found.has(name));
  }

  isForbidden(error: unknown): boolean {
    return error instanceof QueueAnswerError && [401, 403].includes(error.status);
  }

  private async list(prefix: string): Promise<Set<string>> {
    const { queueUrl, credential } = this.storage;
    const { token } = (await credential.getToken('https://storage.azure.com/.default')) ?? {};
    const query = new URLSearchParams({ comp: 'list', prefix });
    const response = await fetch(`${queueUrl.replace(/\/$/, '')}/?${query.toString()}`, {
      headers: { Authorization: `Bearer ${token ?? ''}`, 'x-ms-version': apiVersion },
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    const body = await response.text();
    if (!response.ok) throw new QueueAnswerError(response.status);
    // Names of queues are letters, digits and hyphens.
    return new Set([...body.matchAll(/<Name>([a-z0-9-]+)<\/Name>/g)].map(([, name = '']) => name));
  }
}
