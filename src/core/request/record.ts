import type { StepUpMethod } from '../authentication/step-up';
import type { StatutoryNotices } from '../messages/statutory-notices';
import type { Statement } from '../package/availability-report';
import type { WaitReason } from '../results';
import type { Contact, Identifier } from '../subject/identifiers';
import type { ContactMatches, Decision } from '../subject/resolve-contact';
import type { RequestState } from './states';

/** Personal part of a request. It is stored sealed with the request's key. */
export interface RequestDetails {
  ticketId: string;
  identifiers: Identifier[];
  name: string | null;
  locale: string;
  /** IANA name of the person's time zone. */
  timeZone: string;
  /** What was found of who is meant; null before anybody has looked. */
  contactMatches: ContactMatches | null;
  /** Set once the person is found: with what may be searched by and written to. */
  contact: Contact | null;
  /** The last of the officer's decisions. */
  decision: Decision | null;
  /** What they have to be told of what an officer did. */
  statutoryNotices: StatutoryNotices;
}

export interface RequestRecord {
  requestId: string;
  /** Name of the organisation of the source that is asked. */
  organisation: string;
  state: RequestState;
  /** When it came into its state. */
  stateSince: string;
  createdAt: string;
  receivedAt: string;
  /** Keyed hash of the body, to tell a repeated request from a different one. */
  bodyHash: string;
  /** The request's secret, wrapped by the key store; null once it was destroyed. */
  wrappedSecret: string | null;
  /** When the person was first asked to prove who they are. */
  verificationRequestedAt: string | null;
  verifiedAt: string | null;
  /** When the legal period was extended; null when it was not. */
  extendedAt: string | null;
  /** Whether it is recorded that the legal period was missed. */
  isDeadlineMissed: boolean;
  /** How they have proven who they are; null before. */
  verifiedBy: StepUpMethod | null;
  /** Code of the reason for `needsDecision` and `failed`. */
  reason: string | null;
  waiting: { reason: WaitReason; at: string } | null;
  conversations: number | null;
  pages: number | null;
  searched: { from: string; to: string; windows: number } | null;
  searchableFrom: string | null;
  /** Time up to which the source could be searched; what came later was not in it yet. */
  indexedUntil: string | null;
  packageBytes: number | null;
  releasedAt: string | null;
  availableUntil: string | null;
  /** When the collection of what is in the package was begun, for an estimate. */
  exportStartedAt: string | null;
  /** Until when a download that was begun may go on by the link it has. */
  downloadUntil: string | null;
  /** Whether the ticketing system is told of every change of state. */
  hasCallback: boolean;
  /** Changes of state that it was not told of yet. */
  pendingWebhooks: number;
  availability: Statement[] | null;
  /** Time before which the audit trail is gone in the source. */
  auditRetainedFrom: string | null;
  /** Permissions that the source's client lacked when it was last asked. */
  missingPermissions: string[];
  /** Divisions whose declared contact the source did not show, and those whose it did. */
  inaccessibleDivisions: string[];
  visibleDivisions: string[];
  /** Conversations that could not be protected from deletion while they are collected. */
  unprotectedConversations: number;
  /** How many failed items an officer has accepted to be missing. */
  acceptedFailures: number;
  /** How many decisions were made; which the story has seen, and which the collection follows. */
  decisionVersion: number;
  resolvedDecisionVersion: number;
  exportedDecisionVersion: number;
  /** How often a collection was begun. */
  exportAttempts: number;
  /** When who has decided what, and why, was forgotten. */
  annotationsDeletedAt: string | null;
  /** When everything that was stored for the request was deleted. */
  cleanedAt: string | null;
}

export type RequestChange = Partial<
  Omit<
    RequestRecord,
    'requestId' | 'organisation' | 'state' | 'stateSince' | 'createdAt' | 'receivedAt' | 'bodyHash'
  >
>;

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
  verificationRequestedAt: null,
  extendedAt: null,
  isDeadlineMissed: false,
  verifiedAt: null,
  verifiedBy: null,
  exportStartedAt: null,
  downloadUntil: null,
  // The first is that it was received.
  pendingWebhooks: given.hasCallback ? 1 : 0,
  reason: null,
  waiting: null,
  conversations: null,
  pages: null,
  searched: null,
  searchableFrom: null,
  indexedUntil: null,
  packageBytes: null,
  releasedAt: null,
  availableUntil: null,
  availability: null,
  auditRetainedFrom: null,
  missingPermissions: [],
  inaccessibleDivisions: [],
  visibleDivisions: [],
  unprotectedConversations: 0,
  acceptedFailures: 0,
  decisionVersion: 0,
  resolvedDecisionVersion: 0,
  exportedDecisionVersion: 0,
  exportAttempts: 0,
  cleanedAt: null,
  annotationsDeletedAt: null,
});
