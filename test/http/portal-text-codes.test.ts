import type * as PendingMessages from '../../src/services/pending-messages';
import { portalOrigin, read, type HttpApp } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { cookieOf, hour, minute, portalCalls, startPortalApp } from '../helpers/portal-calls';
import { outside } from '../helpers/outside-jest';

const { sendPendingMessages } = outside.app<typeof PendingMessages>('services/pending-messages');

const otherCode = (code: string): string => (code === '00000000' ? '00000001' : '00000000');

let app: HttpApp;
beforeAll(async () => {
  app = await startPortalApp();
}, 60_000);
afterEach(() => {
  app.hub.isDown = false;
  app.mailbox.answer = 'accepted';
});
afterAll(() => app.stop());

const { open, textsTo } = portalCalls(() => app);

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
    const headers = await app.bearer('Requests.Read');
    const custody = await read(await app.fetch(`${request.path}/custody`, { headers }));
    expect(custody.body).toMatchObject({ isIntact: true, problems: [] });
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
