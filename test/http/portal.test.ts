import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { allowPortal } from '../../local/azurite';
import type { Subject } from '../../local/portal-client';
import { countItems, newItem, exported } from '../../src/core/package/items';
import { requestStates, type RequestState } from '../../src/core/request/states';
import { sendPendingMessages } from '../../src/services/pending-messages';
import { HttpApp, portalOrigin, read } from '../helpers/http-app';
import { root } from '../helpers/root';
import { TestRequest } from '../helpers/http-requests';

const minute = 60_000;
const hour = 60 * minute;
const otherCode = (code: string): string => (code === '00000000' ? '00000001' : '00000000');

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start({
    SMS_CODES_PER_NUMBER_PER_DAY: '100',
    PROCESSING_FILE: join(root, 'controller/processing.example.json'),
  });
}, 60_000);
afterEach(() => {
  app.hub.isDown = false;
  app.mailbox.answer = 'accepted';
});
afterAll(() => app.stop());

const textsTo = ({ person }: TestRequest): number =>
  app.mailbox.texts.filter(({ to }) => to === person.phone).length;

const open = (token: string, headers: Record<string, string> = {}): Promise<Response> =>
  app.post('/portal/api/open', { token }, { Origin: portalOrigin, ...headers });

const cookieOf = (response: Response, name = '__Host-session'): string =>
  response.headers.getSetCookie().find((one) => one.startsWith(`${name}=`)) ?? '';

/** What stands in a code of an authenticator app now. */
const appCode = (secret: string, milliseconds = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: app.clock.now().getTime() + milliseconds,
  });

describe('a page that asks again how things stand', () => {
  it('has its session, its request and its codes read once each', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const cookie = cookieOf(await open(request.token));
    const reads = jest.spyOn(TableClient.prototype, 'getEntity');
    const answer = await read(await app.fetch('/portal/api/request', { headers: { cookie } }));
    expect(answer.body).toMatchObject({ step: 'verify' });
    const counts: Record<string, number> = {};
    for (const [index, [partition]] of reads.mock.calls.entries()) {
      const table = reads.mock.contexts[index] as TableClient;
      const place = `${table.tableName} ${partition === request.id ? 'request' : partition}`;
      counts[place] = (counts[place] ?? 0) + 1;
    }
    reads.mockRestore();
    expect(counts).toMatchObject({ 'codesAndSessions session': 1, 'codesAndSessions code': 1 });
    // The row of the request, and its personal part.
    expect(counts['requests request']).toBe(2);
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
    const person = await request.verified();
    for (let i = 0; i < 50; i += 1) {
      app.clock.advance(14.4 * minute);
      await person.call('GET', 'request');
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
    await expect(request.opened()).rejects.toMatchObject({ code: 'invitationNotFound' });
  });
});

