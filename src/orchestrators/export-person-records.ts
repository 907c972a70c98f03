import type { OrchestrationContext } from 'durable-functions';
import type { ChildResult, Orchestration } from './call';
import type { OrchestratorTypes } from './activity-types';
import { pollUntilDone } from './poll';

/** Exports what is of the person and of no conversation, beside the lanes. */
export function* exportPersonRecords(context: OrchestrationContext): Orchestration<ChildResult> {
  const { requestId, limits } = context.df.getInput<OrchestratorTypes['exportPersonRecords']>();
  return yield* pollUntilDone(context, limits, 'exportPerson', { requestId });
}
