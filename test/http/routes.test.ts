import { UnsecuredJWT } from 'jose';
import { gunzipSync } from 'node:zlib';
import { tenant } from '../../local/identity/clients';
import { officerRoles, type OfficerRole } from '../../src/core/authentication/officer-roles';
import { HttpApp, portalOrigin, read } from '../helpers/http-app';
import { functionKey, type Call } from '../helpers/http-functions';
import { TestRequest, ticketOf, newPerson } from '../helpers/http-requests';

/** Who may call a route. */
type Access =
  | 'everybody'
  | 'functionKey'
  /** Whoever is signed in as an officer, with any role. */
  | 'officer'
  | OfficerRole
  /** The officers' page, without a sign-in. */
  | 'officerPage'
  /** The portal's page; with a session, or with a session after a step-up. */
  | 'portalPage'
  | 'session'
  | 'stepUp';

interface Row {
  /** Method and route, as registered. */
  route: string;
  access: Access;
  /** A further role that opens the route. */
  also?: OfficerRole;
  /** A body that the call accepts; undefined for a call without one. */
  body?: Record<string, unknown>;
  /** Longest body in bytes. */
  limit?: number;
}

const justification = 'Spoke with the person.';
const contactId = '00000000-0000-4000-8000-000000000000';
const officerLimit = 16 * 1024;
const decisionLimit = 256 * 1024;
const smallLimit = 4096;

const officer = (path: string, role: OfficerRole, body?: Record<string, unknown>): Row => ({
  route: `${body ? 'POST' : 'GET'} api/requests/{requestId}/${path}`,
  access: role,
  ...(body ? { body, limit: officerLimit } : {}),
});
const withLimit = (limit: number, ...given: Parameters<typeof officer>): Row => ({
  ...officer(...given),
  limit,
});
const portal = (path: string, access: Access, body: Record<string, unknown> = {}): Row => ({
  route: `POST portal/api/${path}`,
  access,
  body,
  limit: smallLimit,
});
const enrolment = (path: string, body: Record<string, unknown>): Row => ({
  route: `POST api/authenticators${path}`,
  access: 'Authenticators.Enrol',
  body,
  limit: smallLimit,
});
const page = (path: string): Row => ({ route: `GET,HEAD ${path}`, access: 'everybody' });

