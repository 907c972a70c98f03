import type { OrchestrationContext } from 'durable-functions';
import { addHours, addSeconds } from '../core/time';
import { call, pauseOf, Stopped, type ChildResult, type Work } from './call';
import type { ActivityInput, ActivityName, ActivityOutput, Limits } from './contract';

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
  limits: Limits,
  name: N,
  input: ActivityInput<N>,
): Work<ChildResult> {
  const now = (): Date => context.df.currentUtcDateTime;
  const giveUpAt = addHours(now(), limits.sourceWaitHours);
  try {
    let before = Infinity;
    for (let idle = 1; ; idle += 1) {
      const { waiting } = yield* call(context, limits, name, input);
      if (waiting === 0) return { kind: 'done' };
      if (waiting < before) idle = 1;
      before = waiting;
      const next = addSeconds(now(), pauseOf(limits, idle));
      if (next > giveUpAt) throw new Stopped('sourceUnavailableTooLong');
      yield context.df.createTimer(next);
    }
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'failed', code: error.code };
    throw error;
  }
}
