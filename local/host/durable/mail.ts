import { setTimeout as delay } from 'node:timers/promises';
import type { Adversity, Address } from './adversity';
import type { Message } from './history';
import { isFinished, type Instance } from './instance';

export interface MailOptions {
  get: (instanceId: string) => Instance | undefined;
  /** Called when an instance has got a message. */
  wake: (instance: Instance) => void;
  isClosed: () => boolean;
  log: (level: string, message: string) => void;
  adversity: Adversity | null;
}

/** Brings messages to instances. */
export class Mail {
  constructor(private readonly options: MailOptions) {}

  /** Sends a message to a run of an instance. Under adversity it may come late, after others. */
  async send(to: Address, message: Message): Promise<void> {
    const { adversity } = this.options;
    if (adversity) {
      adversity.remember(to, message);
      await delay(adversity.lateness());
    }
    this.receive(to, message);
  }

  /** Brings an external event, which is kept when this returns. */
  raise(instanceId: string, message: Message): void {
    const to = { instanceId, executionId: null };
    this.options.adversity?.remember(to, message);
    this.receive(to, message);
  }

  /**
   * Under adversity: what was sent to a run that is over comes once more. What the present run would
   * take as its own does not: one event more is another event.
   */
  sendStrays(instanceId: string): void {
    for (const { to, message } of this.options.adversity?.strays(instanceId) ?? []) {
      if (undeliverable(this.options.get(instanceId), to) !== null) this.receive(to, message);
    }
  }

  /**
   * Takes a message that has arrived. One that nobody can wait for is dropped, in the words of
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

/** Why a message cannot be given to anybody; null when it can. */
function undeliverable(instance: Instance | undefined, { executionId }: Address): string | null {
  if (!instance) return 'No such instance';
  if (isFinished(instance.status)) return `Instance is ${instance.status}`;
  return executionId === null || executionId === instance.executionId
    ? null
    : 'Invalid history (may have been overwritten by a newer instance)';
}
