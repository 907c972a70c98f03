import type { HandOverPolicy } from '../custody/hand-over';
import { addDays, atTime } from '../time/time';
import { legalClockOf, type LegalClockPolicy, type LegalFacts } from './legal-clock';
import { isEndedKey, type OpenRequest } from './request-index';
import { isFinal, type RequestState } from './states';

/** The lists of requests that officers see, and where a page of one ends. */

export const listViews = ['open', 'needsYou', 'failed', 'running', 'done'] as const;
export type ListView = (typeof listViews)[number];
/** The views of requests that have not ended. */
export type OpenView = Exclude<ListView, 'done'>;

/** Requests on a page. */
export const pageLength = 25;

/** What a list is made by, beside the requests. */
export interface ListPolicy {
  legalClock: LegalClockPolicy;
  handOver: HandOverPolicy;
  now: Date;
}

/** Which requests of a view are listed; what is absent lets every request through. */
export interface ListFilter {
  sourceSystem?: string;
  reason?: string;
  locale?: string;
  /** Whether the legal period of a request that is not answered ends within so many days, or has ended. */
  dueWithinDays?: number;
}

/** Whether the person has their answer: the package is available, or the request has ended. */
export const isAnswered = (state: RequestState): boolean =>
  state === 'available' || state === 'delivered' || isFinal(state);

type HandOverFacts = Pick<
  OpenRequest,
  'state' | 'verifiedBy' | 'officerCodeAt' | 'handOverApprovedAt'
>;

/**
 * Whether an officer has begun to hand a package over and another one has to approve it: officers found
 * out who the person is, or have issued a code, while policy wants two.
 */
export const waitsForApproval = (request: HandOverFacts, policy: HandOverPolicy): boolean =>
  policy === 'twoOfficers' &&
  (request.state === 'available' || request.state === 'delivered') &&
  (request.verifiedBy === 'officer' || request.officerCodeAt !== undefined) &&
  (request.handOverApprovedAt ?? null) === null;

type DecisionFacts = Pick<OpenRequest, 'state' | 'decisionVersion' | 'resolvedDecisionVersion'>;

/** Whether a request waits for a decision: officers were asked for one, and have made none since. */
export const isDecisionNeeded = ({
  state,
  decisionVersion,
  resolvedDecisionVersion,
}: DecisionFacts): boolean =>
  state === 'needsDecision' && decisionVersion <= resolvedDecisionVersion;

/** Whether nothing happens to a request until an officer does something. */
export const needsOfficer = (
  request: HandOverFacts & DecisionFacts,
  policy: HandOverPolicy,
): boolean =>
  request.state === 'failed' || isDecisionNeeded(request) || waitsForApproval(request, policy);

/** Number of requests in each view but the last. */
export type OpenCounts = Record<OpenView, number>;

/** Where a request stands in a list: answered ones come last, and the earliest deadline first. */
export interface ListPlace {
  isAnswered: boolean;
  dueAt: string;
  requestId: string;
}

/** A request of a list, with what it is sorted and chosen by. */
export interface ListedRequest extends ListPlace {
  request: OpenRequest;
  needsOfficer: boolean;
}

/** A request with what it is sorted and chosen by. */
export const listed = (
  request: OpenRequest,
  { legalClock, handOver, now }: ListPolicy,
): ListedRequest => ({
  request,
  requestId: request.requestId,
  isAnswered: isAnswered(request.state),
  needsOfficer: needsOfficer(request, handOver),
  dueAt: legalClockOf(request, legalClock, now).dueAt,
});

/** Compares the places of two requests in a list. */
export const byDeadline = (one: ListPlace, other: ListPlace): number =>
  Number(one.isAnswered) - Number(other.isAnswered) ||
  compare(one.dueAt, other.dueAt) ||
  compare(one.requestId, other.requestId);

const compare = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

const isIn: Record<OpenView, (one: ListedRequest) => boolean> = {
  open: () => true,
  needsYou: (one) => one.needsOfficer,
  failed: ({ request }) => request.state === 'failed',
  running: (one) => !one.needsOfficer,
};

/** How many requests each view of those that have not ended has. */
export const countsOf = (all: readonly ListedRequest[]): OpenCounts => ({
  open: all.length,
  needsYou: all.filter(isIn.needsYou).length,
  failed: all.filter(isIn.failed).length,
  running: all.filter(isIn.running).length,
});

/** The request whose legal period ends first, of those that are not answered; null without one. */
export function nextDeadlineOf(all: readonly ListedRequest[]): ListedRequest | null {
  const first = all.reduce<ListedRequest | null>(
    (least, one) => (least === null || byDeadline(one, least) < 0 ? one : least),
    null,
  );
  return first?.isAnswered === false ? first : null;
}

