import type { Statement } from './core/availability';
import type { CollectedRow } from './core/flatten';
import type { Act, CustodyEntry, CustodyFact, CustodySide } from './core/custody';
import type { Contact, Identifier } from './core/identity';
import type { Item, ItemCounts } from './core/items';
import type { Letters } from './core/letters';
import type { Officer } from './core/officer';
import type { WaitReason } from './core/results';
import type { Redactions } from './core/sanitise';
import type { RequestState } from './core/states';
import type { StepUpMethod } from './core/step-up';
import type { Decision, Findings } from './core/subject';
import type { WebhookEvent } from './core/webhooks';
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

// --- Keys -------------------------------------------------------------------------------------

/** The keys that follow from a request's secret. */
export interface RequestKeys {
  /** Passphrase of the package: 130 random bits in Crockford's base 32, in groups. */
  passphrase: string;
  /** AES-256 key that seals work blobs and the personal part of the request. */
  sealingKey: Buffer;
  /** Token of the invitation link (256 bits, base64url). */
  invitationToken: string;
  /** Key that codes by text message follow from. */
  codeKey: Buffer;
}

export interface KeyStore {
  /** Makes a request's secret and returns it wrapped. */
  createSecret(): Promise<string>;
  unwrap(wrappedSecret: string): Promise<RequestKeys>;
  /** Encrypts what outlives a request. `context` must be the same when it is revealed. */
  protect(text: string, context: string): Promise<string>;
  /** @throws IntegrityError when it was protected in another context, or was changed */
  reveal(sealed: string, context: string): Promise<string>;
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

export interface PackageLink {
  url: string;
  /** When it ends, by the store's clock (ISO 8601). */
  expiresAt: string;
  /** Version of the package, for `If-Match`. */
  etag: string;
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
  /** A link that reads this one package; null without a package. */
  link(requestId: string, minutes: number): Promise<PackageLink | null>;
}

// --- People -----------------------------------------------------------------------------------

/** A mail as it goes out. */
export interface Email {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same when a message is sent again, so that mail systems can tell the copy (RFC 5322 section 3.6.4). */
  messageId: string;
}

/**
 * Sends messages. Both throw MessageNotTakenError when it may be tried again, MessageRefusedError
 * when the address is refused for good.
 */
export interface Notifier {
  email(message: Email): Promise<void>;
  /** @param operationId the same when a message is sent again (a UUID) */
  sms(message: { to: string; text: string; operationId: string }): Promise<void>;
}

/** Tells another system of something. */
export interface WebhookSender {
  /** @returns `gone` when the receiver wants no more of it */
  send(url: string, id: string, body: string): Promise<'delivered' | 'again' | 'gone'>;
}

/** A code is superseded when another one was asked for. */
export type OutboxState = 'intended' | 'sent' | 'refused' | 'superseded';

export interface PendingMessage {
  requestId: string;
  key: string;
  /** When it was meant to be sent (ISO 8601). */
  at: string;
}

/** Messages on their way: an intent before each, a receipt after. */
export interface Outbox {
  /** Stores the intent, if there is none; returns what became of it. */
  intend(requestId: string, key: string): Promise<OutboxState>;
  settle(requestId: string, key: string, state: Exclude<OutboxState, 'intended'>): Promise<void>;
  /** Messages that were meant to be sent and were not. */
  pending(): Promise<PendingMessage[]>;
  forget(requestId: string): Promise<void>;
}

/** How often something may be done in a stretch of time. */
export interface Caps {
  /** Counts one use of a key. Returns false when there were as many as allowed. */
  take(kind: string, key: string, limit: number, seconds: number): Promise<boolean>;
  /** Forgets what was counted in stretches that are over. */
  forgetEnded(): Promise<void>;
}

export type CodeCheck = 'accepted' | 'wrong' | 'expired' | 'lockedOut';

/** Who gives a code out: the app by text message, or an officer in person. */
export type CodePurpose = 'sms' | 'officer';

export type CodeIssue = { kind: 'issued'; code: string; number: number } | { kind: 'tooMany' };

export interface Session {
  requestId: string;
  /** Methods that were passed in this session. */
  passed: StepUpMethod[];
  /** When they were enough (ISO 8601); null for who has not proven who they are. */
  verifiedAt: string | null;
}

/** What has to do with proving who somebody is: invitations, codes, sessions. All single-use or short. */
export interface Access {
  putInvitation(requestId: string, token: string): Promise<void>;
  /** Request of an invitation, or null. */
  invitation(token: string): Promise<string | null>;
  /** Makes a code of eight digits and stores its hash. */
  issueCode(requestId: string, purpose: CodePurpose, codeKey: Buffer): Promise<CodeIssue>;
  /** The code of that number again, for a message that has to be repeated. */
  repeatCode(number: number, codeKey: Buffer): string;
  /** Whether a code was given out that is good now. */
  hasCode(requestId: string, purpose: CodePurpose): Promise<boolean>;
  checkCode(requestId: string, purpose: CodePurpose, code: string): Promise<CodeCheck>;
  /** Checks a code of an authenticator app under the same limits on wrong tries. */
  checkByApp(requestId: string, check: () => Promise<boolean>): Promise<CodeCheck>;
  /** A new session of somebody who has passed these methods. */
  startSession(requestId: string, passed: StepUpMethod[]): Promise<string>;
  /** A session as it is when it starts now. */
  sessionOf(requestId: string, passed: StepUpMethod[]): Session;
  /** The session of a token, kept alive by this use; null when there is none or it has ended. */
  session(token: string): Promise<Session | null>;
  endSession(token: string): Promise<void>;
  endAll(requestId: string): Promise<void>;
}

export interface Enrolment {
  /** The secret in base 32, to be typed. */
  secret: string;
  /** The same as an address that apps read from a QR code (otpauth://). */
  uri: string;
}

/** Authenticator apps of people. A factor belongs to a contact, whatever request it is about. */
export interface AuthenticatorApps {
  /** Opaque id of a contact's factor. */
  factorIdOf(organisation: string, contactId: string): string;
  isEnrolled(factorId: string): Promise<boolean>;
  /** Makes a new secret in place of any before; it counts once it is confirmed. */
  enrol(factorId: string): Promise<Enrolment>;
  /** Takes the first code of a new secret. Returns recovery codes, or null when the code is wrong. */
  confirm(factorId: string, code: string): Promise<string[] | null>;
  /** Whether this is the app's code now, or a recovery code; each is taken once. */
  check(factorId: string, code: string): Promise<boolean>;
  remove(factorId: string): Promise<void>;
}

/** A sign-in that was begun: where to send the browser, and what to hold against what comes back. */
export interface LoginStart {
  url: string;
  state: string;
  nonce: string;
  verifier: string;
}

export type LoginClaims = Record<string, unknown>;

/** A login by OpenID Connect. */
export interface LoginProvider {
  begin(): Promise<LoginStart>;
  /**
   * @param query of the address that the provider sent the browser back to
   * @throws LoginRefusedError
   */
  finish(query: string, start: LoginStart): Promise<LoginClaims>;
}

/** What storage has logged of downloads. */
export interface DownloadLog {
  /**
   * @returns reads of the package, and up to when the log says anything (ISO 8601); `until` is null
   *   where there is no log
   */
  reads(
    requestId: string,
  ): Promise<{ until: string | null; reads: { at: string; bytes: number | null }[] }>;
}

/** Who the company's officers are. */
export interface OfficerDirectory {
  /** The officer of an access token; null when it is not valid. */
  ofToken(token: string): Promise<Officer | null>;
  /** The officer of claims that were checked already. */
  ofClaims(claims: LoginClaims): Officer | null;
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
