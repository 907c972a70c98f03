import type { OrchestrationContext } from 'durable-functions';
import { addSeconds } from '../core/time';
import { call, Stopped, type ChildResult, type Work } from './call';
import type { Limits, OrchestratorContract } from './contract';

/** Pages after which the history is begun anew. */
const pagesPerGeneration = 20;

/** Works through every n-th page of a request, one after the other. */
export function* exportLane(context: OrchestrationContext): Work<ChildResult> {
  const input = context.df.getInput<OrchestratorContract['exportLane']>();
  const { requestId, limits, pages } = input;
  const step = Math.min(limits.lanes, pages);
  try {
    let page = input.page;
    for (let count = 0; page <= pages; count += 1, page += step) {
      if (count === pagesPerGeneration) {
        context.df.continueAsNew({ ...input, page });
        return { kind: 'done' };
      }
      yield* exportPage(context, limits, requestId, page);
    }
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof Stopped) return { kind: 'failed', code: error.code };
    throw error;
  }
}

/** Asks, waits while the source prepares, asks again; each round writes what has become ready. */
function* exportPage(
  context: OrchestrationContext,
  limits: Limits,
  requestId: string,
  page: number,
): Work<void> {
  const deadline = addSeconds(context.df.currentUtcDateTime, limits.audioWaitMinutes * 60);
  for (let round = 1; ; round += 1) {
    const isLast = context.df.currentUtcDateTime >= deadline;
    const { waiting } = yield* call(context, limits, 'exportPage', {
      requestId,
      page,
      round,
      isLast,
    });
    if (waiting === 0) return;
    const pause = limits.pollSeconds * Math.min(round, 6);
    yield context.df.createTimer(addSeconds(context.df.currentUtcDateTime, pause));
  }
}
