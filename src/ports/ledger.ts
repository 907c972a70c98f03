import type { WebhookEvent } from '../core/api/webhooks';
import type { CustodyHead } from '../core/custody/heads';
import type {
  CustodyAnnotation,
  CustodyEntry,
  CustodyFact,
  OfficerAction,
} from '../core/custody/record';
import type { RequestChange, RequestDetails, RequestRecord } from '../core/request/record';
import type { EndNotice } from '../core/messages/end-notices';
import type {
  CleanUpPlace,
  CleanUpStage,
  EndedRequest,
  OpenRequest,
} from '../core/request/request-index';
import type { RequestState } from '../core/request/states';

export type { EndedRequest, OpenRequest } from '../core/request/request-index';
export type { RequestChange, RequestDetails, RequestRecord } from '../core/request/record';

/** A request as it is stored, with its personal part. */
export interface StoredRequest {
  record: RequestRecord;
  details: RequestDetails;
}

/** What is written of a request in one transaction, by `move`, by `note`, or without a custody entry. */
export type StoredChange = {
  details: RequestDetails;
  change?: RequestChange;
  act?: OfficerAction | null;
} & ({ to?: RequestState; fact?: never } | { fact?: CustodyFact; to?: never });

/**
 * Columns to change, or how they follow from the request as it is stored. A function may be called
 * several times, because other writers may come first; what it throws is thrown by the call.
 */
export type ColumnChange = RequestChange | ((stored: RequestRecord) => RequestChange);

export interface CustodyRecord {
  entries: CustodyEntry[];
  /** By the sequence number of their entry. */
  annotations: Map<number, CustodyAnnotation>;
  /** The head that was written with each entry. */
  heads: CustodyHead[];
}

/** How far a custody record goes. */
export interface CustodyEnd {
  requestId: string;
  /** The head that the request names; null where it names none. */
  head: CustodyHead | null;
  /** Number of entries at the last checkpoint. */
  checkpoint: number;
}

/** Some of the ended requests, newest end first. */
export interface EndedPage {
  requests: (EndedRequest & { key: string })[];
  /** Where the next page begins; null at the end. */
  next: string | null;
}

/** A request that was cleaned up, and what is to be deleted of it next. */
export type CleanedRequest = CleanUpPlace & { requestId: string };

/** Times of the clean-up, both inclusive; null for all before, or all after. */
export interface CleanedBetween {
  from: string | null;
  until: string | null;
}

