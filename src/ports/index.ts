import type { CollectedRow } from '../core/package/conversation-row';
import type { Item } from '../core/package/items';
import type { Redactions } from '../core/redaction/sanitiser';

export type * from './authentication';
export type * from './items';
export type * from './ledger';
export type * from './messaging';
export type * from './searches';
export type * from './settings';
export type * from './source';

/** What activities and HTTP functions need of the world. Adapters implement these. */

export interface Clock {
  now(): Date;
}

/** How often something may be done in a stretch of time. */
export interface RateLimiter {
  /** Counts one use of a key. Returns false when there were as many as allowed. */
  tryAcquire(kind: string, key: string, limit: number, seconds: number): Promise<boolean>;
  /** Forgets what was counted in stretches that are over. */
  purgeExpired(): Promise<void>;
}

// --- Keys -------------------------------------------------------------------------------------

/** The keys that follow from a request's secret. */
export interface RequestKeys {
  /** Passphrase of the package: 130 random bits in Crockford's base 32, in groups. */
  passphrase: string;
  /** AES-256 key that seals work blobs and the personal part of the request. */
  dataKey: Buffer;
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
  encryptWithMasterKey(text: string, context: string): Promise<string>;
  /** @throws IntegrityError when it was protected in another context, or was changed */
  decryptWithMasterKey(sealed: string, context: string): Promise<string>;
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
export interface ScratchStore {
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
export interface PartManifest {
  part: string;
  bytes: number;
  blockIds: string[];
  entries: EntryRecord[];
  items: Item[];
  rows: CollectedRow[];
  /** What was masked in its entries, and how often. */
  redactions: Redactions;
}
