/** What `GET /health/ready` looks at. */
export const readinessChecks = [
  'blobs',
  'tables',
  'taskHub',
  'keyWrap',
  'keySign',
  'genesys',
  'mail',
  'clock',
  'controllerFiles',
] as const;
export type ReadinessName = (typeof readinessChecks)[number];

/** Why a check fails. The codes name neither hosts nor secrets nor people; `doctor` says what to do. */
export const readinessReasons = [
  /** The identity of the app lacks a permission. */
  'forbidden',
  'noAnswer',
  /** No answer within the time limit of a check. */
  'timeout',
  'credentialsRefused',
  'permissionMissing',
  /** A permission is neither proven nor declared; no request is exported before. */
  'permissionUndeclared',
  /** A key cannot wrap, unwrap or sign. */
  'keyNotUsable',
  /** The sender of emails is not a mailbox. */
  'senderInvalid',
  /** The clock of the app differs from that of storage by more than signatures tolerate. */
  'clockDiffers',
  /** The controller's own files are not those that were deployed. */
  'filesDiffer',
  'filesInvalid',
  'checkFailed',
] as const;
export type ReadinessReason = (typeof readinessReasons)[number];

/** The outcome of a check. */
export interface ReadinessOutcome {
  check: ReadinessName;
  code: 'ok' | 'failed' | 'notConfigured';
  /** Null unless it failed. */
  reason: ReadinessReason | null;
}
