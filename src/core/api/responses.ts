import { readinessChecks, readinessCodes, readinessReasons } from './readiness';
import { z } from 'zod';
import { handOverPolicies } from '../custody/hand-over';
import { custodyEvents } from '../custody/record';
import { noticeWays } from '../messages/end-notices';
import { itemKinds, itemStatuses } from '../package/items';
import { outcomes } from '../statistics/counters';
import { waitReasons } from '../results';
import { laws } from '../request/clocks/period';
import { rights } from '../request/record';
import { listViews, pageLength } from '../request/request-list';
import { endStates, requestStates } from '../request/states';
import { stepUpMethods } from '../authentication/step-up';
import { mandateKinds, requesterCapacities } from '../subject/requester';

/** Responses of the API. Tests check what the app returns against these schemas. */

export const time = z.iso.datetime();
const state = z.enum(requestStates);
export const count = z.int().min(0);

const counts = z.object({
  expected: count,
  ...(Object.fromEntries(itemStatuses.map((status) => [status, count])) as Record<
    (typeof itemStatuses)[number],
    typeof count
  >),
});

/** What the person has to be told by others; null where the app has told them. */
const tell = z.object({ language: z.string(), subject: z.string(), text: z.string() }).nullable();

/** The status of a request. It never contains the person's identifiers. */
export const statusResponse = z.object({
  requestId: z.guid(),
  state,
  reasonCode: z.string().nullable(),
  createdAt: time,
  receivedAt: time,
  sourceSystem: z.string().nullable(),
  verifiedAt: time.nullable(),
  verifiedBy: z.enum(stepUpMethods).nullable(),
  legalClock: z.object({
    law: z.enum(laws),
    dueAt: time,
    strictDueAt: time,
    extendableUntil: time,
    isExtended: z.boolean(),
    acknowledgeBy: time.nullable(),
  }),
  /** Who asks for the person, and the mandate that an officer has checked; null when they ask themselves. */
  requester: z
    .object({ capacity: z.enum(requesterCapacities), mandate: z.enum(mandateKinds).nullable() })
    .nullable(),
  conversations: count.nullable(),
  progress: z.object(
    Object.fromEntries(itemKinds.map((kind) => [kind, counts])) as Record<
      (typeof itemKinds)[number],
      typeof counts
    >,
  ),
  /** How much longer an export takes: by its pace, or not to be said. */
  timeLeft: z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['unknown', 'longer']) }),
    z.object({ kind: z.literal('about'), minutes: z.int().min(1) }),
  ]),
  waiting: z.object({ reasonCode: z.enum(waitReasons), at: time }).nullable(),
  missingPermissions: z.array(z.string()),
  declaredPermissions: z.array(z.string()),
  unprovenPermissions: z.array(z.string()),
  inaccessibleDivisions: z.array(z.string()),
  unprotectedConversations: count,
  refusedHosts: z.array(z.string()),
  organisation: z.string(),
  searched: z.object({ from: time, to: time, windows: count }).nullable(),
  availability: z.array(z.string()).nullable(),
  packageBytes: count.nullable(),
  availableUntil: time.nullable(),
  endNotice: z
    .object({ end: z.enum(endStates), reasonCode: z.string(), by: z.enum(noticeWays), tell })
    .nullable(),
  links: z.object({ self: z.string() }),
});

export const extendResponse = statusResponse.extend({ subjectNotified: z.boolean() });

/** A request as lists show it. Only officers see the ticket's id, until the request's key is destroyed. */
export const requestSummary = z.object({
  requestId: z.guid(),
  ticketId: z.string().nullable(),
  sourceSystem: z.string().nullable(),
  rights: z.array(z.enum(rights)),
  locale: z.string().nullable(),
  law: z.enum(laws),
  state,
  reasonCode: z.string().nullable(),
  stateSince: time,
  createdAt: time,
  receivedAt: time,
  cleanedAt: time.nullable(),
  needsOfficer: z.boolean(),
  clock: z.object({
    receivedAt: time,
    dueAt: time,
    pausedSince: time.nullable(),
    movedFrom: time.nullable(),
    extendableUntil: time.nullable(),
    isExtended: z.boolean(),
    answeredAt: time.nullable(),
  }),
  /** Null before it is known what is exported, and once everything was deleted. */
  progress: z
    .object({
      conversations: z.object({ done: count, total: count }).nullable(),
      byKind: statusResponse.shape.progress,
    })
    .nullable(),
  /** Doubtful conversations that an officer has to decide on; null where none are asked about. */
  doubtful: count.nullable(),
  failedItems: count.nullable(),
  availableUntil: time.nullable(),
  /** When the person reported that they have the package. */
  openedAt: time.nullable(),
  /** A hand-over that another officer has to approve. */
  handOver: z.object({ startedBy: z.string(), startedAt: time }).nullable(),
  waiting: statusResponse.shape.waiting,
});

