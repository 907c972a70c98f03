import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError, forbidden, missingPermissions, type Answer, type Operation } from './operation';
import type { SimulatorSettings } from './state';

/** OAuth client credentials, bearer tokens and permissions of the one client. */
export class Authorisation {
  private readonly tokens = new Map<string, number>();
  /** How often the client has logged in. */
  logins = 0;

  constructor(private readonly settings: SimulatorSettings) {}

  /** Revokes every token that was issued, as when a client's secret is changed. */
  endTokens(): void {
    this.tokens.clear();
  }

  /** Answers a call of `/oauth/token`. */
  logIn(request: IncomingMessage, body: string, now: Date): Answer {
    const { clientId, clientSecret, tokenLifetime, outage } = this.settings;
    if (outage) return { status: 503, body: { description: 'Service unavailable' } };
    const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    if (request.headers.authorization !== expected) {
      return {
        status: 400,
        body: { error: 'invalid_client', description: 'client authentication failed' },
      };
    }
    if (new URLSearchParams(body).get('grant_type') !== 'client_credentials') {
      return {
        status: 400,
        body: { error: 'unsupported_grant_type', description: 'grant type not supported' },
      };
    }
    const token = randomBytes(32).toString('base64url');
    this.tokens.set(token, now.getTime() + tokenLifetime);
    this.logins += 1;
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: 'bearer',
        expires_in: Math.floor(tokenLifetime / 1000),
      },
    };
  }

  /** @throws ApiError 401 when the call has no valid bearer token */
  authenticate(request: IncomingMessage, now: Date): void {
    const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) {
      throw new ApiError(
        401,
        'authentication.required',
        'No authentication bearer token specified in authorization header.',
      );
    }
    if ((this.tokens.get(token) ?? 0) <= now.getTime()) {
      throw new ApiError(401, 'bad.credentials', 'Invalid login credentials.');
    }
  }

  /** @throws ApiError 403 when the client lacks the permissions of an operation */
  authorise({ permissions }: Operation): void {
    const lacks = (permission: string): boolean =>
      this.settings.missingPermissions.includes(permission);
    const missing = permissions.all?.filter(lacks) ?? [];
    if (missing.length > 0) {
      throw missingPermissions(missing);
    }
    if (permissions.any?.every(lacks)) {
      const text =
        'Unable to perform the requested action. You must have at least one of the following permissions assigned: ';
      throw forbidden('missing.any.permissions', text, permissions.any);
    }
  }
}