/** Whether fields of a request are those that a filter names. */
export const matchesFields = (
  request: Pick<OpenRequest, 'sourceSystem' | 'reason' | 'locale'>,
  { sourceSystem, reason, locale }: ListFilter,
): boolean =>
  (sourceSystem === undefined || request.sourceSystem === sourceSystem) &&
  (reason === undefined || request.reason === reason) &&
  (locale === undefined || request.locale === locale);

/** What of a view stands on a page. */
export interface PageChoice {
  view: OpenView;
  filter: ListFilter;
  /** Place of the last request of the page before; null for the first page. */
  after: ListPlace | null;
  now: Date;
}

/** A page of a view. */
export interface ListPage {
  requests: ListedRequest[];
  /** Place of its last request; null when none follows. */
  next: ListPlace | null;
}

/**
 * The requests of a page in their order. A request whose deadline moves meanwhile may be on two pages,
 * or on none.
 */
export function pageOf(
  all: readonly ListedRequest[],
  { view, filter, after, now }: PageChoice,
): ListPage {
  const { dueWithinDays } = filter;
  const until = dueWithinDays === undefined ? null : addDays(now, dueWithinDays);
  const isDue = (one: ListedRequest): boolean =>
    until === null || (!one.isAnswered && atTime(one.dueAt) <= until);
  const following = all
    .filter((one) => isIn[view](one) && matchesFields(one.request, filter) && isDue(one))
    .filter((one) => after === null || byDeadline(one, after) > 0)
    .sort(byDeadline);
  const requests = following.slice(0, pageLength);
  return { requests, next: following.length > pageLength ? (requests.at(-1) ?? null) : null };
}

/** A place in a list as the opaque text that a caller gives back. */
export const placeToken = ({ isAnswered, dueAt, requestId }: ListPlace): string =>
  toToken(`${isAnswered ? 1 : 0} ${dueAt} ${requestId}`);

/** @returns null for a text that is no place */
export function placeOf(token: string): ListPlace | null {
  const found = /^([01]) (\d{4}-\d\d-\d\dT[\d:.]+Z) ([0-9a-f-]{36})$/.exec(fromToken(token));
  const [, answered, dueAt = '', requestId = ''] = found ?? [];
  return found && { isAnswered: answered === '1', dueAt, requestId };
}

/** A place among ended requests as the opaque text that a caller gives back. */
export const endedToken = (key: string): string => toToken(key);

/** @returns null for a text that is no place among ended requests */
export function endedKeyOf(token: string): string | null {
  const key = fromToken(token);
  return isEndedKey(key) ? key : null;
}

/** Base64url of ASCII (RFC 4648 section 5). */
const toToken = (text: string): string =>
  btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
function fromToken(token: string): string {
  try {
    return atob(token.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}

/** The legal period of a request, as officers are shown it. */
export interface RequestClock {
  receivedAt: string;
  dueAt: string;
  /** Since when time does not count, because the person has not proven who they are; null otherwise. */
  pausedSince: string | null;
  /** When the period would end without the time that did not count; null where that moved nothing. */
  movedFrom: string | null;
  /** Until when the period may be extended; null when it may not be any more. */
  extendableUntil: string | null;
  isExtended: boolean;
  /** When the person had their answer; null before. */
  answeredAt: string | null;
}

/** @param now ends a verification that is not done yet */
export function requestClockOf(
  request: LegalFacts & { state: RequestState; stateSince: string; releasedAt: string | null },
  policy: LegalClockPolicy,
  now: Date,
): RequestClock {
  const clock = legalClockOf(request, policy, now);
  const { verificationRequestedAt, verifiedAt, releasedAt, state } = request;
  const isSuspended = policy.isSuspendedByVerification && clock.law !== 'ccpa';
  const hasAnswer = isAnswered(state);
  const isExtendable =
    !hasAnswer && releasedAt === null && !clock.isExtended && now < atTime(clock.extendableUntil);
  return {
    receivedAt: request.receivedAt,
    dueAt: clock.dueAt,
    pausedSince: isSuspended && !hasAnswer && verifiedAt === null ? verificationRequestedAt : null,
    movedFrom: isSuspended && clock.dueAt !== clock.strictDueAt ? clock.strictDueAt : null,
    extendableUntil: isExtendable ? clock.extendableUntil : null,
    isExtended: clock.isExtended,
    answeredAt: hasAnswer ? (releasedAt ?? request.stateSince) : null,
  };
}
