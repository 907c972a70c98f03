import * as openid from 'openid-client';
import type { LoginProvider, LoginStart, LoginClaims } from '../../ports';
import { LoginRefusedError } from '../../core/errors';
import { isLoopback } from '../../core/loopback';
import type { Secret } from '../keys/secret';

export interface OpenIdLoginOptions {
  /** Issuer as its discovery document names it (OpenID Connect Discovery 1.0). */
  issuer: string;
  clientId: string;
  /** It is read again when the provider refuses it. */
  clientSecret: Secret;
  /** Address to which the provider sends people back. */
  redirectUri: string;
  scope: string;
  /** Accepted authentication context classes; empty for any. */
  acr: readonly string[];
  /** Accepted authentication methods (RFC 8176); empty for any. */
  amr: readonly string[];
  /** Greatest age of the sign-in, in seconds; null for any. */
  maxAgeSeconds: number | null;
}

/**
 * Sign-in by OpenID Connect: authorization code with PKCE, state and nonce. openid-client checks the
 * answer; whether the sign-in was strong and recent enough is checked here.
 */
export class OpenIdLogin implements LoginProvider {
  private configuration: Promise<openid.Configuration> | undefined;

  constructor(private readonly options: OpenIdLoginOptions) {}

  private discovered(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.options;
    // Plain http is for a provider on this machine only; the settings refuse it for others.
    const execute = isLoopback(issuer) ? [openid.allowInsecureRequests] : [];
    this.configuration ??= openid
      .discovery(new URL(issuer), clientId, clientSecret.value, undefined, { execute })
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

  async finish(query: string, start: LoginStart): Promise<LoginClaims> {
    const { acr, amr, clientSecret } = this.options;
    let claims: LoginClaims;
    try {
      claims = await this.claimsOf(query, start).catch(async (error: unknown) => {
        // The provider has refused the app, not the code, which it takes with the new secret.
        if (!isClientRefused(error) || !(await clientSecret.renew())) throw error;
        this.configuration = undefined;
        return this.claimsOf(query, start);
      });
    } catch (error) {
      if (error instanceof LoginRefusedError) throw error;
      // Errors of the client repeat the provider's answer, which may name the person.
      throw new LoginRefusedError('answerRefused');
    }
    if (acr.length > 0 && !(typeof claims['acr'] === 'string' && acr.includes(claims['acr'])))
      throw new LoginRefusedError('notStrongEnough');
    const methods = Array.isArray(claims['amr']) ? (claims['amr'] as unknown[]) : [];
    if (amr.length > 0 && !methods.some((one) => typeof one === 'string' && amr.includes(one)))
      throw new LoginRefusedError('notStrongEnough');
    return claims;
  }

  /** Exchanges the code in the answer of the provider. */
  private async claimsOf(
    query: string,
    { state, nonce, verifier }: LoginStart,
  ): Promise<LoginClaims> {
    const { redirectUri, maxAgeSeconds } = this.options;
    const configuration = await this.discovered();
    const back = new URL(redirectUri);
    back.search = query;
    const tokens = await openid.authorizationCodeGrant(configuration, back, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
      ...(maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds }),
    });
    const ofToken = tokens.claims();
    if (!ofToken) throw new LoginRefusedError('noIdToken');
    // Some providers give profile claims at this endpoint only.
    const ofUser = configuration.serverMetadata().userinfo_endpoint
      ? await openid.fetchUserInfo(configuration, tokens.access_token, ofToken.sub)
      : {};
    return { ...ofUser, ...ofToken };
  }
}

/** Whether the provider has refused the app's own secret (RFC 6749 section 5.2). */
const isClientRefused = (error: unknown): boolean =>
  error instanceof openid.WWWAuthenticateChallengeError ||
  (error instanceof openid.ResponseBodyError && error.error === 'invalid_client');
