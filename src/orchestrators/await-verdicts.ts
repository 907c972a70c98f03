import { addDays, atTime } from '../core/time/time';
import type { ActivityOutput } from './activity-types';
import type { Orchestration } from './call';
import {
  bestEffort,
  moveTo,
  now,
  readOpenRequest,
  waitForChange,
  type RequestRun,
} from './request-run';

/**
 * Step 5 of `fulfilRequest`: lists the conversations that may be another person's, and waits until an
 * officer has decided on each of them, or the export may go on without. Nothing of them is read before.
 * @returns false when an officer has decided that another person is meant: the search has to be repeated
 */
export function* awaitVerdicts(run: RequestRun): Orchestration<boolean> {
  const { step, requestId } = run;
  for (let isAsked = false; ;) {
    const found = yield* step('findDoubtful', { requestId });
    if (!found.isCurrent) return false;
    if (found.undecided === 0) {
      if (isAsked) yield* moveTo(run, 'exporting');
      return true;
    }
    if (!isAsked) {
      yield* moveTo(run, 'needsDecision', 'doubtfulConversations');
      yield* bestEffort(step('remindOfficer', { requestId }));
      isAsked = true;
    }
    yield* awaitAnswers(run, found);
  }
}

/**
 * Waits until an officer has made another decision, or it is time to go on without; reminds them every
 * few days, and because of the deadline.
 */
function* awaitAnswers(
  run: RequestRun,
  { decisionVersion: seen, remindAt, releaseAt }: ActivityOutput<'findDoubtful'>,
): Orchestration<void> {
  const { step, requestId, input } = run;
  const fixed = [remindAt, releaseAt].flatMap((time) => (time === null ? [] : atTime(time)));
  const next = earliest([addDays(now(run), input.limits.reminderDays), ...fixed]);
  for (;;) {
    if ((yield* readOpenRequest(run)).decisionVersion !== seen) return;
    if ((yield* waitForChange(run, 'waitForVerdicts', next)) === 'event') continue;
    // Whether the time has come to go on without answers is for the ledger to say.
    if (releaseAt === null || next < atTime(releaseAt))
      yield* bestEffort(step('remindOfficer', { requestId }));
    return;
  }
}

const earliest = (times: readonly Date[]): Date =>
  times.reduce((first, time) => (time < first ? time : first));
