import { FunctionTimeoutError, InvocationError, WorkerLostError } from '../app-process';
import type { RpcTypedData } from '../protocol';
import {
  assertSameActions,
  leavesOf,
  longTimerInterval,
  maximumShortTimer,
  type Leaf,
  type OrchestratorState,
} from './actions';
import type { HistoryEvent } from './history';
import type { Instance } from './instance';
import type { JournalRecord, Task } from './journal';
import { firstTask, outcomeOf } from './tasks';

/** How the engine reaches the app's functions. */
export interface FunctionInvoker {
  /** Whether the app has an orchestrator or activity of this name. */
  has(type: 'orchestrationTrigger' | 'activityTrigger', name: string): boolean;
  /** Runs it with the trigger's payload (a JSON text) and returns its return value. */
  invoke(name: string, payload: string): Promise<RpcTypedData | null>;
}

/** What an episode changes, without the time it ran at. */
export type Episode = Omit<
  Extract<JournalRecord, { kind: 'episode' }>,
  'kind' | 'at' | 'continues'
>;

const outOfProcMarker = '$OutOfProcData$:';
const customStatusLimit = 16 * 1024;

export interface EpisodeOptions {
  /** When it runs (ISO 8601). */
  at: string;
  /** Whether it goes on with the episode before. */
  continues: boolean;
  /** What becomes of one whose worker ends. */
  lostEpisodes: 'repeat' | 'fail';
}

/** Asks the app what it does next. Returns null when the episode was aborted and has to be repeated. */
export async function askForEpisode(
  app: FunctionInvoker,
  instance: Instance,
  { at, continues, lostEpisodes }: EpisodeOptions,
  retryTasks: Task[],
): Promise<Episode | null> {
  const failed = (error: string): Episode => ({
    leaves: [],
    tasks: retryTasks,
    canceled: retryTasks.map((task) => task.id),
    customStatus: instance.customStatus,
    outcome: { kind: 'failed' as const, error },
  });
  let state: OrchestratorState;
  try {
    state = await invokeOrchestrator(app, instance, [
      ...instance.history,
      ...instance.episodeEvents(at, continues),
    ]);
  } catch (error) {
    // DurableTaskExtension.cs aborts the session of an orchestrator that ran too long.
    if (error instanceof FunctionTimeoutError) return null;
    if (error instanceof WorkerLostError) {
      return lostEpisodes === 'repeat' ? null : failed(lostMessage(instance.name, error));
    }
    return failed(error instanceof Error ? error.message : String(error));
  }
  try {
    return episodeOf(app, instance, state, { at, retryTasks });
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Turns the state that an orchestrator has reached into what its episode changes.
 * @throws Error when the orchestrator is not deterministic, calls what the app does not have, or sets
 *   a custom status that is too large
 */
function episodeOf(
  app: FunctionInvoker,
  instance: Instance,
  state: OrchestratorState,
  { at, retryTasks }: { at: string; retryTasks: Task[] },
): Episode {
  const asked = leavesOf(state.actions.flat());
  assertSameActions(instance.leaves, asked);
  const leaves = asked.slice(instance.leaves.length).map(({ leaf }) => leaf);
  const nextId = instance.nextId + retryTasks.length;
  const tasks = leaves.map((leaf, i) =>
    firstTask(leaf, instance, { id: nextId + i, index: instance.leaves.length + i, at }),
  );
  assertKnownFunctions(app, leaves);
  const canceledLeaves = new Set(
    asked.flatMap(({ isCanceled }, index) => (isCanceled ? [index] : [])),
  );
  const everyTask = [...instance.open.values(), ...retryTasks, ...tasks];
  const customStatus = state.customStatus ?? null;
  assertCustomStatus(customStatus);
  return {
    leaves,
    tasks: [...retryTasks, ...tasks],
    canceled: everyTask.filter((task) => canceledLeaves.has(task.leaf)).map((task) => task.id),
    customStatus,
    outcome: outcomeOf(state),
  };
}

function assertCustomStatus(customStatus: unknown): void {
  const size = JSON.stringify(customStatus).length * 2;
  if (size <= customStatusLimit) return;
  throw new Error(
    `The UTF-16 size of the JSON-serialized payload must not exceed 16 KB. The current payload is ${size / 1024} KB.`,
  );
}

/**
 * The error of an orchestration of a Node.js app whose worker ends during an episode. The host treats it
 * as an error of the orchestrator (TaskOrchestrationShim.cs, InvokeUserCodeAndHandleResults).
 */
const lostMessage = (name: string, { message }: WorkerLostError): string =>
  `Orchestrator function '${name}' failed: One or more errors occurred. (${message})`;

function assertKnownFunctions(app: FunctionInvoker, leaves: Leaf[]): void {
  for (const leaf of leaves) {
    if (leaf.kind === 'timer') continue;
    const trigger = leaf.kind === 'activity' ? 'activityTrigger' : 'orchestrationTrigger';
    if (!app.has(trigger, leaf.name)) {
      throw new Error(
        `The function '${leaf.name}' doesn't exist, is disabled, or is not an ${leaf.kind === 'activity' ? 'activity' : 'orchestrator'} function.`,
      );
    }
  }
}

async function invokeOrchestrator(
  app: FunctionInvoker,
  instance: Instance,
  history: HistoryEvent[],
): Promise<OrchestratorState> {
  const trigger = JSON.stringify({
    history,
    input: instance.input === null ? null : (JSON.parse(instance.input) as unknown),
    instanceId: instance.instanceId,
    isReplaying: instance.history.length > 0,
    parentInstanceId: instance.parent?.instanceId ?? null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    longRunningTimerIntervalDuration: longTimerInterval.text,
    maximumShortTimerDuration: maximumShortTimer.text,
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  });
  try {
    const value = await app.invoke(instance.name, trigger);
    return JSON.parse(value?.json ?? value?.string ?? 'null') as OrchestratorState;
  } catch (error) {
    // The SDK reports a throwing orchestrator by an error that carries the state it reached.
    const marker = error instanceof InvocationError ? error.message.indexOf(outOfProcMarker) : -1;
    if (marker < 0) throw error;
    return JSON.parse(
      (error as Error).message.slice(marker + outOfProcMarker.length),
    ) as OrchestratorState;
  }
}
