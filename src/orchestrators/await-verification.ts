import { addDays } from '../core/time/time';
import type { Orchestration } from './call';
import { bestEffort, now, readOpenRequest, waitForChange, type RequestRun } from './request-run';

/**
 * Waits until the person has verified their identity, and reminds them once. The ledger decides: an
 * event is only a notification, and a verification that arrives together with the timeout counts.
 * @returns false when the time allowed has passed
 */
export function* awaitVerification(run: RequestRun): Orchestration<boolean> {
  const { step, requestId, input } = run;
  const giveUpAt = addDays(now(run), input.limits.verificationDays);
  const remindAt = addDays(now(run), input.limits.reminderDays);
  let next = remindAt < giveUpAt ? remindAt : giveUpAt;
  let isOver = false;
  while (!(yield* readOpenRequest(run)).isVerified) {
    if (isOver) return false;
    if ((yield* waitForChange(run, 'waitForVerification', next)) === 'event') continue;
    isOver = next === giveUpAt;
    next = giveUpAt;
    if (!isOver) yield* bestEffort(step('remindPerson', { requestId }));
  }
  return true;
}
