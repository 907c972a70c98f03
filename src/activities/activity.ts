import {
  CollectionsPausedError,
  ConflictError,
  IntegrityError,
  MessageNotAcceptedError,
  MessageRefusedError,
  RequestClosedError,
  SourceError,
  StorageUnavailableError,
} from '../core/errors';
import { isClosed } from '../core/request/states';
import { done, type ActivityResult, type FailureCode, type WaitReason } from '../core/results';
import type { ActivityInput, ActivityName, ActivityOutput } from '../orchestrators/activity-types';
import type { Clock, KeyStore, Ledger, Organisation, RequestKeys, RequestRecord } from '../ports';
import { checkPermissions } from '../services/permissions';
import { activityInputs } from './activity-inputs';

/** What every activity uses, besides what its own work needs. */
export interface ActivityServices {
  clock: Clock;
  ledger: Pick<Ledger, 'get' | 'update'>;
  organisations: ReadonlyMap<string, Organisation>;
}

/** A request that an activity works on, whatever its state. */
export interface OnRequest<N extends ActivityName, S> {
  input: ActivityInput<N>;
  /** The request as it was when the activity began. */
  record: RequestRecord;
  /** The organisation that the request is about. */
  organisation: Organisation;
  services: S;
}

/** A request that is open, with its keys. */
export interface OnOpenRequest<N extends ActivityName, S> extends OnRequest<N, S> {
  keys: RequestKeys;
}

type Activity<N extends ActivityName> = (
  input: ActivityInput<N>,
) => Promise<ActivityResult<ActivityOutput<N>>>;

/** An outcome that ends the request with a code. */
export class ActivityFailure extends Error {
  constructor(readonly code: FailureCode) {
    super(code);
  }
}

/**
 * Makes an activity that works on a request in any state: decodes the input, reads the request once, with
 * its personal part,
 * runs the body, and maps the errors that are expected to results.
 * @returns a factory that takes the services; its activity throws only what is worth a retry
 */
export function requestActivity<N extends ActivityName, S extends ActivityServices>(
  name: N,
  body: (on: OnRequest<N, S>) => Promise<ActivityOutput<N>>,
): (services: S) => Activity<N> {
  return (services) => async (given) => {
    const input = activityInputs[name].parse(given);
    const { requestId } = input;
    let organisation: Organisation | undefined;
    try {
      const record = await services.ledger.get(requestId, 'whole');
      if (record === null) throw new ConflictError('The request does not exist.');
      organisation = services.organisations.get(record.organisation);
      if (!organisation) throw new ActivityFailure('organisationUnknown');
      const value = await body({ input, record, organisation, services });
      if (record.waiting) await services.ledger.update(requestId, { waiting: null });
      return done(value);
    } catch (error) {
      try {
        if (organisation) await nameMissing(services, organisation, requestId, error);
        return await resultOf(services, requestId, error);
      } catch (failure) {
        // What storage could not note is found out again.
        if (failure instanceof StorageUnavailableError) return waitFor('storageUnavailable');
        throw failure;
      }
    }
  };
}

/**
 * Names every missing permission once a call was refused for lack of one: also what the check before the
 * export could not find out, or what was taken from the client since.
 */
async function nameMissing(
  services: ActivityServices,
  organisation: Organisation,
  requestId: string,
  error: unknown,
): Promise<void> {
  if (!(error instanceof SourceError) || error.message !== 'sourcePermissionMissing') return;
  try {
    await checkPermissions(services, organisation, requestId);
  } catch (failure) {
    // What the refused call has said is known in any case.
    if (!(failure instanceof SourceError)) throw failure;
  }
  await services.ledger.update(requestId, ({ missingPermissions }) => ({
    missingPermissions: [...new Set([...missingPermissions, ...error.permissions])],
  }));
}

/** The same for work that only an open request allows; its keys are unwrapped once. */
export const openRequestActivity = <
  N extends ActivityName,
  S extends ActivityServices & { keys: Pick<KeyStore, 'unwrap'> },
>(
  name: N,
  body: (on: OnOpenRequest<N, S>) => Promise<ActivityOutput<N>>,
): ((services: S) => Activity<N>) =>
  requestActivity<N, S>(name, async (on) => {
    const { record, services } = on;
    return body({ ...on, keys: await openKeys(services, record) });
  });

/**
 * The keys of an open request.
 * @throws RequestClosedError when an officer has closed the request, ConflictError when its key is
 *   destroyed
 */
export async function openKeys(
  { keys }: { keys: Pick<KeyStore, 'unwrap'> },
  { state, wrappedSecret }: Pick<RequestRecord, 'state' | 'wrappedSecret'>,
): Promise<RequestKeys> {
  if (isClosed(state)) throw new RequestClosedError();
  if (wrappedSecret === null) throw new ConflictError('The request is closed.');
  return keys.unwrap(wrappedSecret);
}

/** Ends the request when its package is damaged, and throws every other error as it is. */
export function failDamaged(error: unknown): never {
  throw error instanceof IntegrityError ? new ActivityFailure('packageDamaged') : error;
}

/**
 * The result of an error that is expected. A conflict with a request that is neither closed nor deleted
 * is a concurrent change, which the next run of the activity finds done.
 * @throws every other error: it is a mistake of the app, or worth a retry
 */
async function resultOf<T>(
  { clock, ledger }: ActivityServices,
  requestId: string,
  error: unknown,
): Promise<ActivityResult<T>> {
  const outcome = outcomeOf(error);
  if (outcome?.kind === 'retryLater') {
    const waiting = { reason: outcome.reason, at: clock.now().toISOString() };
    await ledger.update(requestId, { waiting });
  }
  if (outcome) return outcome;
  if (!(error instanceof ConflictError)) throw error;
  const record = await ledger.get(requestId);
  if (record !== null && isClosed(record.state)) return { kind: 'failed', code: 'requestClosed' };
  if (record === null || record.wrappedSecret === null)
    return { kind: 'failed', code: 'requestGone' };
  throw error;
}

function outcomeOf(error: unknown): SourceError['outcome'] | null {
  if (error instanceof SourceError) return error.outcome;
  if (error instanceof ActivityFailure) return { kind: 'failed', code: error.code };
  if (error instanceof MessageRefusedError) return { kind: 'failed', code: 'messageRefused' };
  if (error instanceof RequestClosedError) return { kind: 'failed', code: 'requestClosed' };
  if (error instanceof MessageNotAcceptedError)
    return waitFor('messageNotAccepted', error.afterSeconds);
  if (error instanceof StorageUnavailableError) return waitFor('storageUnavailable');
  if (error instanceof CollectionsPausedError)
    return waitFor('collectionsPaused', secondsBetweenLooks);
  return null;
}

/** Seconds after which a request looks again whether new collections are still paused. */
const secondsBetweenLooks = 600;

const waitFor = (reason: WaitReason, afterSeconds = 30) =>
  ({ kind: 'retryLater', afterSeconds, reason }) as const;
