import { join } from 'node:path';
import { Adversity } from './adversity';
import type { FunctionInvoker } from './episode';
import type { Message } from './history';
import type { EngineClock } from './host-clock';
import type { Instance } from './instance';
import { InstanceStore } from './instance-store';
import { MessageDelivery } from './message-delivery';
import type { Versioning } from './versioning';

export interface EngineOptions {
  directory: string;
  clock: EngineClock;
  maxConcurrentActivities: number;
  maxConcurrentOrchestrators: number;
  versioning: Versioning;
  /** Seed of batches: an episode takes a random number of messages. Null: always one. */
  batchSeed: number | null;
  /** Seed of aborted episodes, late and stray messages. Null: none. */
  adverseSeed: number | null;
  /** Whether the activities that an aborted episode scheduled run as well. */
  duplicateActivities: boolean;
  /**
   * Milliseconds by which a durable timer fires early that is due after so many; on Azure Storage that is
   * up to a second.
   */
  earliness: (wait: number) => number;
  /** What an episode does whose worker ends: it is repeated, or it fails the orchestration. */
  lostEpisodes: 'repeat' | 'fail';
  /** Called with the name of each point at which tests may crash the host. */
  fault: (point: string) => void;
  log: (level: string, message: string) => void;
}

/** The state that the parts of the durable engine share: instances, messages, clock and options. */
export class TaskHub {
  readonly instances: InstanceStore;
  readonly adversity: Adversity | null;
  readonly messages: MessageDelivery;
  isStopped = false;

  /**
   * @param app runs the functions of the app
   * @param wake called when an instance has a message to process
   */
  constructor(
    readonly app: FunctionInvoker,
    readonly options: EngineOptions,
    readonly wake: (instance: Instance) => void,
  ) {
    this.instances = new InstanceStore(join(options.directory, 'instances'));
    this.adversity = options.adverseSeed === null ? null : new Adversity(options.adverseSeed);
    this.messages = new MessageDelivery({
      get: (instanceId) => this.instances.get(instanceId),
      wake,
      isClosed: () => this.isStopped,
      log: options.log,
      adversity: this.adversity,
    });
  }

  get clock(): EngineClock {
    return this.options.clock;
  }

  /** The host's time (ISO 8601). */
  timestamp(): string {
    return new Date(this.clock.now()).toISOString();
  }

  /** Sends a message to the current run of an instance. */
  sendTo({ instanceId, executionId }: Instance, message: Message): Promise<void> {
    return this.messages.send({ instanceId, executionId }, message);
  }
}
