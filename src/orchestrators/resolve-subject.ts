import type { ResolveOutcome } from '../core/subject/resolve-contact';
import { addDays } from '../core/time/time';
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
 * Finds the contact that the request means. Waits for an officer's decision whenever a machine must
 * not decide, such as between two people with one phone number.
 * @param decisionVersion version of the last decision that the ledger held
 */
export function* resolveSubject(
  run: RequestRun,
  decisionVersion: number,
): Orchestration<Extract<ResolveOutcome, 'found' | 'noDataFound'>> {
  const { step, requestId } = run;
  for (let seenVersion = decisionVersion; ;) {
    const { outcome } = yield* step('resolveContact', { requestId });
    if (outcome === 'found' || outcome === 'noDataFound') return outcome;
    yield* moveTo(run, 'needsDecision', outcome);
    yield* bestEffort(step('remindOfficer', { requestId }));
    seenVersion = yield* awaitDecision(run, seenVersion);
  }
}

/** Waits until an officer has made another decision, and reminds them until then. */
function* awaitDecision(run: RequestRun, seenVersion: number): Orchestration<number> {
  const { step, requestId, input } = run;
  for (;;) {
    const { decisionVersion } = yield* readOpenRequest(run);
    if (decisionVersion !== seenVersion) return decisionVersion;
    const remindAt = addDays(now(run), input.limits.reminderDays);
    if ((yield* waitForChange(run, 'waitForDecision', remindAt)) === 'timeout')
      yield* bestEffort(step('remindOfficer', { requestId }));
  }
}
