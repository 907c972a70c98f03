import { custodyEvents } from '../../src/core/custody/record';
import { itemKinds } from '../../src/core/package/items';
import type {
  Custody,
  DoubtfulPage,
  Evidence,
  HandOver,
  Letter,
  Message,
  Report,
  RequestList,
  RequestSummary,
  Statistics,
  WholeSummary,
} from '../../src/web/officer/officer-api';

/** Answers of the officers' API, made without an app: of one request, and of lists of requests. */

export const madeAt = '2026-11-24T12:00:00.000Z';
const later = '2026-12-02T13:15:00.000Z';
export const requestId = '00000000-0000-4000-8000-000000000001';

const noItems = {
  ...{ expected: 0, pending: 0, exported: 0, absent: 0 },
  ...{ expired: 0, archived: 0, withheld: 0, failed: 0 },
};
const byKind = Object.fromEntries(
  itemKinds.map((kind, i) => [
    kind,
    i % 3 === 0
      ? { ...noItems, expected: 200, exported: 148, pending: 40, absent: 7, withheld: 3, failed: 2 }
      : noItems,
  ]),
) as WholeSummary['status']['progress'];

export const summaryOf = (change: Partial<RequestSummary> = {}): RequestSummary => ({
  requestId,
  ...{ ticketId: 'PRIV-2041', sourceSystem: 'ServiceNow', locale: 'de', law: 'gdpr' },
  ...{ rights: ['access', 'portability'], state: 'exporting', reasonCode: null },
  ...{ stateSince: madeAt, createdAt: madeAt, receivedAt: madeAt, cleanedAt: null },
  needsOfficer: false,
  clock: {
    ...{ receivedAt: '2026-11-10T12:00:00.000Z', dueAt: '2026-12-11T23:00:00.000Z' },
    ...{ pausedSince: null, movedFrom: '2026-12-10T23:00:00.000Z', isExtended: false },
    ...{ extendableUntil: '2026-12-10T23:00:00.000Z', answeredAt: null },
  },
  progress: { conversations: { done: 148, total: 200 }, byKind },
  ...{ doubtful: null, failedItems: null, availableUntil: null, openedAt: null },
  ...{ handOver: null, waiting: null },
  ...change,
});

export const wholeOf = (
  change: Partial<WholeSummary> = {},
  status: Partial<WholeSummary['status']> = {},
): WholeSummary => ({
  ...summaryOf(change),
  steps: [
    { state: 'received', at: madeAt, reasonCode: null },
    { state: 'exporting', at: madeAt, reasonCode: null },
  ],
  foundConversations: 200,
  searchedMonths: { from: '2021-11', to: '2026-11' },
  hasApproved: false,
  custodyEntries: 3,
  status: {
    ...{ requestId, state: 'exporting', reasonCode: null, createdAt: madeAt, receivedAt: madeAt },
    ...{ sourceSystem: 'ServiceNow', verifiedAt: madeAt, verifiedBy: 'sms', requester: null },
    legalClock: {
      ...{ law: 'gdpr', dueAt: later, strictDueAt: later, extendableUntil: later },
      ...{ isExtended: false, acknowledgeBy: null },
    },
    ...{ conversations: 200, progress: byKind, timeLeft: { kind: 'about', minutes: 9 } },
    ...{ waiting: null, missingPermissions: [], declaredPermissions: [] },
    ...{ unprovenPermissions: [], inaccessibleDivisions: [], unprotectedConversations: 0 },
    ...{ refusedHosts: [], organisation: 'main', searched: null, availability: null },
    ...{ packageBytes: 41_700_000, availableUntil: later, endNotice: null, links: { self: '/' } },
    ...status,
  },
  ...change,
});

export const listOf = (requests: RequestSummary[]): RequestList => ({
  asOf: madeAt,
  counts: { open: 31, needsYou: 12, failed: 1, running: 18, done: 204 },
  nextDeadline: { requestId, ticketId: 'PRIV-2041', dueAt: '2026-11-26T23:00:00.000Z' },
  requests,
  next: 'x',
});

