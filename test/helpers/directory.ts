import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { clients, strongAcr, tenant } from '../../local/identity/clients';

/** What stands otherwise than it should in an answer of the provider. */
export interface Forgery {
  claims?: JWTPayload;
  /** Signs with a key that the provider does not publish. */
  isForeignKey?: boolean;
  /** Type in the token's header, where it is not `JWT` as Microsoft Entra ID has it. */
  typ?: string;
}

interface Pending {
  query: URLSearchParams;
  claims: JWTPayload;
  forgery: Forgery;
}

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/**
 * A provider of OpenID Connect in this process, in place of the directory of officers and of the
 * customers' login. Nobody signs in: a test says what the provider answers, and may let it lie.
 */
export class Directory {
  private readonly codes = new Map<string, Pending>();
  /** The secret that a client must have; null for any. */
  clientSecret: string | null = null;
  /** While true it answers nothing but that it is unavailable. */
  isDown = false;

  private constructor(
    private readonly server: Server,
    private readonly keys: KeyPair,
    private readonly foreign: KeyPair,
  ) {}

  static async start(): Promise<Directory> {
    const [keys, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    const server = createServer();
    const directory = new Directory(server, keys, foreign);
    server.on('request', (request, response) => {
      directory.answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return directory;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** An access token of an officer who has signed in with two factors, with these claims besides. */
  accessToken(claims: JWTPayload, forgery: Forgery = {}): Promise<string> {
    const own = { aud: 'api://officers', tid: tenant, scp: 'access_as_user', ...this.twoFactors() };
    return this.signed({ ...own, ...claims }, forgery);
  }

  /** What a token says of a sign-in with two factors, a moment ago. */
  private twoFactors(): JWTPayload {
    return {
      acr: strongAcr,
      amr: ['pwd', 'otp', 'mfa'],
      auth_time: Math.floor(Date.now() / 1000),
    };
  }

  /**
   * Lets somebody sign in where the app has sent the browser.
   * @param url where the app has sent it
   * @param claims of the id token, beside those that every token has
   * @returns the query with which the provider sends the browser back
   */
  signIn(url: string, claims: JWTPayload, forgery: Forgery = {}): string {
    const { searchParams: query } = new URL(url);
    const code = randomUUID();
    this.codes.set(code, { query, claims, forgery });
    return `?${new URLSearchParams({ code, state: query.get('state') ?? '' }).toString()}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private signed(
    claims: JWTPayload,
    { claims: lies, isForeignKey, typ }: Forgery,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: this.issuer, iat: now, exp: now + 300, ...claims, ...lies };
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: typ ?? 'JWT' })
      .sign((isForeignKey === true ? this.foreign : this.keys).privateKey);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.issuer);
    const reply = (status: number, body: object): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    if (this.isDown) return reply(503, {});
    if (pathname === '/keys')
      return reply(200, {
        keys: [{ ...(await exportJWK(this.keys.publicKey)), alg: 'ES256', kid: 'one' }],
      });
    if (pathname !== '/token') return reply(200, this.metadata());
    const form = new URLSearchParams(await text(request));
    if (this.clientSecret !== null && form.get('client_secret') !== this.clientSecret)
      return reply(401, { error: 'invalid_client' });
    const idToken = await this.redeem(form);
    if (idToken === null) return reply(400, { error: 'invalid_grant' });
    return reply(200, { access_token: 'opaque', token_type: 'Bearer', id_token: idToken });
  }

  private metadata(): object {
    const { issuer } = this;
    return {
      issuer,
      jwks_uri: `${issuer}/keys`,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      id_token_signing_alg_values_supported: ['ES256'],
      acr_values_supported: [strongAcr],
    };
  }

  /** The id token for a code: once, and for who holds the verifier of the challenge (RFC 7636). */
  private async redeem(form: URLSearchParams): Promise<string | null> {
    const code = form.get('code') ?? '';
    const pending = this.codes.get(code);
    this.codes.delete(code);
    if (pending === undefined) return null;
    const { query, claims, forgery } = pending;
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (challenge !== query.get('code_challenge')) return null;
    if (form.get('redirect_uri') !== query.get('redirect_uri')) return null;
    const isCustomer = query.get('client_id') === clients.customers.id;
    const common = {
      sub: 'somebody',
      aud: query.get('client_id') ?? '',
      nonce: query.get('nonce') ?? '',
      ...this.twoFactors(),
      ...(isCustomer ? {} : { tid: tenant }),
    };
    return this.signed({ ...common, ...claims }, forgery);
  }
}
