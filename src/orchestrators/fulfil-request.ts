import type { OrchestrationContext } from 'durable-functions';
import type { FailureCode } from '../core/results';
import { isFinal, type RequestState } from '../core/request/states';
import { atTime } from '../core/time/time';
import { awaitVerification } from './await-verification';
import { OrchestrationFailure, type Orchestration } from './call';
import { exportPackage } from './export-package';
import {
  bestEffort,
  endRequest,
  moveTo,
  notifyOfEnd,
  readOpenRequest,
  requestRun,
  waitForChange,
  type RequestRun,
} from './request-run';
import { resolveSubject } from './resolve-subject';

/**
 * Fulfils one request, from its acceptance to the deletion of everything stored for it. The ledger
 * holds the progress: an orchestration that is started again, after a failure, resumes from there.
 */
export function* fulfilRequest(
  context: OrchestrationContext,
): Orchestration<{ state: RequestState }> {
  const run = requestRun(context);
  try {
    return { state: yield* fulfil(run) };
  } catch (error) {
    const code = error instanceof OrchestrationFailure ? error.code : 'internalError';
    return { state: yield* code === 'requestClosed' ? close(run) : fail(run, code) };
  }
}

function* fulfil(run: RequestRun): Orchestration<RequestState> {
  const { step, requestId } = run;

  // 1. The request is accepted: it is in the ledger, its legal clock runs, the ticket is acknowledged.
  const request = yield* readOpenRequest(run);
  if (!request.isVerified) {
    // 2. Resolve the contact from the contact points on file, and nothing else; where nobody is found,
    //    search the conversations by the identifiers given before anyone says "no data found". Invite
    //    the subject.
    const outcome = yield* resolveSubject(run, request.decisionVersion);
    if (outcome === 'noDataFound') return yield* endRequest(run, 'noDataFound');
    yield* step('invite', { requestId });
    yield* moveTo(run, 'awaitingVerification');

    // 3. Wait until the subject has verified their identity. Nothing is exported before.
    if (!(yield* awaitVerification(run))) return yield* endRequest(run, 'unverified');
  }

  // 4. Check the permissions at the source and find the conversations.
  // 5. List the conversations that may be another person's, and wait for an officer's decision on them.
  // 6. Export the conversations page by page, and in parallel the records of the person.
  // 7. Reconcile what was written with what is expected; stop when something is missing.
  // 8. Write the metadata, commit the package and read it back. Start again after another decision.
  let isPackaged = request.endsAt !== null;
  while (!isPackaged) isPackaged = yield* exportPackage(run);

  // 9. Make the package available, notify the subject and wait until its time is over.
  yield* step('release', { requestId });
  yield* bestEffort(step('announce', { requestId }));
  yield* awaitExpiry(run);

  // 10. Delete everything stored for the request, and close it.
  return yield* endRequest(run, 'expired');
}

/**
 * Waits until the package expires, and reminds the person before. A running download moves that time, by
 * a day at most; an officer who releases the package again moves it, too, and the person is told.
 */
function* awaitExpiry(run: RequestRun): Orchestration<void> {
  const { step, requestId } = run;
  let reminded: string | null = null;
  for (let passed: string | null = null; ;) {
    const request = yield* readOpenRequest(run);
    const { endsAt, expiryReminderAt: remindAt = null } = request;
    if (endsAt === null || endsAt === passed) return;
    if (request.isAnnounced === false) yield* bestEffort(step('announce', { requestId }));
    const isReminderNext: boolean = remindAt !== null && remindAt !== reminded && remindAt < endsAt;
    const next: string = isReminderNext && remindAt !== null ? remindAt : endsAt;
    const reason: string = yield* waitForChange(run, 'waitForExpiry', atTime(next));
    passed = reason === 'timeout' && !isReminderNext ? endsAt : null;
    if (reason === 'event' || !isReminderNext) continue;
    reminded = remindAt;
    yield* bestEffort(step('remindOfExpiry', { requestId }));
  }
}

/** Ends a request that an officer has closed, when no other work of it runs. */
function* close(run: RequestRun): Orchestration<RequestState> {
  const { step, requestId } = run;
  const { state } = yield* step('readRequest', { requestId });
  if (isFinal(state)) {
    try {
      yield* notifyOfEnd(run, state);
    } catch {
      // Whatever becomes of the notice, everything is deleted.
    }
  }
  yield* step('cleanUp', { requestId });
  return state;
}

function* fail(run: RequestRun, reason: FailureCode): Orchestration<RequestState> {
  const { context, input, step, requestId } = run;
  yield* moveTo(run, 'failed', reason);
  yield* bestEffort(step('remindOfficer', { requestId }));
  // An officer may have retried the request while this instance was failing: restart it.
  const { state } = yield* step('readRequest', { requestId });
  if (state !== 'failed') context.df.continueAsNew(input);
  return 'failed';
}
