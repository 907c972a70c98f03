import type { OrchestrationContext } from 'durable-functions';
import { isClosed, type EndState, type RequestState } from '../core/request/states';
import { callActivity, OrchestrationFailure, waitFor, type Orchestration } from './call';
import {
  requestChanged,
  type ActivityInput,
  type ActivityName,
  type ActivityOutput,
  type OrchestratorTypes,
} from './activity-types';

/** An instance of `fulfilRequest`, as its steps need it. */
export interface RequestRun {
  context: OrchestrationContext;
  input: OrchestratorTypes['fulfilRequest'];
  requestId: string;
  /** Calls an activity and names it in the custom status. */
  step: <N extends ActivityName>(
    name: N,
    input: ActivityInput<N>,
  ) => Orchestration<ActivityOutput<N>>;
}

export function requestRun(context: OrchestrationContext): RequestRun {
  const input = context.df.getInput<OrchestratorTypes['fulfilRequest']>();
  return {
    context,
    input,
    requestId: input.requestId,
    step: (name, activityInput) => {
      context.df.setCustomStatus({ step: name });
      return callActivity(context, input.limits, name, activityInput);
    },
  };
}

export const now = ({ context }: RequestRun): Date => context.df.currentUtcDateTime;

export const moveTo = (
  { step, requestId }: RequestRun,
  to: RequestState,
  reason?: string,
): Orchestration<null> =>
  step('moveRequest', { requestId, to, ...(reason === undefined ? {} : { reason }) });

/**
 * Reads the request from the ledger.
 * @throws OrchestrationFailure `requestClosed` when an officer has closed it
 */
export function* readOpenRequest({
  step,
  requestId,
}: RequestRun): Orchestration<ActivityOutput<'readRequest'>> {
  const request = yield* step('readRequest', { requestId });
  if (isClosed(request.state)) throw new OrchestrationFailure('requestClosed');
  return request;
}

/**
 * Waits until the ledger has changed, or a time has come.
 * @param status what the custom status says meanwhile
 */
export function waitForChange(
  { context }: RequestRun,
  status: string,
  until: Date,
): Orchestration<'event' | 'timeout'> {
  context.df.setCustomStatus({ step: status });
  return waitFor(context, requestChanged, until);
}

/**
 * Runs a best-effort step: its failure does not fail the request, whether it is known or unexpected. A
 * package stays available, and a refused request is deleted, when no email can be sent.
 * @throws OrchestrationFailure `requestClosed` when an officer has closed the request
 */
export function* bestEffort(work: Orchestration<unknown>): Orchestration<void> {
  try {
    yield* work;
  } catch (error) {
    if (error instanceof OrchestrationFailure && error.code === 'requestClosed') throw error;
  }
}

/** Longest time, in hours, for which the notice of an end delays the deletion of what is stored. */
const noticeWaitHours = 4;

/**
 * Tells the person that their request ends, and why, while there is something to tell them by. When no email
 * can be sent in time, others are asked to tell them.
 * @throws OrchestrationFailure `requestClosed` when an officer has made another end of it
 */
export function* notifyOfEnd(run: RequestRun, end: EndState): Orchestration<void> {
  const { context, input, requestId } = run;
  const sourceWaitHours = Math.min(input.limits.sourceWaitHours, noticeWaitHours);
  const limits = { ...input.limits, sourceWaitHours };
  const send = (mail: 'try' | 'skip'): Orchestration<null> => {
    context.df.setCustomStatus({ step: 'sendEndNotice' });
    return callActivity(context, limits, 'sendEndNotice', { requestId, end, mail });
  };
  try {
    yield* send('try');
  } catch (error) {
    if (error instanceof OrchestrationFailure && error.code === 'requestClosed') throw error;
    yield* bestEffort(send('skip'));
  }
}

/** Tells the person, deletes everything stored for a request, then moves it to its final state. */
export function* endRequest(run: RequestRun, state: EndState): Orchestration<RequestState> {
  yield* notifyOfEnd(run, state);
  yield* run.step('cleanUp', { requestId: run.requestId });
  yield* moveTo(run, state);
  return state;
}
