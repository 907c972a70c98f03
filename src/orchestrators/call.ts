import { RetryOptions, type OrchestrationContext, type Task } from 'durable-functions';
import { tooLong, type ActivityResult, type FailureCode } from '../core/results';
import { addHours, addSeconds } from '../core/time/time';
import {
  instanceIdOf,
  type ActivityInput,
  type ActivityName,
  type ActivityOutput,
  type OrchestrationLimits,
  type OrchestratorTypes,
  type OrchestratorName,
} from './activity-types';

/** A generator of durable tasks that returns a `T`: an orchestrator or a part of one. */
export type Orchestration<T> = Generator<Task, T, unknown>;

/** Ends an orchestration for a known reason. */
export class OrchestrationFailure extends Error {
  constructor(readonly code: FailureCode) {
    super(code);
  }
}

/** Result of a sub-orchestration. A thrown error would reach the parent as text only. */
export type ChildResult = { kind: 'done' } | { kind: 'failed'; code: FailureCode };

/**
 * Retries what an activity throws: storage that is unavailable, a worker that was lost. There is no
 * `retryTimeoutInMilliseconds`, because an orchestration that exceeds it hangs
 * (azure-functions-durable-js issue 629).
 */
function retryPolicy(): RetryOptions {
  // About three hours in all.
  const policy = new RetryOptions(2000, 40);
  policy.backoffCoefficient = 2;
  policy.maxRetryIntervalInMilliseconds = 300_000;
  return policy;
}

type Waiting = Extract<ActivityResult<unknown>, { kind: 'retryLater' }>;

/** Longest pause between two polls, in seconds. */
const longestPause = 300;

/**
 * Seconds until the source is polled again; the delay grows with the number of polls.
 * @param poll number of the poll, from 1
 */
export const pollDelaySeconds = (limits: OrchestrationLimits, poll: number): number =>
  Math.min(limits.pollSeconds * Math.min(poll, 30), Math.max(longestPause, limits.pollSeconds));

/** After how many looks a pause that operators have asked for is looked at every two hours. */
const promptLooks = 6;

/** Seconds until an activity is called again. They grow while it waits, so that the history stays short. */
function pauseSeconds({ reason, afterSeconds }: Waiting, retries: number): number {
  if (reason === 'collectionsPaused') return retries < promptLooks ? afterSeconds : 7200;
  return Math.max(Math.min(afterSeconds * 2 ** Math.min(retries, 4), longestPause), afterSeconds);
}

/**
 * Calls an activity until it is done, and waits by durable timers while it answers `retryLater`.
 * A pause that operators have asked for does not count as waiting, however long it lasts.
 * @throws OrchestrationFailure when the activity fails, or has waited longer than allowed
 */
export function* callActivity<N extends ActivityName>(
  context: OrchestrationContext,
  limits: OrchestrationLimits,
  name: N,
  input: ActivityInput<N>,
): Orchestration<ActivityOutput<N>> {
  let giveUpAt = addHours(context.df.currentUtcDateTime, limits.sourceWaitHours);
  for (let retries = 0; ; retries += 1) {
    const task = context.df.callActivityWithRetry(name, retryPolicy(), input);
    const result = (yield task) as ActivityResult<ActivityOutput<N>>;
    if (result.kind === 'done') return result.value;
    if (result.kind === 'failed') throw new OrchestrationFailure(result.code);
    const pause = pauseSeconds(result, retries);
    const next = addSeconds(context.df.currentUtcDateTime, pause);
    if (result.reason === 'collectionsPaused') giveUpAt = addHours(next, limits.sourceWaitHours);
    else if (next > giveUpAt) throw new OrchestrationFailure(tooLong[result.reason]);
    yield context.df.createTimer(next);
  }
}

/** Starts a sub-orchestration, to be awaited by `awaitChildren`. Its id follows from the request's. */
export function startChild<N extends OrchestratorName>(
  context: OrchestrationContext,
  name: N,
  input: OrchestratorTypes[N],
  suffix: string,
): Task {
  return context.df.callSubOrchestrator(name, input, `${instanceIdOf(input.requestId)}-${suffix}`);
}

/** @throws OrchestrationFailure when a child has failed, with the code of the first that has */
export function* awaitChildren(
  context: OrchestrationContext,
  children: Task[],
): Orchestration<void> {
  // Task.all throws on an empty list.
  if (children.length === 0) return;
  const results = (yield context.df.Task.all(children)) as ChildResult[];
  for (const result of results)
    if (result.kind === 'failed') throw new OrchestrationFailure(result.code);
}

/** Runs the body of a sub-orchestration and returns how it ended. */
export function* childResult(body: Orchestration<void>): Orchestration<ChildResult> {
  try {
    yield* body;
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof OrchestrationFailure) return { kind: 'failed', code: error.code };
    throw error;
  }
}

/** Waits for an external event or a time, whichever comes first. */
export function* waitFor(
  context: OrchestrationContext,
  event: string,
  until: Date,
): Orchestration<'event' | 'timeout'> {
  const raised = context.df.waitForExternalEvent(event);
  const timer = context.df.createTimer(until);
  const first = (yield context.df.Task.any([raised, timer])) as Task;
  if (first === timer) return 'timeout';
  // An open timer would keep the instance running (azure-functions-durable-js issue 577).
  timer.cancel();
  return 'event';
}
