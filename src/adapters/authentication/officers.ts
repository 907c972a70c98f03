import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import * as openid from 'openid-client';
import {
  officerRoles,
  type Officer,
  type OfficerRole,
} from '../../core/authentication/officer-roles';
import { bearerOf } from '../../core/authentication/access-token';
import { isStrongEnough, type SignInRequirement } from '../../core/authentication/sign-in-strength';
import { isLoopback } from '../../core/loopback';
import type { Clock, OfficerDirectory } from '../../ports';
import { systemClock } from '../time/clock';

const discoverySeconds = 10;

export interface OfficerDirectoryOptions {
  /** Issuer of the tokens, such as `https://login.microsoftonline.com/{tenant}/v2.0`. */
  issuer: string;
  /** Accepted audiences of an access token: the app's API. */
  audiences: readonly string[];
  /** Tenant that a token must belong to; null where the issuer has none. */
  tenant: string | null;
  /** How the person must have signed in whom an access token stands for; a program has no sign-in. */
  signIn: SignInRequirement;
}

/**
 * Officers by Microsoft Entra ID, or a directory that issues the same tokens: access tokens of version 2
 * with app roles. Kind, issuer, audience, tenant, signature, times and the strength of the sign-in are
 * checked here. Tokens are valid by the machine's clock, as their issuer's are.
 */
export class EntraOfficers implements OfficerDirectory {
  private keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(
    private readonly options: OfficerDirectoryOptions,
    private readonly clock: Clock = systemClock,
  ) {}

  async ofToken(token: string): Promise<Officer | null> {
    const { issuer, audiences, signIn } = this.options;
    const keys = await this.keySet();
    const now = this.clock.now();
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        audience: [...audiences],
        algorithms: ['RS256', 'ES256'],
        requiredClaims: ['exp', 'iat'],
        currentDate: now,
      });
      const bearer = bearerOf(protectedHeader.typ, payload);
      if (bearer === null) return null;
      if (bearer === 'person' && !isStrongEnough(payload, signIn, now.getTime() / 1000))
        return null;
      return this.ofClaims(payload);
    } catch (error) {
      if (isKeysAway(error)) throw error;
      return null;
    }
  }

  ofClaims(claims: JWTPayload & Record<string, unknown>): Officer | null {
    const { tenant } = this.options;
    if (tenant !== null && claims['tid'] !== tenant) return null;
    const text = (name: string): string | null =>
      typeof claims[name] === 'string' && claims[name] !== '' ? claims[name] : null;
    const id = text('oid') ?? text('sub');
    if (id === null) return null;
    const given = Array.isArray(claims['roles']) ? (claims['roles'] as unknown[]) : [];
    const roles = officerRoles.filter((role): role is OfficerRole => given.includes(role));
    return { id, name: text('name') ?? text('preferred_username') ?? text('azp') ?? id, roles };
  }

  /** The issuer's public keys, found through its discovery document. */
  private keySet(): Promise<JWTVerifyGetKey> {
    this.keys ??= this.discover().catch((error: unknown) => {
      this.keys = undefined;
      throw error;
    });
    return this.keys;
  }

  /** OpenID Connect Discovery. It follows no redirect; plain http is for loopback only. */
  private async discover(): Promise<JWTVerifyGetKey> {
    const { issuer, audiences } = this.options;
    const configuration = await openid.discovery(
      new URL(issuer),
      // Discovery itself sends no client id.
      audiences[0] ?? 'officers',
      undefined,
      undefined,
      {
        timeout: discoverySeconds,
        execute: isLoopback(issuer) ? [openid.allowInsecureRequests] : [],
      },
    );
    const { jwks_uri: keys } = configuration.serverMetadata();
    if (keys === undefined || new URL(keys).protocol !== new URL(issuer).protocol)
      throw new Error('The directory of officers names no keys.');
    return createRemoteJWKSet(new URL(keys));
  }
}

/** Whether the keys could not be read, which says nothing about the token. */
const isKeysAway = (error: unknown): boolean =>
  error instanceof Error &&
  ['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'].includes((error as { code?: string }).code ?? '');
