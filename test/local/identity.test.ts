import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { clients, strongAcr, tenant } from '../../local/identity/clients';
import type { Persona, RunningProvider } from '../../local/identity/provider';
import { programToken, signIn } from '../../local/identity/sign-in';
import { EntraOfficers } from '../../src/adapters/authentication/officers';
import { OpenIdLogin } from '../../src/adapters/authentication/openid-login';
import { Secret } from '../../src/adapters/keys/secret';
import { LoginRefusedError } from '../../src/core/errors';
import { outside } from '../helpers/outside-jest';

const origin = 'http://127.0.0.1:7071';
const required = { acr: [strongAcr], amr: ['mfa'], context: null, maxAgeSeconds: 3600 };
const roles = ['Requests.Read', 'Requests.Decide'];

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
};

describe('the local directory of officers', () => {
  let provider: RunningProvider;
  beforeAll(async () => {
    provider = await outside.provider.startProvider({ port: await freePort(), origin });
  });
  afterAll(() => provider.stop());

  const login = (): OpenIdLogin =>
    new OpenIdLogin({
      issuer: provider.issuer,
      clientId: clients.officers.id,
      clientSecret: new Secret(clients.officers.secret),
      redirectUri: `${origin}/portal/officer/callback`,
      scope: 'openid profile',
      signIn: required,
    });
  const finish = async (who: Persona) => {
    const provided = login();
    const start = await provided.begin();
    return provided.finish(new URL(await signIn(start.url, who)).search, start);
  };

  it('says of a sign-in with two factors how and when it was', async () => {
    const claims = await finish({ name: 'Ms Privacy', roles: roles.join(' '), factor: 'two' });
    expect(claims).toMatchObject({
      acr: strongAcr,
      amr: ['pwd', 'otp', 'mfa'],
      auth_time: expect.any(Number) as number,
      tid: tenant,
      roles,
    });
  });

  it('has sign-ins with one factor, which are refused', async () => {
    const weak: Persona = { name: 'Ms Privacy', roles: roles.join(' '), factor: 'one' };
    await expect(finish(weak)).rejects.toEqual(new LoginRefusedError('notStrongEnough'));
  });

  it('gives programs access tokens, which are those of programs', async () => {
    const { issuer } = provider;
    const audiences = ['api://officers'];
    const directory = new EntraOfficers({ issuer, audiences, tenant, signIn: required });
    expect(await directory.ofToken(await programToken(issuer, 'reader'))).toEqual({
      id: 'program-reader',
      name: 'reader',
      roles: ['Requests.Read'],
    });
  });
});
