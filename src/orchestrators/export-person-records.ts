import type { OrchestrationContext } from 'durable-functions';
import { childResult, type ChildResult, type Orchestration } from './call';
import type { OrchestratorTypes } from './activity-types';
import { pollUntilDone } from './poll';

/** Exports the records of the person that belong to no conversation, in parallel with the workers. */
export function* exportPersonRecords(context: OrchestrationContext): Orchestration<ChildResult> {
  const { requestId, limits } = context.df.getInput<OrchestratorTypes['exportPersonRecords']>();
  return yield* childResult(pollUntilDone(context, limits, 'exportPerson', { requestId }));
}
