import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { officerRoles, type Officer, type OfficerRole } from '../../core/authentication/officer';
import type { OfficerDirectory } from '../../ports';

export interface OfficerDirectoryOptions {
  /** Issuer of the tokens, such as `https://login.microsoftonline.com/{tenant}/v2.0`. */
  issuer: string;
  /** Audiences that a token may be for: the app's client id, its API's address. */
  audiences: readonly string[];
  /** Tenant that a token must be of; null where the issuer has none. */
  tenant: string | null;
}

/**
 * Officers as a directory of the shape of Microsoft Entra ID knows them: access tokens of version 2
 * with app roles, checked here (issuer, audience, tenant, signature, times).
 */
export class EntraOfficers implements OfficerDirectory {
  private keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(private readonly options: OfficerDirectoryOptions) {}

  async ofToken(token: string): Promise<Officer | null> {
    const { issuer, audiences } = this.options;
    const keys = await this.keySet();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: [...audiences],
        algorithms: ['RS256', 'ES256'],
        requiredClaims: ['exp', 'iat'],
      });
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

  /** The issuer's public keys, by its discovery document. */
  private keySet(): Promise<JWTVerifyGetKey> {
    this.keys ??= this.discover().catch((error: unknown) => {
      this.keys = undefined;
      throw error;
    });
    return this.keys;
  }

  private async discover(): Promise<JWTVerifyGetKey> {
    const { issuer } = this.options;
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, {
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error('The directory of officers does not answer.');
    const { jwks_uri: keys } = (await response.json()) as { jwks_uri?: string };
    if (typeof keys !== 'string' || new URL(keys).protocol !== new URL(issuer).protocol)
      throw new Error('The directory of officers names no keys.');
    return createRemoteJWKSet(new URL(keys));
  }
}

/** Whether keys could not be read, which says nothing about the token. */
const isKeysAway = (error: unknown): boolean =>
  error instanceof Error &&
  ['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'].includes((error as { code?: string }).code ?? '');
