import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EntraOfficers } from '../../src/adapters/authentication/officers';

const audience = 'api://officers';
const anySignIn = { acr: [], amr: [], context: null, maxAgeSeconds: null };

/** A directory on this machine that answers as it is told to. */
async function directory(
  answer: (path: string, issuer: string) => object | string | null,
): Promise<{ issuer: string; calls: string[]; stop: () => void }> {
  const calls: string[] = [];
  let issuer = '';
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    calls.push(path);
    const given = answer(path, issuer);
    if (typeof given === 'string') response.writeHead(302, { Location: given }).end();
    else if (given === null) response.writeHead(503).end();
    else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(given));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant/v2.0`;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { issuer, calls, stop };
}

const metadata = (issuer: string, jwksUri = `${issuer}/keys`): object => ({
  issuer,
  jwks_uri: jwksUri,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
});

describe('the directory of officers', () => {
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  beforeAll(async () => {
    keys = await generateKeyPair('ES256');
  });
  const tokenOf = (issuer: string): Promise<string> =>
    new SignJWT({
      scp: 'access',
      oid: 'officer-1',
      name: 'Ms Privacy',
      roles: ['Requests.Read', 'Other'],
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(keys.privateKey);
  const jwks = async (): Promise<object> => ({
    keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'ES256', kid: 'one' }],
  });
  const officers = (issuer: string) =>
    new EntraOfficers({ issuer, audiences: [audience], tenant: null, signIn: anySignIn });

  it('is discovered once, below the path of its issuer', async () => {
    const published = await jwks();
    const { issuer, calls, stop } = await directory((path, own) =>
      path.endsWith('/keys') ? published : metadata(own),
    );
    try {
      const found = officers(issuer);
      const token = await tokenOf(issuer);
      const officer = { id: 'officer-1', name: 'Ms Privacy', roles: ['Requests.Read'] };
      expect(await found.ofToken(token)).toEqual(officer);
      expect(await found.ofToken(token)).toEqual(officer);
      expect(await found.ofToken(`${token}x`)).toBeNull();
      expect(calls).toEqual(['/tenant/v2.0/.well-known/openid-configuration', '/tenant/v2.0/keys']);
    } finally {
      stop();
    }
  });

  it('is asked again after it did not answer', async () => {
    const published = await jwks();
    let isAway = true;
    const { issuer, stop } = await directory((path, own) => {
      if (isAway) return null;
      return path.endsWith('/keys') ? published : metadata(own);
    });
    try {
      const found = officers(issuer);
      const token = await tokenOf(issuer);
      await expect(found.ofToken(token)).rejects.toThrow();
      isAway = false;
      expect(await found.ofToken(token)).toMatchObject({ id: 'officer-1' });
    } finally {
      stop();
    }
  });

  it.each<[string, (own: string) => object | string]>([
    ['a redirect', (own) => `${own}/elsewhere`],
    ['the metadata of another issuer', (own) => metadata(`${own}/other`)],
    ['no address of keys', (own) => ({ issuer: own })],
    [
      'keys under another scheme than its own',
      (own) => metadata(own, own.replace('http://', 'https://')),
    ],
  ])('is not believed that answers with %s', async (_name, answer) => {
    const { issuer, calls, stop } = await directory((path, own) =>
      path.endsWith('/elsewhere') ? metadata(own) : answer(own),
    );
    try {
      await expect(officers(issuer).ofToken(await tokenOf(issuer))).rejects.toThrow();
      expect(calls).toHaveLength(1);
    } finally {
      stop();
    }
  });

  it('is not asked over plain http on another machine', async () => {
    const issuer = 'http://directory.example/tenant/v2.0';
    await expect(officers(issuer).ofToken(await tokenOf(issuer))).rejects.toMatchObject({
      code: 'OAUTH_HTTP_REQUEST_FORBIDDEN',
    });
  });
});
