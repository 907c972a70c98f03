/**
 * What an activity returns. Expected outcomes are values: an orchestrator cannot tell thrown errors
 * apart, because only their text arrives. What is thrown means "run me again".
 */
export type ActivityResult<T> =
  | { kind: 'done'; value: T }
  /** Not now: the same call is worth repeating after the time given. */
  | { kind: 'retryLater'; afterSeconds: number; reason: WaitReason }
  /** Never: repeating would end the same. */
  | { kind: 'failed'; code: FailureCode };

export const waitReasons = [
  'sourceUnavailable',
  'sourceRateLimited',
  'messageNotAccepted',
  'storageUnavailable',
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
  'sourceAnswerUnexpected',
  'bucketRefused',
  'packageIncomplete',
  'packageDamaged',
  'organisationUnknown',
  'requestGone',
  'requestClosed',
  'internalError',
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** What a request fails with when it has waited too long for a reason. */
export const tooLong = {
  sourceUnavailable: 'sourceUnavailableTooLong',
  sourceRateLimited: 'sourceUnavailableTooLong',
  messageNotAccepted: 'messageNotAcceptedTooLong',
  storageUnavailable: 'storageUnavailableTooLong',
} as const satisfies Record<WaitReason, FailureCode>;

export const done = <T>(value: T): ActivityResult<T> => ({ kind: 'done', value });
