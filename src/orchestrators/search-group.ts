import type { OrchestrationContext } from 'durable-functions';
import type { ChildResult, Work } from './call';
import type { OrchestratorContract } from './contract';
import { pollUntilDone } from './poll';

/** Searches a group of windows: each is a job in the source that takes its time. */
export function* searchGroup(context: OrchestrationContext): Work<ChildResult> {
  const { requestId, limits, group } = context.df.getInput<OrchestratorContract['searchGroup']>();
  return yield* pollUntilDone(context, limits, 'advanceSearches', { requestId, group });
}
