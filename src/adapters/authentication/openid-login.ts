import * as openid from 'openid-client';
import type { LoginProvider, LoginStart, LoginClaims } from '../../ports';
import { isStrongEnough, type SignInRequirement } from '../../core/authentication/sign-in-strength';
import { LoginRefusedError } from '../../core/errors';
import { isLoopback } from '../../core/loopback';
import type { Secret } from '../keys/secret';
import { systemClock } from '../time/clock';

export interface OpenIdLoginOptions {
  /** Issuer as its discovery document names it (OpenID Connect Discovery 1.0). */
  issuer: string;
  clientId: string;
  /** It is read again when the provider refuses it. */
  clientSecret: Secret;
  /** Address to which the provider sends people back. */
  redirectUri: string;
  scope: string;
  /** How strong and how recent the sign-in must be. */
  signIn: SignInRequirement;
}

/**
 * Sign-in by OpenID Connect: authorization code with PKCE, state and nonce. openid-client checks the
 * answer, and the signature of the ID token because it is told to: without that it trusts the connection
 * alone. Whether the sign-in was strong and recent enough is checked here.
 */
export class OpenIdLogin implements LoginProvider {
  private configuration: Promise<openid.Configuration> | undefined;

  constructor(private readonly options: OpenIdLoginOptions) {}

  private discovered(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.options;
    // Plain http is for a provider on this machine only; the settings refuse it for others.
    const execute = [
      openid.enableNonRepudiationChecks,
      ...(isLoopback(issuer) ? [openid.allowInsecureRequests] : []),
    ];
    this.configuration ??= openid
      .discovery(new URL(issuer), clientId, clientSecret.value, undefined, { execute })
      .catch((error: unknown) => {
        this.configuration = undefined;
        throw error;
      });
    return this.configuration;
  }

  async begin(): Promise<LoginStart> {
    const { redirectUri, scope, signIn } = this.options;
    const { acr, context, maxAgeSeconds } = signIn;
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
      ...(context === null ? {} : { claims: claimsRequestOf(context) }),
      ...(maxAgeSeconds === null ? {} : { max_age: String(maxAgeSeconds), prompt: 'login' }),
    });
    return { url: url.href, state, nonce, verifier };
  }

  async finish(query: string, start: LoginStart): Promise<LoginClaims> {
    const { clientSecret } = this.options;
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
    return claims;
  }

  /** Exchanges the code in the answer of the provider. */
  private async claimsOf(
    query: string,
    { state, nonce, verifier }: LoginStart,
  ): Promise<LoginClaims> {
    const { redirectUri, signIn } = this.options;
    const { maxAgeSeconds } = signIn;
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
    // By the ID token alone, which is signed: what the profile says of it counts for nothing.
    if (!isStrongEnough(ofToken, signIn, systemClock.now().getTime() / 1000))
      throw new LoginRefusedError('notStrongEnough');
    // Some providers give profile claims at this endpoint only.
    const ofUser = configuration.serverMetadata().userinfo_endpoint
      ? await openid.fetchUserInfo(configuration, tokens.access_token, ofToken.sub)
      : {};
    return { ...ofUser, ...ofToken };
  }
}

/** Asks Microsoft Entra ID for an authentication context (claims parameter, OpenID Connect Core 5.5). */
const claimsRequestOf = (context: string): string =>
  JSON.stringify({ id_token: { acrs: { essential: true, value: context } } });

/** Whether the provider has refused the app's own secret (RFC 6749 section 5.2). */
const isClientRefused = (error: unknown): boolean =>
  error instanceof openid.WWWAuthenticateChallengeError ||
  (error instanceof openid.ResponseBodyError && error.error === 'invalid_client');
