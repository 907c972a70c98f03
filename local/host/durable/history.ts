/**
 * Event types of a durable history, as the extension numbers them (DurableTask.Core.History.EventType).
 */
export const EventType = {
  ExecutionStarted: 0,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
  GenericEvent: 17,
} as const;

/** One event as the SDK reads it. Property names are the extension's. */
export interface HistoryEvent {
  EventType: number;
  EventId: number;
  IsPlayed: boolean;
  Timestamp: string;
  [property: string]: unknown;
}

/** What can arrive at an instance. Payloads are JSON texts. */
export type Message =
  | { type: 'executionStarted' }
  | { type: 'taskCompleted'; id: number; result: string }
  | { type: 'taskFailed'; id: number; reason: string; details: string }
  | { type: 'subCompleted'; id: number; result: string }
  | { type: 'subFailed'; id: number; reason: string; details: string }
  | { type: 'timerFired'; id: number }
  | { type: 'eventRaised'; name: string; input: string }
  /** Failed tasks are to be tried again; their completions are gone from the history. */
  | { type: 'rewound'; reason: string };

/** Turns what arrived into the event that the SDK sees. */
export function eventOf(
  message: Message,
  at: string,
  execution: { name: string; version: string | null; input: string | null },
  fireAt: string | undefined,
): HistoryEvent {
  const base = { EventId: -1, IsPlayed: false, Timestamp: at };
  switch (message.type) {
    case 'executionStarted':
      return {
        ...base,
        EventType: EventType.ExecutionStarted,
        Name: execution.name,
        Version: execution.version ?? '',
        Input: execution.input,
      };
    case 'taskCompleted':
      return {
        ...base,
        EventType: EventType.TaskCompleted,
        TaskScheduledId: message.id,
        Result: message.result,
      };
    case 'taskFailed':
      return {
        ...base,
        EventType: EventType.TaskFailed,
        TaskScheduledId: message.id,
        Reason: message.reason,
        Details: message.details,
      };
    case 'subCompleted':
      return {
        ...base,
        EventType: EventType.SubOrchestrationInstanceCompleted,
        TaskScheduledId: message.id,
        Result: message.result,
      };
    case 'subFailed':
      return {
        ...base,
        EventType: EventType.SubOrchestrationInstanceFailed,
        TaskScheduledId: message.id,
        Reason: message.reason,
        Details: message.details,
      };
    case 'timerFired':
      return {
        ...base,
        EventType: EventType.TimerFired,
        TimerId: message.id,
        FireAt: fireAt ?? at,
      };
    case 'rewound':
      return { ...base, EventType: EventType.GenericEvent, Data: message.reason };
    case 'eventRaised':
      return {
        ...base,
        EventType: EventType.EventRaised,
        Name: message.name,
        Input: message.input,
      };
  }
}