describe('a code by text message', () => {
  it('goes to the number on file, and verifies the person', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const { phone, email } = request.person;
    const count = (await request.entries()).length;
    const [cookie = ''] = cookieOf(await open(request.token)).split(';');
    const headers = { Origin: portalOrigin, cookie };
    const sent = await read(await app.post('/portal/api/code', {}, headers));
    expect([sent.status, sent.body]).toEqual([
      202,
      { digits: `•••• ${phone.slice(-2)}`, isQueued: false },
    ]);
    const text = app.mailbox.texts.find(({ to }) => to === phone)?.text ?? '';
    expect(text).toMatch(/^\d{8} /);
    expect(text).not.toContain(email);
    const verified = await read(
      await app.post(
        '/portal/api/verify',
        { method: 'sms', code: app.mailbox.codeOf(phone) },
        headers,
      ),
    );
    expect([verified.status, verified.body['step']]).toEqual([200, 'progress']);
    const at = app.clock.now().toISOString();
    expect(await request.record()).toMatchObject({ verifiedAt: at, verifiedBy: 'sms' });
    expect(await request.events(count)).toEqual(['codeSent code sms', 'stepUpAccepted sms']);
    expect(request.calls()).toEqual(['raise requestChanged']);
    expect(verified.body['history']).toEqual(
      ['state.awaitingVerification', 'codeSent', 'stepUpAccepted'].map((event) => ({ at, event })),
    );
  });

  it('verifies the person also if the task hub is away', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const code = await request.code(person);
    app.hub.isDown = true;
    expect(await person.verify(code)).toMatchObject({ step: 'progress' });
    expect((await request.record()).verifiedBy).toBe('sms');
    expect(request.calls()).toEqual([]);
    expect(app.functions.logs.at(-1)).toBe(
      `warning Request ${request.id} is verified; its orchestration is notified later.`,
    );
  });

  it('is taken for ten minutes, and a new one after them', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const stale = await request.code(person);
    app.clock.advance(10 * minute);
    const expired = { status: 403, code: 'codeExpired' };
    await expect(person.verify(stale)).rejects.toMatchObject(expired);
    const fresh = await request.code(person);
    app.clock.advance(10 * minute - 1);
    expect(await person.verify(fresh)).toMatchObject({ step: 'progress' });
  });

  it('is taken once, and replaces the one before', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const first = await request.code(person);
    const second = await request.code(person);
    expect(second).not.toBe(first);
    await expect(person.verify(first)).rejects.toMatchObject({ code: 'codeWrong' });
    await person.verify(second);
    await expect(person.verify(second)).rejects.toMatchObject({ code: 'codeExpired' });
  });

  it('is of its request: the code of another one is wrong', async () => {
    const [mine, other] = [
      await TestRequest.in(app, 'awaitingVerification'),
      await TestRequest.in(app, 'awaitingVerification'),
    ];
    const [person, stranger] = [await mine.opened(), await other.opened()];
    await mine.code(person);
    const code = await other.code(stranger);
    await expect(person.verify(code)).rejects.toMatchObject({ status: 403, code: 'codeWrong' });
    expect((await mine.record()).verifiedAt).toBeNull();
  });

  it('is not taken after five wrong ones, however many come at once', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const count = (await request.entries()).length;
    const code = await request.code(person);
    const guesses = await Promise.allSettled(
      Array.from({ length: 8 }, () => person.verify(otherCode(code))),
    );
    const codes = guesses.map((guess) =>
      guess.status === 'rejected' ? (guess.reason as { code: string }).code : 'accepted',
    );
    expect(codes.filter((one) => one === 'codeWrong')).toHaveLength(5);
    expect(codes.filter((one) => one === 'codeExpired')).toHaveLength(3);
    await expect(person.verify(code)).rejects.toMatchObject({ code: 'codeExpired' });
    expect(await request.record()).toMatchObject({
      state: 'awaitingVerification',
      verifiedAt: null,
    });
    // Refusals are recorded one by one; what came too late is not.
    expect(await request.events(count)).toEqual([
      'codeSent code sms',
      ...Array.from({ length: 5 }, () => 'stepUpRefused sms'),
    ]);
  });

  it('is taken at the fifth try', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const code = await request.code(person);
    for (let i = 0; i < 4; i += 1)
      await expect(person.verify(otherCode(code))).rejects.toMatchObject({ code: 'codeWrong' });
    expect(await person.verify(code)).toMatchObject({ step: 'progress' });
  });

  it('of an officer is accepted when others have locked text messages, and have tried that code as well', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const stranger = await request.opened();
    for (let round = 0; round < 3; round += 1) {
      const code = await request.code(stranger);
      for (let guess = 0; guess < 5; guess += 1)
        await stranger.verify(otherCode(code)).catch(() => undefined);
    }
    await expect(stranger.call('POST', 'code')).rejects.toMatchObject({ code: 'tooManyCodes' });
    const issued = await read<{ code: string }>(
      await app.post(
        `${request.path}/code`,
        { justification: 'Called by phone.' },
        await app.bearer('Requests.Deliver'),
      ),
    );
    for (let i = 0; i < 16; i += 1)
      await expect(stranger.verify(otherCode(issued.body.code), 'officer')).rejects.toMatchObject({
        code: 'codeWrong',
      });
    const person = await request.opened();
    expect(await person.verify(issued.body.code, 'officer')).toMatchObject({ step: 'progress' });
  });

  it('locks out after fifteen wrong ones, for a day, whoever opens the link', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    let last = '';
    for (let round = 0; round < 3; round += 1) {
      last = await request.code(person);
      for (let guess = 0; guess < 5; guess += 1)
        await expect(person.verify(otherCode(last))).rejects.toMatchObject(
          round === 2 && guess === 4
            ? { status: 429, code: 'lockedOut' }
            : { status: 403, code: 'codeWrong' },
        );
    }
    const other = await request.opened();
    const count = (await request.entries()).length;
    for (let i = 0; i < 3; i += 1)
      await expect(other.verify(last)).rejects.toMatchObject({ status: 429, code: 'lockedOut' });
    await expect(other.call('POST', 'code')).rejects.toMatchObject({ code: 'tooManyCodes' });
    await expect(other.verify('ABCDEF0123', 'totp')).rejects.toMatchObject({
      code: 'methodNotOffered',
    });
    // A flood of attempts does not fill the custody record.
    expect((await request.entries()).length).toBe(count);
    expect((await request.events()).filter((one) => one.startsWith('stepUpLockedOut'))).toEqual([
      'stepUpLockedOut sms',
    ]);
    app.clock.advance(24 * hour - 1);
    const third = await request.opened();
    await expect(third.call('POST', 'code')).rejects.toMatchObject({ code: 'tooManyCodes' });
    app.clock.advance(1);
    expect(await third.verify(await request.code(third))).toMatchObject({ step: 'progress' });
  });

  it('is sent five times an hour and no more', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    for (let sent = 0; sent < 5; sent += 1) await request.code(person);
    await expect(person.call('POST', 'code')).rejects.toMatchObject({
      status: 429,
      code: 'tooManyCodes',
    });
    app.clock.advance(hour - 1);
    await request.open(person);
    await expect(person.call('POST', 'code')).rejects.toMatchObject({ code: 'tooManyCodes' });
    expect(textsTo(request)).toBe(5);
    app.clock.advance(1);
    await request.code(person);
    expect(textsTo(request)).toBe(6);
  });

  it('that was not accepted is sent as soon as the gateway is back: the newest, once', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    app.mailbox.answer = 'notNow';
    for (let i = 0; i < 2; i += 1)
      expect(await person.call('POST', 'code')).toMatchObject({ isQueued: true });
    app.mailbox.answer = 'accepted';
    await sendPendingMessages(app.parts);
    await sendPendingMessages(app.parts);
    expect(textsTo(request)).toBe(1);
    const code = app.mailbox.codeOf(request.person.phone);
    expect(await person.verify(code)).toMatchObject({ step: 'progress' });
  });

  it('is not offered without a number on file that receives text messages', async () => {
    const phones = [{ number: '+4930123456', receivesSms: false }];
    const request = await TestRequest.in(app, 'awaitingVerification', { contact: { phones } });
    const person = app.browser();
    expect(await request.open(person)).toMatchObject({ methods: ['oidc'], digits: null });
    await expect(person.call('POST', 'code')).rejects.toMatchObject({
      status: 409,
      code: 'methodNotOffered',
    });
  });
});