const rows: readonly Row[] = [
  {
    route: 'POST api/requests',
    access: 'functionKey',
    body: ticketOf(newPerson(), { name: 'Zoe', callback: 'https://tickets.example', locale: 'de' }),
    limit: 64 * 1024,
  },
  { route: 'GET api/requests/{requestId}', access: 'functionKey' },
  { route: 'GET api/requests', access: 'Requests.Read' },
  {
    route: 'POST api/requests/search',
    access: 'Requests.Read',
    body: { ticketId: 'T-1' },
    limit: officerLimit,
  },
  officer('summary', 'Requests.Read'),
  officer('decision', 'Requests.Read'),
  officer('custody', 'Requests.Read'),
  officer('webhooks', 'Requests.Read'),
  officer('letter', 'Requests.Read'),
  { route: 'GET api/request-counts', access: 'Requests.Read' },
  { route: 'GET api/statistics', access: 'Requests.Read' },
  officer('report', 'Requests.Read'),
  officer('hand-over', 'Requests.Read'),
  officer('messages', 'Requests.Read'),
  officer('messages/{messageId}/text', 'Requests.Decide', { justification }),
  officer('messages/{messageId}/send-again', 'Requests.Decide', { justification }),
  officer('webhooks', 'Requests.Decide', {}),
  officer('decision/conversations', 'Requests.Read'),
  officer('decision/reveal', 'Requests.Decide', { justification }),
  withLimit(decisionLimit, 'decision', 'Requests.Decide', {
    contactIds: [contactId],
    identifiers: [{ identifier: 1, verdict: 'withhold' }],
    contacts: [{ contactId, verdict: 'include' }],
    conversations: [{ conversationId: contactId, verdict: 'include' }],
    method: 'officer',
    codeTo: 1,
    inviteTo: 2,
    undecided: 'wait',
    justification,
  }),
  officer('identity', 'Requests.Decide', {
    checkMethod: 'inPerson',
    isRepresentative: true,
    justification,
  }),
  officer('mandate', 'Requests.Decide', {
    mandate: 'lawyer',
    checkMethod: 'byPost',
    mailboxCheck: 'onMandate',
    justification,
  }),
  officer('cancel', 'Requests.Decide', { reasonCode: 'withdrawn', justification }),
  officer('refuse', 'Requests.Decide', {
    reasonCode: 'excessive',
    explanation: 'The tenth one.',
    justification,
  }),
  officer('extend', 'Requests.Decide', {
    reasonCode: 'complexity',
    explanation: 'Ten years.',
    justification,
  }),
  officer('retry', 'Requests.Decide', { justification, acceptFailures: true }),
  officer('recall', 'Requests.Recall', { justification }),
  officer('code', 'Requests.Deliver', { justification }),
  officer('approve', 'Requests.Deliver', { justification }),
  officer('release', 'Requests.Deliver', { justification }),
  officer('deliver', 'Requests.Deliver', { justification }),
  enrolment('', { contactId, organisation: 'main' }),
  enrolment('/confirm', { contactId, organisation: 'main', code: '123456' }),
  enrolment('/remove', { contactId, organisation: 'main' }),
  { route: 'POST portal/officer/sign-in', access: 'officerPage' },
  { route: 'POST portal/officer/sign-out', access: 'officerPage' },
  { route: 'GET portal/officer/callback', access: 'everybody' },
  { route: 'GET portal/officer/me', access: 'officer' },
  portal('open', 'portalPage', { token: 'A'.repeat(43) }),
  portal('code', 'session'),
  portal('verify', 'session', { method: 'sms', code: '12345678' }),
  portal('login', 'session'),
  portal('app', 'stepUp'),
  portal('app/confirm', 'stepUp', { code: '123456' }),
  portal('download', 'stepUp', { by: 'page' }),
  portal('delivered', 'stepUp', { bytes: 1 }),
  portal('passphrase', 'stepUp'),
  portal('sign-out', 'portalPage'),
  portal('intake/puzzle', 'portalPage'),
  {
    ...portal('intake', 'portalPage', {
      name: 'Zoe',
      identifiers: [{ type: 'email', value: 'zoe@mail.example' }],
      locale: 'de',
      timeZone: 'Europe/Berlin',
      solution: 'x',
    }),
    limit: 12 * 1024,
  },
  { route: 'GET portal/api/request', access: 'session' },
  { route: 'GET portal/callback', access: 'everybody' },
  page('portal'),
  page('portal/portal.css'),
  page('portal/brand.css'),
  page('portal/portal.js'),
  page('portal/icon.svg'),
  page('portal/open'),
  page('portal/open.js'),
  page('portal/viewer.css'),
  page('portal/officer'),
  page('portal/officer.js'),
  page('portal/officer.css'),
  page('portal/officer-check.js'),
  page('portal/languages.json'),
  page('portal/languages/{tag}'),
  page('portal/request'),
  page('portal/request.js'),
  page('portal/puzzle.js'),
  page('portal/officer/languages.json'),
  page('portal/logo'),
  { route: 'GET .well-known/jwks.json', access: 'everybody' },
  { route: 'GET api/openapi.json', access: 'everybody' },
  { route: 'GET api/docs', access: 'everybody' },
  { route: 'GET health', access: 'everybody' },
  { route: 'GET health/ready', access: 'Requests.Read', also: 'Readiness.Read' },
];

const methodsOf = ({ route }: Row): string[] => (route.split(' ')[0] ?? '').split(',');
const templateOf = ({ route }: Row): string => route.split(' ')[1] ?? '';
const ofAccess = (...accesses: Access[]): Row[] =>
  rows.filter(({ access }) => accesses.includes(access));
const named = (selected: readonly Row[]): [string, Row][] =>
  selected.map((row) => [row.route, row]);
