import type { Leaf } from './actions';
import { EventType, type HistoryEvent } from './history';
import type { Task } from './journal';

/** Whether an event is the failure of a task. */
export const isFailure = ({ EventType: type }: HistoryEvent): boolean =>
  type === EventType.TaskFailed || type === EventType.SubOrchestrationInstanceFailed;
/** Whether an event schedules an activity or a sub-orchestration. */
export const isScheduling = ({ EventType: type }: HistoryEvent): boolean =>
  type === EventType.TaskScheduled || type === EventType.SubOrchestrationInstanceCreated;

/** The event that shows in a history that a task was scheduled. */
export function scheduledEvent(task: Task, leaf: Leaf | undefined, at: string): HistoryEvent {
  const base = { EventId: task.id, IsPlayed: false, Timestamp: at };
  if (task.role === 'activity' && leaf?.kind === 'activity') {
    return { ...base, EventType: EventType.TaskScheduled, Name: leaf.name, Input: leaf.input };
  }
  if (task.role === 'subOrchestration' && leaf?.kind === 'subOrchestration') {
    return {
      ...base,
      EventType: EventType.SubOrchestrationInstanceCreated,
      Name: leaf.name,
      InstanceId: task.childId,
      Input: leaf.input,
    };
  }
  return { ...base, EventType: EventType.TimerCreated, FireAt: task.fireAt };
}