describe('a download', () => {
  it('needs a step-up since the release, however lately one was completed', async () => {
    const request = await TestRequest.in(app, 'packaging');
    const person = await request.verified();
    app.clock.advance(1);
    await request.move('available');
    expect(await person.call('GET', 'request')).toMatchObject({
      step: 'verify',
      methods: ['sms', 'oidc'],
      isAgain: true,
      isSecond: false,
    });
    const calls: [string, object][] = [
      ['download', { by: 'page' }],
      ['passphrase', {}],
      ['delivered', { bytes: 20 }],
      ['app', {}],
      ['app/confirm', { code: '123456' }],
    ];
    for (const [path, body] of calls)
      await expect(person.call('POST', path, body)).rejects.toMatchObject({
        status: 403,
        code: 'stepUpRequired',
      });
    await person.verify(await request.code(person));
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'download' });
  });

  it('is by a link that lives minutes, a passphrase shown apart, and the report of the page', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    const count = (await request.entries()).length;
    for (const [by, minutes] of [
      ['page', 10],
      ['browser', 60],
    ] as const) {
      const link = await person.link(by);
      expect(link).toEqual({
        url: expect.stringContaining(`/packages/${request.id}.zip?`) as string,
        expiresAt: expect.any(String) as string,
        etag: await app.parts.packages.version(request.id),
        minutes,
        bytes: 20,
      });
      const lives = (Date.parse(link.expiresAt) - Date.now()) / minute;
      expect(Math.abs(lives - minutes)).toBeLessThan(1.5);
      const until = app.clock.now().getTime() + (minutes + 5) * minute;
      expect((await request.record()).downloadUntil).toBe(new Date(until).toISOString());
      expect(await (await fetch(link.url)).text()).toBe('an encrypted package');
    }
    const { passphrase } = await person.call<{ passphrase: string }>('POST', 'passphrase');
    expect(passphrase).toMatch(/^(\w{4}-){6}\w{4}$/);
    await expect(person.call('POST', 'delivered', { bytes: 19 })).rejects.toMatchObject({
      status: 400,
      code: 'invalidBody',
    });
    expect((await request.record()).state).toBe('available');
    for (let i = 0; i < 2; i += 1)
      expect(await person.call('POST', 'delivered', { bytes: 20 })).toEqual({});
    expect(await request.events(count)).toEqual([
      'linkMinted page 10',
      'linkMinted browser 60',
      'passphraseShown',
      'downloadReported 20',
      'stateChanged delivered',
      'downloadReported 20',
    ]);
  });

  it.each(requestStates)('has no package in another state: %s', async (state) => {
    const request = await TestRequest.in(app, state);
    const isAvailable = state === 'available' || state === 'delivered';
    const token = await app.parts.codesAndSessions.startSession(request.id, ['totp']);
    const headers = { Origin: portalOrigin, cookie: `__Host-session=${token}` };
    const calls: [string, object][] = [
      ['download', { by: 'page' }],
      ['passphrase', {}],
      ['delivered', { bytes: 20 }],
    ];
    const isClosed = ['cancelled', 'refused', 'recalled'].includes(state);
    for (const [path, body] of calls) {
      const { code } = await read(await app.post(`/portal/api/${path}`, body, headers));
      const refused = isClosed ? 'sessionEnded' : 'notAvailable';
      expect(`${path} ${String(code)}`).toBe(`${path} ${isAvailable ? 'undefined' : refused}`);
    }
  });

  it('says what is done with the data that is in it, in the language of the person', async () => {
    const german = { details: { locale: 'de-AT' } };
    const request = await TestRequest.in(app, 'available', german);
    const entry = { name: 'audio-1.mp3', size: 1, sha256: '0' };
    const items = [exported(newItem(1, 'audio', 1, 'r1'), entry)];
    await app.parts.items.putCounts(request.id, 1, countItems(items));
    const person = await request.opened();
    expect(await person.call('GET', 'request')).not.toHaveProperty('processing');
    await person.verify(await request.code(person));
    expect(await person.call('GET', 'request')).toMatchObject({
      step: 'download',
      processing: {
        language: 'de',
        controller: { name: 'Example Mail Order', contact: 'privacy@shop.example' },
        parts: [{ kinds: ['recordings'], retention: 'Sechs Monate nach dem Gespräch.' }],
      },
    });
  });

  it('ends when the package does, and waits for one that runs', async () => {
    const request = await TestRequest.in(app, 'available');
    app.clock.advance(168 * hour - 2 * minute);
    const person = await request.verified();
    await person.link('page');
    app.clock.advance(4 * minute);
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'download', isOver: true });
    expect((await person.link('page')).bytes).toBe(20);
    app.clock.advance(14 * minute + 59_999);
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'download' });
    app.clock.advance(1);
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'ended' });
    await expect(person.link('page')).rejects.toMatchObject({ status: 409, code: 'notAvailable' });
    await expect(person.call('POST', 'passphrase')).rejects.toMatchObject({ code: 'notAvailable' });
  });

  it('has no package where the package is gone', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    await app.parts.packages.delete(request.id);
    const count = (await request.entries()).length;
    await expect(person.link()).rejects.toMatchObject({ code: 'notAvailable' });
    expect((await request.entries()).length).toBe(count);
  });
});

