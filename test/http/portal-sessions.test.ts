import type { TableClient as Table } from '@azure/data-tables';
import { requestStates, type RequestState } from '../../src/core/request/states';
import { portalOrigin, read, type HttpApp } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { outside } from '../helpers/outside-jest';
import { cookieOf, minute, portalCalls, startPortalApp } from '../helpers/portal-calls';

const { TableClient } = outside.tables;

let app: HttpApp;
beforeAll(async () => {
  app = await startPortalApp();
}, 60_000);
afterAll(() => app.stop());

const { open, textsTo } = portalCalls(() => app);

/** Rows that a call reads, by table and partition, with how often. */
async function readsOf(
  request: TestRequest,
  call: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const reads = jest.spyOn(TableClient.prototype, 'getEntity');
  await call();
  const counts: Record<string, number> = {};
  for (const [index, [partition]] of reads.mock.calls.entries()) {
    const table = reads.mock.contexts[index] as Table;
    const place = `${table.tableName} ${partition === request.id ? 'request' : partition}`;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  reads.mockRestore();
  return counts;
}

describe('a page on the way to the step-up', () => {
  it('has the row of its request, with the personal part, read once by the call that opens the link', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const counts = await readsOf(request, () => request.open(app.browser()));
    expect(counts['requests request']).toBe(1);
  });

  it('has its codes read once while another code is sent and entered', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    await request.code(person);
    const counts = await readsOf(request, async () => person.verify(await request.code(person)));
    expect(counts['codesAndSessions code']).toBe(1);
  });

  it('has its request read once before and once after a method that is not the first', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.opened();
    const code = await request.code(person);
    const counts = await readsOf(request, () => person.verify(code));
    expect(counts['requests request']).toBe(2);
  });

  it('has its request read once before and once after it is known who has signed in', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.opened();
    const { url } = await person.call<{ url: string }>('POST', 'login');
    const claims = { email: request.person.email, email_verified: true };
    const query = app.directory.signIn(url, claims);
    const counts = await readsOf(request, async () => {
      const { headers } = await person.fetch(`/portal/callback${query}`);
      expect(headers.get('location')).toBe('/portal');
    });
    expect(counts['requests request']).toBe(2);
  });
});

describe('a page that asks again how things stand', () => {
  it('has its session, its request and its codes read once each', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const counts = await readsOf(request, async () =>
      expect(await person.call('GET', 'request')).toMatchObject({ step: 'verify' }),
    );
    expect(counts).toMatchObject({ 'codesAndSessions session': 1, 'codesAndSessions code': 1 });
    // The row of the request has its personal part.
    expect(counts['requests request']).toBe(1);
  });

  it('has what happened read once, and never who did it and why', async () => {
    const request = await TestRequest.in(app, 'exporting');
    const session = await app.parts.codesAndSessions.startSession(request.id, ['totp']);
    const lists = jest.spyOn(TableClient.prototype, 'listEntities');
    const headers = { cookie: `__Host-session=${session}` };
    const answer = await read(await app.fetch('/portal/api/request', { headers }));
    const filters = lists.mock.calls.map(([options]) => options?.queryOptions?.filter ?? '');
    lists.mockRestore();
    expect(answer.body).toMatchObject({ step: 'progress' });
    expect(filters.filter((one) => one.includes('custody-'))).toHaveLength(1);
    expect(filters.filter((one) => one.includes('annotation-'))).toEqual([]);
  });
});

