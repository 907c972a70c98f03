import type { ActivityResult } from '../core/results';
import type { RequestState } from '../core/request/states';
import type { ResolveOutcome } from '../core/subject/resolve-contact';

/**
 * What orchestrators and activities agree on. Everything named here is stored in clear in the task
 * hub, so it is page numbers, counts and codes: never anything of a person, and no id of a
 * conversation, contact or recording.
 */
export interface ActivityTypes {
  /** Reads the contact points on file of the person who is meant. */
  resolveContact: {
    input: { requestId: string };
    output: { outcome: ResolveOutcome };
  };
  /** Sends the invitation to the mailbox on file. */
  invite: { input: { requestId: string }; output: null };
  /** Reminds, once, who was invited and has not proven who they are. */
  remindPerson: { input: { requestId: string }; output: null };
  /** Tells the person why their request is refused, if that is what has happened to it. */
  sendRefusalNotice: { input: { requestId: string }; output: null };
  readRequest: {
    input: { requestId: string };
    output: {
      state: RequestState;
      isVerified: boolean;
      decisionVersion: number;
      /** When a released package is to be deleted; null before. */
      endsAt: string | null;
    };
  };
  moveRequest: { input: { requestId: string; to: RequestState; reason?: string }; output: null };
  /** Tells the officer, by mail, that a request waits for them or has failed. */
  remindOfficer: { input: { requestId: string }; output: null };
  /**
   * Makes ready for a collection: of what an earlier one left, what is exported stays, unless an
   * officer has decided anew since. `attempt` numbers the collections.
   */
  beginExportAttempt: { input: { requestId: string }; output: { attempt: number } };
  /** Reads everything the person is known by, and plans the searches. */
  planSearches: { input: { requestId: string }; output: { groups: number } };
  /** Moves a group of searches on as far as it goes; `waiting` is how many are not done. */
  advanceSearches: { input: { requestId: string; group: number }; output: { waiting: number } };
  /** Numbers the conversations that were found and divides them into pages. */
  planPages: { input: { requestId: string }; output: { conversations: number; pages: number } };
  /**
   * Exports what is ready of a page as one part of the package; `waiting` is how many items are not
   * done. In the last round what is still not ready is given up and listed.
   */
  exportPage: {
    input: { requestId: string; page: number; round: number; isLast: boolean };
    output: { waiting: number };
  };
  /**
   * Exports what is of the person and of no conversation: notes, visits, campaigns and the audit
   * trail, whose queries take their time; `waiting` is how many of those are not done.
   */
  exportPerson: { input: { requestId: string }; output: { waiting: number } };
  /** Asks the source whether the export may read everything that it has to; null when it may. */
  probeSource: {
    input: { requestId: string };
    output: { problem: 'sourcePermissionMissing' | 'sourceDivisionInaccessible' | null };
  };
  /**
   * Compares what was written with what is expected; `isCurrent` is false when an officer has
   * decided anew while it was collected.
   */
  reconcile: { input: { requestId: string }; output: { isComplete: boolean; isCurrent: boolean } };
  writePackageMetadata: { input: { requestId: string }; output: null };
  commitPackage: { input: { requestId: string }; output: { bytes: number } };
  /**
   * Reads the package back, from the n-th part on, from 0; `next` is the part to go on with, null
   * when there is none.
   */
  verifyPackage: { input: { requestId: string; from: number }; output: { next: number | null } };
  release: { input: { requestId: string }; output: null };
  /** Sends what the ticketing system was not told of; `nextInSeconds` is when to try again. */
  sendWebhooks: { input: { requestId: string }; output: { nextInSeconds: number | null } };
  announce: { input: { requestId: string }; output: null };
  /** Deletes everything that was stored for the request, its key last, and proves that it is gone. */
  cleanUp: { input: { requestId: string }; output: null };
}

export type ActivityName = keyof ActivityTypes;
export type ActivityInput<N extends ActivityName> = ActivityTypes[N]['input'];
export type ActivityOutput<N extends ActivityName> = ActivityTypes[N]['output'];

export type Activities = {
  [N in ActivityName]: (input: ActivityInput<N>) => Promise<ActivityResult<ActivityOutput<N>>>;
};

/** Limits that orchestrators need of the settings; they must not read settings themselves. */
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
  searchGroup: { requestId: string; limits: OrchestrationLimits; group: number };
  exportPersonRecords: { requestId: string; limits: OrchestrationLimits };
  deliverWebhooks: { requestId: string; limits: OrchestrationLimits };
  /**
   * `firstRound` is above every round of earlier collections. `round` and `deadline` (ISO 8601) are
   * set when a lane goes on in the middle of a page.
   */
  exportWorker: {
    requestId: string;
    limits: OrchestrationLimits;
    pages: number;
    page: number;
    firstRound: number;
    round?: number;
    deadline?: string;
  };
}

export type OrchestratorName = keyof OrchestratorTypes;

/** Raised when the ledger has changed in a way that the story has to know of. */
export const requestChanged = 'requestChanged';

export const instanceIdOf = (requestId: string): string => `request-${requestId}`;
export const webhooksIdOf = (requestId: string): string => `${instanceIdOf(requestId)}-webhooks`;
