import type { OrchestrationContext } from 'durable-functions';
import { firstRoundOf } from '../core/package/blob-names';
import { isClosed, type RequestState } from '../core/request/states';
import { addDays, atTime } from '../core/time/time';
import {
  awaitChildren,
  callActivity,
  startChild,
  isSince,
  OrchestrationFailure,
  waitFor,
  type Orchestration,
} from './call';
import {
  requestChanged,
  type ActivityInput,
  type ActivityName,
  type ActivityOutput,
  type OrchestratorTypes,
} from './activity-types';

/**
 * One request, from its ticket to the deletion of everything that was made for it:
 * 1. resolve the contact points on file, ask an officer where a machine must not decide, and invite
 *    the person
 * 2. wait until they have proven who they are
 * 3. find their conversations
 * 4. export them, page by page
 * 5. check that nothing is missing, close the package, read it back
 * 6. make it available, tell the person, and delete it when its time is over
 *
 * The ledger says how far the request is. A story that is told again, after a failure, goes on there.
 */
export function* fulfilRequest(
  context: OrchestrationContext,
): Orchestration<{ state: RequestState }> {
  const { requestId, limits } = context.df.getInput<OrchestratorTypes['fulfilRequest']>();
  const step: Step = (name, input) => {
    context.df.setCustomStatus({ step: name });
    return callActivity(context, limits, name, input);
  };
  try {
    return { state: yield* orchestration(context, { requestId, limits }, step) };
  } catch (error) {
    const reason = error instanceof OrchestrationFailure ? error.code : 'internalError';
    if (reason !== 'requestClosed') {
      yield* step('moveRequest', { requestId, to: 'failed', reason });
      yield* tryTo(step('remindOfficer', { requestId }));
      // An officer may have taken it up again while this story still ended: it is told anew.
      const isTakenUp =
        isSince(context, 2) && (yield* step('readRequest', { requestId })).state !== 'failed';
      if (isTakenUp) context.df.continueAsNew({ requestId, limits });
      return { state: 'failed' };
    }
    // Whatever was under way has ended: nothing of the person outlives a request that was stopped.
    if (isSince(context, 2)) yield* tryTo(step('sendRefusalNotice', { requestId }));
    yield* step('cleanUp', { requestId });
    return { state: (yield* step('readRequest', { requestId })).state };
  }
}

type Step = <N extends ActivityName>(
  name: N,
  input: ActivityInput<N>,
) => Orchestration<ActivityOutput<N>>;

function* orchestration(
  context: OrchestrationContext,
  { requestId, limits }: OrchestratorTypes['fulfilRequest'],
  step: Step,
): Orchestration<RequestState> {
  const move = (to: RequestState, reason?: string): Orchestration<null> =>
    step('moveRequest', { requestId, to, ...(reason === undefined ? {} : { reason }) });
  /** How the ledger sees the request; an officer may have stopped it meanwhile. */
  const read = function* (): Orchestration<ActivityOutput<'readRequest'>> {
    const request = yield* step('readRequest', { requestId });
    if (isClosed(request.state)) throw new OrchestrationFailure('requestClosed');
    return request;
  };
  /** Nothing of the person outlives a request that has ended. */
  const end = function* (state: RequestState, reason?: string): Orchestration<RequestState> {
    yield* step('cleanUp', { requestId });
    yield* move(state, reason);
    return state;
  };

  let request = yield* read();
  if (!request.isVerified) {
    // 1. Who is meant, and how to reach them.
    let { outcome } = yield* step('resolveContact', { requestId });
    while (outcome !== 'found' && outcome !== 'noDataFound') {
      yield* move('needsDecision', outcome);
      yield* tryTo(step('remindOfficer', { requestId }));
      const { decisionVersion } = request;
      while ((request = yield* read()).decisionVersion === decisionVersion) {
        context.df.setCustomStatus({ step: 'waitForDecision' });
        const remindAt = addDays(context.df.currentUtcDateTime, limits.reminderDays);
        if ((yield* waitFor(context, requestChanged, remindAt)) === 'timeout')
          yield* tryTo(step('remindOfficer', { requestId }));
      }
      ({ outcome } = yield* step('resolveContact', { requestId }));
    }
    if (outcome === 'noDataFound') return yield* end('noDataFound');
    yield* step('invite', { requestId });
    yield* move('awaitingVerification');

    // 2. Nothing is exported before this. The event is a notifyOrchestration; what counts is the ledger.
    const invitedAt = context.df.currentUtcDateTime;
    const giveUpAt = addDays(invitedAt, limits.verificationDays);
    const remindAt = addDays(invitedAt, limits.reminderDays);
    let next = isSince(context, 2) && remindAt < giveUpAt ? remindAt : giveUpAt;
    let isOver = false;
    while (!(request = yield* read()).isVerified) {
      if (isOver) return yield* end('unverified');
      context.df.setCustomStatus({ step: 'waitForVerification' });
      if ((yield* waitFor(context, requestChanged, next)) === 'event') continue;
      isOver = next === giveUpAt;
      next = giveUpAt;
      if (!isOver) yield* tryTo(step('remindPerson', { requestId }));
    }
  }

  // 3. to 5. Again from the beginning, when an officer has decided anew meanwhile.
  let isCollected = request.endsAt !== null;
  while (!isCollected) isCollected = yield* collect(context, { requestId, limits }, step);

  // 6. Available for as long as was promised, then gone.
  yield* step('release', { requestId });
  yield* tryTo(step('announce', { requestId }));
  for (let passed: string | null = null; ;) {
    const { endsAt } = yield* read();
    // A download that runs when the time is over moves the end, a day at most.
    if (endsAt === null || endsAt === passed) break;
    context.df.setCustomStatus({ step: 'waitForExpiry' });
    const woken: string = yield* waitFor(context, requestChanged, atTime(endsAt));
    passed = woken === 'timeout' ? endsAt : null;
  }
  return yield* end('expired');
}