/** A request in every state, and for every reason to decide. */
export const everyRequest = (): RequestSummary[] => {
  const needs = { needsOfficer: true, state: 'needsDecision' as const };
  const over = { clock: { ...summaryOf().clock, dueAt: '2026-11-20T23:00:00.000Z' } };
  const paused = { clock: { ...summaryOf().clock, pausedSince: madeAt } };
  const all: Partial<RequestSummary>[] = [
    ...(
      [
        ...['ambiguousContact', 'nearMatch', 'sharedIdentifier', 'nameDiffers'],
        ...['contactSearchIncomplete', 'noAuthenticationMethod', 'mandateUnchecked', 'noContact'],
      ] as const
    ).map((reasonCode) => ({ ...needs, reasonCode })),
    { ...needs, reasonCode: 'doubtfulConversations', doubtful: 12, ...over },
    { state: 'failed', needsOfficer: true, reasonCode: 'packageIncomplete', failedItems: 84 },
    { state: 'failed', needsOfficer: true, reasonCode: 'sourceUnavailableTooLong' },
    { state: 'awaitingVerification', ...paused },
    { waiting: { reasonCode: 'sourceRateLimited', at: madeAt } },
    {
      state: 'available',
      availableUntil: later,
      handOver: { startedBy: 'Ελένη', startedAt: madeAt },
    },
    { state: 'delivered', availableUntil: later, openedAt: madeAt },
    { state: 'refused', reasonCode: 'excessive', ticketId: null },
  ];
  return all.map((one, i) =>
    summaryOf({
      ticketId: `PRIV-${i}`,
      ...one,
      requestId: requestId.replace(/1$/, String(i % 10)),
    }),
  );
};

export const evidence = (doubtful: Evidence['doubtful'] = null): Evidence => ({
  ...{ requestId, isNeeded: true, reasonCode: 'ambiguousContact', maskedName: 'M••• S•••' },
  candidates: [1, 2].map((number) => ({
    ...{ number, contactId: `contact-${number}`, createdAt: madeAt, mergedContacts: number - 1 },
    ...{ name: number === 1 ? 'same' : 'differs', maskedName: 'M••• S•••' },
    matches: [
      { identifier: 1, verdict: 'same', since: madeAt },
      { identifier: 2, verdict: number === 1 ? 'similar' : 'none', since: null },
    ],
    ...{
      phones: number,
      mailboxes: 1,
      mailboxNumbers: [2],
      codeGoesTo: number === 1 ? '•••• 66' : null,
      isChosen: false,
    },
  })),
  identifiers: (
    [
      ['phone', '•••• 66', true],
      ['email', 'm•••@m•••.example', false],
      ['whatsapp', '•••• 12', false],
    ] as const
  ).map(([type, masked, isShared], i) => ({
    ...{ number: i + 1, type, masked, isGiven: i < 2, isShared, hasExtension: i === 1 },
    ...{ candidates: i === 0 ? [1, 2] : [1], nearly: [], answer: null },
  })),
  noContact: null,
  doubtful,
  decision: null,
  methods: ['sms', 'oidc'],
  decisionVersion: 1,
  status: wholeOf().status,
});

export const doubtfulPage = (): DoubtfulPage => ({
  conversations: (['otherContact', 'beforeContact', 'sharedIdentifier'] as const).map(
    (doubt, i) => ({
      ...{ conversationId: `conversation-${i}`, startedAt: madeAt, queues: ['Παραγγελίες'], doubt },
      channels: ['voice', 'callback', 'email', 'message', 'chat'].slice(i, i + 2),
      direction: i === 0 ? 'inbound' : 'outbound',
      ...{ tiedBy: [1], otherContacts: ['contact-9'], verdict: i === 2 ? 'include' : null },
      own: null,
    }),
  ),
  total: 3,
  next: null,
});

