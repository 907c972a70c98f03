import type { OrchestrationContext } from 'durable-functions';
import { addHours, addSeconds } from '../core/time/time';
import { callActivity, pollDelaySeconds, OrchestrationFailure, type Orchestration } from './call';
import type {
  ActivityInput,
  ActivityName,
  ActivityOutput,
  OrchestrationLimits,
} from './activity-types';

/** Activities that advance some work and return how much of it is waiting. */
type PollableActivity = {
  [N in ActivityName]: ActivityOutput<N> extends { waiting: number } ? N : never;
}[ActivityName];

/**
 * Calls an activity until nothing is waiting, with pauses that grow while there is no progress.
 * @throws OrchestrationFailure `sourceUnavailableTooLong` when that takes longer than allowed
 */
export function* pollUntilDone<N extends PollableActivity>(
  context: OrchestrationContext,
  limits: OrchestrationLimits,
  name: N,
  input: ActivityInput<N>,
): Orchestration<void> {
  const now = (): Date => context.df.currentUtcDateTime;
  const giveUpAt = addHours(now(), limits.sourceWaitHours);
  let waitingBefore = Infinity;
  for (let idlePolls = 1; ; idlePolls += 1) {
    const { waiting } = yield* callActivity(context, limits, name, input);
    if (waiting === 0) return;
    if (waiting < waitingBefore) idlePolls = 1;
    waitingBefore = waiting;
    const next = addSeconds(now(), pollDelaySeconds(limits, idlePolls));
    if (next > giveUpAt) throw new OrchestrationFailure('sourceUnavailableTooLong');
    yield context.df.createTimer(next);
  }
}
