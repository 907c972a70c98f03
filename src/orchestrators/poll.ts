import type { OrchestrationContext } from 'durable-functions';
import { addHours, addSeconds } from '../core/time/time';
import {
  callActivity,
  pollDelaySeconds,
  OrchestrationFailure,
  type ChildResult,
  type Orchestration,
} from './call';
import type {
  ActivityInput,
  ActivityName,
  ActivityOutput,
  OrchestrationLimits,
} from './activity-types';

/** Activities that move something on and tell how much of it is not done. */
type Advancing = {
  [N in ActivityName]: ActivityOutput<N> extends { waiting: number } ? N : never;
}[ActivityName];

/**
 * Calls an activity until nothing waits any more, with pauses that grow while nothing moves.
 * @returns how it ended; too long is `sourceUnavailableTooLong`
 */
export function* pollUntilDone<N extends Advancing>(
  context: OrchestrationContext,
  limits: OrchestrationLimits,
  name: N,
  input: ActivityInput<N>,
): Orchestration<ChildResult> {
  const now = (): Date => context.df.currentUtcDateTime;
  const giveUpAt = addHours(now(), limits.sourceWaitHours);
  try {
    let before = Infinity;
    for (let idle = 1; ; idle += 1) {
      const { waiting } = yield* callActivity(context, limits, name, input);
      if (waiting === 0) return { kind: 'done' };
      if (waiting < before) idle = 1;
      before = waiting;
      const next = addSeconds(now(), pollDelaySeconds(limits, idle));
      if (next > giveUpAt) throw new OrchestrationFailure('sourceUnavailableTooLong');
      yield context.df.createTimer(next);
    }
  } catch (error) {
    if (error instanceof OrchestrationFailure) return { kind: 'failed', code: error.code };
    throw error;
  }
}
