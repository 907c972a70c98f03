import type { ItemKind } from '../package/items';
import type { Policy } from '../redaction/policy';

/**
 * Parts of the data that an officer withholds for the rights and freedoms of others (Art. 15(4) GDPR). They
 * are no reason to refuse everything (recital 63): the rest is the person's.
 */

/** Kinds of data that can be withheld as a whole. */
export const partKinds = [
  'callRecordings',
  'screenRecordings',
  'otherRecordings',
  'transcripts',
  'emails',
  'messages',
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

/** A policy that withholds attached files besides, where an officer has said so. */
export const policyFor = (policy: Policy, { kinds }: WithheldParts): Policy => ({
  ...policy,
  ...(kinds.includes('attachments') ? { attachments: 'withhold' } : {}),
});

/**
 * What of a conversation is withheld with a kind of data: what was written and what the source has recorded
 * of it, and, with transcripts, what was made of them.
 */
const itemsOfParts: Partial<Record<PartKind, readonly ItemKind[]>> = {
  callRecordings: ['audio'],
  screenRecordings: ['screen'],
  otherRecordings: ['otherRecording'],
  transcripts: ['transcript', 'summary', 'sentiment'],
  emails: ['email', 'emailRecording'],
  messages: ['message', 'chat', 'messageRecording'],
};

/** Items of conversations that are withheld. Attachments and records of the person have their own ways. */
export const withheldItemKinds = ({ kinds }: WithheldParts): ReadonlySet<ItemKind> =>
  new Set(kinds.flatMap((kind) => itemsOfParts[kind] ?? []));
