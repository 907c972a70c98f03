import type {
  OfficerAction,
  CustodyEntry,
  CustodyFact,
  CustodyAnnotation,
} from '../core/custody/record';
import type { RequestState } from '../core/request/states';
import type { WebhookEvent } from '../core/api/webhooks';

import type { RequestChange, RequestDetails, RequestRecord } from '../core/request/record';

export type { RequestChange, RequestDetails, RequestRecord } from '../core/request/record';

export interface CustodyRecord {
  entries: CustodyEntry[];
  /** By the sequence of their entry. */
  annotations: Map<number, CustodyAnnotation>;
}

export interface Ledger {
  /** Stores a new request; returns what is stored under its id, which may have been there before. */
  create(
    record: RequestRecord,
    details: RequestDetails,
    /** Where the ticketing system is told of changes, protected by the key store. */
    callback: string | null,
  ): Promise<{ created: boolean; record: RequestRecord }>;
  get(requestId: string): Promise<RequestRecord | null>;
  /** All requests that have not ended, and those of which something is still stored. */
  listOpen(): Promise<RequestRecord[]>;
  list(): Promise<RequestRecord[]>;
  details(record: RequestRecord): Promise<RequestDetails>;
  setDetails(record: RequestRecord, details: RequestDetails): Promise<void>;
  update(requestId: string, change: RequestChange): Promise<void>;
  /**
   * Moves a request to a state and stamps the change into its custody record. Being there already
   * is no error.
   * @throws ConflictError when the state may not follow the present one.
   */
  move(
    requestId: string,
    to: RequestState,
    change?: RequestChange,
    act?: OfficerAction | null,
  ): Promise<void>;
  /** Stamps something that happened into the custody record; the state stays. */
  note(
    requestId: string,
    fact: CustodyFact,
    change?: RequestChange,
    act?: OfficerAction | null,
  ): Promise<void>;
  /** The custody record from its first entry on, and what is personal in it and not forgotten. */
  custody(requestId: string): Promise<CustodyRecord>;
  /** Changes of state that the ticketing system is told of, in their order. */
  webhooks(requestId: string): Promise<WebhookEvent[]>;
  settleWebhook(requestId: string, event: WebhookEvent): Promise<void>;
  /** Where they go, protected by the key store; null where nobody is told. */
  callback(requestId: string): Promise<string | null>;
  deleteCallback(requestId: string): Promise<void>;
  /** Forgets what is personal in the custody record; its chain still holds. */
  deleteAnnotations(requestId: string): Promise<void>;
  /** Deletes the personal part of a request. */
  deleteDetails(requestId: string): Promise<void>;
}
