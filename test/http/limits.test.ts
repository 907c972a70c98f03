import type { Subject } from '../../local/portal-client';
import { HttpProxy } from '../helpers/fault-proxy';
import { HttpApp, portalOrigin, read, sessionCookie } from '../helpers/http-app';
import { newPerson, TestRequest, ticketOf } from '../helpers/http-requests';

/** Calls of the portal that an address may make in a minute: as many as the page has different ones. */
const perMinute = 10;

/** Small limits, and neither a directory of officers nor a login of customers. */
const settings = {
  PORTAL_CALLS_PER_MINUTE: String(perMinute),
  SMS_CODES_PER_NUMBER_PER_DAY: '10',
  SMS_CODES_PER_COUNTRY_PER_DAY: '3',
  STEP_UP_METHODS: 'sms',
  ...Object.fromEntries(
    ['ISSUER', 'TENANT', 'CLIENT_ID', 'CLIENT_SECRET', 'ACR', 'AMR'].flatMap((name) => [
      [`OFFICER_${name}`, ''],
      [`CUSTOMER_LOGIN_${name}`, ''],
    ]),
  ),
  CUSTOMER_LOGIN_ACR: '',
};

let app: HttpApp;
let tables: HttpProxy;
beforeAll(async () => {
  const between = async (connectionString: string): Promise<string> => {
    const port = Number(/TableEndpoint=http:\/\/127\.0\.0\.1:(\d+)/.exec(connectionString)?.[1]);
    tables = await HttpProxy.start(port);
    return connectionString.replace(
      /TableEndpoint=http:\/\/127\.0\.0\.1:\d+/,
      `TableEndpoint=http://127.0.0.1:${tables.port}`,
    );
  };
  app = await HttpApp.start(settings, { between });
}, 60_000);
beforeEach(() => app.clock.advance(24 * 3_600_000));
afterAll(async () => {
  await app.stop();
  await tables.stop();
});

const open = async (address: string, forwarded?: string): Promise<string | undefined> =>
  (
    await read(
      await app.fetch('/portal/api/open', {
        method: 'POST',
        headers: {
          Origin: portalOrigin,
          'Content-Type': 'application/json',
          ...(forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded }),
        },
        body: JSON.stringify({ token: 'A'.repeat(43) }),
        address,
      }),
    )
  ).code;

describe('the calls of one address', () => {
  it.each([
    ['of IPv4, whatever the port', '192.0.2.1:1000', '192.0.2.1:2000', '192.0.2.2:1000'],
    ['of IPv4 without a port', '192.0.2.3', '192.0.2.3:1', '192.0.2.4'],
    ['of a network of IPv6', '[2001:db8::1]:1', '2001:0db8:0:0:ffff:1:2:3', '2001:db8:0:1::1'],
    [
      'of a network in its shortest form',
      '2001:db8:0:7::',
      '[2001:db8:0:7:a::b]',
      '2001:db8:0:6::',
    ],
    ['of IPv6 with zeros inside', '1::2:3:4:5:6:7', '[1:0:2:3:ffff::]:9', '[1:0:2:4::]:9'],
    ['of IPv4 in the form of IPv6', '::ffff:192.0.2.5', '192.0.2.5', '::ffff:192.0.2.6'],
  ])('are limited to so many a minute: %s', async (_name, first, same, other) => {
    const answers: (string | undefined)[] = [];
    for (let i = 0; i < perMinute; i += 1) answers.push(await open(i % 2 === 0 ? first : same));
    expect(new Set(answers)).toEqual(new Set(['invitationNotFound']));
    expect(await open(first)).toBe('tooManyRequests');
    expect(await open(same)).toBe('tooManyRequests');
    expect(await open(other)).toBe('invitationNotFound');
    app.clock.advance(59_999);
    expect(await open(first)).toBe('tooManyRequests');
    app.clock.advance(1);
    expect(await open(first)).toBe('invitationNotFound');
  });

  it('are those of the address that the platform adds, whatever the caller writes', async () => {
    for (let i = 0; i < perMinute; i += 1) await open('192.0.2.10:1', `10.0.0.${i}, 10.1.0.${i}`);
    expect(await open('192.0.2.10:1', '10.9.9.9')).toBe('tooManyRequests');
    expect(await open('192.0.2.11:1', '192.0.2.10')).toBe('invitationNotFound');
  });

  it('are counted together over all calls of the portal, also of refused bodies', async () => {
    const call = async (path: string) =>
      read(
        await app.fetch(`/portal/api/${path}`, {
          method: 'POST',
          headers: { Origin: portalOrigin, 'Content-Type': 'application/json' },
          body: '{"shoeSize": 43}',
          address: '192.0.2.20:1',
        }),
      );
    const paths = ['open', 'code', 'verify', 'login', 'app', 'app/confirm', 'download'];
    paths.push('delivered', 'passphrase', 'sign-out');
    expect(paths).toHaveLength(perMinute);
    for (const path of paths)
      expect(await call(path)).toMatchObject({ status: 400, code: 'invalidBody' });
    for (const path of paths)
      expect(await call(path)).toMatchObject({ status: 429, code: 'tooManyRequests' });
  });
});

