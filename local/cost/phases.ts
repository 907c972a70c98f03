import { EventType, type HistoryEvent } from '../host/durable/history';
import { unionOf } from './measured';

const scheduled: readonly number[] = [
  EventType.TaskScheduled,
  EventType.SubOrchestrationInstanceCreated,
];
const ended: readonly number[] = [
  EventType.TaskCompleted,
  EventType.SubOrchestrationInstanceCompleted,
];

/**
 * Seconds in which each activity and sub-orchestration of a request's own orchestration was under way, in
 * the order of their first calls.
 * @param instances orchestrations of the task hub, with their histories
 */
export function phasesOf(
  instances: readonly { instanceId: string; historyEvents: readonly HistoryEvent[] }[],
  requestId: string,
): Record<string, number> {
  const events =
    instances.find(({ instanceId }) => instanceId === `request-${requestId}`)?.historyEvents ?? [];
  const begun = new Map<unknown, { name: string; from: number }>();
  const stretches = new Map<string, { from: number; to: number }[]>();
  for (const event of events) {
    const at = Date.parse(event.Timestamp);
    if (scheduled.includes(event.EventType))
      begun.set(event.EventId, { name: String(event['Name']), from: at });
    const task = begun.get(event['TaskScheduledId']);
    if (!ended.includes(event.EventType) || task === undefined) continue;
    stretches.set(task.name, [...(stretches.get(task.name) ?? []), { from: task.from, to: at }]);
  }
  return Object.fromEntries(
    [...stretches].map(([name, all]) => {
      const milliseconds = unionOf(all).reduce((sum, { from, to }) => sum + to - from, 0);
      return [name, Number((milliseconds / 1000).toFixed(1))];
    }),
  );
}
