import type { OfficerRole } from '../../core/authentication/officer-roles';
import { isFinal, mayFollow } from '../../core/request/states';
import type { Evidence, RequestSummary, WholeSummary } from './officer-api';

/** What officers may do with a request, as it stands now. */

export const actionNames = [
  'identity',
  'mandate',
  'extend',
  'retry',
  'acceptGaps',
  'withhold',
  'code',
  'release',
  'deliver',
  'cancel',
  'refuse',
  'recall',
] as const;
export type ActionName = (typeof actionNames)[number];

/** Whether a decision can still be made or corrected: until the package is written. */
export const canDecide = ({ state, availableUntil }: RequestSummary): boolean =>
  !isFinal(state) &&
  !['packaging', 'available', 'delivered'].includes(state) &&
  availableUntil === null;

/**
 * Whether a request waits for a decision: it asks for one, or conversations wait that officers left for later.
 * The evidence alone says so: the summary may be of another moment.
 */
export const waitsForDecision = ({ isNeeded, status, doubtful, decision }: Evidence): boolean =>
  isNeeded ||
  (status.state === 'needsDecision' &&
    decision?.undecided === 'wait' &&
    (doubtful?.undecided ?? 0) > 0);

const isThere = ({ state, availableUntil }: RequestSummary): boolean =>
  (state === 'available' || state === 'delivered') &&
  availableUntil !== null &&
  Date.parse(availableUntil) > Date.now();

/**
 * The actions that the server would take from an officer now; the others are not offered.
 * @param may whether the officer has a role
 */
export function actionsFor(
  summary: WholeSummary,
  may: (role: OfficerRole) => boolean,
): ActionName[] {
  const { state, clock, status, ticketId, failedItems, hasApproved } = summary;
  const isDecider = may('Requests.Decide');
  const isDeliverer = may('Requests.Deliver');
  const isAsked = status.requester !== null && (state === 'received' || state === 'needsDecision');
  // Without a key there is nothing left that could be tried again.
  const canRetry = isDecider && state === 'failed' && ticketId !== null;
  const possible: Record<ActionName, boolean> = {
    identity: isDecider && state === 'awaitingVerification',
    mandate: isDecider && isAsked,
    extend: isDecider && clock.extendableUntil !== null,
    retry: canRetry,
    acceptGaps: canRetry && (failedItems ?? 0) > 0,
    withhold: isDecider && canDecide(summary) && ticketId !== null,
    // Whoever has approved issues no code: they would approve what they confirm.
    code: isDeliverer && !isFinal(state) && ticketId !== null && !hasApproved,
    release: isDeliverer && isThere(summary) && Date.parse(clock.dueAt) > Date.now(),
    // It stands on the page of the delivery, with what has to come before it.
    deliver: false,
    cancel: isDecider && mayFollow(state, 'cancelled'),
    refuse: isDecider && mayFollow(state, 'refused'),
    recall: may('Requests.Recall') && mayFollow(state, 'recalled'),
  };
  return actionNames.filter((action) => possible[action]);
}
