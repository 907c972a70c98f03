import type { OrchestrationContext } from 'durable-functions';
import { addSeconds, atTime, secondsBetween } from '../core/time/time';
import {
  callActivity,
  childResult,
  pollDelaySeconds,
  type ChildResult,
  type Orchestration,
} from './call';
import type { OrchestratorTypes } from './activity-types';

/** Passes after which the worker continues as new, so that its history stays short. */
const passesPerGeneration = 60;

/**
 * Exports every n-th page of a request, one after the other. A page takes several passes: each asks
 * for what is missing, writes what is ready, and waits while the source prepares the rest.
 */
export function* exportWorker(context: OrchestrationContext): Orchestration<ChildResult> {
  return yield* childResult(exportPages(context));
}

function* exportPages(context: OrchestrationContext): Orchestration<void> {
  const input = context.df.getInput<OrchestratorTypes['exportWorker']>();
  const { requestId, limits, attempt, pages } = input;
  const step = Math.min(limits.exportConcurrency, pages);
  const now = (): Date => context.df.currentUtcDateTime;
  const newDeadline = (): Date => addSeconds(now(), limits.recordingWaitMinutes * 60);
  let { page, pass = 1 } = input;
  let deadline = input.deadline === undefined ? newDeadline() : atTime(input.deadline);
  for (let passes = 1; page <= pages; passes += 1) {
    const isLast = now() >= deadline;
    const startedAt = now();
    const passInput = { requestId, page, attempt, pass, isLast };
    const { waiting } = yield* callActivity(context, limits, 'exportPage', passInput);
    // The source could not prepare anything while it was unavailable: that time does not count.
    deadline = addSeconds(deadline, secondsBetween(startedAt, now()));
    if (waiting > 0) {
      yield context.df.createTimer(addSeconds(now(), pollDelaySeconds(limits, pass)));
      pass += 1;
    } else {
      page += step;
      pass = 1;
      deadline = newDeadline();
    }
    if (passes === passesPerGeneration && page <= pages) {
      context.df.continueAsNew({ ...input, page, pass, deadline: deadline.toISOString() });
      return;
    }
  }
}