export const doubtfulCounts = (): Evidence['doubtful'] => ({
  ...{ total: 3, undecided: 2, included: 1, withheld: 0 },
  byIdentifier: [1, 2].map((identifier) => ({ identifier, total: 2, undecided: 1 })),
  byContact: ['contact-8', 'contact-9'].map((contactId) => ({
    ...{ contactId, total: 1, undecided: 1 },
    answer: null,
  })),
});

/** A custody record with every event. */
export const custody = (isIntact: boolean): Custody => {
  const lines = custodyEvents.map((event, i) => ({
    ...{ sequence: i + 1, at: madeAt, event, actor: i % 4 === 0 ? 'someone' : null },
    ...(event === 'stateChanged' ? { from: 'received' as const, to: 'exporting' as const } : {}),
    reasonCode: i % 5 === 0 ? 'excessive' : null,
    detail: {
      ...{ method: 'sms', channel: 'email', kind: 'invitation', role: 'Requests.Deliver' },
      ...{ bytes: 41_700_000, conversations: 2, candidates: event === 'decided' ? '1, 2' : 2 },
    },
    ...{ commitment: null, previous: 'ab12cd34', hash: 'ab12cd34' },
    annotation: i % 8 === 0 ? { displayName: 'Ελένη', justification: 'Το ζήτησε.' } : null,
  }));
  return {
    ...{ requestId, entries: [], annotations: [], head: 'ab12cd34', at: madeAt, signature: null },
    ...{ checkpoints: [], problems: isIntact ? [] : ['Entry 7 was changed.'], isIntact },
    brokenAt: isIntact ? [] : [7],
    custody: lines,
  };
};

const act = (isYou: boolean) => ({
  ...{ at: madeAt, by: 'Ελένη', justification: 'Το ζήτησε.', isYou },
});
export const handOver = (): HandOver => ({
  ...{ policy: 'twoOfficers', isAvailable: true, availableUntil: later, packageBytes: 41_700_000 },
  confirmation: { ...act(true), event: 'identityChecked', method: 'inPerson' },
  ...{ approvals: [], handedOver: [act(false)] },
  approval: { isPossible: false, problem: 'otherOfficerRequired' },
  delivery: { isPossible: false, problem: 'approvalRequired' },
});

export const messages = (): { messages: Message[] } => ({
  messages: (
    [
      ['email', 'person', 'invitation', 'accepted'],
      ['sms', 'person', 'code', 'delivered'],
      ['email', 'officers', 'decision', 'superseded'],
      ['webhook', 'ticketSystem', 'exporting', 'failed'],
      ['webhook', 'ticketSystem', 'available', 'pending'],
    ] as const
  ).map(([channel, recipient, template, result], i) => ({
    ...{ messageId: `message-${i}`, at: madeAt, channel, recipient, template, result },
    ...{ to: recipient === 'person' ? 'm•••@m•••.example' : null, attempts: 2, again: i },
    ...{ nextTryAt: result === 'pending' ? later : null, canBeSentAgain: true, hasText: true },
  })),
});

export const letter = (): Letter => ({
  ...{ language: 'de', subject: 'Θέμα', text: 'Κείμενο {explanation}', dueAt: later },
});

export const report = (): Report => ({
  language: 'en',
  ...{ isPreview: true, sentences: ['Όλα είναι εδώ.'], failedItems: 84, acceptedFailures: 0 },
  kinds: [],
  failures: [{ kind: 'audio', reason: 'notDelivered', count: 84 }],
});

export const statistics = (): Statistics => ({
  asOf: madeAt,
  months: ['2026-09', '2026-10', '2026-11'].map((month, i) => ({
    ...{ month, received: 20 + i, answeredInTime: 14, answeredLate: i, withoutOfficer: 9 },
    ...{ opened: 11, byOutcome: { dataGiven: 11, noDataFound: 2, refused: 1 } },
    daysToAnswer: { '1': 3, '4': 8, '12': 2, '31-60': i },
  })),
});
