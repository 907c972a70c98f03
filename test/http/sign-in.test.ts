import type { JWTPayload } from 'jose';
import { strongAcr } from '../../local/identity/clients';
import type { Subject } from '../../local/portal-client';
import { withAnswers } from '../../src/core/subject/decision';
import type * as SubjectModule from '../../src/services/subject';
import type { Forgery } from '../helpers/directory';
import { HttpApp, portalOrigin, read } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { outside } from '../helpers/outside-jest';

const { readSubject } = outside.app<typeof SubjectModule>('services/subject');

const minute = 60_000;
const now = (): number => Math.floor(Date.now() / 1000);

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start({ SMS_IS_SUFFICIENT: 'false', PORTAL_CALLS_PER_MINUTE: '20' });
}, 60_000);
afterEach(() => {
  app.hub.isDown = false;
});
afterAll(() => app.stop());

type Claims = Parameters<HttpApp['directory']['signIn']>[1];

const claimsOf = ({ person }: TestRequest): Claims => ({
  email: person.email,
  email_verified: true,
});

/** Where the portal sends the browser that comes back from the provider. */
async function come(person: Subject, query: string, path = '/portal/callback'): Promise<string> {
  const response = await person.fetch(`${path}${query}`);
  expect(response.status).toBe(303);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.headers.get('location') ?? '';
}

const begin = async (person: Subject): Promise<string> =>
  (await person.call<{ url: string }>('POST', 'login')).url;

/** Signs in at the company's login, and returns where the portal sends the browser. */
const login = async (person: Subject, claims: Claims, forgery?: Forgery): Promise<string> =>
  come(person, app.directory.signIn(await begin(person), claims, forgery));

const refused = '/portal?problem=loginRefused';

describe('if a text message is not sufficient', () => {
  it('a code alone verifies nothing, and the login does', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const count = (await request.entries()).length;
    const person = app.browser();
    expect(await request.open(person)).toMatchObject({
      step: 'verify',
      methods: ['sms', 'oidc'],
      isSecond: false,
    });
    expect(await person.verify(await request.code(person))).toMatchObject({
      step: 'verify',
      methods: ['oidc'],
      isSecond: true,
    });
    await expect(person.call('POST', 'code')).rejects.toMatchObject({ code: 'methodNotOffered' });
    await expect(person.link()).rejects.toMatchObject({ code: 'stepUpRequired' });
    expect((await request.record()).verifiedAt).toBeNull();
    expect(request.calls()).toEqual([]);
    expect(await login(person, claimsOf(request))).toBe('/portal');
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'progress' });
    const at = app.clock.now().toISOString();
    expect(await request.record()).toMatchObject({ verifiedAt: at, verifiedBy: 'oidc' });
    expect(request.calls()).toEqual(['raise requestChanged']);
    expect(await request.events(count)).toEqual([
      'codeSent code sms',
      'stepUpAccepted sms',
      'stepUpAccepted oidc',
    ]);
  });

  it('the download needs another step-up, by any method that is sufficient', async () => {
    const request = await TestRequest.in(app, 'packaging');
    const person = await request.opened();
    await login(person, claimsOf(request));
    app.clock.advance(1);
    await request.move('available');
    const again = { step: 'verify', methods: ['sms', 'oidc'], isAgain: true, isSecond: false };
    expect(await person.call('GET', 'request')).toMatchObject(again);
    expect(await person.verify(await request.code(person))).toMatchObject({
      step: 'verify',
      methods: ['oidc'],
      isSecond: true,
    });
    await login(person, claimsOf(request));
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'download', canEnrol: true });
  });
});

