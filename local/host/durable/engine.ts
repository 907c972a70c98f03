import { notifyParent } from './children';
import type { FunctionInvoker } from './episode';
import { EpisodeScheduler } from './episode-scheduler';
import { isFinished, type Instance } from './instance';
import { rewindInstance } from './rewind';
import { startInstance, type InstanceStart } from './start-instance';
import { TaskDispatcher } from './task-dispatcher';
import { TaskHub, type EngineOptions } from './task-hub';

/**
 * Runs durable orchestrations by replay, as the Durable Task extension does for out-of-process
 * workers: it keeps the histories, gives one arrived message to an orchestrator per episode, turns
 * the actions that come back into tasks, and delivers their completions. Activities run at least
 * once: the engine repeats what was not in the journal when the process ended.
 */
export class DurableEngine {
  private readonly hub: TaskHub;
  private readonly tasks: TaskDispatcher;
  private readonly scheduler: EpisodeScheduler;

  constructor(app: FunctionInvoker, options: EngineOptions) {
    this.hub = new TaskHub(app, options, (instance) => this.scheduler.wake(instance));
    this.tasks = new TaskDispatcher(this.hub);
    this.scheduler = new EpisodeScheduler(this.hub, this.tasks);
  }

  /** Reads every journal and resumes what was in progress. */
  start(): void {
    const { instances } = this.hub;
    instances.load();
    for (const instance of instances.list()) {
      if (isFinished(instance.status)) notifyParent(this.hub, instance);
      else this.resume(instance);
    }
  }

  private resume(instance: Instance): void {
    for (const task of instance.open.values()) {
      if (!instance.hasAnswer(task.id)) this.tasks.start(instance, task);
    }
    this.scheduler.finishIfSettled(instance);
    this.scheduler.wake(instance);
  }

  stop(): void {
    this.hub.isStopped = true;
    this.tasks.timers.stop();
    this.hub.instances.close();
  }

  /** The host's time in milliseconds: the machine's, moved by what `advanceClock` was asked for. */
  now(): number {
    return this.hub.clock.now();
  }

  /** Advances the host's clock, so that durable timers of days are due at once. Kept over restarts. */
  advanceClock(milliseconds: number): void {
    this.hub.clock.advance(milliseconds);
    this.tasks.timers.rearm();
  }

  list(): Instance[] {
    return this.hub.instances.list();
  }

  get(instanceId: string): Instance | undefined {
    return this.hub.instances.get(instanceId);
  }

  /** Starts an instance: see `startInstance`. */
  startNew(start: InstanceStart): Instance {
    return startInstance(this.hub, start);
  }

  /** Gives an external event to an instance. Returns false when the instance has finished. */
  raiseEvent(instance: Instance, name: string, input: string): boolean {
    const { fault } = this.hub.options;
    fault(`beforeEvent:${name}`);
    if (isFinished(instance.status)) return false;
    this.hub.messages.raise(instance.instanceId, { type: 'eventRaised', name, input });
    fault(`afterEvent:${name}`);
    return true;
  }

  /** Terminates, suspends or resumes. Returns false when the instance has finished. */
  control(
    instance: Instance,
    status: 'Suspended' | 'Running' | 'Terminated',
    reason: string,
  ): boolean {
    if (isFinished(instance.status)) return false;
    instance.commit({ kind: 'control', status, reason, at: this.hub.timestamp() });
    if (status === 'Terminated') notifyParent(this.hub, instance);
    if (status === 'Running') this.scheduler.wake(instance);
    return true;
  }

  /** Runs a failed instance again from its failed tasks on: see `rewindInstance`. */
  rewind(instance: Instance, reason: string): void {
    rewindInstance(this.hub, this.tasks, instance, reason);
  }

  /** Deletes a finished instance. Returns whether there was one to delete. */
  purge(instanceId: string): boolean {
    const { instances, messages, adversity } = this.hub;
    if (!instances.delete(instanceId)) return false;
    messages.sendStrays(instanceId);
    adversity?.forget(instanceId);
    return true;
  }
}