describe('an invitation link', () => {
  it('opens a session, in a cookie that no script and no other site can use', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const count = (await request.entries()).length;
    const response = await open(request.token);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      controller: 'Example Mail Order',
      contact: 'privacy@shop.example',
      hasLogo: false,
      locale: 'en',
      step: 'verify',
      methods: ['sms', 'oidc'],
      digits: `•••• ${request.person.phone.slice(-2)}`,
      isSecond: false,
      isAgain: false,
      isCodeSent: false,
      lockedUntil: {},
    });
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/i,
      ),
    ]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    // Whoever has the link has done nothing yet that anybody has to know of.
    expect((await request.entries()).length).toBe(count);
    expect(request.calls()).toEqual([]);
    expect(textsTo(request)).toBe(0);
  });

  it('shows two digits of the number on file and no more, and no name', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const text = await (await open(request.token)).text();
    const { phone, email, contact } = request.person;
    for (const secret of [phone.slice(-5), email, contact.lastName, contact.firstName, contact.id])
      expect(text).not.toContain(secret);
  });

  it('is not consumed: it opens another session, until the request is closed', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const cookies = new Set<string>();
    for (let i = 0; i < 3; i += 1) cookies.add(cookieOf(await open(request.token)));
    expect(cookies.size).toBe(3);
  });

  it('is neither consumed nor used by GET or HEAD, as mail scanners send them', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.opened();
    const [events, texts] = [await request.events(), app.mailbox.texts.length];
    const paths = app.functions.endpoints
      .filter(
        ({ template, methods }) => template.startsWith('portal/api/') && methods.includes('POST'),
      )
      .map(({ template }) => `/${template}`);
    expect(paths).toHaveLength(10);
    for (const path of paths)
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'])
        expect((await person.fetch(path, { method })).status).toBe(404);
    for (const path of ['/portal', '/portal?utm=1', `/portal?token=${request.token}`])
      for (const method of ['GET', 'HEAD']) {
        const response = await app.fetch(path, { method });
        expect([response.status, response.headers.getSetCookie()]).toEqual([200, []]);
      }
    expect([await request.events(), app.mailbox.texts.length]).toEqual([events, texts]);
    expect((await request.record()).downloadUntil).toBeNull();
    expect(await request.open(person)).toMatchObject({ step: 'verify' });
  });

  const closed: readonly RequestState[] = ['cancelled', 'refused', 'recalled'];
  it.each(requestStates)('opens a session if the request is not closed: %s', async (state) => {
    const request = await TestRequest.in(app, state);
    const { status, code, body } = await read(await open(request.token));
    if (!closed.includes(state)) return expect([status, code]).toEqual([200, undefined]);
    expect([status, code]).toEqual([404, 'invitationNotFound']);
    const unknown = await read(await open('A'.repeat(43)));
    expect({ ...body, correlationId: '' }).toEqual({ ...unknown.body, correlationId: '' });
  });

  it('is looked up by a hash of it: one that is nearly right costs the same calls as any other', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const lookedUp = async (token: string): Promise<string[][]> => {
      const reads = jest.spyOn(TableClient.prototype, 'getEntity');
      await open(token);
      const calls = reads.mock.calls.map(([partition, row], i) => [
        (reads.mock.contexts[i] as Table).tableName,
        partition,
        row,
      ]);
      reads.mockRestore();
      return calls;
    };
    const right = await lookedUp(request.token);
    const [first = [], ...further] = right;
    const near = await lookedUp(`${request.token.slice(0, -2)}AA`);
    const any = await lookedUp(Buffer.alloc(32, 9).toString('base64url'));
    expect(first.slice(0, 2)).toEqual(['codesAndSessions', 'invitation']);
    expect(further).not.toEqual([]);
    const keys = [first, ...near, ...any].map(([, , row = '']) => row.slice(0, 8));
    expect(new Set(keys).size).toBe(3);
    expect(near.map((call) => call.slice(0, 2))).toEqual([first.slice(0, 2)]);
    expect(any.map((call) => call.slice(0, 2))).toEqual([first.slice(0, 2)]);
    expect(JSON.stringify([...right, ...near])).not.toContain(request.token.slice(0, 8));
  });

  it('cannot be guessed: every wrong one has the same answer', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const answers = new Set<string>();
    const tokens = [...Array(20).keys()].map((i) => Buffer.alloc(32, i).toString('base64url'));
    for (const token of [...tokens, `${request.token.slice(0, -2)}AA`]) {
      const person = app.browser();
      await expect(person.call('POST', 'open', { token })).rejects.toMatchObject({ status: 404 });
      const { body } = await read(
        await open(token, { 'X-Forwarded-For': `10.0.0.${tokens.length}` }),
      );
      answers.add(JSON.stringify({ ...body, correlationId: '' }));
      const session = await read(
        await app.fetch('/portal/api/request', { headers: { cookie: `__Host-session=${token}` } }),
      );
      answers.add(`${session.status} ${String(session.code)}`);
      app.clock.advance(minute);
    }
    expect(answers.size).toBe(2);
    expect(answers).toContain('401 sessionEnded');
  });
});

