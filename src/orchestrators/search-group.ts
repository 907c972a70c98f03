import type { OrchestrationContext } from 'durable-functions';
import { childResult, type ChildResult, type Orchestration } from './call';
import type { OrchestratorTypes } from './activity-types';
import { pollUntilDone } from './poll';

/** Searches a group of windows; each search is an asynchronous job of the source. */
export function* searchGroup(context: OrchestrationContext): Orchestration<ChildResult> {
  const { requestId, limits, group, purpose } =
    context.df.getInput<OrchestratorTypes['searchGroup']>();
  const input = { requestId, group, ...(purpose === undefined ? {} : { purpose }) };
  return yield* childResult(pollUntilDone(context, limits, 'advanceSearches', input));
}