describe('a login of a person without a contact record', () => {
  /** An officer has named two mailboxes and a number as theirs. */
  const named = async (): Promise<TestRequest> =>
    TestRequest.in(app, 'awaitingVerification', {
      contact: {
        id: '',
        phones: [],
        emails: ['first@mail.example'],
        former: [
          { type: 'email', value: 'second@mail.example' },
          { type: 'phone', value: '+4930123456' },
        ],
      },
      details: {
        decision: withAnswers(null, { method: 'oidc' }, 1, '2026-11-24T09:00:00.000Z'),
      },
    });
  const as = (email: string): Claims => ({ email, email_verified: true });

  it('proves the mailbox that it names, and nothing else that an officer has named', async () => {
    const request = await named();
    expect(await login(await request.opened(), as('first@mail.example'))).toBe('/portal');
    expect(await request.record()).toMatchObject({ verifiedBy: 'oidc' });
    const { subject } = await readSubject(app.parts, await request.record());
    expect([...(subject.proven ?? [])]).toEqual(['email:first@mail.example']);
  });

  it('opens nothing to another mailbox afterwards', async () => {
    const request = await named();
    await login(await request.opened(), as('first@mail.example'));
    const count = (await request.entries()).length;
    expect(await login(await request.opened(), as('second@mail.example'))).toBe(refused);
    expect(await request.events(count)).toEqual(['stepUpRefused oidc']);
    expect(await login(await request.opened(), as('first@mail.example'))).toBe('/portal');
  });
});

describe("a sign-in at the company's login", () => {
  it('begins with state, nonce and PKCE, bound to the browser by a cookie', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const response = await person.fetch('/portal/api/login', {
      method: 'POST',
      headers: { Origin: portalOrigin, 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(response.headers.getSetCookie()).toEqual([
      // The provider sends the browser back from another site, so the cookie is Lax.
      expect.stringMatching(
        /^__Host-oidc=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$/i,
      ),
    ]);
    const { url } = (await response.json()) as { url: string };
    const { origin, pathname, searchParams } = new URL(url);
    expect(origin + pathname).toBe(`${app.directory.issuer}/authorize`);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'customers',
      redirect_uri: `${portalOrigin}/portal/callback`,
      scope: 'openid email',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
      acr_values: strongAcr,
      max_age: '300',
      prompt: 'login',
    });
    for (const secret of [request.person.email, request.person.phone, request.id])
      expect(url).not.toContain(encodeURIComponent(secret));
  });

  it('ends with a new session, and without its cookie', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const query = app.directory.signIn(await begin(person), claimsOf(request));
    const response = await person.fetch(`/portal/callback${query}`);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/i,
      ),
      expect.stringMatching(/^__Host-oidc=; Path=\/; Max-Age=0; HttpOnly; Secure; SameSite=Lax$/i),
    ]);
  });

  it.each<[string, Claims, Forgery]>([
    ['is of one factor', {}, { claims: { acr: 'urn:example:password' } }],
    ['names no class', {}, { claims: { acr: undefined } }],
    ['names several classes', {}, { claims: { acr: [strongAcr] } }],
    ["is somebody else's", { email: 'somebody@else.example' }, {}],
    ['is of an unverified address', { email_verified: false }, {}],
    ['says "true" of the address', { email_verified: 'true' }, {}],
    ['names no address', { email: undefined }, {}],
    ['has another nonce', {}, { claims: { nonce: 'other' } }],
    ['has no nonce', {}, { claims: { nonce: undefined } }],
    ['is for another app', {}, { claims: { aud: 'officers' } }],
    ['is of another issuer', {}, { claims: { iss: 'http://127.0.0.1:9' } }],
    ['has expired', {}, { claims: { exp: now() - 60 } }],
    ['is older than five minutes', {}, { claims: { auth_time: now() - 400 } }],
    ['does not say when it was', {}, { claims: { auth_time: undefined } }],
    ['is signed by another key', {}, { isForeignKey: true }],
  ])('is refused that %s', async (_name, change, forgery) => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const count = (await request.entries()).length;
    const claims = { ...claimsOf(request), ...change };
    expect(await login(person, claims, forgery)).toBe(refused);
    expect((await request.record()).verifiedAt).toBeNull();
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'verify' });
    // The custody record says that somebody has signed in who is not the person, and no more.
    const isOfAnother = Object.keys(change).length > 0;
    expect(await request.events(count)).toEqual(isOfAnother ? ['stepUpRefused oidc'] : []);
    expect(app.functions.logs.join('\n')).not.toContain(request.person.email);
    expect(request.calls()).toEqual([]);
  });

  it('is valid once, in the browser that began it, for ten minutes', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const query = app.directory.signIn(await begin(person), claimsOf(request));
    const stranger = await request.opened();
    await begin(stranger);
    expect(await come(stranger, query)).toBe(refused);
    // The stranger has used it up.
    expect(await come(person, query)).toBe(refused);
    const late = app.directory.signIn(await begin(person), claimsOf(request));
    app.clock.advance(10 * minute);
    expect(await come(person, late)).toBe(refused);
    const last = app.directory.signIn(await begin(person), claimsOf(request));
    app.clock.advance(10 * minute - 1);
    expect(await come(person, last)).toBe('/portal');
    expect(await come(person, last)).toBe(refused);
  });

  it.each([
    ['', 'nothing'],
    ['?code=x', 'no state'],
    ['?code=x&state=y', 'an unknown state'],
    ['?code=x&state=y%0d%0aSet-Cookie:%20a=b', 'a header in the state'],
    ['?state=https://evil.example&code=1', 'an address as state'],
    ['?error=x&error_description=%3Cscript%3E&iss=https://evil.example', 'an error'],
    [`?problem=${encodeURIComponent('"><script>alert(2)</script>')}`, 'a problem'],
  ])('is refused with the query %s: %s', async (query) => {
    for (const [path, back] of [
      ['/portal/callback', /^\/portal\?problem=loginRefused$/],
      ['/portal/officer/callback', /^\/portal\/officer\?problem=answerRefused$/],
    ] as const) {
      const response = await app.fetch(`${path}${query}`);
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toMatch(back);
      expect(response.headers.getSetCookie().join()).not.toContain('a=b');
      expect(await response.text()).toBe('');
    }
  });

  it('is refused with the answer of the provider to another sign-in', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const [person, other] = [await request.opened(), await request.opened()];
    const mine = new URLSearchParams(app.directory.signIn(await begin(person), claimsOf(request)));
    const theirs = new URLSearchParams(app.directory.signIn(await begin(other), claimsOf(request)));
    mine.set('code', theirs.get('code') ?? '');
    expect(await come(person, `?${mine.toString()}`)).toBe(refused);
  });

  it('verifies nobody of a request that was closed meanwhile', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const query = app.directory.signIn(await begin(person), claimsOf(request));
    await request.move('cancelled');
    expect(await come(person, query)).toBe(refused);
    expect((await request.events()).filter((one) => one.startsWith('stepUp'))).toEqual([]);
  });

  it('verifies also if the task hub is away', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const query = app.directory.signIn(await begin(person), claimsOf(request));
    app.hub.isDown = true;
    expect(await come(person, query)).toBe('/portal');
    expect((await request.record()).verifiedBy).toBe('oidc');
    expect(app.functions.logs.at(-1)).toBe(
      `warning Request ${request.id} is verified; its orchestration is notified later.`,
    );
  });
});

