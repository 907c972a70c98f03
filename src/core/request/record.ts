import type { StepUpMethod } from '../authentication/step-up';
import type { EndNotice } from '../messages/end-notices';
import type { StatutoryNotices } from '../messages/statutory-notices';
import type { Releases } from '../package/expiry';
import type { Inventory } from '../package/inventory';
import type { Statement } from '../package/availability-statements';
import type { WaitReason } from '../results';
import type { Contact } from '../subject/contact';
import type { Decision } from '../subject/decision';
import type { Identifier } from '../subject/identifiers';
import type { NoContactEvidence } from '../subject/no-contact';
import type { Unanswered } from '../subject/unanswered';
import type { ContactMatches } from '../subject/resolve-contact';
import type { Law } from './clocks/period';
import type { Requester, RequesterStanding } from '../subject/requester';
import type { RequestState } from './states';

/** Rights that a request may exercise: Art. 15 and Art. 20 GDPR. */
export const rights = ['access', 'portability'] as const;
export type Right = (typeof rights)[number];

/** Personal part of a request, stored encrypted with its data key. */
export interface RequestDetails {
  ticketId: string;
  identifiers: Identifier[];
  name: string | null;
  /** Who asks for the person; absent when they ask themselves. */
  requester?: Requester;
  locale: string;
  /** Time zone of the person (IANA). */
  timeZone: string;
  /** Contacts found for the identifiers given; null before the search. */
  contactMatches: ContactMatches | null;
  /**
   * What the source holds of a person of whom no contact was found; absent or null before it was
   * counted, and where a contact was found.
   */
  noContact?: NoContactEvidence | null;
  /** The resolved contact, with the identifiers that may be searched by and written to. */
  contact: Contact | null;
  /** What officers have decided; null before. */
  decision: Decision | null;
  /**
   * `identifierKey` of what the company's login has proven of a person without a contact record; absent
   * before, and of a person of whom there is one.
   */
  loginProved?: string;
  /** Decisions of an officer that the person has to be notified of. */
  statutoryNotices: StatutoryNotices;
}

