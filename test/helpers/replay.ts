import {
  leavesOf,
  longTimerInterval,
  maximumShortTimer,
  type Leaf,
  type OrchestratorState,
} from '../../local/host/durable/actions';
import { EventType, type HistoryEvent } from '../../local/host/durable/history';
import type { FunctionInvoker } from '../../local/host/durable/episode';

/** An instance as the durable API shows it with its history. */
export interface RecordedInstance {
  name: string;
  instanceId: string;
  input: unknown;
  historyEvents: HistoryEvent[];
}

/** Gives an orchestrator a stretch of its history, and returns the state that it reaches, as JSON text. */
export async function stateAfter(
  invoker: FunctionInvoker,
  instance: Omit<RecordedInstance, 'historyEvents'>,
  history: HistoryEvent[],
): Promise<string> {
  const lastStart = history.findLastIndex(({ EventType: type }) => type === isStart);
  const trigger = {
    history: history.map((event, i) => ({ ...event, IsPlayed: i < lastStart })),
    input: instance.input,
    instanceId: instance.instanceId,
    isReplaying: lastStart > 0,
    parentInstanceId: null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    longRunningTimerIntervalDuration: longTimerInterval.text,
    maximumShortTimerDuration: maximumShortTimer.text,
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  };
  const value = await invoker.invoke(instance.name, JSON.stringify(trigger));
  return value?.json ?? 'null';
}

const isStart = EventType.OrchestratorStarted;

/** What an orchestrator asks for after a stretch of its history, in the order of its sequence ids. */
export async function actionsAfter(
  invoker: FunctionInvoker,
  instance: Omit<RecordedInstance, 'historyEvents'>,
  history: HistoryEvent[],
): Promise<Leaf[]> {
  const state = await stateAfter(invoker, instance, history);
  const { actions } = JSON.parse(state) as OrchestratorState;
  return leavesOf(actions.flat()).map(({ leaf }) => leaf);
}

/**
 * Replays an orchestrator at every prefix of a history that ends an episode: twice it asks for the same
 * actions, the first of those that it asks for in the end. The history has scheduled as many activities.
 */
export async function expectDeterminism(
  invoker: FunctionInvoker,
  instance: RecordedInstance,
): Promise<void> {
  const history = instance.historyEvents;
  const whole = await actionsAfter(invoker, instance, history);
  const scheduled = history.filter(({ EventType: type }) => type === EventType.TaskScheduled);
  expect(whole.filter(({ kind }) => kind === 'activity')).toHaveLength(scheduled.length);
  const starts = history.flatMap(({ EventType: type }, i) => (type === isStart ? [i] : []));
  for (const start of starts.slice(1)) {
    const prefix = history.slice(0, start);
    const first = await actionsAfter(invoker, instance, prefix);
    expect(await actionsAfter(invoker, instance, prefix)).toEqual(first);
    expect(whole.slice(0, first.length)).toEqual(first);
  }
}