describe('the sign-in of an officer', () => {
  const claims = { oid: 'officer-1', name: 'Ms Privacy', roles: ['Requests.Read'] };
  const post = (person: Subject, path: string, body = '{}', origin = portalOrigin) =>
    person.fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin },
      body,
    });
  const callback = '/portal/officer/callback';
  const start = async (officer: Subject): Promise<string> => {
    const response = await post(officer, '/portal/officer/sign-in');
    return ((await response.json()) as { url: string }).url;
  };
  const signedIn = async (given: Claims = claims): Promise<Subject> => {
    const officer = app.browser();
    const query = app.directory.signIn(await start(officer), given);
    expect(await come(officer, query, callback)).toBe('/portal/officer');
    return officer;
  };

  it('is begun so often a minute by one network, and leaves nothing when nobody ends it', async () => {
    const { callsPerMinute } = app.parts.settings.portal;
    const stranger = app.browser();
    const begin = async () => (await post(stranger, '/portal/officer/sign-in')).status;
    for (let i = 0; i < callsPerMinute; i += 1) expect(await begin()).toBe(200);
    expect(await begin()).toBe(429);
    expect((await post(app.browser(), '/portal/officer/sign-in')).status).toBe(200);
    const table = app.table('codesAndSessions');
    expect((await table.list('officerLogin')).length).toBeGreaterThan(callsPerMinute);
    app.clock.advance(720_000);
    await app.parts.tokens.purgeExpired();
    expect(await table.list('officerLogin')).toEqual([]);
  });

  it('begins with state, nonce and PKCE, and ends with a session that no script can read', async () => {
    const officer = app.browser();
    const response = await post(officer, '/portal/officer/sign-in');
    expect([response.status, response.headers.getSetCookie()]).toEqual([
      200,
      [
        expect.stringMatching(
          /^__Host-oidc=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$/i,
        ),
      ],
    ]);
    const { url } = (await response.json()) as { url: string };
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      client_id: 'officers',
      redirect_uri: `${portalOrigin}${callback}`,
      scope: 'openid profile',
      code_challenge_method: 'S256',
      acr_values: strongAcr,
      max_age: '3600',
      prompt: 'login',
    });
    const back = await officer.fetch(`${callback}${app.directory.signIn(url, claims)}`);
    expect([back.status, back.headers.get('location')]).toEqual([303, '/portal/officer']);
    expect(back.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-officer=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/i,
      ),
      expect.stringMatching(/^__Host-oidc=; Path=\/; Max-Age=0; HttpOnly; Secure; SameSite=Lax$/i),
    ]);
    const me = await read(await officer.fetch('/portal/officer/me'));
    expect(me.body).toEqual({
      ...{ id: 'officer-1', name: 'Ms Privacy' },
      ...{ roles: ['Requests.Read'], timeZone: 'UTC' },
    });
  });

  it.each<[string, Claims, Forgery]>([
    ['has no role of the app', { roles: [] }, {}],
    ['has unknown roles only', { roles: ['Admin'] }, {}],
    ['is of another tenant', {}, { claims: { tid: 'other' } }],
    ['has another nonce', {}, { claims: { nonce: 'other' } }],
    ['is for another app', {}, { claims: { aud: 'customers' } }],
    ['is signed by another key', {}, { isForeignKey: true }],
  ])('is refused that %s', async (_name, change, forgery) => {
    const officer = app.browser();
    const query = app.directory.signIn(await start(officer), { ...claims, ...change }, forgery);
    expect(await come(officer, query, callback)).toBe('/portal/officer?problem=answerRefused');
    const me = await read(await officer.fetch('/portal/officer/me'));
    expect([me.status, me.code]).toEqual([401, 'signInRequired']);
  });

  it.each<[string, JWTPayload]>([
    ['was with one factor', { acr: undefined, amr: ['pwd'] }],
    ['was of another class', { acr: 'urn:example:password' }],
    ['was by another method', { amr: ['pwd', 'otp'] }],
  ])('is refused that %s', async (_name, lies) => {
    const officer = app.browser();
    const query = app.directory.signIn(await start(officer), claims, { claims: lies });
    expect(await come(officer, query, callback)).toBe('/portal/officer?problem=notStrongEnough');
    expect((await officer.fetch('/portal/officer/me')).status).toBe(401);
  });

  it.each<[string, JWTPayload]>([
    ['was two hours ago', { auth_time: now() - 7200 }],
    ['was at no time', { auth_time: undefined }],
  ])('is refused that %s', async (_name, lies) => {
    const officer = app.browser();
    const query = app.directory.signIn(await start(officer), claims, { claims: lies });
    expect(await come(officer, query, callback)).toBe('/portal/officer?problem=answerRefused');
    expect((await officer.fetch('/portal/officer/me')).status).toBe(401);
  });

  it('is not that of a customer, nor the other way round', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const query = app.directory.signIn(await begin(person), { ...claims, ...claimsOf(request) });
    expect(await come(person, query, callback)).toBe('/portal/officer?problem=answerRefused');
    const officer = app.browser();
    const other = app.directory.signIn(await start(officer), claimsOf(request));
    expect(await come(officer, other)).toBe(refused);
    expect((await request.record()).verifiedAt).toBeNull();
  });

  it('allows what the roles allow, by calls of the page only', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const officer = await signedIn({ ...claims, roles: ['Requests.Read', 'Requests.Decide'] });
    expect((await officer.fetch('/api/requests')).status).toBe(200);
    const body = JSON.stringify({ reasonCode: 'withdrawn', justification: 'By phone.' });
    const cancel = (origin: string) => post(officer, `${request.path}/cancel`, body, origin);
    for (const origin of ['', 'null', 'https://evil.example', `${portalOrigin}/`]) {
      const answer = await read(await cancel(origin));
      expect([answer.status, answer.code]).toEqual([401, 'signInRequired']);
    }
    expect((await request.record()).state).toBe('exporting');
    const recall = await read(await post(officer, `${request.path}/recall`, body));
    expect([recall.status, recall.code]).toEqual([403, 'roleRequired']);
    expect((await cancel(portalOrigin)).status).toBe(200);
    expect((await request.record()).state).toBe('cancelled');
    expect((await request.entries()).at(-1)?.actor).toBe(
      app.parts.keys.keyedHash('officer', 'officer-1').slice(0, 32),
    );
  });

  it('ends after half an hour without use, and after eight hours', async () => {
    const look = async (officer: Subject) => (await officer.fetch('/portal/officer/me')).status;
    const idle = await signedIn();
    app.clock.advance(30 * minute - 1);
    expect(await look(idle)).toBe(200);
    app.clock.advance(30 * minute);
    expect(await look(idle)).toBe(401);
    const busy = await signedIn();
    for (let i = 0; i < 24; i += 1) {
      app.clock.advance(20 * minute);
      expect(await look(busy)).toBe(200);
    }
    app.clock.advance(1);
    expect(await look(busy)).toBe(401);
  });

  it('is in the audit log with its refusals and its end, without a name', async () => {
    const table = app.table('officerAudit');
    const day = app.clock.now().toISOString().slice(0, 10);
    const logged = async () => {
      const rows = await table.list(day);
      return rows.map(({ event, actor, code }) => [event, actor, code]);
    };
    // Lines of the same time have no order.
    app.clock.advance(1);
    const count = (await logged()).length;
    const actorOf = (id: string) => app.parts.keys.keyedHash('officer', id).slice(0, 32);
    const weak = app.browser();
    const query = app.directory.signIn(await start(weak), claims, { claims: { amr: ['pwd'] } });
    await come(weak, query, callback);
    // Calls that end no sign-in are anybody's, and say nothing.
    await come(weak, query, callback);
    await come(app.browser(), '?code=x&state=y', callback);
    app.clock.advance(1);
    const officer = await signedIn({ ...claims, oid: 'officer-7' });
    expect((await officer.fetch('/portal/officer/me')).status).toBe(200);
    app.clock.advance(1);
    await post(officer, '/portal/officer/sign-out');
    await post(officer, '/portal/officer/sign-out');
    const [first = [], ...others] = (await logged()).slice(count);
    expect([first, ...others]).toEqual([
      ['signInRefused', '', 'notStrongEnough'],
      ['signedIn', actorOf('officer-7'), ''],
      ['signedOut', actorOf('officer-7'), ''],
    ]);
    expect(JSON.stringify(await table.list(day))).not.toMatch(/officer-7|Ms Privacy/);
    app.clock.advance(86_400_000);
    await app.parts.officerAudit.deleteBefore(new Date(app.clock.now().getTime() - 86_400_000));
    expect((await logged()).length).toBe(count + 3);
    await app.parts.officerAudit.deleteBefore(app.clock.now());
    expect(await logged()).toEqual([]);
  });

  it('is ended by the officers’ page only', async () => {
    const officer = await signedIn();
    for (const origin of ['', 'null', 'https://evil.example', `${portalOrigin}/`]) {
      const answer = await read(await post(officer, '/portal/officer/sign-out', '{}', origin));
      expect([answer.status, answer.code]).toEqual([403, 'originRefused']);
    }
    expect((await officer.fetch('/portal/officer/me')).status).toBe(200);
  });

  it('is ended by the officer', async () => {
    const officer = await signedIn();
    const response = await post(officer, '/portal/officer/sign-out');
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-officer=; Path=\/; Max-Age=0; HttpOnly; Secure; SameSite=Strict$/i,
      ),
    ]);
    expect((await officer.fetch('/portal/officer/me')).status).toBe(401);
  });
});