/** Finds, exports and packs. Returns false when it has to be done again under another decision. */
function* collect(
  context: OrchestrationContext,
  { requestId, limits }: OrchestratorTypes['fulfilRequest'],
  step: Step,
): Orchestration<boolean> {
  const { problem } = yield* step('probeSource', { requestId });
  if (problem !== null) throw new OrchestrationFailure(problem);
  const { attempt } = yield* step('beginExportAttempt', { requestId });
  const nth = attempt === 1 ? '' : `-${attempt}`;

  // 3. Every window of time, side by side.
  const { groups } = yield* step('planSearches', { requestId });
  context.df.setCustomStatus({ step: 'searching', groups });
  const searches = numbersTo(groups).map((group) =>
    startChild(context, 'searchGroup', { requestId, limits, group }, `search-${group}${nth}`),
  );
  yield* awaitChildren(context, searches);
  const { pages, conversations } = yield* step('planPages', { requestId });

  // 4. Every page is a part of the package; the lanes work through them side by side, and what is
  // of no conversation is a part of its own.
  context.df.setCustomStatus({ step: 'exporting', pages, conversations });
  const firstRound = firstRoundOf(attempt);
  const workers = numbersTo(Math.min(limits.exportConcurrency, pages)).map((worker) => {
    const input = { requestId, limits, pages, page: worker, firstRound };
    return startChild(context, 'exportWorker', input, `lane-${worker}${nth}`);
  });
  const person = startChild(context, 'exportPersonRecords', { requestId, limits }, `person${nth}`);
  yield* awaitChildren(context, [person, ...workers]);

  // 5. A package that is not complete is never released.
  const { isComplete, isCurrent } = yield* step('reconcile', { requestId });
  if (!isCurrent) return false;
  if (!isComplete) throw new OrchestrationFailure('packageIncomplete');
  yield* step('moveRequest', { requestId, to: 'packaging' });
  yield* step('writePackageMetadata', { requestId });
  yield* step('commitPackage', { requestId });
  for (let from: number | null = 0; from !== null;)
    ({ next: from } = yield* step('verifyPackage', { requestId, from }));
  // A decision may have come in just before the packing began, after which none is taken.
  return (yield* step('reconcile', { requestId })).isCurrent;
}

/** Does what the request does not hang on: a package stays available when no mail can be sent. */
function* tryTo(work: Orchestration<unknown>): Orchestration<void> {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof OrchestrationFailure) || error.code === 'requestClosed') throw error;
  }
}

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
