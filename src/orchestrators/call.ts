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

/** A stretch of an orchestration that gives a `T`. */
export type Orchestration<T> = Generator<Task, T, unknown>;

/** The story ends here, for a reason that is known. */
export class OrchestrationFailure extends Error {
  constructor(readonly code: FailureCode) {
    super(code);
  }
}

/** What a sub-orchestration tells its parent: errors would arrive as text only. */
export type ChildResult = { kind: 'done' } | { kind: 'failed'; code: FailureCode };

/**
 * For what is thrown: storage that is away, a worker that is gone. No `retryTimeoutInMilliseconds`:
 * when it is exceeded the orchestration hangs (azure-functions-durable-js issue 629).
 */
function retryPolicy(): RetryOptions {
  // About three hours in all.
  const policy = new RetryOptions(2000, 40);
  policy.backoffCoefficient = 2;
  policy.maxRetryIntervalInMilliseconds = 300_000;
  return policy;
}

/** Longest pause before something is asked again, in seconds. */
const longestPause = 300;

/** Seconds before the source is asked again how far it is: more as it takes longer. */
export const pollDelaySeconds = (limits: OrchestrationLimits, round: number): number =>
  Math.min(limits.pollSeconds * Math.min(round, 30), Math.max(longestPause, limits.pollSeconds));

/**
 * Calls an activity until it is done, waiting by durable timers for as long as it says `again`.
 * @throws OrchestrationFailure when the activity says that it cannot be done, or has waited longer than allowed
 */
export function* callActivity<N extends ActivityName>(
  context: OrchestrationContext,
  limits: OrchestrationLimits,
  name: N,
  input: ActivityInput<N>,
): Orchestration<ActivityOutput<N>> {
  const giveUpAt = addHours(context.df.currentUtcDateTime, limits.sourceWaitHours);
  for (let attempt = 0; ; attempt += 1) {
    const work = context.df.callActivityWithRetry(name, retryPolicy(), input);
    const result = (yield work) as ActivityResult<ActivityOutput<N>>;
    if (result.kind === 'done') return result.value;
    if (result.kind === 'failed') throw new OrchestrationFailure(result.code);
    // An outage that lasts is asked about less and less often, so that the history stays short.
    const pause = Math.min(result.afterSeconds * 2 ** Math.min(attempt, 4), longestPause);
    const next = addSeconds(context.df.currentUtcDateTime, Math.max(pause, result.afterSeconds));
    if (next > giveUpAt) throw new OrchestrationFailure(tooLong[result.reason]);
    yield context.df.createTimer(next);
  }
}

/**
 * Whether an instance was started with this version of the orchestrations (`defaultVersion` in
 * host.json), or a later one. Older instances go on as they began: a replay must ask for the same.
 */
export const isSince = (context: OrchestrationContext, version: number): boolean =>
  Number.parseInt(context.df.version ?? '1', 10) >= version;

/** A child to be awaited with `all`. Its id follows from the request's, so that it can be found. */
export function startChild<N extends OrchestratorName>(
  context: OrchestrationContext,
  name: N,
  input: OrchestratorTypes[N],
  suffix: string,
): Task {
  return context.df.callSubOrchestrator(name, input, `${instanceIdOf(input.requestId)}-${suffix}`);
}

/** @throws OrchestrationFailure when any child has stopped, with the first one's code */
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

/** Waits for an event or a time, whichever is first. The timer never outlives the wait. */
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
