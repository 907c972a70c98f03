import { setTimeout as delay } from 'node:timers/promises';
import type { Adversity, Address } from './adversity';
import type { Message } from './history';
import { isFinished, type Instance } from './instance';

export interface MessageDeliveryOptions {
  get: (instanceId: string) => Instance | undefined;
  /** Called when an instance has got a message. */
  wake: (instance: Instance) => void;
  isClosed: () => boolean;
  log: (level: string, message: string) => void;
  adversity: Adversity | null;
}

/** Delivers messages to instances. */
export class MessageDelivery {
  constructor(private readonly options: MessageDeliveryOptions) {}

  /** Sends a message to a run of an instance. Under adversity it may come late, after others. */
  async send(to: Address, message: Message): Promise<void> {
    const { adversity } = this.options;
    if (adversity) {
      adversity.remember(to, message);
      await delay(adversity.lateness());
    }
    this.receive(to, message);
  }

  /** Delivers an external event, which is stored when this returns. */
  raise(instanceId: string, message: Message): void {
    const to = { instanceId, executionId: null };
    this.options.adversity?.remember(to, message);
    this.receive(to, message);
  }

  /**
   * Under adversity: delivers again what was sent to a run that has ended. Leaves out what the current
   * run would accept: a second event would be another event.
   */
  sendStrays(instanceId: string): void {
    for (const { to, message } of this.options.adversity?.strays(instanceId) ?? []) {
      if (undeliverable(this.options.get(instanceId), to) !== null) this.receive(to, message);
    }
  }

  /**
   * Accepts a message that has arrived, or discards it, for the reasons and in the words of
   * DurableTask.AzureStorage (AzureStorageOrchestrationService.cs, IsExecutableInstanceAsync).
   */
  private receive(to: Address, message: Message): void {
    const { get, wake, isClosed, log } = this.options;
    if (isClosed()) return;
    const instance = get(to.instanceId);
    const reason = undeliverable(instance, to);
    if (!instance || reason !== null) {
      log('warning', `${to.instanceId}: Discarding 1 dequeued history event(s): ${reason ?? ''}`);
      return;
    }
    instance.commit({ kind: 'message', message });
    wake(instance);
  }
}

/** Why a message is discarded; null when it is accepted. */
function undeliverable(instance: Instance | undefined, { executionId }: Address): string | null {
  if (!instance) return 'No such instance';
  if (isFinished(instance.status)) return `Instance is ${instance.status}`;
  return executionId === null || executionId === instance.executionId
    ? null
    : 'Invalid history (may have been overwritten by a newer instance)';
}
