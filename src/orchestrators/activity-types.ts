import type { SearchPurpose } from '../core/genesys/search-purpose';
import type { ActivityResult } from '../core/results';
import type { EndState, RequestState } from '../core/request/states';
import type { ResolveOutcome } from '../core/subject/resolve-contact';

/**
 * Inputs and outputs of activities and orchestrators. The task hub stores them in clear, so they are
 * page numbers, counts and codes: never personal data, and never the id of a conversation, contact or
 * recording.
 */
export interface ActivityTypes {
  /** Finds the contact that the request means, with its contact points on file. */
  resolveContact: {
    input: { requestId: string };
    output: { outcome: ResolveOutcome };
  };
  /** Sends the invitation to the mailbox on file. */
  invite: { input: { requestId: string }; output: null };
  /** Reminds the person once to verify their identity. */
  remindPerson: { input: { requestId: string }; output: null };
  /**
   * Tells the person, or the ticketing system for them, why the request ends and where to complain; once.
   * With `mail: 'skip'` no email to the person is tried any more.
   */
  sendEndNotice: {
    input: { requestId: string; end: EndState; mail: 'try' | 'skip' };
    output: null;
  };
  readRequest: {
    input: { requestId: string };
    output: {
      state: RequestState;
      isVerified: boolean;
      decisionVersion: number;
      /** When the released package is deleted (ISO 8601); null before the release. */
      endsAt: string | null;
      /** When the person is reminded of that (ISO 8601); null where nobody is. */
      expiryReminderAt?: string | null;
      /** Whether the person was told of the last release. */
      isAnnounced?: boolean;
    };
  };
  moveRequest: { input: { requestId: string; to: RequestState; reason?: string }; output: null };
  /** Emails the officer that a request waits for a decision or has failed. */
  remindOfficer: { input: { requestId: string }; output: null };
  /**
   * Starts an export attempt, numbered from 1. It keeps what an earlier attempt exported, unless an
   * officer has made another decision since.
   * @param call names this call: an activity may run more often than it is called, also late, and each
   *   run must begin the same attempt
   */
  beginExportAttempt: {
    input: { requestId: string; call?: string };
    output: { attempt: number };
  };
  /** Divides the years to search into windows, and the windows into groups. */
  planSearches: {
    input: { requestId: string; purpose?: SearchPurpose };
    output: { groups: number };
  };
  /** Advances the searches of a group; `waiting` counts those that are not finished. */
  advanceSearches: {
    input: { requestId: string; group: number; purpose?: SearchPurpose };
    output: { waiting: number };
  };
  /** Stores what the source holds of a person without a contact record, as the searches have counted. */
  gatherEvidence: { input: { requestId: string }; output: null };
  /**
   * Lists the conversations that may be another person's; `undecided` counts those that an officer has
   * to decide on before the export goes on. `isCurrent` is false when an officer has decided since that
   * another person is meant.
   */
  findDoubtful: {
    input: { requestId: string };
    output: {
      undecided: number;
      isCurrent: boolean;
      /** Decision by which they were counted. */
      decisionVersion: number;
      /** When the officer is reminded because of the deadline (ISO 8601); null once that has passed. */
      remindAt: string | null;
      /** When the export goes on without answers (ISO 8601); null for never. */
      releaseAt: string | null;
    };
  };
  /** Numbers the conversations found and divides them into pages. */
  planPages: { input: { requestId: string }; output: { conversations: number; pages: number } };
  /**
   * Exports what is ready of a page as one part of the package; `waiting` counts the items that are
   * not finished. The last pass gives up what is still not ready, and lists it.
   */
  exportPage: {
    input: { requestId: string; page: number; attempt: number; pass: number; isLast: boolean };
    output: { waiting: number };
  };
  /**
   * Exports the records of the person that belong to no conversation: notes, website visits, campaigns
   * and the audit trail. `waiting` counts the audit queries that are not finished.
   */
  exportPerson: { input: { requestId: string }; output: { waiting: number } };
  /** Checks the permissions and divisions that the export needs; null when all are there. */
  probeSource: {
    input: { requestId: string };
    output: { problem: 'sourcePermissionMissing' | 'sourceDivisionInaccessible' | null };
  };
  /**
   * Compares what was written with what is expected. `isCurrent` is false when an officer has made
   * another decision since the attempt began.
   */
  reconcile: { input: { requestId: string }; output: { isComplete: boolean; isCurrent: boolean } };
  writePackageMetadata: { input: { requestId: string }; output: null };
  commitPackage: { input: { requestId: string }; output: { bytes: number } };
  /**
   * Reads the package back from part number `from`, counted from 0; `next` is the part to continue
   * with, null at the end.
   */
  verifyPackage: { input: { requestId: string; from: number }; output: { next: number | null } };
  /** Reminds the person once, for each release, that the package will be deleted. */
  remindOfExpiry: { input: { requestId: string }; output: null };
  release: { input: { requestId: string }; output: null };
  /** Sends the pending webhooks; `nextInSeconds` is when to retry, null when none is pending. */
  sendWebhooks: { input: { requestId: string }; output: { nextInSeconds: number | null } };
  /** Notifies the person that the package is available. */
  announce: { input: { requestId: string }; output: null };
  /** Deletes everything stored for the request, its key last, and checks that it is gone. */
  cleanUp: { input: { requestId: string }; output: null };
}

export type ActivityName = keyof ActivityTypes;
export type ActivityInput<N extends ActivityName> = ActivityTypes[N]['input'];
export type ActivityOutput<N extends ActivityName> = ActivityTypes[N]['output'];

export type Activities = {
  [N in ActivityName]: (input: ActivityInput<N>) => Promise<ActivityResult<ActivityOutput<N>>>;
};

/** Limits that orchestrators take from the settings, which they must not read themselves. */
export interface OrchestrationLimits {
  verificationDays: number;
  reminderDays: number;
  pollSeconds: number;
  recordingWaitMinutes: number;
  sourceWaitHours: number;
  exportConcurrency: number;
}

export interface OrchestratorTypes {
  fulfilRequest: { requestId: string; limits: OrchestrationLimits };
  searchGroup: {
    requestId: string;
    limits: OrchestrationLimits;
    group: number;
    purpose?: SearchPurpose;
  };
  exportPersonRecords: { requestId: string; limits: OrchestrationLimits };
  deliverWebhooks: { requestId: string; limits: OrchestrationLimits };
  /**
   * `page` is the first page of this worker. `pass` and `deadline` (ISO 8601) are set when a worker
   * continues in the middle of a page after `continueAsNew`.
   */
  exportWorker: {
    requestId: string;
    limits: OrchestrationLimits;
    attempt: number;
    pages: number;
    page: number;
    pass?: number;
    deadline?: string;
  };
}

export type OrchestratorName = keyof OrchestratorTypes;

/** External event: the ledger has changed in a way that the orchestration must read. */
export const requestChanged = 'requestChanged';

export const instanceIdOf = (requestId: string): string => `request-${requestId}`;
export const webhooksIdOf = (requestId: string): string => `${instanceIdOf(requestId)}-webhooks`;
