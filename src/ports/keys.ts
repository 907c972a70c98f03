/** The keys that are derived from a request's secret. */
export interface RequestKeys {
  /** Passphrase of the package: 28 characters of Crockford's base 32 (140 random bits), in groups. */
  passphrase: string;
  /** AES-256 key that encrypts scratch data and the personal part of the request. */
  dataKey: Buffer;
  /** Token of the invitation link (256 bits, base64url). */
  invitationToken: string;
  /** Key that codes by text message are derived from. */
  codeKey: Buffer;
}

export interface KeyStore {
  /** Makes a request's secret and returns it wrapped. */
  createSecret(): Promise<string>;
  unwrap(wrappedSecret: string): Promise<RequestKeys>;
  /** Encrypts what outlives a request. `context` must be the same for decryption. */
  encryptWithMasterKey(text: string, context: string): Promise<string>;
  /** @throws IntegrityError when the context differs, or the text was changed */
  decryptWithMasterKey(encrypted: string, context: string): Promise<string>;
  /**
   * Signs content: a detached JWS (RFC 7515 appendix F) with ES256, whose header names the key and the
   * address of the public keys.
   * @param keysAddress where `publicKeys` can be read
   */
  sign(content: Buffer, keysAddress: string): Promise<string>;
  /** Public keys of all signatures ever made, as a JWK set (RFC 7517). */
  publicKeys(): Promise<{ keys: object[] }>;
  /** Id of the present hash key. What has to stay the same when the key is rotated is stored with it. */
  readonly hashKeyId: string;
  /**
   * Keyed hash (HMAC-SHA256, hex) of a text, different for each purpose.
   * @param keyId id of the hash key; the present one without it, and where there is no such key
   */
  keyedHash(purpose: string, text: string, keyId?: string | null): string;
  /**
   * The same by every hash key, that of the present key first: one of them is what was stored before the
   * key was rotated.
   */
  keyedHashes(purpose: string, text: string): string[];
}
