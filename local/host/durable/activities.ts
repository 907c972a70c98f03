import { setTimeout as delay } from 'node:timers/promises';
import { ActivityRunner, type ActivityLeaf } from './activity-runner';
import type { Episode } from './episode';
import { isFinished, type Instance } from './instance';
import type { Task } from './journal';
import type { TaskHub } from './task-hub';

/** Milliseconds for which a message that is out of order returns to its queue. */
const returnedFor = 50;

/** Runs the activities that orchestrations schedule, and sends them the results. */
export class Activities {
  private readonly runner: ActivityRunner;

  constructor(private readonly hub: TaskHub) {
    this.runner = new ActivityRunner(hub.app, hub.options.maxConcurrentActivities);
  }

  /** Runs the activity of a task. */
  async run(instance: Instance, task: Task): Promise<void> {
    const { hub } = this;
    const leaf = instance.leaves[task.leaf];
    if (leaf?.kind !== 'activity') return;
    const { instanceId, executionId } = instance;
    const isWanted = (): boolean => !hub.isStopped && instance.open.get(task.id) === task;
    const answer = await this.runner.answer(leaf, task.id, isWanted);
    if (hub.isStopped || answer === null) return;
    hub.options.fault(`beforeResult:${leaf.name}`);
    await hub.messages.send({ instanceId, executionId }, answer);
    hub.options.fault(`afterResult:${leaf.name}`);
  }

  /**
   * Runs the activities that an aborted episode scheduled, in addition to those of its repetition:
   * DurableTask.AzureStorage sends them before it writes the history
   * (AzureStorageOrchestrationService.cs, CompleteTaskOrchestrationWorkItemAsync). The first answer
   * counts.
   */
  runDuplicates(instance: Instance, { leaves, tasks }: Episode): void {
    for (const { id, leaf: index, role } of tasks) {
      const leaf = [...instance.leaves, ...leaves][index];
      if (role === 'activity' && leaf?.kind === 'activity')
        void this.runDuplicate(instance, id, leaf);
    }
  }

  private async runDuplicate(instance: Instance, id: number, leaf: ActivityLeaf): Promise<void> {
    const { hub } = this;
    const { instanceId, executionId } = instance;
    const answer = await this.runner.answer(leaf, id, () => !hub.isStopped);
    const isPresent = (): boolean =>
      !hub.isStopped && instance.executionId === executionId && !isFinished(instance.status);
    // Until the history has the task, its answer is out of order and returns to its queue.
    while (isPresent() && id >= instance.nextId) await delay(returnedFor);
    const task = instance.open.get(id);
    const asked = task && instance.leaves[task.leaf];
    if (answer !== null && isPresent() && JSON.stringify(asked) === JSON.stringify(leaf))
      await hub.messages.send({ instanceId, executionId }, answer);
  }
}