export interface RequestRecord extends Releases {
  requestId: string;
  /** Organisation of the source that is searched. */
  organisation: string;
  state: RequestState;
  /** When the state last changed. */
  stateSince: string;
  createdAt: string;
  receivedAt: string;
  /** Name of the system that has posted it; absent where it gave none. No personal data. */
  sourceSystem?: string;
  /** Language that the person is written to in; absent in requests of before. */
  locale?: string;
  /** The law that the request is answered under; absent in requests of before, which is `gdpr`. */
  law?: Law;
  /** In which capacity somebody asks for the person; absent when they ask themselves. */
  requester?: RequesterStanding;
  /** What was asked for; absent in requests of before. */
  rights?: readonly Right[];
  /** Keyed hash of the body, to distinguish a repetition from a different request. */
  bodyHash: string;
  /** Hash key of pseudonyms and message ids, which stay the same when the key is rotated; null for the present one. */
  hashKeyId: string | null;
  /** The request's secret, wrapped by the key store; null once it is destroyed. */
  wrappedSecret: string | null;
  /** When the person was first asked to verify their identity. */
  verificationRequestedAt: string | null;
  verifiedAt: string | null;
  /** When the legal period was extended; null without an extension. */
  extendedAt: string | null;
  /** Whether the custody record says that the legal deadline was missed. */
  isDeadlineMissed: boolean;
  /** Method by which the person verified their identity; null before. */
  verifiedBy: StepUpMethod | null;
  /** Reason code of `needsDecision` and `failed`. */
  reason: string | null;
  waiting: { reason: WaitReason; at: string } | null;
  conversations: number | null;
  pages: number | null;
  searched: { from: string; to: string; windows: number } | null;
  searchableFrom: string | null;
  /** Time up to which the source was indexed when it was searched. */
  indexedUntil: string | null;
  packageBytes: number | null;
  /** SHA-256 (hex) of the package as it was read back; null before. */
  packageSha256: string | null;
  releasedAt: string | null;
  availableUntil: string | null;
  /** When the export attempt began. */
  exportStartedAt: string | null;
  /** When the link of the last download expires. */
  downloadUntil: string | null;
  /** Whether the ticketing system receives a webhook on each change of state. */
  hasCallback: boolean;
  /** Number of webhooks that are not delivered. */
  pendingWebhooks: number;
  availability: Statement[] | null;
  /** Conversations of the package; absent before it was written, and in requests of before. */
  inventory?: Inventory;
  /** Time before which the source has deleted the audit trail. */
  auditRetainedFrom: string | null;
  /** Needed permissions that the client lacked at the last check, or that nobody proved or declared. */
  missingPermissions: string[];
  /** Those that the operator declared and the client could not prove, and those that no call proves. */
  declaredPermissions: string[];
  unprovenPermissions: string[];
  /** Divisions whose declared contact the client could not see, and those whose it could. */
  inaccessibleDivisions: string[];
  visibleDivisions: string[];
  /** Conversations that could not be protected from deletion during the export. */
  unprotectedConversations: number;
  /** Hosts of addresses that the source gave and that may not be called. */
  refusedHosts: string[];
  /** Number of failed items that an officer has accepted as missing. */
  acceptedFailures: number;
  /** Number of decisions made. */
  decisionVersion: number;
  /** Decision that last changed who the person is, or by what they are searched for. */
  subjectVersion: number;
  /** Decision that the orchestration has last looked at. */
  resolvedDecisionVersion: number;
  /** The `subjectVersion` that the conversations were searched for. */
  exportedDecisionVersion: number;
  /** What becomes of doubtful conversations without a verdict; null while answers are waited for. */
  unanswered: Unanswered | null;
  /** The attempt for which the pages were last planned, and by what; null before. */
  planned: { attempt: number; decisionVersion: number; unanswered: Unanswered | null } | null;
  /** Doubtful conversations that were left out by policy, without asking an officer. */
  withheldByPolicy: number;
  /** Number of export attempts. */
  exportAttempts: number;
  /** The call by which the last export attempt was begun; null before the first. */
  exportCall: string | null;
  /** The call of which the export attempt is prepared. */
  preparedExportCall: string | null;
  /** When the officers' names and justifications were deleted. */
  annotationsDeletedAt: string | null;
  /**
   * The notice of the end of the request; null before it. Absent of a request that was stored before
   * there were such notices.
   */
  endNotice?: EndNotice | null;
  /** When an officer last issued a code; absent before. */
  officerCodeAt?: string;
  /** When another officer last approved the hand-over of the package; absent or null without that. */
  handOverApprovedAt?: string | null;
  /** When everything stored for the request was deleted. */
  cleanedAt: string | null;
  /** Whether the statistics have counted it for good. */
  isCounted?: true;
}

export type RequestChange = Partial<
  Omit<
    RequestRecord,
    | 'requestId'
    | 'organisation'
    | 'state'
    | 'stateSince'
    | 'createdAt'
    | 'receivedAt'
    | 'sourceSystem'
    | 'locale'
    | 'law'
    | 'rights'
    | 'bodyHash'
    | 'hashKeyId'
  >
>;

/** A request on its receipt. */
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
  > &
    Partial<
      Pick<RequestRecord, 'hashKeyId' | 'law' | 'locale' | 'requester' | 'rights' | 'sourceSystem'>
    >,
): RequestRecord => ({
  hashKeyId: null,
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
  // The first announces its receipt.
  pendingWebhooks: given.hasCallback ? 1 : 0,
  reason: null,
  waiting: null,
  conversations: null,
  pages: null,
  searched: null,
  searchableFrom: null,
  indexedUntil: null,
  packageBytes: null,
  packageSha256: null,
  releasedAt: null,
  availableUntil: null,
  availability: null,
  auditRetainedFrom: null,
  missingPermissions: [],
  declaredPermissions: [],
  unprovenPermissions: [],
  inaccessibleDivisions: [],
  visibleDivisions: [],
  unprotectedConversations: 0,
  refusedHosts: [],
  acceptedFailures: 0,
  decisionVersion: 0,
  subjectVersion: 0,
  resolvedDecisionVersion: 0,
  exportedDecisionVersion: 0,
  unanswered: null,
  planned: null,
  withheldByPolicy: 0,
  exportAttempts: 0,
  exportCall: null,
  preparedExportCall: null,
  endNotice: null,
  cleanedAt: null,
  annotationsDeletedAt: null,
});

/** Whether the conversations were searched for as the person is known now. */
export const isSearchCurrent = ({
  subjectVersion,
  exportedDecisionVersion,
}: Pick<RequestRecord, 'subjectVersion' | 'exportedDecisionVersion'>): boolean =>
  subjectVersion === exportedDecisionVersion;
