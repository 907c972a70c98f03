/**
 * Result of an activity. Expected outcomes are values, because an orchestrator receives only the text
 * of a thrown error and cannot tell errors apart. A thrown error means that the activity is retried.
 */
export type ActivityResult<T> =
  | { kind: 'done'; value: T }
  /** The same call can succeed later. */
  | { kind: 'retryLater'; afterSeconds: number; reason: WaitReason }
  /** The same call would fail again. */
  | { kind: 'failed'; code: FailureCode };

export const waitReasons = [
  'sourceUnavailable',
  'sourceRateLimited',
  'messageNotAccepted',
  'storageUnavailable',
  'collectionsPaused',
] as const;
export type WaitReason = (typeof waitReasons)[number];

export const failureCodes = [
  'sourceCredentialsRefused',
  'sourcePermissionMissing',
  'sourceDivisionInaccessible',
  'sourceUnavailableTooLong',
  'messageNotAcceptedTooLong',
  'messageRefused',
  'storageUnavailableTooLong',
  'sourceRefusedSearch',
  'sourceSearchFailed',
  'sourceAnswerUnexpected',
  'bucketRefused',
  'bucketNotFound',
  'packageIncomplete',
  'packageDamaged',
  'organisationUnknown',
  'requestGone',
  'requestClosed',
  'internalError',
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** What operators have asked for, and end themselves: a request waits for it for as long as it lasts. */
export type EndlessWaitReason = 'collectionsPaused';

/** Failure of a request that has waited too long for a reason. */
export const tooLong = {
  sourceUnavailable: 'sourceUnavailableTooLong',
  sourceRateLimited: 'sourceUnavailableTooLong',
  messageNotAccepted: 'messageNotAcceptedTooLong',
  storageUnavailable: 'storageUnavailableTooLong',
} as const satisfies Record<Exclude<WaitReason, EndlessWaitReason>, FailureCode>;

export const done = <T>(value: T): ActivityResult<T> => ({ kind: 'done', value });
