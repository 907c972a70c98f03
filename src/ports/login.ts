/** A sign-in under way: where to send the browser, and what its answer is checked against. */
export interface LoginStart {
  url: string;
  state: string;
  nonce: string;
  verifier: string;
}

export type LoginClaims = Record<string, unknown>;

/** Sign-in by OpenID Connect. */
export interface LoginProvider {
  begin(): Promise<LoginStart>;
  /**
   * @param query of the address to which the provider sent the browser back
   * @throws LoginRefusedError
   */
  finish(query: string, start: LoginStart): Promise<LoginClaims>;
}
