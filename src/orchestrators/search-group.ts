import type { OrchestrationContext } from 'durable-functions';
import { addSeconds } from '../core/time';
import { call, Stopped, type ChildResult, type Work } from './call';
import type { OrchestratorContract } from './contract';

/** Searches a group of windows: each is a job in the source that takes its time. */
export function* searchGroup(context: OrchestrationContext): Work<ChildResult> {
  const { requestId, limits, group } = context.df.getInput<OrchestratorContract['searchGroup']>();
  try {
    while ((yield* call(context, limits, 'advanceSearches', { requestId, group })).waiting > 0) {
      yield context.df.createTimer(addSeconds(context.df.currentUtcDateTime, limits.pollSeconds));
    }
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'failed', code: error.code };
    throw error;
  }
}
