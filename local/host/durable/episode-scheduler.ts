import { setTimeout as delay } from 'node:timers/promises';
import { randomOf } from '../../random';
import { notifyParent } from './children';
import { askForEpisode } from './episode';
import { isFinished, type Instance } from './instance';
import { Semaphore } from './semaphore';
import type { TaskDispatcher } from './task-dispatcher';
import type { TaskHub } from './task-hub';
import { followUps } from './tasks';
import { runsVersion } from './versioning';

/** Longest pause in which messages gather to a batch, and the largest batch. */
const batchPause = 20;
const largestBatch = 8;

/** Gives arrived messages to orchestrators, one instance's in order. */
export class EpisodeScheduler {
  /** Ids of the instances whose episodes run. */
  private readonly busy = new Set<string>();
  private readonly orchestrators: Semaphore;
  private readonly random: (() => number) | null;

  constructor(
    private readonly hub: TaskHub,
    private readonly tasks: TaskDispatcher,
  ) {
    const { batchSeed, maxConcurrentOrchestrators } = hub.options;
    this.orchestrators = new Semaphore(maxConcurrentOrchestrators);
    this.random = batchSeed === null ? null : randomOf(batchSeed);
  }

  /** Runs episodes until nothing is left in the inbox; one at a time for each instance. */
  wake(instance: Instance): void {
    const { instanceId } = instance;
    if (this.busy.has(instanceId)) return;
    this.busy.add(instanceId);
    void this.runEpisodes(instance)
      .catch((error: unknown) => this.hub.options.log('error', `Durable engine: ${String(error)}`))
      .finally(() => {
        this.busy.delete(instanceId);
        // Another instance of the same id may have taken its place.
        const current = this.hub.instances.get(instanceId);
        if (current && this.hasWork(current)) this.wake(current);
      });
  }

  /** Finishes an instance whose orchestrator has returned; it stays Running while a task is open. */
  finishIfSettled(instance: Instance): void {
    if (!instance.outcome || instance.open.size > 0) return;
    const { hub } = this;
    const { kind } = instance.outcome;
    hub.options.fault(`before:${kind}:${instance.name}`);
    instance.commit({ kind: 'finished', at: hub.timestamp() });
    hub.options.fault(`after:${kind}:${instance.name}`);
    hub.messages.sendStrays(instance.instanceId);
    if (isFinished(instance.status)) notifyParent(hub, instance);
  }

  private hasWork(instance: Instance): boolean {
    const { instances, isStopped, options } = this.hub;
    const isRejected =
      !runsVersion(options.versioning, instance.version) &&
      options.versioning.onMismatch !== 'Fail';
    return (
      !isStopped &&
      !isRejected &&
      instances.get(instance.instanceId) === instance &&
      (instance.status === 'Pending' || instance.status === 'Running') &&
      instance.inbox.length > 0
    );
  }

  private async runEpisodes(instance: Instance): Promise<void> {
    while (this.hasWork(instance)) {
      if (!(await this.gather(instance))) return;
      if (isIrrelevant(instance)) {
        instance.commit({ kind: 'dropped' });
        this.finishIfSettled(instance);
      } else {
        const isDone = await this.orchestrators.run(() => this.runBatch(instance));
        if (!isDone) return;
      }
    }
  }

  /**
   * Under adversity: waits for messages to gather, and lets one of them overtake the others.
   * @returns whether there is still work to do
   */
  private async gather(instance: Instance): Promise<boolean> {
    const { adversity } = this.hub;
    if (!adversity) return true;
    await delay(adversity.pause());
    if (!this.hasWork(instance)) return false;
    const by = adversity.pick(instance.inbox);
    if (by > 0) instance.commit({ kind: 'overtaken', by });
    return true;
  }

  /**
   * Runs an episode of one message or, where batches are asked for, of several. The orchestrator gets
   * the messages of a batch one more at a time, so that the ids that the SDK allots between them are
   * known; its history shows them as one episode.
   */
  private async runBatch(instance: Instance): Promise<boolean> {
    if (!runsVersion(this.hub.options.versioning, instance.version)) {
      this.failForVersion(instance);
      return true;
    }
    const { random } = this;
    if (random !== null) await delay(random() * batchPause);
    const size = random === null ? 1 : 1 + Math.floor(random() * largestBatch);
    for (let i = 0; i < size; i += 1) {
      if (i > 0 && (!this.hasWork(instance) || isIrrelevant(instance))) break;
      // A new generation starts with an episode of its own.
      const continues = i > 0 && instance.history.length > 0;
      if (!(await this.runEpisode(instance, continues))) return false;
    }
    return true;
  }

  private failForVersion(instance: Instance): void {
    const error = `Version '${instance.version ?? ''}' is not run here: versionMatchStrategy is ${this.hub.options.versioning.match}.`;
    instance.commit({
      kind: 'episode',
      at: this.hub.timestamp(),
      continues: false,
      leaves: [],
      tasks: [],
      canceled: [...instance.open.keys()],
      customStatus: instance.customStatus,
      outcome: { kind: 'failed', error },
    });
    this.finishIfSettled(instance);
  }

  /** Returns false when the episode was aborted; it then runs again. */
  private async runEpisode(instance: Instance, continues: boolean): Promise<boolean> {
    const { hub, tasks } = this;
    const { lostEpisodes, duplicateActivities, log } = hub.options;
    const previous = instance.history.at(-1)?.Timestamp ?? '';
    const now = hub.timestamp();
    const at = now > previous && !continues ? now : previous;
    const message = instance.inbox[0];
    const retryTasks = message ? followUps(instance, message, at) : [];
    const options = { at, continues, lostEpisodes };
    const episode = await askForEpisode(hub.app, instance, options, retryTasks);
    if (hub.adversity?.abortsEpisode()) {
      const text = `${instance.instanceId}: Split brain detected: the results of an episode are discarded`;
      log('warning', text);
      if (episode && duplicateActivities) tasks.activities.runDuplicates(instance, episode);
      return false;
    }
    if (
      !episode ||
      hub.isStopped ||
      instance.status === 'Terminated' ||
      instance.inbox[0] !== message
    ) {
      return episode !== null;
    }
    instance.commit({ kind: 'episode', at, continues, ...episode });
    for (const task of episode.tasks) {
      if (instance.open.has(task.id)) tasks.start(instance, task);
    }
    this.finishIfSettled(instance);
    return true;
  }
}

/** A completion that no task waits for, or anything that arrives after the orchestrator returned. */
function isIrrelevant(instance: Instance): boolean {
  const message = instance.inbox[0];
  if (!message) return false;
  if ('id' in message && !instance.open.has(message.id)) return true;
  return instance.outcome !== null;
}
