/** Why the period for an answer is extended (Art. 12(3) GDPR). */
export const extensionReasons = ['complexity', 'numberOfRequests'] as const;
export type ExtensionReason = (typeof extensionReasons)[number];

/**
 * Why a request is refused: manifestly unfounded or excessive (Art. 12(5) GDPR), nobody could be
 * identified (Art. 12(2)), the rights of others (Art. 15(4)), or what the officer writes.
 */
export const refusalReasons = [
  'unfounded',
  'excessive',
  'notIdentified',
  'rightsOfOthers',
  'asExplained',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** A reason as the person is told it: by its code in their language, and in the officer's words. */
export interface NoticeReason<Code extends string> {
  code: Code;
  explanation: string | null;
}

/** What the person has to be told of an officer's doing; null where there is nothing to tell. */
export interface StatutoryNotices {
  extended: NoticeReason<ExtensionReason> | null;
  refused: NoticeReason<RefusalReason> | null;
}

export const noStatutoryNotices: StatutoryNotices = { extended: null, refused: null };
