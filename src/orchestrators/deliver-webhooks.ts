import type { OrchestrationContext } from 'durable-functions';
import { addSeconds } from '../core/time/time';
import { callActivity, OrchestrationFailure, type Orchestration } from './call';
import type { OrchestratorTypes } from './activity-types';

/**
 * Delivers the pending webhooks of a request, and retries with growing pauses. It ends when none is
 * pending; the sweeper starts another instance when one becomes pending.
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
    // The request may be deleted, or storage unavailable for long: the sweeper starts another instance.
    if (!(error instanceof OrchestrationFailure)) throw error;
    return null;
  }
}
