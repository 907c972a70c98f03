import { Secret, TOTP } from 'otpauth';
import type { Subject } from '../../local/portal-client';
import { read, type HttpApp } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { hour, minute, startPortalApp } from '../helpers/portal-calls';

let app: HttpApp;
beforeAll(async () => {
  app = await startPortalApp();
}, 60_000);
afterEach(() => {
  app.mailbox.answer = 'accepted';
});
afterAll(() => app.stop());

/** What stands in a code of an authenticator app now. */
const appCode = (secret: string, milliseconds = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: app.clock.now().getTime() + milliseconds,
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
