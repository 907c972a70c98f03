import type { ResolveOutcome } from '../core/subject/resolve-contact';
import { addDays } from '../core/time/time';
import type { Orchestration } from './call';
import { probeSource } from './export-package';
import {
  bestEffort,
  moveTo,
  now,
  readOpenRequest,
  waitForChange,
  type RequestRun,
} from './request-run';
import { searchConversations } from './search-conversations';

/**
 * Finds the contact that the request means. Waits for an officer's decision whenever a machine must
 * not decide, such as between two people with one phone number. Where nobody is found, it looks for
 * conversations under the identifiers given before anyone says that there is no data.
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
    if (outcome === 'nobodyFound') {
      yield* countConversations(run);
      continue;
    }
    yield* moveTo(run, 'needsDecision', outcome);
    yield* bestEffort(step('remindOfficer', { requestId }));
    seenVersion = yield* awaitDecision(run, seenVersion);
  }
}

/**
 * Counts the conversations under the identifiers that the request gives, and stores nothing else of them.
 * A client that may not see the data finds none, so permissions and divisions come first.
 */
function* countConversations(run: RequestRun): Orchestration<void> {
  yield* probeSource(run);
  // A request that is retried after a failure counts by other children.
  const start = now(run).getTime();
  yield* searchConversations(run, (group) => `count-${group}-${start}`, 'count');
  yield* run.step('gatherEvidence', { requestId: run.requestId });
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
