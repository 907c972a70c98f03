import { atTime } from '../time/time';
import type { RequestRecord } from './record';
import { isFinal } from './states';

/**
 * The index of requests: what is stored of each so that the requests that somebody looks for are found
 * without reading the others. Everything in it follows from the request itself, which is the truth.
 */

/** Raised when `rowsOf` gives other rows for the same request: requests are then written again. */
export const indexVersion = 1;

/** In the order in which they are stored, by which the nightly repair compares. */
const openFields = [
  'requestId',
  'state',
  'stateSince',
  'createdAt',
  'receivedAt',
  'reason',
  'verificationRequestedAt',
  'verifiedAt',
  'verifiedBy',
  'extendedAt',
  'isDeadlineMissed',
  'missingPermissions',
  'decisionVersion',
  'resolvedDecisionVersion',
  'releasedAt',
  'availableUntil',
  'downloadUntil',
  'cleanedAt',
] as const satisfies readonly (keyof RequestRecord)[];
/** Those that not every request has. */
const openOptionalFields = [
  'sourceSystem',
  'locale',
  'law',
  'releases',
  'announcedRelease',
  'officerCodeAt',
  'handOverApprovedAt',
] as const satisfies readonly (keyof RequestRecord)[];

/**
 * What the index says of an open request: what the sweeper and the monitor look at, and what lists are
 * sorted and filtered by. A change of anything else of a request leaves the index as it is.
 */
export type OpenRequest = Pick<
  RequestRecord,
  (typeof openFields)[number] | (typeof openOptionalFields)[number]
> & {
  /** 1 while any webhook is pending; 0 without one. */
  pendingWebhooks: 0 | 1;
};

const endedFields = [
  'requestId',
  'state',
  'reason',
  'receivedAt',
  'stateSince',
  'sourceSystem',
  'locale',
] as const satisfies readonly (keyof RequestRecord)[];

/** What the index says of an ended request. */
export type EndedRequest = Pick<RequestRecord, (typeof endedFields)[number]>;

/** Some fields of a request, in their order, without those that it does not have. */
const picked = <K extends keyof RequestRecord>(
  record: RequestRecord,
  fields: readonly K[],
): Pick<RequestRecord, K> =>
  Object.fromEntries(
    fields.flatMap((field) => (record[field] === undefined ? [] : [[field, record[field]]])),
  ) as Pick<RequestRecord, K>;

/** Whether anything may still happen to a request, or something is stored that it was about. */
export const isOpen = ({
  state,
  cleanedAt,
  pendingWebhooks,
}: Pick<RequestRecord, 'state' | 'cleanedAt' | 'pendingWebhooks'>): boolean =>
  !isFinal(state) || cleanedAt === null || pendingWebhooks > 0;

/** What is left to delete of a request that was cleaned up: names of officers first, then the proof. */
export const cleanUpStages = ['annotations', 'proof'] as const;
export type CleanUpStage = (typeof cleanUpStages)[number];

/** Where a request stands among those that are deleted at a later time. */
export interface CleanUpPlace {
  stage: CleanUpStage;
  key: string;
}

/** Everything that the index says of a request. */
export interface IndexRows {
  open: OpenRequest | null;
  ended: { key: string; request: EndedRequest } | null;
  cleanUp: CleanUpPlace | null;
}

/** The rows of a request, which follow from it alone. */
export const rowsOf = (record: RequestRecord): IndexRows => ({
  open: isOpen(record) ? openRequestOf(record) : null,
  ended: isFinal(record.state) ? { key: endedKey(record), request: endedRequestOf(record) } : null,
  cleanUp:
    record.cleanedAt === null
      ? null
      : {
          stage: record.annotationsDeletedAt === null ? 'annotations' : 'proof',
          key: cleanUpKey(record.cleanedAt, record.requestId),
        },
});

/** What the index says of a request while it is open. */
export const openRequestOf = (record: RequestRecord): OpenRequest => ({
  ...picked(record, openFields),
  pendingWebhooks: record.pendingWebhooks > 0 ? 1 : 0,
  ...picked(record, openOptionalFields),
});

const endedRequestOf = (record: RequestRecord): EndedRequest => picked(record, endedFields);

/** The last time that a date can name, in milliseconds (ECMA-262, "Time Values and Time Range"). */
const lastTime = 8_640_000_000_000_000;
const digits = String(lastTime).length;

/** Key of an ended request: in the order of keys, what has ended last comes first. */
export const endedKey = ({
  requestId,
  stateSince,
}: Pick<RequestRecord, 'requestId' | 'stateSince'>): string =>
  `${String(lastTime - atTime(stateSince).getTime()).padStart(digits, '0')}_${requestId}`;

/** Whether a text has the form of `endedKey`. */
export const isEndedKey = (text: string): boolean => /^\d{16}_[0-9a-f-]{36}$/.test(text);

/** Key of a request that was cleaned up: in the order of keys, what was cleaned up first comes first. */
export const cleanUpKey = (cleanedAt: string, requestId: string): string =>
  `${cleanedAt}_${requestId}`;

/** The request that a key of the clean-up is about. */
export const requestOfKey = (key: string): string => key.slice(key.lastIndexOf('_') + 1);

/** Whether two requests, or two states of one, have the same rows. */
export const haveSameRows = (one: RequestRecord, other: RequestRecord): boolean =>
  JSON.stringify(rowsOf(one)) === JSON.stringify(rowsOf(other));
