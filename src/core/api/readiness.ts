/** What `GET /health/ready` looks at. */
export const readinessChecks = [
  'blobs',
  'tables',
  'taskHub',
  'queues',
  'keyWrap',
  'keySign',
  'genesys',
  'mail',
  'mailDomain',
  'clock',
  'controllerFiles',
] as const;
export type ReadinessName = (typeof readinessChecks)[number];

/** Why a check fails or warns. The codes name neither hosts nor secrets nor people; `doctor` says what to do. */
export const readinessReasons = [
  /** The identity of the app lacks a permission. */
  'forbidden',
  'noAnswer',
  /** The task hub lacks one of its queues. */
  'queueMissing',
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
  /** The domain of the sender has no SPF record, several, no key of DKIM, or takes no emails itself. */
  'spfMissing',
  'spfTwice',
  'dkimMissing',
  'mxMissing',
  /** The clock of the app differs from that of storage by more than signatures tolerate. */
  'clockDiffers',
  /** The controller's own files are not those that were deployed. */
  'filesDiffer',
  'filesInvalid',
  'checkFailed',
] as const;
export type ReadinessReason = (typeof readinessReasons)[number];

/** Checks of what others decide on, such as DNS records. They warn; the app is ready all the same. */
export const advisoryChecks: readonly ReadinessName[] = ['mailDomain'];

export const readinessCodes = ['ok', 'failed', 'warning', 'unknown', 'notConfigured'] as const;

/** The outcome of a check. */
export interface ReadinessOutcome {
  check: ReadinessName;
  /** `warning` and `unknown` (nobody answered) are of advisory checks alone, which never fail. */
  code: (typeof readinessCodes)[number];
  /** Null where all is well, or nothing is configured. */
  reason: ReadinessReason | null;
}