/** How many requests each view has, without filters. */
export const requestCountsResponse = z.object(
  Object.fromEntries(listViews.map((view) => [view, count])) as Record<
    (typeof listViews)[number],
    typeof count
  >,
);

export const requestsResponse = z.object({
  asOf: time,
  counts: requestCountsResponse,
  nextDeadline: z
    .object({ requestId: z.guid(), ticketId: z.string().nullable(), dueAt: time })
    .nullable(),
  requests: z.array(requestSummary).max(pageLength),
  /** What `page` is for the requests that follow. */
  next: z.string().nullable(),
});

export const searchResponse = z.object({ requests: z.array(requestSummary) });

const month = z.string().regex(/^\d{4}-\d\d$/);
export const summaryResponse = requestSummary.extend({
  /** The states that the request has come to, in their order. */
  steps: z.array(z.object({ state, at: time, reasonCode: z.string().nullable() })),
  foundConversations: count.nullable(),
  /** The months that were searched. */
  searchedMonths: z.object({ from: month, to: month }).nullable(),
  /** Whether the officer who asks has approved the hand-over of the package that is there now. */
  hasApproved: z.boolean(),
  /** Number of entries in the custody record: once it grows, something has happened to the request. */
  custodyEntries: count,
  status: statusResponse,
});

