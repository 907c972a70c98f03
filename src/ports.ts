import type { Statement } from './core/availability';
import type { CollectedRow } from './core/flatten';
import type { Contact, Identifier } from './core/identity';
import type { Item, ItemCounts } from './core/items';
import type { WaitReason } from './core/results';
import type { Redactions } from './core/sanitise';
import type { RequestState } from './core/states';
import type { Decision, Findings } from './core/subject';
import type { SearchWindow } from './core/windows';

export type * from './source-port';

/** What activities and HTTP functions need of the world. Adapters implement these. */

export interface Clock {
  now(): Date;
}

// --- The ledger -------------------------------------------------------------------------------

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
}

export interface RequestRecord {
  requestId: string;
  /** Name of the organisation of the source that is asked. */
  organisation: string;
  state: RequestState;
  createdAt: string;
  receivedAt: string;
  /** Keyed hash of the body, to tell a repeated request from a different one. */
  bodyHash: string;
  /** The request's secret, wrapped by the key store; null once it was destroyed. */
  wrappedSecret: string | null;
  verifiedAt: string | null;
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
  /** When everything that was stored for the request was deleted. */
  cleanedAt: string | null;
}

/** A line of a request's custody record: a change of state, or something that an officer did. */
export interface CustodyEntry {
  at: string;
  from: RequestState;
  to: RequestState;
  reason: string | null;
  /** What a person did, and why in their words; null for what the app does by itself. */
  act: Act | null;
}

/** Something that a person did to a request. */
export interface Act {
  /** `unknown officer` until officers sign in. */
  by: string;
  why: string;
}

export type RequestChange = Partial<
  Omit<
    RequestRecord,
    'requestId' | 'organisation' | 'state' | 'createdAt' | 'receivedAt' | 'bodyHash'
  >
>;

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
  /** Stamps what an officer did into the custody record; the state stays. */
  note(requestId: string, change: RequestChange, reason: string, act: Act): Promise<void>;
  custody(requestId: string): Promise<CustodyEntry[]>;

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

// --- Keys -------------------------------------------------------------------------------------

/** The keys that follow from a request's secret. */
export interface RequestKeys {
  /** Passphrase of the package: 130 random bits in Crockford's base 32, in groups. */
  passphrase: string;
  /** AES-256 key that seals work blobs and the personal part of the request. */
  sealingKey: Buffer;
  /** Token of the invitation link (256 bits, base64url). */
  invitationToken: string;
}

export interface KeyStore {
  /** Makes a request's secret and returns it wrapped. */
  createSecret(): Promise<string>;
  unwrap(wrappedSecret: string): Promise<RequestKeys>;
  /**
   * Signs content: a detached JWS (RFC 7515 appendix F) with ES256, whose header names the key and the
   * address of the public keys.
   * @param keysAddress where `publicKeys` can be read
   */
  sign(content: Buffer, keysAddress: string): Promise<string>;
  /** Public keys of all signatures ever made, as a JWK set (RFC 7517). */
  publicKeys(): Promise<{ keys: object[] }>;
  /** Keyed hash (HMAC-SHA256, hex) of a text, different for each purpose. */
  keyedHash(purpose: string, text: string): string;
}

// --- Blobs ------------------------------------------------------------------------------------

/** Intermediate data of a request, sealed with its key. */
export interface WorkStore {
  write(requestId: string, name: string, key: Buffer, value: unknown): Promise<void>;
  /** Stores it unless something is there. Returns whether it was stored. */
  writeOnce(requestId: string, name: string, key: Buffer, value: unknown): Promise<boolean>;
  /** Null when there is none. */
  read(requestId: string, name: string, key: Buffer): Promise<unknown>;
  list(requestId: string, prefix: string): Promise<string[]>;
  /** Deletes what begins with a prefix; everything without one. */
  deleteAll(requestId: string, prefix?: string): Promise<void>;
}

export interface PackageStore {
  stageBlock(requestId: string, blockId: string, content: Buffer): Promise<void>;
  /** Version of the committed package (its ETag), or null when there is none. */
  version(requestId: string): Promise<string | null>;
  /**
   * Makes the package of these blocks, in this order.
   * @param version that the package must still have; null when there must be none
   * @throws ConflictError when it has another one
   */
  commit(requestId: string, blockIds: string[], version: string | null): Promise<void>;
  /** Size of the committed package in bytes, or null when there is none. */
  size(requestId: string): Promise<number | null>;
  read(requestId: string, from: number, count: number): Promise<Buffer>;
  stream(requestId: string, from: number, count: number): AsyncIterable<Buffer>;
  delete(requestId: string): Promise<void>;
  /** A link that reads this one package, and when it ends by the store's clock; null without a package. */
  link(requestId: string): Promise<{ url: string; expiresAt: string } | null>;
}

// --- People -----------------------------------------------------------------------------------

export interface Notifier {
  email(message: { to: string; subject: string; text: string; messageId: string }): Promise<void>;
  sms(message: { to: string; text: string }): Promise<void>;
}

export type CodeCheck = 'accepted' | 'wrong' | 'expired' | 'lockedOut';

export interface Session {
  requestId: string;
  /** When a code was entered (ISO 8601); null for who has only opened the link. */
  verifiedAt: string | null;
}

/** What has to do with proving who somebody is: invitations, codes, sessions. All single-use or short. */
export interface Access {
  putInvitation(requestId: string, token: string): Promise<void>;
  /** Request of an invitation, or null. */
  invitation(token: string): Promise<string | null>;
  /** Makes a code and stores its hash; null when the limit on codes is reached. */
  issueCode(requestId: string): Promise<{ code: string } | null>;
  checkCode(requestId: string, code: string): Promise<CodeCheck>;
  startSession(session: Session): Promise<string>;
  /** The session of a token, kept alive by this use; null when there is none or it has ended. */
  session(token: string): Promise<Session | null>;
  endSession(token: string): Promise<void>;
  endAll(requestId: string): Promise<void>;
}

// --- Fragments of the package -----------------------------------------------------------------

/** An entry of the ZIP as its part wrote it. Offsets count from the start of the part. */
export interface EntryRecord {
  name: string;
  offset: number;
  /** Bytes of clear content. */
  size: number;
  /** Bytes in the archive: salt, verifier, ciphertext and authentication code. */
  storedSize: number;
  /** 0 stored, 8 deflated. */
  method: 0 | 8;
  sha256: string;
}

/** Directory of one finished part. Storing it is what makes the part count. */
export interface PartFragment {
  part: string;
  bytes: number;
  blockIds: string[];
  entries: EntryRecord[];
  items: Item[];
  rows: CollectedRow[];
  /** What was masked in its entries, and how often. */
  redactions: Redactions;
}