const portalPosts = ofAccess('portalPage', 'session', 'stepUp').filter(({ body }) => body);
const withRole = ofAccess(...officerRoles);

/** Headers of every response but pages. */
const secure = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Checks the form of problem details (RFC 9457) and of their headers; returns status and code. */
async function problemOf(response: Response): Promise<string> {
  const { status, body, headers } = await read(response.clone());
  expect(Object.fromEntries(headers)).toEqual({
    ...secure,
    'content-type': 'application/problem+json; charset=utf-8',
  });
  const { code, title, errors, ...rest } = body;
  expect(rest).toEqual({
    type: `/problems/${String(code)}`,
    status,
    correlationId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
  });
  expect(title).toMatch(/^[A-Z].*\.$/);
  if (code !== 'invalidBody') expect(errors).toBeUndefined();
  return `${status} ${String(code)}`;
}

let app: HttpApp;
/** A request that awaits verification, one whose package is available, and one that was cancelled. */
let waiting: TestRequest;
let available: TestRequest;
let closed: TestRequest;
/** Cookies of a session without a step-up, and of one with a step-up since the release. */
let session: string;
let steppedUp: string;
beforeAll(async () => {
  app = await HttpApp.start({
    PORTAL_CALLS_PER_MINUTE: '100000',
    WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 5).toString('base64')}`,
    WEBHOOK_HOSTS: '127.0.0.1:9',
    INTAKE: 'true',
    INTAKE_WEBHOOK_URL: 'http://127.0.0.1:9/privacy',
  });
  waiting = await TestRequest.in(app, 'awaitingVerification');
  available = await TestRequest.in(app, 'available');
  closed = await TestRequest.in(app, 'cancelled');
  session = await sessionOf(waiting, []);
  steppedUp = await sessionOf(available, ['totp']);
}, 60_000);
afterAll(() => app.stop());

const sessionOf = async (request: TestRequest, methods: 'totp'[]): Promise<string> =>
  `__Host-session=${await app.parts.codesAndSessions.startSession(request.id, methods)}`;

const pathOf = (row: Row, requestId = waiting.id): string =>
  `/${templateOf(row).replace('{requestId}', requestId)}`;

const call = (row: Row, change: Call = {}, path = pathOf(row)): Promise<Response> => {
  const [method = 'GET'] = methodsOf(row);
  const body = row.body && { body: JSON.stringify(row.body) };
  const { headers, ...others } = change;
  return app.fetch(path, {
    method,
    ...body,
    headers: { ...(row.body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    ...others,
  });
};

/** Headers with which a call passes every check of who makes it. */
async function credentials({ access }: Row): Promise<Record<string, string>> {
  switch (access) {
    case 'everybody':
      return {};
    case 'functionKey':
      return { 'x-functions-key': functionKey };
    case 'officerPage':
    case 'portalPage':
      return { Origin: portalOrigin };
    case 'session':
      return { Origin: portalOrigin, Cookie: session };
    case 'stepUp':
      return { Origin: portalOrigin, Cookie: steppedUp };
    case 'officer':
      return app.bearer('Requests.Read');
    default:
      return app.bearer(access);
  }
}

describe('the routes of the app', () => {
  it('are those of the table, each with its methods and its key', () => {
    const registered = app.functions.endpoints.map(
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
        const address = `/${path.replace('{requestId}', waiting.id)}`;
        const { status } = await app.fetch(address, { method });
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
      expect((await app.fetch(path)).status).toBe(404);
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
        await app.bearer(...officerRoles),
      ]) {
        const response = await call(row, { headers: { ...headers } });
        expect([response.status, await response.text()]).toEqual([401, '']);
      }
    },
  );
});

describe('a call of an officer', () => {
  /** What stands in place of a valid access token. */
  async function invalidTokens(role: OfficerRole): Promise<Record<string, string>> {
    const claims = { oid: 'officer-1', roles: [role] };
    const { directory } = app;
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
        { Cookie: session.replace('__Host-session', '__Host-officer'), Origin: portalOrigin },
      ];
      for (const headers of refused)
        expect(await problemOf(await call(row, { headers }))).toBe('401 signInRequired');
      for (const [name, token] of Object.entries(await invalidTokens(role))) {
        const response = await call(row, { headers: { Authorization: `Bearer ${token}` } });
        expect(`${name}: ${await problemOf(response)}`).toBe(`${name}: 401 signInRequired`);
      }
    },
  );

  it.each(named(withRole))('needs the role of its route and no other: %s', async (_, row) => {
    const others = officerRoles.filter((role) => role !== row.access && role !== row.also);
    for (const roles of [[], ...others.map((role) => [role]), others]) {
      const headers = await app.bearer(...roles);
      const response = await call(row, { headers });
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
        waiting.id.toUpperCase(),
      ];
      const [allowed, without] = [await credentials(row), await app.bearer()];
      for (const id of unknown) {
        const path = pathOf(row, id);
        expect(await problemOf(await call(row, { headers: allowed }, path))).toBe(
          '404 requestNotFound',
        );
        expect(await problemOf(await call(row, { headers: without }, path))).toBe(
          '403 roleRequired',
        );
        expect(await problemOf(await call(row, {}, path))).toBe('401 signInRequired');
      }
      expect(await problemOf(await call(row, { headers: without }))).toBe('403 roleRequired');
    },
  );
});

describe("a call of the portal's page", () => {
  it.each(named([...portalPosts, ...ofAccess('officerPage')]))(
    'comes from the page itself: %s',
    async (_, row) => {
      const given = await credentials(row);
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
        const response = await call(row, {
          headers: { ...headers, ...(origin === undefined ? {} : { Origin: origin }) },
        });
        expect(`${String(origin)}: ${await problemOf(response)}`).toBe(
          `${String(origin)}: 403 originRefused`,
        );
      }
    },
  );

  it.each(named(ofAccess('session', 'stepUp')))('needs a living session: %s', async (_, row) => {
    const old = await sessionOf(waiting, ['totp']);
    const cookies = [
      undefined,
      '__Host-session=',
      `__Host-session=${'A'.repeat(43)}`,
      `session=${session.split('=')[1] ?? ''}`,
      `__Host-officer=${session.split('=')[1] ?? ''}`,
      // Who was signed in is told how the request has ended, by the call that reads.
      await sessionOf(closed, row.route.startsWith('GET ') ? [] : ['totp']),
    ];
    for (const cookie of cookies) {
      const headers = { Origin: portalOrigin, ...(cookie === undefined ? {} : { Cookie: cookie }) };
      expect(await problemOf(await call(row, { headers }))).toBe('401 sessionEnded');
    }
    app.clock.advance(15 * 60_000);
    const headers = { Origin: portalOrigin, Cookie: old };
    expect(await problemOf(await call(row, { headers }))).toBe('401 sessionEnded');
    // The sessions of the other tests have ended with it.
    [session, steppedUp] = [await sessionOf(waiting, []), await sessionOf(available, ['totp'])];
  });

  it.each(named(ofAccess('stepUp')))('needs a step-up: %s', async (_, row) => {
    const before = await available.entries();
    const cookie = await sessionOf(available, []);
    const response = await call(row, { headers: { Origin: portalOrigin, Cookie: cookie } });
    expect(await problemOf(response)).toBe('403 stepUpRequired');
    expect(await available.entries()).toEqual(before);
  });
});

describe('a body', () => {
  const withBody = rows.filter(({ body }) => body !== undefined);
  const secret = 'zoe.secret@mail.example';

  it.each(named(withBody))('is refused that is not what the call takes: %s', async (_, row) => {
    const { body = {}, limit = 0 } = row;
    const fields = Object.keys(body);
    const cases: [string, string, Record<string, string>, string][] = [
      [
        'another type',
        JSON.stringify(body),
        { 'Content-Type': 'text/plain' },
        '415 unsupportedMediaType',
      ],
      [
        'a form',
        'a=b',
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        '415 unsupportedMediaType',
      ],
      ['no type', JSON.stringify(body), { 'Content-Type': '' }, '415 unsupportedMediaType'],
      [
        'a similar type',
        JSON.stringify(body),
        { 'Content-Type': 'application/jsonp' },
        '415 unsupportedMediaType',
      ],
      ['too many bytes', `"${'x'.repeat(limit - 1)}"`, {}, '413 bodyTooLarge'],
      ['as many bytes as allowed', `"${'x'.repeat(limit - 2)}"`, {}, '400 invalidBody'],
      ['too many bytes of few letters', `"${'€'.repeat(limit / 2)}"`, {}, '413 bodyTooLarge'],
      ['nothing', '', {}, '400 malformedJson'],
      ['half an object', `{"a": "${secret}"`, {}, '400 malformedJson'],
      ['a word', secret, {}, '400 malformedJson'],
      ['lists in lists', '['.repeat(2000), {}, '400 malformedJson'],
      ['lists to a depth', `${'['.repeat(17)}${']'.repeat(17)}`, {}, '400 malformedJson'],
      ['brackets in a text', JSON.stringify('[{'.repeat(20)), {}, '400 invalidBody'],
      ['null', 'null', {}, '400 invalidBody'],
      ['a list', JSON.stringify([body]), {}, '400 invalidBody'],
      ['a text', JSON.stringify(secret), {}, '400 invalidBody'],
      ['an unknown field', JSON.stringify({ ...body, shoeSize: secret }), {}, '400 invalidBody'],
      [
        'a prototype',
        `{"__proto__": ${JSON.stringify({ ...body, x: 1 })}, "y": 1}`,
        {},
        '400 invalidBody',
      ],
      ...fields.flatMap((field): [string, string, Record<string, string>, string][] => [
        [
          `${field} as an object`,
          JSON.stringify({ ...body, [field]: { secret } }),
          {},
          '400 invalidBody',
        ],
        [
          `${field} as a list`,
          JSON.stringify({ ...body, [field]: [[secret]] }),
          {},
          '400 invalidBody',
        ],
        [
          `${field} as an empty text`,
          JSON.stringify({ ...body, [field]: '' }),
          {},
          '400 invalidBody',
        ],
      ]),
    ];
    const given = await credentials(row);
    const before = [await waiting.entries(), await available.entries()];
    for (const [name, text, headers, expected] of cases) {
      const response = await call(row, { headers: { ...given, ...headers }, body: text });
      const sent = await response.clone().text();
      expect(`${name}: ${await problemOf(response)}`).toBe(`${name}: ${expected}`);
      expect(sent).not.toContain(secret);
      expect(sent).not.toMatch(/at .*\.[jt]s|node_modules|Error:/);
    }
    expect([await waiting.entries(), await available.entries()]).toEqual(before);
    expect(app.functions.logs.join('\n')).not.toContain(secret);
  });
});

describe('the responses of the app', () => {
  const pages = rows.filter(({ route }) => route.startsWith('GET,HEAD '));
  const policy = (...more: string[]): string =>
    [
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob:",
      'media-src blob:',
      "frame-src 'self'",
      ...more,
    ].join('; ');
  const last = ["form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"];
  const trusted = (policies: string): string[] => [
    "require-trusted-types-for 'script'",
    `trusted-types ${policies}`,
  ];
  const types: Record<string, string> = {
    css: 'text/css',
    js: 'text/javascript',
    svg: 'image/svg+xml',
  };

  it.each(named(pages.filter((row) => !/languages|logo/.test(row.route))))(
    'are pages that load from their own origin only: %s',
    async (_, row) => {
      const path = templateOf(row);
      const blobs = new URL(app.parts.portal.packageOrigin).origin;
      const connect = path.startsWith('portal/officer')
        ? "connect-src 'self'"
        : `connect-src 'self' ${blobs}`;
      const policies =
        { 'portal/open': 'dompurify mail', 'portal/request': 'puzzle' }[path] ?? "'none'";
      const expected = {
        ...secure,
        'content-security-policy': policy(connect, ...last, ...trusted(policies)),
        'content-type': `${types[path.split('.')[1] ?? ''] ?? 'text/html'}; charset=utf-8`,
        ...(path.startsWith('portal/officer') ? {} : { vary: 'Accept-Encoding' }),
      };
      const [got, head] = [
        await app.fetch(`/${path}`),
        await app.fetch(`/${path}`, { method: 'HEAD' }),
      ];
      for (const response of [got, head]) {
        expect(response.status).toBe(200);
        expect(Object.fromEntries(response.headers)).toEqual(expected);
      }
      expect((await got.text()).length).toBeGreaterThan(100);
      expect(await head.text()).toBe('');
    },
  );

  it('are compressed where the browser takes that, and the same then', async () => {
    for (const path of ['/portal', '/portal/portal.js', '/portal/languages/de']) {
      const plain = Buffer.from(await (await app.fetch(path)).arrayBuffer());
      const response = await app.fetch(path, { headers: { 'Accept-Encoding': 'br, gzip' } });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      const packed = Buffer.from(await response.arrayBuffer());
      expect(packed.length).toBeLessThan(plain.length / 1.5);
      expect(gunzipSync(packed).equals(plain)).toBe(true);
    }
  });

  it('tell a page who is responsible, and which languages there are, before it asks', async () => {
    const html = await (await app.fetch('/portal')).text();
    const [, content = ''] = /<meta name="facts" content="([^"]*)"/.exec(html) ?? [];
    const decoded = content.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    expect(JSON.parse(decoded)).toEqual({
      controller: 'Example Mail Order',
      contact: 'privacy@shop.example',
      authority: null,
      hasLogo: false,
      hasIntake: true,
      law: 'gdpr',
      languages: expect.objectContaining({ de: 'Deutsch', fr: 'Français' }) as object,
    });
  });

  it('are texts in every language for the portal, and no logo where none is configured', async () => {
    const languages = await read(await app.fetch('/portal/languages.json'));
    expect(Object.keys(languages.body).sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'nl']);
    const { viewer: _viewer, ...german } = languages.body['de'] as Record<string, unknown>;
    const ofPage = await read(await app.fetch('/portal/languages/de'));
    expect([ofPage.status, ofPage.body]).toEqual([200, german]);
    expect(await problemOf(await app.fetch('/portal/languages/xx'))).toBe('404 languageNotFound');
    expect(Object.keys(languages.body['de'] as object).sort()).toEqual([
      'name',
      'portal',
      'processing',
      'report',
      'shared',
      'viewer',
    ]);
    const ofOfficers = async (query: string): Promise<Record<string, object>> =>
      (
        await read<Record<string, object>>(
          await app.fetch(`/portal/officer/languages.json${query}`),
        )
      ).body;
    const names = await ofOfficers('');
    expect(Object.keys(names).sort()).toEqual(['de', 'en', 'es', 'fr', 'it', 'nl']);
    expect(Object.values(names).map((one) => Object.keys(one))).toEqual(
      Object.keys(names).map(() => ['name']),
    );
    // The words of one language, and of English for what it lacks.
    const forGerman = await ofOfficers('?tag=de');
    const withWords = Object.keys(forGerman).filter((tag) => 'officer' in (forGerman[tag] ?? {}));
    expect(withWords.sort()).toEqual(['de', 'en']);
    expect(Object.keys(forGerman['de'] ?? {})).toEqual(['name', 'shared', 'officer', 'report']);
    expect(await problemOf(await app.fetch('/portal/logo'))).toBe('404 logoNotConfigured');
  });

  it('are public keys that anybody may read from any page', async () => {
    const { status, headers, body } = await read(await app.fetch('/.well-known/jwks.json'));
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toEqual({
      ...secure,
      'cache-control': 'public, max-age=3600',
      'content-type': 'application/jwk-set+json',
      'access-control-allow-origin': '*',
    });
    expect(body).toEqual(await app.parts.keys.publicKeys());
    expect(JSON.stringify(body)).not.toMatch(/"d":/);
  });

  it('say that the app runs', async () => {
    const response = await app.fetch('/health');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});
