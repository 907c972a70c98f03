import type { RequestRecord } from '../../ports';

/** A request as it is when it arrives: nothing is known of it but what came with it. */
export const newRequest = (
  given: Pick<
    RequestRecord,
    | 'requestId'
    | 'organisation'
    | 'createdAt'
    | 'receivedAt'
    | 'bodyHash'
    | 'wrappedSecret'
    | 'hasCallback'
  >,
): RequestRecord => ({
  ...given,
  state: 'received',
  stateSince: given.createdAt,
  proofAskedAt: null,
  extendedAt: null,
  isDeadlineMissed: false,
  verifiedAt: null,
  verifiedBy: null,
  collectingSince: null,
  downloadUntil: null,
  // The first is that it was received.
  webhooksOpen: given.hasCallback ? 1 : 0,
  reason: null,
  waiting: null,
  conversations: null,
  pages: null,
  searched: null,
  reach: null,
  searchableUntil: null,
  packageBytes: null,
  releasedAt: null,
  availableUntil: null,
  availability: null,
  auditReach: null,
  missingPermissions: [],
  hiddenDivisions: [],
  shownDivisions: [],
  unprotected: 0,
  failuresAccepted: 0,
  decisions: 0,
  resolvedUnder: 0,
  collectedUnder: 0,
  collections: 0,
  cleanedAt: null,
  forgottenAt: null,
});
