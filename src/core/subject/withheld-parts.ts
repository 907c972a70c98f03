import type { Policy } from '../redaction/policy';

/**
 * Parts of the data that an officer withholds for the rights and freedoms of others (Art. 15(4) GDPR). They
 * are no reason to refuse everything (recital 63): the rest is the person's.
 */

/** Kinds of data that can be withheld as a whole. */
export const partKinds = [
  'callRecordings',
  'attachments',
  'notes',
  'websiteVisits',
  'campaigns',
  'auditTrail',
] as const;
export type PartKind = (typeof partKinds)[number];

export interface WithheldParts {
  kinds: PartKind[];
  /** Ids of conversations. */
  conversations: string[];
}

export const noParts: WithheldParts = { kinds: [], conversations: [] };

/** A policy that withholds recordings of calls and attached files besides, where an officer has said so. */
export const policyFor = (policy: Policy, { kinds }: WithheldParts): Policy => ({
  ...policy,
  ...(kinds.includes('callRecordings') ? { callAudio: 'transcriptOnly' } : {}),
  ...(kinds.includes('attachments') ? { attachments: 'withhold' } : {}),
});