describe('an authenticator app', () => {
  const enrolled = async (
    person: Subject,
  ): Promise<{ secret: string; recoveryCodes: string[] }> => {
    const { secret } = await person.call<{ secret: string }>('POST', 'app');
    const { recoveryCodes } = await person.call<{ recoveryCodes: string[] }>(
      'POST',
      'app/confirm',
      {
        code: appCode(secret),
      },
    );
    return { secret, recoveryCodes };
  };

  it('is set up after a step-up and confirmed by its first code, which the person learns by email', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    expect(await person.call('GET', 'request')).toMatchObject({ canEnrol: true });
    const count = (await request.entries()).length;
    const enrolment = await person.call<{ secret: string; uri: string }>('POST', 'app');
    expect(enrolment).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/) as string,
      uri: expect.stringMatching(/^otpauth:\/\/totp\//) as string,
    });
    // Somebody who looks over the shoulder learns nothing of the person from it.
    expect(enrolment.uri).not.toContain(request.person.email);
    const wrong = appCode(enrolment.secret, 10 * minute);
    await expect(person.call('POST', 'app/confirm', { code: wrong })).rejects.toMatchObject({
      status: 403,
      code: 'codeWrong',
    });
    expect(await person.call('GET', 'request')).toMatchObject({ canEnrol: true });
    const { recoveryCodes } = await person.call<{ recoveryCodes: string[] }>(
      'POST',
      'app/confirm',
      {
        code: appCode(enrolment.secret),
      },
    );
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(await request.events(count)).toEqual([
      'authenticatorEnrolled totp',
      'messageSent authenticatorEnrolled email',
    ]);
    const mail = app.mailbox.emails.findLast(({ to }) => to === request.person.email);
    expect(mail?.subject).toContain('authenticator app');
    expect(await person.call('GET', 'request')).toMatchObject({ canEnrol: false });
    for (const [path, body] of [
      ['app', {}],
      ['app/confirm', { code: appCode(enrolment.secret) }],
    ] as const)
      await expect(person.call('POST', path, body)).rejects.toMatchObject({
        status: 409,
        code: 'methodNotOffered',
      });
  });

  it('is set up also if the email is not accepted', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    app.mailbox.answer = 'notNow';
    expect((await enrolled(person)).recoveryCodes).toHaveLength(10);
  });

  it('verifies by a code that is taken once, and by recovery codes that are', async () => {
    const request = await TestRequest.in(app, 'available');
    const { secret, recoveryCodes } = await enrolled(await request.verified());
    const other = app.browser();
    expect(await request.open(other)).toMatchObject({ methods: ['sms', 'totp', 'oidc'] });
    // The code of the confirmation has been used.
    await expect(other.verify(appCode(secret), 'totp')).rejects.toMatchObject({
      code: 'codeWrong',
    });
    app.clock.advance(30_000);
    expect(await other.verify(appCode(secret), 'totp')).toMatchObject({ step: 'download' });
    const third = await request.opened();
    await expect(third.verify(appCode(secret), 'totp')).rejects.toMatchObject({
      code: 'codeWrong',
    });
    const [first = '', second = ''] = recoveryCodes;
    expect(await third.verify(first, 'totp')).toMatchObject({ step: 'download' });
    const fourth = await request.opened();
    await expect(fourth.verify(first, 'totp')).rejects.toMatchObject({ code: 'codeWrong' });
    const spelled = `${second.slice(0, 5)}-${second.slice(5)}`.toLowerCase();
    expect(await fourth.verify(spelled, 'totp')).toMatchObject({ step: 'download' });
    expect((await request.events()).filter((one) => one.endsWith('totp'))).toEqual([
      'authenticatorEnrolled totp',
      'stepUpRefused totp',
      'stepUpAccepted totp',
      'stepUpRefused totp',
      'stepUpAccepted totp',
      'stepUpRefused totp',
      'stepUpAccepted totp',
    ]);
  });

  it('locks out after fifteen wrong codes', async () => {
    const request = await TestRequest.in(app, 'available');
    const { recoveryCodes } = await enrolled(await request.verified());
    const person = await request.opened();
    const answers: string[] = [];
    for (let i = 0; i < 16; i += 1)
      await person.verify('0000000000', 'totp').catch((error: { code: string }) => {
        answers.push(error.code);
      });
    expect(answers).toEqual([...Array<string>(14).fill('codeWrong'), 'lockedOut', 'lockedOut']);
    await expect(person.verify(recoveryCodes[0] ?? '', 'totp')).rejects.toMatchObject({
      status: 429,
      code: 'lockedOut',
    });
  });

  describe('that the company has enrolled ahead of time', () => {
    const call = async (path: string, body: object) =>
      read<Record<string, string>>(
        await app.post(
          `/api/authenticators${path}`,
          body,
          await app.bearer('Authenticators.Enrol'),
        ),
      );

    it('is offered, and is sufficient', async () => {
      const request = await TestRequest.in(app, 'awaitingVerification');
      const contactId = request.person.contact.id;
      const { secret = '' } = (await call('', { contactId })).body;
      expect(await request.open(app.browser())).toMatchObject({ methods: ['sms', 'oidc'] });
      const wrong = await call('/confirm', { contactId, code: appCode(secret, hour) });
      expect([wrong.status, wrong.code]).toEqual([403, 'codeWrong']);
      const confirmed = await call('/confirm', {
        contactId,
        organisation: 'main',
        code: appCode(secret),
      });
      expect(confirmed.body['recoveryCodes']).toHaveLength(10);
      const person = app.browser();
      expect(await request.open(person)).toMatchObject({ methods: ['sms', 'totp', 'oidc'] });
      const code = appCode(secret, 30_000);
      expect(await person.verify(code, 'totp')).toMatchObject({ step: 'progress' });
      expect((await request.record()).verifiedBy).toBe('totp');
      await expect(person.verify(code, 'totp')).rejects.toMatchObject({ code: 'codeWrong' });
      const other = await request.opened();
      await expect(other.verify(code, 'totp')).rejects.toMatchObject({ code: 'codeWrong' });
      expect((await call('/remove', { contactId })).body).toEqual({});
      expect(await request.open(app.browser())).toMatchObject({ methods: ['sms', 'oidc'] });
    });

    it('belongs to an organisation of the settings', async () => {
      const contactId = '00000000-0000-4000-8000-000000000000';
      const answer = await call('', { contactId, organisation: 'elsewhere' });
      expect([answer.status, answer.body['errors']]).toEqual([
        400,
        [{ pointer: '/organisation', detail: 'is not an organisation of the settings' }],
      ]);
    });
  });
});

