/**
 * Random secrets that each stand for a value: sessions, pending sign-ins, invitations. A store keeps
 * hashes of the tokens only. A token ends by itself when its lifetime is over, and is deleted
 * by the sweeper within two minutes then.
 */
export interface TokenStore<T extends object> {
  /** Returns a new token: 256 random bits as text that is safe in URLs and cookies. */
  newToken(): string;
  /** @param requestId the request with which the token is deleted; none if left out */
  put(token: string, value: T, requestId?: string): Promise<void>;
  /**
   * Returns the value of a living token and restarts its lifetime, where it has not been used in the last ten
   * seconds; null without one.
   */
  touch(token: string): Promise<T | null>;
  /** Consumes a token and returns its value; only one concurrent caller succeeds, others get null. */
  take(token: string): Promise<T | null>;
  delete(token: string): Promise<void>;
}

/** Tokens of all stores whose lifetime is over. */
export interface ExpiredTokens {
  /** Deletes them. May run any number of times, and beside itself. */
  purgeExpired(): Promise<void>;
}
