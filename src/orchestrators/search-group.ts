import type { OrchestrationContext } from 'durable-functions';
import { addHours, addSeconds } from '../core/time';
import { call, pauseOf, Stopped, type ChildResult, type Work } from './call';
import type { OrchestratorContract } from './contract';

/** Searches a group of windows: each is a job in the source that takes its time. */
export function* searchGroup(context: OrchestrationContext): Work<ChildResult> {
  const { requestId, limits, group } = context.df.getInput<OrchestratorContract['searchGroup']>();
  const now = (): Date => context.df.currentUtcDateTime;
  const giveUpAt = addHours(now(), limits.sourceWaitHours);
  try {
    for (let round = 1; ; round += 1) {
      const { waiting } = yield* call(context, limits, 'advanceSearches', { requestId, group });
      if (waiting === 0) return { kind: 'done' };
      const next = addSeconds(now(), pauseOf(limits, round));
      if (next > giveUpAt) throw new Stopped('sourceUnavailableTooLong');
      yield context.df.createTimer(next);
    }
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'failed', code: error.code };
    throw error;
  }
}
