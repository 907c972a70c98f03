import * as openid from 'openid-client';
import type { LoginProvider, LoginStart, LoginClaims } from '../../ports';
import { LoginRefusedError } from '../../core/errors';

export interface OpenIdLoginOptions {
  /** Issuer as its discovery document names it (OpenID Connect Discovery 1.0). */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the provider sends people back to. */
  redirectUri: string;
  scope: string;
  /** Authentication context classes of which one must have been used; empty for any. */
  acr: readonly string[];
  /** Authentication methods (RFC 8176) of which one must have been used; empty for any. */
  amr: readonly string[];
  /** Oldest sign-in that counts, in seconds; null for any. */
  maxAgeSeconds: number | null;
}

const isLoopback = (url: string): boolean =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);

/**
 * Sign-in by OpenID Connect: authorization code with PKCE, state and nonce. What comes back is
 * checked by openid-client; that it was strong and fresh enough is checked here.
 */
export class OpenIdLogin implements LoginProvider {
  private configuration: Promise<openid.Configuration> | undefined;

  constructor(private readonly options: OpenIdLoginOptions) {}

  private discovered(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.options;
    // Plain http is for a provider on this machine only; the settings refuse it elsewhere.
    const execute = isLoopback(issuer) ? [openid.allowInsecureRequests] : [];
    this.configuration ??= openid
      .discovery(new URL(issuer), clientId, clientSecret, undefined, { execute })
      .catch((error: unknown) => {
        this.configuration = undefined;
        throw error;
      });
    return this.configuration;
  }

  async begin(): Promise<LoginStart> {
    const { redirectUri, scope, acr, maxAgeSeconds } = this.options;
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const nonce = openid.randomNonce();
    const url = openid.buildAuthorizationUrl(await this.discovered(), {
      redirect_uri: redirectUri,
      scope,
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(acr.length === 0 ? {} : { acr_values: acr.join(' ') }),
      ...(maxAgeSeconds === null ? {} : { max_age: String(maxAgeSeconds), prompt: 'login' }),
    });
    return { url: url.href, state, nonce, verifier };
  }

  async finish(query: string, { state, nonce, verifier }: LoginStart): Promise<LoginClaims> {
    const { redirectUri, acr, amr, maxAgeSeconds } = this.options;
    const configuration = await this.discovered();
    const back = new URL(redirectUri);
    back.search = query;
    let claims: LoginClaims;
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, back, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
        ...(maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds }),
      });
      const ofToken = tokens.claims();
      if (!ofToken) throw new LoginRefusedError('noIdToken');
      // Providers may keep profile claims out of the token.
      const ofUser = configuration.serverMetadata().userinfo_endpoint
        ? await openid.fetchUserInfo(configuration, tokens.access_token, ofToken.sub)
        : {};
      claims = { ...ofUser, ...ofToken };
    } catch (error) {
      if (error instanceof LoginRefusedError) throw error;
      // Errors of the client repeat what the provider said, which may name the person.
      throw new LoginRefusedError('answerRefused');
    }
    if (acr.length > 0 && !(typeof claims['acr'] === 'string' && acr.includes(claims['acr'])))
      throw new LoginRefusedError('notStrongEnough');
    const methods = Array.isArray(claims['amr']) ? (claims['amr'] as unknown[]) : [];
    if (amr.length > 0 && !methods.some((one) => typeof one === 'string' && amr.includes(one)))
      throw new LoginRefusedError('notStrongEnough');
    return claims;
  }
}
