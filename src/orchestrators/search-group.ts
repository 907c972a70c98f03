import type { OrchestrationContext } from 'durable-functions';
import { childResult, type ChildResult, type Orchestration } from './call';
import type { OrchestratorTypes } from './activity-types';
import { pollUntilDone } from './poll';

/** Searches a group of windows; each search is an asynchronous job of the source. */
export function* searchGroup(context: OrchestrationContext): Orchestration<ChildResult> {
  const { requestId, limits, group } = context.df.getInput<OrchestratorTypes['searchGroup']>();
  return yield* childResult(
    pollUntilDone(context, limits, 'advanceSearches', { requestId, group }),
  );
}
