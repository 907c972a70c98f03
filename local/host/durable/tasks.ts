import { createHash } from 'node:crypto';
import type { RpcTypedData } from '../protocol';
import {
  continueAsNewInput,
  isLongTimer,
  nextInterval,
  retryDelay,
  type Leaf,
  type OrchestratorState,
} from './actions';
import type { Message } from './history';
import type { Instance } from './instance';
import type { Outcome, Task } from './journal';

/** Where a task stands: its sequence id, its action's place, and when it is scheduled (ISO 8601). */
interface Place {
  id: number;
  index: number;
  at: string;
}

/** The task that an action becomes first. */
export function firstTask(leaf: Leaf, instance: Instance, { id, index, at }: Place): Task {
  switch (leaf.kind) {
    case 'activity':
      return { id, leaf: index, role: 'activity', attempt: 1 };
    case 'subOrchestration':
      return {
        id,
        leaf: index,
        role: 'subOrchestration',
        attempt: 1,
        childId: childId(leaf, instance, id),
      };
    case 'timer':
      return isLongTimer(at, leaf.fireAt)
        ? {
            id,
            leaf: index,
            role: 'timerInterval',
            attempt: 1,
            fireAt: nextInterval(at, leaf.fireAt),
          }
        : { id, leaf: index, role: 'timer', attempt: 1, fireAt: leaf.fireAt };
  }
}

/** A child without an id of its own gets one that follows from its parent, as in DTFx. */
function childId(leaf: { instanceId: string | null }, instance: Instance, id: number): string {
  if (leaf.instanceId !== null) return leaf.instanceId;
  const seed = `${instance.instanceId}:${instance.history[0]?.Timestamp ?? ''}:${id}`;
  return createHash('sha256').update(seed).digest('hex').slice(0, 32);
}

/**
 * Tasks that a completion brings about before user code goes on: the timer before a retry, the
 * retried task after that timer, the next interval of a long timer. The SDK allots their ids first.
 */
export function followUps(instance: Instance, message: Message, at: string): Task[] {
  const task = 'id' in message ? instance.open.get(message.id) : undefined;
  const leaf = task && instance.leaves[task.leaf];
  if (!task || !leaf) return [];
  const id = instance.nextId;
  if (leaf.kind === 'timer') {
    return task.role === 'timerInterval' && leaf.fireAt > at
      ? [{ ...task, id, fireAt: nextInterval(at, leaf.fireAt) }]
      : [];
  }
  if (!leaf.retry) return [];
  if (message.type === 'taskFailed' || message.type === 'subFailed') {
    const delay = retryDelay(leaf.retry, task.attempt) ?? 0;
    const fireAt = new Date(Date.parse(at) + delay).toISOString();
    return [{ id, leaf: task.leaf, role: 'retryTimer', attempt: task.attempt, fireAt }];
  }
  if (task.role === 'retryTimer' && retryDelay(leaf.retry, task.attempt) !== null) {
    return [
      { ...firstTask(leaf, instance, { id, index: task.leaf, at }), attempt: task.attempt + 1 },
    ];
  }
  return [];
}

/** How an orchestrator has ended; null while it goes on. */
export function outcomeOf(state: OrchestratorState): Outcome | null {
  if (state.error !== undefined && state.error !== null)
    return { kind: 'failed', error: state.error };
  if (!state.isDone) return null;
  const input = continueAsNewInput(state.actions.flat());
  if (input !== null) return { kind: 'continuedAsNew', input };
  return { kind: 'completed', output: JSON.stringify(state.output ?? null) };
}

/** JSON text of what an activity returned. */
export function resultText(value: RpcTypedData | null): string {
  if (value?.json !== undefined) return value.json;
  if (value?.string !== undefined) return JSON.stringify(value.string);
  if (value?.bytes !== undefined)
    return JSON.stringify(Buffer.from(value.bytes).toString('base64'));
  return JSON.stringify(value?.int ?? value?.double ?? null);
}