describe('a session', () => {
  it('cannot be fixated, and a step-up replaces it', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const chosen = Buffer.alloc(32, 1).toString('base64url');
    const opened = await open(request.token, { cookie: `__Host-session=${chosen}` });
    const [before = ''] = cookieOf(opened).split(';');
    expect(before).not.toContain(chosen);
    const code = await request.code(await request.opened());
    const verified = await app.post(
      '/portal/api/verify',
      { method: 'sms', code },
      { Origin: portalOrigin, cookie: before },
    );
    expect(verified.status).toBe(200);
    expect(verified.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/i,
      ),
    ]);
    const [after = ''] = cookieOf(verified).split(';');
    expect(after).not.toBe(before);
    const look = async (cookie: string) =>
      (await app.fetch('/portal/api/request', { headers: { cookie } })).status;
    expect([await look(before), await look(after)]).toEqual([401, 200]);
  });

  it('ends after a quarter of an hour without use, and the link opens another', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    for (let i = 0; i < 3; i += 1) {
      app.clock.advance(15 * minute - 1);
      expect(await person.call('GET', 'request')).toMatchObject({ step: 'verify' });
    }
    app.clock.advance(15 * minute);
    await expect(person.call('GET', 'request')).rejects.toMatchObject({
      status: 401,
      code: 'sessionEnded',
    });
    expect(await request.open(app.browser())).toMatchObject({ step: 'verify' });
  });

  it('has a step-up for twelve hours at most, however often it is used', async () => {
    const request = await TestRequest.in(app, 'available');
    const { codesAndSessions } = app.parts;
    const session = await codesAndSessions.startSession(request.id, ['sms']);
    const person = app.browser(session);
    for (let i = 0; i < 50; i += 1) {
      app.clock.advance(14.4 * minute);
      expect(await codesAndSessions.session(session)).not.toBeNull();
    }
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'download' });
    app.clock.advance(1000);
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'verify' });
    await expect(person.link()).rejects.toMatchObject({ status: 403, code: 'stepUpRequired' });
  });

  it.each([
    ['exporting', 'progress'],
    ['available', 'download'],
  ] as const)('knows the law of the request before it has ended: %s', async (state, step) => {
    const request = await TestRequest.in(app, state, { law: 'ccpa' });
    const person = await request.verified();
    expect(await person.call('GET', 'request')).toMatchObject({ step, law: 'ccpa' });
  });

  it('belongs to one request: a step-up for one opens no other', async () => {
    const [mine, other] = [
      await TestRequest.in(app, 'available'),
      await TestRequest.in(app, 'available'),
    ];
    const person = await mine.verified();
    const count = (await other.entries()).length;
    const { passphrase } = await person.call<{ passphrase: string }>('POST', 'passphrase');
    const own = await app.parts.keys.unwrap((await mine.record()).wrappedSecret ?? '');
    expect(passphrase).toBe(own.passphrase);
    expect((await person.link()).url).toContain(mine.id);
    expect((await other.entries()).length).toBe(count);
    // With the link of another request the step-up is not taken along.
    expect(await other.open(person)).toMatchObject({ step: 'verify' });
    await expect(person.link()).rejects.toMatchObject({ code: 'stepUpRequired' });
  });

  it('is ended by the person', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const [cookie = ''] = cookieOf(await open(request.token)).split(';');
    const headers = { Origin: portalOrigin, cookie };
    const response = await app.post('/portal/api/sign-out', {}, headers);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-session=; Path=\/; Max-Age=0; HttpOnly; Secure; SameSite=Strict$/i,
      ),
    ]);
    expect((await app.fetch('/portal/api/request', { headers })).status).toBe(401);
  });

  it('ends with the request that an officer closes', async () => {
    for (const to of ['cancelled', 'refused'] as const) {
      const request = await TestRequest.in(app, 'exporting');
      const person = await request.verified();
      await request.move(to);
      await expect(person.call('POST', 'code')).rejects.toMatchObject({ code: 'sessionEnded' });
      await expect(person.link()).rejects.toMatchObject({ code: 'sessionEnded' });
      expect(await person.call('GET', 'request')).toMatchObject({ step: 'ended', state: to });
    }
  });

  it('tells who was signed in, and nobody else, how the request has ended, for a day', async () => {
    const refused = { code: 'excessive', explanation: 'The fifth one.' } as const;
    const request = await TestRequest.in(app, 'exporting', {
      details: { statutoryNotices: { extended: null, refused } },
    });
    const [person, stranger] = [await request.verified(), await request.opened()];
    await request.move('refused');
    const ended = { step: 'ended', state: 'refused', reasonCode: 'excessive', law: 'gdpr' };
    const whole = {
      ...ended,
      locale: 'en',
      timeZone: 'Europe/Berlin',
      explanation: 'The fifth one.',
      reference: `T-${request.person.email}`,
      endedAt: app.clock.now().toISOString(),
      identifiers: [{ type: 'email', masked: 'z•••@m•••.example' }],
    };
    expect(await person.call('GET', 'request')).toMatchObject(whole);
    const nothing = { status: 401, code: 'sessionEnded' };
    await expect(stranger.call('GET', 'request')).rejects.toMatchObject(nothing);
    await request.cleanUp();
    // Nothing of the person is left, and the clean-up may come again.
    await request.cleanUp();
    const after = await person.call('GET', 'request');
    expect(after).toMatchObject({
      ...ended,
      explanation: null,
      identifiers: [],
      reference: request.id.slice(0, 8).toUpperCase(),
    });
    expect(JSON.stringify(after)).not.toContain(request.person.email);
    await expect(stranger.call('GET', 'request')).rejects.toMatchObject(nothing);
    for (const path of ['code', 'passphrase', 'app', 'login'])
      await expect(person.call('POST', path)).rejects.toMatchObject(nothing);
    await expect(person.link()).rejects.toMatchObject(nothing);
    app.clock.advance(24 * 60 * minute);
    await expect(person.call('GET', 'request')).rejects.toMatchObject(nothing);
  });

  it('shows the end of a request whose data is deleted before its state says so', async () => {
    const withoutData = async (state: RequestState): Promise<TestRequest> => {
      const request = await TestRequest.in(app, state);
      await app.parts.ledger.update(request.id, { wrappedSecret: null });
      await app.parts.ledger.deleteDetails(request.id);
      return request;
    };
    // Who has not confirmed that the request is theirs learns nothing of it.
    const common = { controller: 'Example Mail Order', contact: 'privacy@shop.example' };
    for (const state of ['awaitingVerification', 'available'] as const) {
      const request = await withoutData(state);
      expect(await request.open(app.browser())).toEqual({
        ...common,
        ...{ hasLogo: false, step: 'ended' },
      });
    }
    const expired = await withoutData('available');
    const person = await expired.verified();
    expect(await person.call('GET', 'request')).toMatchObject({
      ...common,
      ...{ step: 'ended', state: 'expired', identifiers: [] },
      reference: expired.id.slice(0, 8).toUpperCase(),
    });
  });

  it('shows that nothing is left when everything was deleted', async () => {
    const request = await TestRequest.in(app, 'unverified');
    const person = await request.opened();
    await app.parts.ledger.update(request.id, { wrappedSecret: null });
    await app.parts.ledger.deleteDetails(request.id);
    // That the time is over to confirm is all that somebody is told who has not confirmed.
    expect(await person.call('GET', 'request')).toEqual({
      controller: 'Example Mail Order',
      contact: 'privacy@shop.example',
      hasLogo: false,
      step: 'ended',
      state: 'unverified',
      law: 'gdpr',
      reasonCode: 'notConfirmed',
      explanation: null,
      endedAt: app.clock.now().toISOString(),
      availableUntil: null,
      searched: null,
      identifiers: [],
      reference: request.id.slice(0, 8).toUpperCase(),
      history: [],
    });
    await expect(person.call('POST', 'code')).rejects.toMatchObject({
      status: 409,
      code: 'notAvailable',
    });
    await request.cleanUp();
    await expect(person.call('POST', 'code')).rejects.toMatchObject({ code: 'sessionEnded' });
    expect(await person.call('GET', 'request')).toMatchObject({ state: 'unverified' });
    await expect(request.open(app.browser())).rejects.toMatchObject({ code: 'invitationNotFound' });
  });
});
