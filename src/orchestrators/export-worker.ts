import type { OrchestrationContext } from 'durable-functions';
import { addSeconds, atTime, secondsBetween } from '../core/time/time';
import {
  callActivity,
  pollDelaySeconds,
  OrchestrationFailure,
  type ChildResult,
  type Orchestration,
} from './call';
import type { OrchestratorTypes } from './activity-types';

/** Rounds after which the history is begun anew. */
const roundsPerGeneration = 60;

/**
 * Works through every n-th page of a request, one after the other. A page takes rounds: each asks
 * for what is missing, writes what has become ready, and waits while the source prepares the rest.
 */
export function* exportWorker(context: OrchestrationContext): Orchestration<ChildResult> {
  const input = context.df.getInput<OrchestratorTypes['exportWorker']>();
  const { requestId, limits, pages, firstRound } = input;
  const step = Math.min(limits.exportConcurrency, pages);
  const now = (): Date => context.df.currentUtcDateTime;
  const newDeadline = (): Date => addSeconds(now(), limits.recordingWaitMinutes * 60);
  let { page, round = firstRound } = input;
  let deadline = input.deadline === undefined ? newDeadline() : atTime(input.deadline);
  try {
    for (let rounds = 1; page <= pages; rounds += 1) {
      const isLast = now() >= deadline;
      const asked = { requestId, page, round, isLast };
      const askedAt = now();
      const { waiting } = yield* callActivity(context, limits, 'exportPage', asked);
      // Time in which the source did not answer is not time that it had to prepare.
      deadline = addSeconds(deadline, secondsBetween(askedAt, now()));
      if (waiting > 0) {
        yield context.df.createTimer(
          addSeconds(now(), pollDelaySeconds(limits, round - firstRound + 1)),
        );
        round += 1;
      } else {
        page += step;
        round = firstRound;
        deadline = newDeadline();
      }
      if (rounds === roundsPerGeneration && page <= pages) {
        context.df.continueAsNew({ ...input, page, round, deadline: deadline.toISOString() });
        break;
      }
    }
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof OrchestrationFailure) return { kind: 'failed', code: error.code };
    throw error;
  }
}