const entry = z.object({
  sequence: z.int().min(1),
  at: time,
  event: z.enum(custodyEvents),
  from: state.optional(),
  to: state.optional(),
  reasonCode: z.string().nullish(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  actor: z.string().nullable(),
  commitment: z.string().nullable(),
  previous: z.string(),
  hash: z.string(),
});

/** The custody record: its chain, its signature, and its entries with their annotations. */
export const custodyResponse = z.object({
  requestId: z.guid(),
  entries: z.array(entry),
  annotations: z.array(
    z.object({
      sequence: z.int().min(1),
      salt: z.string(),
      displayName: z.string(),
      justification: z.string(),
    }),
  ),
  head: z.string(),
  at: time,
  signature: z.string().nullable(),
  checkpoints: z.array(
    z.object({
      requestId: z.guid(),
      sequence: count,
      head: z.string(),
      at: time,
      signature: z.string(),
    }),
  ),
  problems: z.array(z.string()),
  isIntact: z.boolean(),
  /** Entries where the record breaks; none where it breaks at no entry. */
  brokenAt: z.array(z.int().min(1)),
  custody: z.array(
    entry.extend({
      annotation: z.object({ displayName: z.string(), justification: z.string() }).nullable(),
    }),
  ),
});

/** Requests by month of receipt: counters without personal data. */
export const statisticsResponse = z.object({
  asOf: time,
  months: z.array(
    z.object({
      month: z.string().regex(/^\d{4}-\d{2}$/),
      received: count,
      answeredInTime: count,
      answeredLate: count,
      withoutOfficer: count,
      opened: count,
      byOutcome: z.partialRecord(z.enum(outcomes), count),
      daysToAnswer: z.record(z.string(), count),
    }),
  ),
});

export const recallResponse = statusResponse.extend({
  /** Whether the person was told by email. */
  subjectNotified: z.boolean(),
  downloads: z.object({
    linksGivenOut: z.array(time),
    handedOver: z.array(time),
    reportedComplete: z.array(time),
    storageLog: z.object({
      until: time.nullable(),
      reads: z.array(z.object({ at: time, bytes: count.nullable() })),
    }),
  }),
});

/** A letter to the person, in their language; `{explanation}` stands where an officer's words come. */
export const letterResponse = z.object({
  language: z.string(),
  subject: z.string(),
  text: z.string(),
  /** When an extended period would end; null for an end. */
  dueAt: time.nullable(),
});

export const codeResponse = z.object({ code: z.string() });
export const deliverResponse = z.object({
  url: z.url(),
  expiresAt: time,
  passphrase: z.string(),
  bytes: count.nullable(),
  /** Whether the person was told by email. */
  subjectNotified: z.boolean(),
});

export const webhooksResponse = z.object({
  events: z.array(
    z.object({
      sequence: z.int().min(1),
      at: time,
      to: state,
      reasonCode: z.string().nullable(),
      notice: z
        .union([z.object({ by: z.enum(noticeWays), tell }), z.literal('handedOver')])
        .optional(),
      state: z.enum(['pending', 'delivered', 'failed']),
      attempts: count,
      nextTryAt: time.optional(),
    }),
  ),
});

/** What an officer did; without name and reason once these were deleted. */
const officerAct = z.object({
  at: time,
  by: z.string().nullable(),
  justification: z.string().nullable(),
  isYou: z.boolean(),
});
const possible = <T extends string>(...problems: [T, ...T[]]) =>
  z.object({ isPossible: z.boolean(), problem: z.enum(problems).nullable() });
/** How far the hand-over of a package is, and what the officer who asks may do. */
export const handOverResponse = z.object({
  policy: z.enum(handOverPolicies),
  isAvailable: z.boolean(),
  availableUntil: time.nullable(),
  packageBytes: count.nullable(),
  confirmation: officerAct
    .extend({ event: z.enum(custodyEvents), method: z.string().nullable() })
    .nullable(),
  approvals: z.array(officerAct),
  handedOver: z.array(officerAct),
  approval: possible('roleRequired', 'notAvailable', 'otherOfficerRequired', 'alreadyApproved'),
  delivery: possible('roleRequired', 'notAvailable', 'approvalRequired'),
});

/** What the report says by now, by kinds and reasons, without content. */
export const reportResponse = z.object({
  isPreview: z.boolean(),
  /** Language of the sentences. */
  language: z.string(),
  sentences: z.array(z.string()),
  kinds: z.array(
    z.object({
      kind: z.enum(itemKinds),
      exported: count,
      of: count,
      missing: z.array(
        z.object({ status: z.enum(itemStatuses), reason: z.string().nullable(), count }),
      ),
    }),
  ),
  failures: z.array(z.object({ kind: z.enum(itemKinds), reason: z.string().nullable(), count })),
  failedItems: count,
  acceptedFailures: count,
});

const message = z.object({
  messageId: z.string(),
  at: time,
  channel: z.enum(['email', 'sms', 'webhook']),
  recipient: z.enum(['person', 'officers', 'ticketSystem']),
  template: z.string(),
  to: z.string().nullable(),
  result: z.enum(['accepted', 'delivered', 'failed', 'pending', 'superseded']),
  attempts: count,
  nextTryAt: time.nullable(),
  again: count,
  canBeSentAgain: z.boolean(),
  hasText: z.boolean(),
});
/** The messages of a request, without their texts. */
export const messagesResponse = z.object({ messages: z.array(message) });
export const sentAgainResponse = z.object({ message });
export const messageTextResponse = z.object({ subject: z.string(), text: z.string() });

export const enrolResponse = z.object({ secret: z.string(), uri: z.string() });
export const confirmResponse = z.object({
  recoveryCodes: z.array(z.string()),
  /** Whether the contact was told by email. */
  subjectNotified: z.boolean(),
});
export const readinessResponse = z.object({
  status: z.enum(['ready', 'notReady']),
  version: z.string(),
  checks: z.array(
    z.object({
      check: z.enum(readinessChecks),
      code: z.enum(readinessCodes),
      reason: z.enum(readinessReasons).nullable(),
    }),
  ),
});
export const healthResponse = z.object({ status: z.literal('ok') });

/** Problem details (RFC 9457), with a stable code for callers. */
export const problemResponse = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  correlationId: z.string(),
});
