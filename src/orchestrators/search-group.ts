import type { OrchestrationContext } from 'durable-functions';
import type { ChildResult, Orchestration } from './call';
import type { OrchestratorTypes } from './activity-types';
import { pollUntilDone } from './poll';

/** Searches a group of windows: each is a job in the source that takes its time. */
export function* searchGroup(context: OrchestrationContext): Orchestration<ChildResult> {
  const { requestId, limits, group } = context.df.getInput<OrchestratorTypes['searchGroup']>();
  return yield* pollUntilDone(context, limits, 'advanceSearches', { requestId, group });
}
