import type { OrchestrationContext } from 'durable-functions';
import type { ChildResult, Work } from './call';
import type { OrchestratorContract } from './contract';
import { pollUntilDone } from './poll';

/** Exports what is of the person and of no conversation, beside the lanes. */
export function* collectPerson(context: OrchestrationContext): Work<ChildResult> {
  const { requestId, limits } = context.df.getInput<OrchestratorContract['collectPerson']>();
  return yield* pollUntilDone(context, limits, 'exportPerson', { requestId });
}
