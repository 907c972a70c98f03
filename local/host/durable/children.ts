import { isFinished, type Instance } from './instance';
import type { Task } from './journal';
import { startInstance } from './start-instance';
import type { TaskHub } from './task-hub';

/** Starts the sub-orchestration of a task, unless it exists already. */
export function startChild(hub: TaskHub, parent: Instance, task: Task): void {
  const leaf = parent.leaves[task.leaf];
  if (leaf?.kind !== 'subOrchestration' || task.childId === undefined) return;
  const existing = hub.instances.get(task.childId);
  const isOurs =
    existing?.parent?.instanceId === parent.instanceId && existing.parent.taskId === task.id;
  if (existing && isOurs && existing.createdTime >= generationStart(parent)) {
    if (isFinished(existing.status)) notifyParent(hub, existing);
    return;
  }
  try {
    startInstance(hub, {
      name: leaf.name,
      instanceId: task.childId,
      version: leaf.version,
      input: leaf.input,
      parent: { instanceId: parent.instanceId, taskId: task.id },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void hub.sendTo(parent, { type: 'subFailed', id: task.id, reason, details: reason });
  }
}

/** Sends the result of a finished instance to the instance that waits for it, if there is one. */
export function notifyParent(hub: TaskHub, instance: Instance): void {
  const parent = instance.parent && hub.instances.get(instance.parent.instanceId);
  const taskId = instance.parent?.taskId;
  if (!parent || taskId === undefined || parent.open.get(taskId)?.childId !== instance.instanceId)
    return;
  // After continueAsNew a task, and so its child, may have the id of an earlier generation's.
  if (instance.createdTime < generationStart(parent)) return;
  if (parent.hasAnswer(taskId)) return;
  if (instance.status === 'Completed') {
    const result = instance.output ?? 'null';
    void hub.sendTo(parent, { type: 'subCompleted', id: taskId, result });
    return;
  }
  const cause = instance.output === null ? instance.status : String(JSON.parse(instance.output));
  void hub.sendTo(parent, {
    type: 'subFailed',
    id: taskId,
    reason: `Orchestrator function '${instance.name}' failed: ${cause}`,
    details: cause,
  });
}

const generationStart = (instance: Instance): string =>
  instance.history[0]?.Timestamp ?? instance.createdTime;
