import type { OrchestrationContext } from 'durable-functions';
import type { RequestState } from '../core/states';
import { addDays, atTime } from '../core/time';
import { all, call, child, Stopped, waitFor, type Work } from './call';
import {
  identityVerified,
  type ActivityInput,
  type ActivityName,
  type ActivityOutput,
  type OrchestratorContract,
} from './contract';

/**
 * One request, from its ticket to the deletion of everything that was made for it:
 * 1. resolve the contact points on file, and invite the person
 * 2. wait until they have proven who they are
 * 3. find their conversations
 * 4. export them, page by page
 * 5. check that nothing is missing, close the package, read it back
 * 6. make it available, tell the person, and delete it when its time is over
 */
export function* fulfilRequest(context: OrchestrationContext): Work<{ state: RequestState }> {
  const input = context.df.getInput<OrchestratorContract['fulfilRequest']>();
  const step = stepsOf(context, input);
  try {
    return { state: yield* story(context, input, step) };
  } catch (error) {
    const reason = error instanceof Stopped ? error.code : 'internalError';
    yield* step('moveRequest', { requestId: input.requestId, to: 'failed', reason });
    return { state: 'failed' };
  }
}

type Step = <N extends ActivityName>(name: N, input: ActivityInput<N>) => Work<ActivityOutput<N>>;

function stepsOf(
  context: OrchestrationContext,
  { limits }: OrchestratorContract['fulfilRequest'],
): Step {
  return (name, input) => {
    context.df.setCustomStatus({ step: name });
    return call(context, limits, name, input);
  };
}

function* story(
  context: OrchestrationContext,
  { requestId, limits }: OrchestratorContract['fulfilRequest'],
  step: Step,
): Work<RequestState> {
  const move = (to: RequestState, reason?: string): Work<null> =>
    step('moveRequest', { requestId, to, ...(reason === undefined ? {} : { reason }) });
  /** Nothing of the person outlives a request that has ended. */
  const end = function* (state: RequestState, reason?: string): Work<RequestState> {
    yield* step('cleanUp', { requestId });
    yield* move(state, reason);
    return state;
  };
  const giveUpOnIdentity = addDays(context.df.currentUtcDateTime, limits.verificationDays);

  // 1. Who is meant, and how to reach them.
  const { outcome } = yield* step('resolveContact', { requestId });
  if (outcome === 'nothingHeld') return yield* end('nothingHeld');
  if (outcome !== 'found') {
    yield* move('needsDecision', outcome);
    context.df.setCustomStatus({ step: 'waitForDecision' });
    yield context.df.createTimer(giveUpOnIdentity);
    return yield* end('unverified', outcome);
  }
  yield* step('invite', { requestId });
  yield* move('awaitingVerification');

  // 2. Nothing is exported before this. The event is a nudge; what counts is the ledger.
  context.df.setCustomStatus({ step: 'waitForVerification' });
  let isOver = false;
  while (!(yield* call(context, limits, 'readRequest', { requestId })).isVerified) {
    if (isOver) return yield* end('unverified');
    isOver = (yield* waitFor(context, identityVerified, giveUpOnIdentity)) === 'timeout';
  }
  yield* move('identifying');

  // 3. Every window of time, side by side; first, whether the source lets us read it all.
  const { isAllowed } = yield* step('probeSource', { requestId });
  if (!isAllowed) throw new Stopped('sourcePermissionMissing');
  const { groups } = yield* step('planSearches', { requestId });
  yield* move('collecting');
  context.df.setCustomStatus({ step: 'searching', groups });
  const searches = numbersTo(groups).map((group) =>
    child(context, 'searchGroup', { requestId, limits, group }, `search-${group}`),
  );
  yield* all(context, searches);
  const { pages, conversations } = yield* step('planPages', { requestId });

  // 4. Every page is a part of the package; the lanes work through them side by side, and what is
  // of no conversation is a part of its own.
  context.df.setCustomStatus({ step: 'exporting', pages, conversations });
  const lanes = numbersTo(Math.min(limits.lanes, pages)).map((lane) =>
    child(context, 'exportLane', { requestId, limits, pages, page: lane }, `lane-${lane}`),
  );
  const person = child(context, 'collectPerson', { requestId, limits }, 'person');
  yield* all(context, [person, ...lanes]);

  // 5. A package that is not complete is never released.
  const { isComplete } = yield* step('reconcile', { requestId });
  if (!isComplete) throw new Stopped('packageIncomplete');
  yield* move('packaging');
  yield* step('writeClosing', { requestId });
  yield* step('commitPackage', { requestId });
  yield* step('verifyPackage', { requestId });

  // 6. Available for as long as was promised, then gone.
  const { availableUntil } = yield* step('release', { requestId });
  yield* tryTo(step('announce', { requestId }));
  context.df.setCustomStatus({ step: 'waitForExpiry' });
  yield context.df.createTimer(atTime(availableUntil));
  return yield* end('expired');
}

/** Does what the request does not hang on: a package stays available when no mail can be sent. */
function* tryTo(work: Work<unknown>): Work<void> {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