describe('somebody with the link but without the phone', () => {
  it('guesses codes from many addresses and two browsers at once: five are checked', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const browsers: Subject[] = [app.browser(), app.browser()];
    for (const browser of browsers) await request.open(browser);
    const right = await request.code(browsers[0] ?? app.browser());
    const count = (await request.entries()).length;
    const guess = async (i: number): Promise<string> => {
      const code = String(10_000_000 + i);
      if (code === right) return 'codeWrong';
      const response = await browsers[i % 2]?.fetch('/portal/api/verify', {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Origin: portalOrigin,
          'X-Forwarded-For': `10.2.0.${i}`,
        },
        body: JSON.stringify({ method: 'sms', code }),
      });
      return ((await response?.json()) as { code: string }).code;
    };
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => guess(i)));
    const counted = (answer: string): number => answers.filter((one) => one === answer).length;
    expect(counted('codeWrong')).toBe(5);
    // Each browser has one address, by which it has opened the link, and the first asked for a code.
    expect(counted('codeExpired')).toBe(perMinute - 2 + perMinute - 1 - 5);
    expect(counted('tooManyRequests')).toBe(40 - 17);
    expect(await request.events(count)).toEqual(
      Array.from({ length: 5 }, () => 'stepUpRefused sms'),
    );
    expect((await request.record()).verifiedAt).toBeNull();
  });

  it('cannot pump text messages: codes are limited by number and day, over all requests', async () => {
    const phones = [{ number: '+41791234567', receivesSms: true }];
    const answers: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      const request = await TestRequest.in(app, 'awaitingVerification', { contact: { phones } });
      const person = await request.opened();
      for (let j = 0; j < 2; j += 1)
        answers.push(
          await person.call('POST', 'code').then(
            () => 'sent',
            (error: { code: string }) => error.code,
          ),
        );
    }
    // Three a day go to one country.
    expect(answers).toEqual(['sent', 'sent', 'sent', 'smsLimitReached']);
    app.clock.advance(24 * 3_600_000);
    const again = await TestRequest.in(app, 'awaitingVerification', { contact: { phones } });
    expect(await (await again.opened()).call('POST', 'code')).toMatchObject({ isQueued: false });
  });
});

describe('an app without a directory and without a login', () => {
  it('has no officers: whatever their token, nobody is let in', async () => {
    for (const path of ['/api/requests', '/portal/officer/me']) {
      const answer = await read(
        await app.fetch(path, { headers: await app.bearer('Requests.Read') }),
      );
      expect([answer.status, answer.code]).toEqual([401, 'signInRequired']);
    }
    const response = await app.post('/portal/officer/sign-in', {}, { Origin: portalOrigin });
    const { status, code } = await read(response);
    expect([status, code]).toEqual([409, 'directoryNotConfigured']);
    const back = await app.fetch('/portal/officer/callback?code=x&state=y');
    expect(back.headers.get('location')).toBe('/portal/officer?problem=answerRefused');
  });

  it('offers neither the login nor an authenticator app', async () => {
    const request = await TestRequest.in(app, 'available');
    const person = app.browser();
    expect(await request.open(person)).toMatchObject({ methods: ['sms'] });
    const refused = { status: 409, code: 'methodNotOffered' };
    await expect(person.call('POST', 'login')).rejects.toMatchObject(refused);
    await expect(person.verify('123456', 'totp')).rejects.toMatchObject(refused);
    await person.verify(await request.code(person));
    expect(await person.call('GET', 'request')).toMatchObject({
      step: 'download',
      canEnrol: false,
    });
    await expect(person.call('POST', 'app')).rejects.toMatchObject(refused);
    const back = await person.fetch('/portal/callback?code=x&state=y');
    expect(back.headers.get('location')).toBe('/portal?problem=loginRefused');
  });
});

describe('an error that nobody expects', () => {
  it('is told by its class and a correlation id, and by nothing of its content', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification', {
      details: { contact: 'x' as never },
    });
    const token = await app.parts.codesAndSessions.startSession(request.id, []);
    const headers = { cookie: `${sessionCookie}=${token}` };
    const count = app.functions.logs.length;
    const { status, body } = await read(await app.fetch('/portal/api/request', { headers }));
    expect([status, body]).toEqual([
      500,
      {
        type: '/problems/internalError',
        title: 'Internal error.',
        status: 500,
        code: 'internalError',
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      },
    ]);
    expect(app.functions.logs.slice(count)).toEqual([
      `error portalRequest failed: TypeError (correlation id ${String(body['correlationId'])})`,
    ]);
  });

  it('is none if storage is overloaded: then a retry may help', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    const person = await request.opened();
    const count = app.functions.logs.length;
    tables.refusal = { matches: () => true, status: 429, headers: {}, body: '' };
    await expect(person.call('GET', 'request')).rejects.toMatchObject({
      status: 503,
      code: 'storageUnavailable',
    });
    expect(app.functions.logs.length).toBe(count);
    expect(await person.call('GET', 'request')).toMatchObject({ step: 'verify' });
  });
});

describe("the ticketing system's call while storage cannot be used", () => {
  it.each([
    [
      'is overloaded',
      () => (tables.refusal = { matches: () => true, status: 429, headers: {}, body: '' }),
    ],
    ['is away', () => (tables.isDown = true)],
  ])(
    'is answered 503 if it %s, with nothing of the person, and may be repeated',
    async (_name, fail) => {
      const person = newPerson();
      const body = ticketOf(person, { name: 'Zoe Secret' });
      const count = app.functions.logs.length;
      const started = app.hub.started.length;
      fail();
      const response = await app.submit(body);
      tables.isDown = false;
      const { status, headers, body: answer } = await read(response);
      expect([status, headers.get('content-type'), answer]).toEqual([
        503,
        'application/problem+json; charset=utf-8',
        {
          type: '/problems/storageUnavailable',
          title: 'Storage is unavailable. Retry later.',
          status: 503,
          code: 'storageUnavailable',
          correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        },
      ]);
      expect(headers.get('location')).toBeNull();
      expect(app.functions.logs.length).toBe(count);
      expect(app.hub.started.length).toBe(started);
      expect((await app.submit(body)).status).toBe(202);
    },
  );
});
