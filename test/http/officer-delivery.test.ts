import type { HttpApp } from '../helpers/http-app';
import { read } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { justification, officerCalls, startOfficerApp } from '../helpers/officer-actions';

let app: HttpApp;
beforeAll(async () => {
  app = await startOfficerApp();
}, 60_000);
afterEach(() => {
  app.hub.isDown = false;
  app.mailbox.answer = 'accepted';
});
afterAll(() => app.stop());
const { act, statusOf } = officerCalls(() => app);

describe('assisted delivery', () => {
  it('gives a code to the officer, by which the person verifies, and the package to one officer after another', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification', {
      contact: { phones: [], emails: [] },
    });
    const person = await request.opened();
    expect(await person.call('GET', 'request')).toMatchObject({
      step: 'noAuthenticationMethod',
      methods: [],
    });
    const count = (await request.entries()).length;
    const issued = await act(request, 'code');
    expect(issued.body).toEqual({ code: expect.stringMatching(/^\d{8}$/) as string });
    expect(await person.call('GET', 'request')).toMatchObject({
      step: 'verify',
      methods: ['officer'],
    });
    const code = String(issued.body['code']);
    expect(await person.verify(code, 'officer')).toMatchObject({ step: 'progress' });
    expect(await request.events(count)).toEqual(['codeSent officer', 'stepUpAccepted officer']);
    expect(await request.record()).toMatchObject({ verifiedBy: 'officer' });
    for (const state of ['identifying', 'exporting', 'packaging', 'available'] as const)
      await request.move(state);
    const path = `${request.path}/deliver`;
    for (const oid of ['officer-1', 'officer-2']) {
      const roles = ['Requests.Deliver'];
      const token = await app.directory.accessToken({ oid, name: oid, roles });
      const given = await read(
        await app.post(path, { justification }, { Authorization: `Bearer ${token}` }),
      );
      const { passphrase } = await app.parts.keys.unwrap(
        (await request.record()).wrappedSecret ?? '',
      );
      expect(given).toMatchObject({ status: 200, body: { passphrase, bytes: 20 } });
      expect(passphrase).toMatch(/^(\w{4}-){6}\w{4}$/);
      const minutes = (Date.parse(String(given.body['expiresAt'])) - Date.now()) / 60_000;
      expect(minutes).toBeGreaterThan(58);
      expect(minutes).toBeLessThan(62);
      const response = await fetch(String(given.body['url']));
      expect(await response.text()).toBe('an encrypted package');
    }
    const actors = (await request.entries())
      .filter(({ event }) => event === 'handedOver')
      .map(({ actor }) => actor);
    expect(actors).toEqual(
      ['officer-1', 'officer-2'].map((oid) =>
        app.parts.keys.keyedHash('officer', oid).slice(0, 32),
      ),
    );
  });

  it('has a code that lives an hour, and twenty of them an hour, which are no text messages', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const first = String((await act(request, 'code')).body['code']);
    app.clock.advance(60 * 60_000);
    await request.open(person);
    await expect(person.verify(first, 'officer')).rejects.toMatchObject({
      status: 403,
      code: 'codeExpired',
    });
    const codes: string[] = [];
    for (let i = 0; i < 20; i += 1) codes.push(String((await act(request, 'code')).body['code']));
    expect(await act(request, 'code')).toMatchObject({ status: 429, code: 'tooManyCodes' });
    expect(new Set([first, ...codes]).size).toBe(21);
    expect(await request.code(person)).toMatch(/^\d{8}$/);
    await expect(person.verify(codes[0] ?? '', 'officer')).rejects.toMatchObject({
      code: 'codeWrong',
    });
    app.clock.advance(60 * 60_000 - 1);
    await request.open(person);
    // A code of the officer is no code by text message.
    await expect(person.verify(codes[19] ?? '', 'sms')).rejects.toMatchObject({
      code: 'codeExpired',
    });
    expect(await person.verify(codes[19] ?? '', 'officer')).toMatchObject({ step: 'progress' });
  });

  it('has no package where the package is gone', async () => {
    const request = await TestRequest.in(app, 'available');
    const count = (await request.entries()).length;
    await app.parts.packages.delete(request.id);
    expect(await act(request, 'deliver')).toMatchObject({ status: 409, code: 'notAvailable' });
    expect((await request.entries()).length).toBe(count);
  });
});

describe('a recall', () => {
  it('destroys key, package and sessions before it answers, and says what was downloaded', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = await request.verified();
    const { url } = await person.link('page');
    expect((await fetch(url)).status).toBe(200);
    const at = app.clock.now().toISOString();
    await person.call('POST', 'delivered', { bytes: 20 });
    await act(request, 'deliver');
    const count = (await request.entries()).length;
    app.hub.isDown = true;
    const { status, body } = await act(request, 'recall');
    expect(status).toBe(200);
    expect(body).toEqual({
      ...(await statusOf(request)),
      subjectNotified: true,
      downloads: {
        linksGivenOut: [at],
        handedOver: [at],
        reportedComplete: [at],
        storageLog: { until: expect.any(String) as string, reads: [expect.anything()] },
      },
    });
    expect(body['state']).toBe('recalled');
    expect(await request.events(count)).toEqual([
      'stateChanged recalled',
      'keyDestroyed',
      'messageSent recalled email',
      'endNoticed recalled email',
    ]);
    expect(await request.record()).toMatchObject({ wrappedSecret: null, reason: 'recalled' });
    expect((await fetch(url)).status).toBe(404);
    // Whoever was signed in is told of the end, and gets nothing any more.
    expect(await person.call('GET', 'request')).toMatchObject({
      ...{ step: 'ended', state: 'recalled', reasonCode: 'recalled' },
      ...{ identifiers: [], searched: null },
    });
    for (const call of ['passphrase', 'app'])
      await expect(person.call('POST', call)).rejects.toMatchObject({
        status: 401,
        code: 'sessionEnded',
      });
    await expect(request.open(app.browser())).rejects.toMatchObject({
      status: 404,
      code: 'invitationNotFound',
    });
    expect(app.functions.logs.at(-1)).toBe(
      `warning Request ${request.id} has changed; its orchestration is notified later.`,
    );
  });
});
