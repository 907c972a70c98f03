import { UnsecuredJWT } from 'jose';
import { tenant } from '../../local/identity/clients';
import { officerRoles, type OfficerRole } from '../../src/core/authentication/officer-roles';
import { portalOrigin } from '../helpers/http-app';
import { functionKey } from '../helpers/http-functions';
import { problemOf, RouteCalls } from '../helpers/route-calls';
import { methodsOf, named, ofAccess, rows, templateOf, type Row } from '../helpers/routes';

const portalPosts = ofAccess('portalPage', 'session', 'stepUp').filter(({ body }) => body);
const withRole = ofAccess(...officerRoles);

let routes: RouteCalls;
beforeAll(async () => {
  routes = await RouteCalls.start();
}, 60_000);
afterAll(() => routes.stop());

describe('the routes of the app', () => {
  it('are those of the table, each with its methods and its key', () => {
    const registered = routes.app.functions.endpoints.map(
      ({ methods, template, authLevel }) => `${methods.join()} ${template} ${authLevel}`,
    );
    const expected = rows.map(
      ({ route, access }) => `${route} ${access === 'functionKey' ? 'function' : 'anonymous'}`,
    );
    expect(registered.sort()).toEqual(expected.sort());
  });

  it('answer 404 to every other method', async () => {
    for (const path of new Set(rows.map(templateOf))) {
      // Another route may take the path as that of a request with such an id.
      const takes = (row: Row): boolean =>
        RegExp(`^${templateOf(row).replace('{requestId}', '[^/]+')}$`).test(path);
      const known = rows.filter(takes).flatMap(methodsOf);
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        if (known.includes(method)) continue;
        const address = `/${path.replace('{requestId}', routes.waiting.id)}`;
        const { status } = await routes.app.fetch(address, { method });
        expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 404`);
      }
    }
  });

  it('end where they end: files beside those of the pages are not served', async () => {
    for (const path of [
      '/portal/../host.json',
      '/portal/..%2f..%2fpackage.json',
      '/portal/%2e%2e/config.js',
      '/portal/portal.js%00.html',
      '/portal//etc/passwd',
      '/portal/nothing-here',
    ])
      expect((await routes.app.fetch(path)).status).toBe(404);
  });
});

describe('a call with the function key', () => {
  it.each(named(ofAccess('functionKey')))(
    'is refused without the right one: %s',
    async (_, row) => {
      for (const headers of [
        {},
        { 'x-functions-key': '' },
        { 'x-functions-key': `${functionKey}x` },
        { 'x-functions-key': functionKey.toUpperCase() },
        { Authorization: `Bearer ${functionKey}` },
        await routes.app.bearer(...officerRoles),
      ]) {
        const response = await routes.call(row, { headers: { ...headers } });
        expect([response.status, await response.text()]).toEqual([401, '']);
      }
    },
  );
});

describe('a call of an officer', () => {
  /** What stands in place of a valid access token, made once for all routes of a role. */
  const tokens = new Map<OfficerRole, Promise<Record<string, string>>>();
  function invalidTokens(role: OfficerRole): Promise<Record<string, string>> {
    const known = tokens.get(role) ?? madeTokens(role);
    tokens.set(role, known);
    return known;
  }

  async function madeTokens(role: OfficerRole): Promise<Record<string, string>> {
    const claims = { oid: 'officer-1', roles: [role] };
    const { directory } = routes.app;
    const real = await directory.accessToken(claims);
    const [head = '', body = '', signature = ''] = real.split('.');
    const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...payload, oid: 'other' })).toString('base64url');
    const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;
    const idToken = { aud: 'officers', scp: undefined, name: 'Ms Privacy' };
    const sign = (lies: object) => directory.accessToken(claims, { claims: { ...lies } });
    return {
      'of another key': await directory.accessToken(claims, { isForeignKey: true }),
      unsigned: new UnsecuredJWT({ ...claims, tid: tenant })
        .setIssuer(directory.issuer)
        .setAudience('api://officers')
        .setIssuedAt()
        .setExpirationTime('5m')
        .encode(),
      changed: `${head}.${changed}.${signature}`,
      'without its signature': `${head}.${body}.`,
      'of another tenant': await sign({ tid: '00000000-0000-4000-8000-000000000000' }),
      'of no tenant': await sign({ tid: undefined }),
      'of another issuer': await sign({ iss: 'http://127.0.0.1:9' }),
      'for another app': await sign({ aud: 'api://others' }),
      expired: await sign({ exp: Math.floor(Date.now() / 1000) - 60 }),
      'without an end': await sign({ exp: undefined }),
      'not valid yet': await sign({ nbf: Math.floor(Date.now() / 1000) + 600 }),
      'of nobody': await sign({ oid: undefined }),
      'an id token': await sign({ ...idToken, nonce: 'n' }),
      'an id token without a nonce': await sign(idToken),
      'an id token for the API': await sign({ ...idToken, aud: 'api://officers' }),
      'an id token that names a scope': await sign({ ...idToken, scp: 'access', nonce: 'n' }),
      'of another type': await directory.accessToken(claims, { typ: 'logout+jwt' }),
      'of one factor': await sign({ acr: undefined, amr: ['pwd'] }),
      'of another class': await sign({ acr: 'urn:example:password' }),
      'of a method that is not among them': await sign({ amr: ['pwd', 'otp'] }),
      'of methods in one text': await sign({ amr: 'mfa' }),
      'of a sign-in hours ago': await sign({ auth_time: secondsAgo(2 * 3600) }),
      'of a sign-in at no time': await sign({ auth_time: undefined }),
      'of a sign-in to come': await sign({ auth_time: secondsAgo(-3600) }),
      'not a token': 'x',
      'the function key': functionKey,
    };
  }

  it.each(named([...withRole, ...ofAccess('officer')]))(
    'is refused without a valid sign-in: %s',
    async (_, row) => {
      const role = row.access === 'officer' ? 'Requests.Read' : (row.access as OfficerRole);
      const refused: Record<string, string>[] = [
        {},
        { Authorization: 'Bearer ' },
        { Authorization: `Basic ${Buffer.from('officer:secret').toString('base64')}` },
        { 'x-functions-key': functionKey },
        { Cookie: '__Host-officer=' },
        { Cookie: `__Host-officer=${'A'.repeat(43)}` },
        {
          Cookie: routes.session.replace('__Host-session', '__Host-officer'),
          Origin: portalOrigin,
        },
      ];
      for (const headers of refused)
        expect(await problemOf(await routes.call(row, { headers }))).toBe('401 signInRequired');
      for (const [name, token] of Object.entries(await invalidTokens(role))) {
        const response = await routes.call(row, { headers: { Authorization: `Bearer ${token}` } });
        expect(`${name}: ${await problemOf(response)}`).toBe(`${name}: 401 signInRequired`);
      }
    },
  );

  it.each(named(withRole))('needs the role of its route and no other: %s', async (_, row) => {
    const others = officerRoles.filter((role) => role !== row.access && role !== row.also);
    for (const roles of [[], ...others.map((role) => [role]), others]) {
      const headers = await routes.app.bearer(...roles);
      const response = await routes.call(row, { headers });
      expect(`${roles.join()}: ${await problemOf(response)}`).toBe(
        `${roles.join()}: 403 roleRequired`,
      );
    }
  });

  it.each(named(withRole.filter((row) => templateOf(row).includes('{requestId}'))))(
    'learns nothing about a request without the role, and 404 of one that there is not: %s',
    async (_, row) => {
      const unknown = [
        '00000000-0000-0000-0000-000000000000',
        'x',
        encodeURIComponent("' or PartitionKey ne '"),
        routes.waiting.id.toUpperCase(),
      ];
      const [allowed, without] = [await routes.credentials(row), await routes.app.bearer()];
      for (const id of unknown) {
        const path = routes.pathOf(row, id);
        expect(await problemOf(await routes.call(row, { headers: allowed }, path))).toBe(
          '404 requestNotFound',
        );
        expect(await problemOf(await routes.call(row, { headers: without }, path))).toBe(
          '403 roleRequired',
        );
        expect(await problemOf(await routes.call(row, {}, path))).toBe('401 signInRequired');
      }
      expect(await problemOf(await routes.call(row, { headers: without }))).toBe(
        '403 roleRequired',
      );
    },
  );
});

describe("a call of the portal's page", () => {
  it.each(named([...portalPosts, ...ofAccess('officerPage')]))(
    'comes from the page itself: %s',
    async (_, row) => {
      const given = await routes.credentials(row);
      for (const origin of [
        undefined,
        '',
        'null',
        'https://evil.example',
        'http://127.0.0.1.evil.example',
        'https://127.0.0.1:7071',
        'http://127.0.0.1',
        `${portalOrigin}/`,
        `${portalOrigin}, https://evil.example`,
      ]) {
        const { Origin: _own, ...headers } = given;
        const response = await routes.call(row, {
          headers: { ...headers, ...(origin === undefined ? {} : { Origin: origin }) },
        });
        expect(`${String(origin)}: ${await problemOf(response)}`).toBe(
          `${String(origin)}: 403 originRefused`,
        );
      }
    },
  );

  it.each(named(ofAccess('session', 'stepUp')))('needs a living session: %s', async (_, row) => {
    const old = await routes.sessionOf(routes.waiting, ['totp']);
    const cookies = [
      undefined,
      '__Host-session=',
      `__Host-session=${'A'.repeat(43)}`,
      `session=${routes.session.split('=')[1] ?? ''}`,
      `__Host-officer=${routes.session.split('=')[1] ?? ''}`,
      // Who was signed in is told how the request has ended, by the call that reads.
      await routes.sessionOf(routes.closed, row.route.startsWith('GET ') ? [] : ['totp']),
    ];
    for (const cookie of cookies) {
      const headers = { Origin: portalOrigin, ...(cookie === undefined ? {} : { Cookie: cookie }) };
      expect(await problemOf(await routes.call(row, { headers }))).toBe('401 sessionEnded');
    }
    routes.app.clock.advance(15 * 60_000);
    const headers = { Origin: portalOrigin, Cookie: old };
    expect(await problemOf(await routes.call(row, { headers }))).toBe('401 sessionEnded');
    // The sessions of the other tests have ended with it.
    await routes.startSessions();
  });

  it.each(named(ofAccess('stepUp')))('needs a step-up: %s', async (_, row) => {
    const before = await routes.available.entries();
    const cookie = await routes.sessionOf(routes.available, []);
    const response = await routes.call(row, { headers: { Origin: portalOrigin, Cookie: cookie } });
    expect(await problemOf(response)).toBe('403 stepUpRequired');
    expect(await routes.available.entries()).toEqual(before);
  });
});
