import type { OrchestrationContext } from 'durable-functions';
import { addSeconds } from '../core/time/time';
import { callActivity, OrchestrationFailure, type Orchestration } from './call';
import type { OrchestratorTypes } from './activity-types';

/**
 * Tells the ticketing system what has changed, and tries again, less and less often, what it does not
 * take. It ends when there is nothing left to tell; the sweeper begins another when there is.
 */
export function* deliverWebhooks(context: OrchestrationContext): Orchestration<null> {
  const { requestId, limits } = context.df.getInput<OrchestratorTypes['deliverWebhooks']>();
  try {
    for (;;) {
      const { nextInSeconds } = yield* callActivity(context, limits, 'sendWebhooks', { requestId });
      if (nextInSeconds === null) return null;
      yield context.df.createTimer(addSeconds(context.df.currentUtcDateTime, nextInSeconds));
    }
  } catch (error) {
    // The request may be gone, or storage away for long: the sweeper looks again.
    if (!(error instanceof OrchestrationFailure)) throw error;
    return null;
  }
}