describe('somebody with a link to the package', () => {
  it('can read this package only, change nothing, and read nothing after a recall', async () => {
    const { connectionString } = app.storage;
    await allowPortal(connectionString, portalOrigin);
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    const { url, etag } = await person.link('page');
    expect((await fetch(url, { headers: { Range: 'bytes=0-3' } })).status).toBe(206);
    expect((await fetch(url, { headers: { 'If-Match': etag } })).status).toBe(200);
    const container = url.replace(/\/packages\/[^?]+/, '/packages');
    const acquire = { 'x-ms-lease-action': 'acquire', 'x-ms-lease-duration': '-1' };
    const tries: [string, RequestInit][] = [
      [url.replace(request.id, '00000000-0000-0000-0000-000000000000'), {}],
      [url.replace('/packages/', '/scratch/'), {}],
      [`${container}&restype=container&comp=list`, {}],
      [url, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: 'x' }],
      [url, { method: 'DELETE' }],
      [`${url}&comp=metadata`, { method: 'PUT' }],
      [`${url}&comp=lease`, { method: 'PUT', headers: acquire }],
      [url.replace(/sp=r/, 'sp=rwd'), {}],
      [url.replace(/se=[^&]+/, 'se=2099-01-01T00%3A00%3A00Z'), {}],
    ];
    for (const [i, [address, init]] of tries.entries())
      expect([i, (await fetch(address, init)).status]).toEqual([i, 403]);
    const page = await fetch(url, { headers: { Origin: portalOrigin } });
    expect(page.headers.get('access-control-allow-origin')).toBe(portalOrigin);
    expect(page.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('etag');
    const other = await fetch(url, { headers: { Origin: 'https://evil.example' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    await person.link('page');
    const recalled = await read(
      await app.post(
        `${request.path}/recall`,
        { justification: 'Wrong person.' },
        await app.bearer('Requests.Recall'),
      ),
    );
    // When the recall returns, everything has been deleted.
    expect((await fetch(url)).status).toBe(404);
    await expect(person.link()).rejects.toMatchObject({ status: 401 });
    expect(await person.call('GET', 'request')).toMatchObject({ state: 'recalled' });
    await expect(request.opened()).rejects.toMatchObject({ code: 'invitationNotFound' });
    const downloads = recalled.body['downloads'] as {
      linksGivenOut: string[];
      storageLog: { until: string; reads: { at: string }[] };
    };
    expect(downloads.linksGivenOut).toHaveLength(2);
    expect(downloads.storageLog.reads.length).toBeGreaterThan(2);
    expect(Date.parse(downloads.storageLog.until)).toBeLessThanOrEqual(Date.now() + 1000);
    const blob = BlobServiceClient.fromConnectionString(connectionString)
      .getContainerClient('packages')
      .getBlobClient(`${request.id}.zip`);
    expect(await blob.exists()).toBe(false);
  });
});
