/**
 * Kinds of things that a package holds: of a conversation, and (from `contact` on) of the person. What
 * the source recorded of emails and messages is a kind of its own, beside the texts themselves.
 */
export const itemKinds = [
  'conversation',
  'audio',
  'screen',
  'transcript',
  'email',
  'message',
  'attachment',
  'chat',
  'emailRecording',
  'messageRecording',
  'otherRecording',
  'survey',
  'summary',
  'sentiment',
  'secureAttributes',
  'evaluation',
  'voicemail',
  'recordedAttachment',
  'contact',
  'note',
  'journeySession',
  'campaignContact',
  'auditQuery',
] as const;
export type ItemKind = (typeof itemKinds)[number];

/**
 * What became of an expected item. `pending` is not accounted for; `absent` means that the source
 * says there is none; `withheld` and `failed` carry a reason.
 */
export const itemStatuses = [
  'pending',
  'exported',
  'absent',
  'expired',
  'archived',
  'withheld',
  'failed',
] as const;
export type ItemStatus = (typeof itemStatuses)[number];

/** Why an item that exists is not in the package: it could not be had, or not be processed. */
export const failureReasons = [
  'notDelivered',
  'notListed',
  'notWhole',
  'queryRefused',
  'brokenInSource',
  'preparationTimedOut',
  'transferFailed',
  'hostNotAllowed',
  'tooLarge',
  'notReadable',
  'tooDeep',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/**
 * Content that cannot be processed: it is not of the form that it should be of, or nested so deep, or
 * in so many parts, that it could only be processed by something that may break.
 */
export type UnreadableReason = Extract<FailureReason, 'notReadable' | 'tooDeep'>;

export const absentReasons = [
  'noTranscript',
  'noSummary',
  'noSentiment',
  'noSecureAttributes',
  'notAnswered',
  'noLongerHeld',
  'recordedOnly',
  'mergedAway',
  'noContactRecord',
] as const;
export type AbsentReason = (typeof absentReasons)[number];

export const withheldReasons = [
  'otherContact',
  'beforeContact',
  'sharedIdentifier',
  'notDecided',
  'notDecidedInTime',
  'notVerified',
  'transcriptInstead',
  'voicesInOneChannel',
  'attachmentWithheld',
  'voicemailNotReadable',
  'maskedInSound',
  'soundNotMutable',
  'passageNotFound',
  'customerChannelUnknown',
  'rightsOfOthers',
] as const;
export type WithheldReason = (typeof withheldReasons)[number];

/** Reasons of every item that is not in the package. */
export const itemReasons = [
  ...failureReasons,
  ...absentReasons,
  ...withheldReasons,
  'archivedInSource',
  'deletedInSource',
] as const;
export type ItemReason = (typeof itemReasons)[number];

export interface Item {
  /** Number of the conversation in the package, from 1; 0 for what is of the person. */
  conversation: number;
  kind: ItemKind;
  /** Number among the items of this kind of the conversation, from 1. */
  ordinal: number;
  status: ItemStatus;
  /** For everything but `exported`; of a `pending` one, what it waits for, if that is known. */
  reason: ItemReason | null;
  /** Id in the source, where the item has one of its own. */
  sourceId: string | null;
  /** Exported items: entry name, size in bytes and SHA-256 (hex) of the clear content. */
  entry: string | null;
  size: number | null;
  sha256: string | null;
}

/** Whether two items are the same in everything. */
export const isSameItem = (one: Item, other: Item): boolean =>
  (Object.keys(one) as (keyof Item)[]).every((column) => one[column] === other[column]);

/** An item that is expected and of which nothing is known yet. */
export const newItem = (
  conversation: number,
  kind: ItemKind,
  ordinal: number,
  sourceId: string | null,
): Item => ({
  conversation,
  kind,
  ordinal,
  status: 'pending',
  reason: null,
  sourceId,
  entry: null,
  size: null,
  sha256: null,
});

export type KindCounts = Record<ItemStatus, number>;
export type ItemCounts = Record<ItemKind, KindCounts>;

export const emptyCounts = (): ItemCounts => {
  const none = (): KindCounts =>
    Object.fromEntries(itemStatuses.map((status) => [status, 0])) as KindCounts;
  return Object.fromEntries(itemKinds.map((kind) => [kind, none()])) as ItemCounts;
};

/** Counts of which those that are 0 are left out. */
export type ShortCounts = Partial<Record<ItemKind, Partial<KindCounts>>>;

/** The counts without those that are 0: most are, and there is a row of them for every page. */
export function shortCounts(counts: ItemCounts): ShortCounts {
  const short: ShortCounts = {};
  for (const kind of itemKinds) {
    const some = Object.entries(counts[kind]).filter(([, count]) => count > 0);
    if (some.length > 0) short[kind] = Object.fromEntries(some);
  }
  return short;
}

/** The counts with every kind and status, of a row that lacks some. */
export function fullCounts(short: ShortCounts): ItemCounts {
  const full = emptyCounts();
  for (const kind of itemKinds) Object.assign(full[kind], short[kind]);
  return full;
}

/** How many items there are of each kind and status. */
export function countItems(items: Iterable<Pick<Item, 'kind' | 'status'>>): ItemCounts {
  const counts = emptyCounts();
  for (const { kind, status } of items) counts[kind][status] += 1;
  return counts;
}

export function addCounts(a: ItemCounts, b: ItemCounts): ItemCounts {
  const sum = emptyCounts();
  for (const kind of itemKinds) {
    for (const status of itemStatuses) sum[kind][status] = a[kind][status] + b[kind][status];
  }
  return sum;
}

/** How many items of a kind should be in the package: all that exist in the source. */
export const expectedOf = (counts: KindCounts): number =>
  itemStatuses.reduce((total, status) => (status === 'absent' ? total : total + counts[status]), 0);

/**
 * Whether a package with these counts may be released: nothing is open, and no more items failed
 * than policy allows.
 */
export function isAccountedFor(counts: ItemCounts, failuresAllowed: number): boolean {
  const isOpen = itemKinds.some((kind) => counts[kind].pending > 0);
  return !isOpen && failuresOf(counts) <= failuresAllowed;
}

/** How many items could not be had. */
export const failuresOf = (counts: ItemCounts): number =>
  itemKinds.reduce((total, kind) => total + counts[kind].failed, 0);

/** Key of an item within its page, in the order of the package. */
export const itemKey = ({
  conversation,
  kind,
  ordinal,
}: Pick<Item, 'conversation' | 'kind' | 'ordinal'>): string =>
  `${String(conversation).padStart(7, '0')}-${kind}-${String(ordinal).padStart(3, '0')}`;

export const exported = (
  item: Item,
  entry: { name: string; size: number; sha256: string },
): Item => ({
  ...item,
  status: 'exported',
  reason: null,
  entry: entry.name,
  size: entry.size,
  sha256: entry.sha256,
});

export const failed = (item: Item, reason: FailureReason): Item => ({
  ...item,
  status: 'failed',
  reason,
});

export const absent = (item: Item, reason: AbsentReason): Item => ({
  ...item,
  status: 'absent',
  reason,
});

export const withheld = (item: Item, reason: WithheldReason): Item => ({
  ...item,
  status: 'withheld',
  reason,
});

/** Folder of a conversation in the package. Neutral: no name, number or date of the person. */
export const conversationFolder = (conversation: number): string =>
  `data/conversations/${String(conversation).padStart(4, '0')}`;
