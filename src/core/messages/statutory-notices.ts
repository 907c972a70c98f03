/** Reasons for extending the period for an answer (Art. 12(3) GDPR). */
export const extensionReasons = ['complexity', 'numberOfRequests'] as const;
export type ExtensionReason = (typeof extensionReasons)[number];

/**
 * Reasons for refusing a request: manifestly unfounded or excessive (Art. 12(5) GDPR), nobody could be
 * identified (Art. 12(2)), or the officer's own explanation. The rights of others (Art. 15(4)) withhold parts
 * only: `core/subject/withheld-parts.ts`.
 */
export const refusalReasons = ['unfounded', 'excessive', 'notIdentified', 'asExplained'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Reasons of an officer for cancelling a request, and the reason when nobody retries a failed one. */
export const officerCancellationReasons = [
  'withdrawn',
  'duplicate',
  'answeredOtherwise',
  'asExplained',
] as const;
export type OfficerCancellationReason = (typeof officerCancellationReasons)[number];
export const cancellationReasons = ['failedTooLong', ...officerCancellationReasons] as const;

/** A reason as the person reads it: its code in their language, and the officer's explanation. */
export interface NoticeReason<Code extends string> {
  code: Code;
  explanation: string | null;
}

/** Decisions of an officer that the person has to be notified of; null where there is none. */
export interface StatutoryNotices {
  extended: NoticeReason<ExtensionReason> | null;
  refused: NoticeReason<RefusalReason> | null;
  /** Absent of a request that was stored before there was such a reason. */
  cancelled?: NoticeReason<OfficerCancellationReason> | null;
}

export const noStatutoryNotices: StatutoryNotices = { extended: null, refused: null };