/** The requests with their custody records and webhooks. */
export interface Ledger {
  /**
   * Stores a new request.
   * @param callback where webhooks of the request are sent, encrypted by the key store; null for nowhere
   * @returns what is stored under its id, which another caller may have created before
   */
  create(
    record: RequestRecord,
    details: RequestDetails,
    callback: string | null,
  ): Promise<{ created: boolean; record: RequestRecord }>;
  /**
   * Reads a request.
   * @param extent `whole`: `details` of the record that is returned tells what was stored at the same
   *   moment, and reads nothing more; for who needs the personal part, which may be large
   */
  get(requestId: string, extent?: 'record' | 'whole'): Promise<RequestRecord | null>;
  /**
   * What the index says of all requests that have not ended, and of those of which something is still
   * stored. It reads no other request.
   */
  listOpen(): Promise<OpenRequest[]>;
  /** Ids of the same, and of requests of which the index is being changed. */
  listOpenIds(): Promise<string[]>;
  /** Ids of all requests that were cleaned up and not forgotten: their number grows with the years. */
  listCleanedIds(): Promise<string[]>;
  /** @param after `next` of the page before; null for the first */
  listEnded(after: string | null, limit: number): Promise<EndedPage>;
  /** How many requests have ended. */
  countEnded(): Promise<number>;
  /** Requests that were cleaned up in a period, and of which this is deleted next. */
  listCleaned(stage: CleanUpStage, between: CleanedBetween): Promise<CleanedRequest[]>;
  /**
   * Brings the index in line with a request, or with that there is none.
   * @returns whether it differed, and the request; null without one, and while it is being changed
   */
  repairIndex(requestId: string): Promise<{ isDifferent: boolean; record: RequestRecord | null }>;
  /** Removes a row of the index that its request does not have. @returns whether it was removed */
  repairEnded(row: { key: string; requestId: string }): Promise<boolean>;
  /** The same of one that `listCleaned` gives. */
  repairCleaned(row: CleanedRequest): Promise<boolean>;
  /** Counts the ended requests anew. @returns whether the number differed */
  recountEnded(): Promise<boolean>;
  /** A request with its personal part, by one read; null details where that, or its key, was deleted. */
  getWhole(
    requestId: string,
  ): Promise<{ record: RequestRecord; details: RequestDetails | null } | null>;
  /** @throws ConflictError when the personal part, or its key, was deleted */
  details(record: RequestRecord): Promise<RequestDetails>;
  /**
   * Changes a request that has a personal part, and that part with it. Nothing that another writer has
   * written meanwhile is overwritten: the change is then made again from what is stored.
   * @param change is given what is stored, and may be called several times; what it throws is thrown
   * @returns what is stored now
   * @throws ConflictError when the personal part, or its key, was deleted, or the state may not follow
   */
  changeDetails(
    requestId: string,
    change: (stored: StoredRequest) => StoredChange,
  ): Promise<StoredRequest>;
  /** @returns the request as it is stored now */
  update(requestId: string, change: ColumnChange): Promise<RequestRecord>;
  /**
   * Moves a request to a state and writes the change into its custody record. A request that is in the
   * state already stays there.
   * @throws ConflictError when the state may not follow the present one
   */
  move(
    requestId: string,
    to: RequestState,
    change?: ColumnChange,
    act?: OfficerAction | null,
  ): Promise<void>;
  /** Writes a fact into the custody record; the state stays. */
  note(
    requestId: string,
    fact: CustodyFact,
    change?: ColumnChange,
    act?: OfficerAction | null,
  ): Promise<void>;
  /**
   * Stores the notice of an end, writes it into the custody record and adds it to the webhooks, all or
   * nothing. A request that has one keeps it.
   */
  noteEnd(requestId: string, notice: EndNotice): Promise<void>;
  /** The custody record from its first entry on, with the annotations that were not deleted. */
  custody(requestId: string): Promise<CustodyRecord>;
  /** The entries of the custody record alone: what happened, without who did it and why. */
  custodyEntries(requestId: string): Promise<CustodyEntry[]>;
  /** Where the custody record of a request ends; null without the request. */
  custodyEnd(requestId: string): Promise<CustodyEnd | null>;
  /** Notes that there is a checkpoint of a custody record with so many entries. */
  noteCheckpoint(requestId: string, sequence: number): Promise<void>;
  /** Adds heads to the witness that it lacks. */
  completeWitness(requestId: string): Promise<void>;
  /** Events for the ticketing system: every change of state, and the notice of the end, in their order. */
  webhooks(requestId: string): Promise<WebhookEvent[]>;
  /**
   * Stores what became of an event, counts what is pending, and writes the fact into the custody record,
   * all or nothing.
   */
  settleWebhook(
    requestId: string,
    event: WebhookEvent,
    fact: CustodyFact | null,
    act?: OfficerAction | null,
  ): Promise<void>;
  /** Where they are sent, encrypted by the key store; null for nowhere. */
  callback(requestId: string): Promise<string | null>;
  deleteCallback(requestId: string): Promise<void>;
  /** Deletes the personal annotations of the custody record; its chain stays valid. */
  deleteAnnotations(requestId: string): Promise<void>;
  /**
   * Deletes everything of an ended request, its custody record included. What is left of a call that did
   * not finish still has the request, so that the call is made again.
   */
  forget(requestId: string): Promise<void>;
  /** Deletes the personal part of a request. */
  deleteDetails(requestId: string): Promise<void>;
}
