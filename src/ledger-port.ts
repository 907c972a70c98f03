import type { Statement } from './core/availability';
import type { Act, CustodyEntry, CustodyFact, CustodySide } from './core/custody';
import type { Contact, Identifier } from './core/identity';
import type { Item, ItemCounts } from './core/items';
import type { Letters } from './core/letters';
import type { WaitReason } from './core/results';
import type { RequestState } from './core/states';
import type { StepUpMethod } from './core/step-up';
import type { Decision, Findings } from './core/subject';
import type { WebhookEvent } from './core/webhooks';
import type { SearchWindow } from './core/windows';

/** Personal part of a request. It is stored sealed with the request's key. */
export interface RequestDetails {
  ticketId: string;
  identifiers: Identifier[];
  name: string | null;
  locale: string;
  /** IANA name of the person's time zone. */
  timeZone: string;
  /** What was found of who is meant; null before anybody has looked. */
  findings: Findings | null;
  /** Set once the person is found: with what may be searched by and written to. */
  contact: Contact | null;
  /** The last of the officer's decisions. */
  decision: Decision | null;
  /** What they have to be told of what an officer did. */
  letters: Letters;
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
  proofAskedAt: string | null;
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
  reach: string | null;
  /** Time up to which the source could be searched; what came later was not in it yet. */
  searchableUntil: string | null;
  packageBytes: number | null;
  releasedAt: string | null;
  availableUntil: string | null;
  /** When the collection of what is in the package was begun, for an estimate. */
  collectingSince: string | null;
  /** Until when a download that was begun may go on by the link it has. */
  downloadUntil: string | null;
  /** Whether the ticketing system is told of every change of state. */
  hasCallback: boolean;
  /** Changes of state that it was not told of yet. */
  webhooksOpen: number;
  availability: Statement[] | null;
  /** Time before which the audit trail is gone in the source. */
  auditReach: string | null;
  /** Permissions that the source's client lacked when it was last asked. */
  missingPermissions: string[];
  /** Divisions whose declared contact the source did not show, and those whose it did. */
  hiddenDivisions: string[];
  shownDivisions: string[];
  /** Conversations that could not be protected from deletion while they are collected. */
  unprotected: number;
  /** How many failed items an officer has accepted to be missing. */
  failuresAccepted: number;
  /** How many decisions were made; which the story has seen, and which the collection follows. */
  decisions: number;
  resolvedUnder: number;
  collectedUnder: number;
  /** How often a collection was begun. */
  collections: number;
  /** When who has decided what, and why, was forgotten. */
  forgottenAt: string | null;
  /** When everything that was stored for the request was deleted. */
  cleanedAt: string | null;
}

export type RequestChange = Partial<
  Omit<
    RequestRecord,
    'requestId' | 'organisation' | 'state' | 'stateSince' | 'createdAt' | 'receivedAt' | 'bodyHash'
  >
>;

export interface CustodyRecord {
  entries: CustodyEntry[];
  /** By the sequence of their entry. */
  sides: Map<number, CustodySide>;
}

export interface SearchRecord {
  /** Order of the window; halves of a refused window extend their parent's. */
  key: string;
  window: SearchWindow;
  state: 'new' | 'running' | 'done' | 'split';
  jobId: string | null;
  attempts: number;
  found: number;
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
    act?: Act | null,
  ): Promise<void>;
  /** Stamps something that happened into the custody record; the state stays. */
  note(
    requestId: string,
    fact: CustodyFact,
    change?: RequestChange,
    act?: Act | null,
  ): Promise<void>;
  /** The custody record from its first entry on, and what is personal in it and not forgotten. */
  custody(requestId: string): Promise<CustodyRecord>;
  /** Changes of state that the ticketing system is told of, in their order. */
  webhooks(requestId: string): Promise<WebhookEvent[]>;
  settleWebhook(requestId: string, event: WebhookEvent): Promise<void>;
  /** Where they go, protected by the key store; null where nobody is told. */
  callback(requestId: string): Promise<string | null>;
  forgetCallback(requestId: string): Promise<void>;
  /** Forgets what is personal in the custody record; its chain still holds. */
  forgetCustody(requestId: string): Promise<void>;

  putSearches(requestId: string, searches: SearchRecord[]): Promise<void>;
  searches(requestId: string): Promise<SearchRecord[]>;

  putItems(requestId: string, page: number, items: Item[]): Promise<void>;
  items(requestId: string, page: number): Promise<Item[]>;
  deleteItems(requestId: string, page: number): Promise<void>;
  putPageCounts(requestId: string, page: number, counts: ItemCounts): Promise<void>;
  /** Sum over all pages. */
  counts(requestId: string): Promise<ItemCounts>;
  /** Deletes searches, pages and items: what was collected. */
  deleteCollected(requestId: string, pages: number): Promise<void>;
  /** Deletes everything but the request row and its custody record. */
  deleteWork(requestId: string, pages: number): Promise<void>;
}
