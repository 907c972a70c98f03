import { connect } from 'node:net';
import { BlobServiceClient } from '@azure/storage-blob';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { tenant } from '../../local/identity/clients';
import { programToken } from '../../local/identity/sign-in';
import { Subject, type PortalView } from '../../local/portal-client';
import { Officer } from '../helpers/officer';
import { eventually, organisationOf, Scenario } from '../helpers/scenario';

/**
 * Attacks on the portal, each against the app on this machine.
 */
const html = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

describe('an attacker without an invitation link', () => {
  let scenario: Scenario;
  let requestId: string;
  let link: string;
  const portal = (path: string, init: RequestInit = {}) =>
    fetch(`${scenario.stack.hostUrl}/portal${path}`, { redirect: 'manual', ...init });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    portal(`/api/${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Origin: scenario.stack.hostUrl,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const codeOf = async (response: Response): Promise<string> =>
    ((await response.json()) as { code: string }).code;

  beforeAll(async () => {
    scenario = await Scenario.start({ conversations: 3 });
    requestId = await scenario.request();
    link = await scenario.link();
  });
  afterAll(() => scenario.stop());

  it('cannot guess a token or a session: every wrong one gets the same response', async () => {
    const answers = new Set<string>();
    for (let i = 0; i < 20; i += 1) {
      const token = Buffer.alloc(32, i).toString('base64url');
      const response = await post('open', { token }, { 'X-Forwarded-For': `10.0.0.${i}` });
      answers.add(`${response.status} ${await codeOf(response)}`);
      const cookie = `__Host-session=${token}`;
      const session = await portal('/api/request', { headers: { cookie } });
      answers.add(`${session.status} ${await codeOf(session)}`);
    }
    expect(answers).toEqual(new Set(['404 invitationNotFound', '401 sessionEnded']));
  });

  it('learns nothing about a request from text or timing', async () => {
    const officer = new Officer(scenario, 'nobody');
    const unknown = '00000000-0000-0000-0000-000000000000';
    const call = async (id: string): Promise<[number, string]> => {
      const response = await officer.call('GET', `/${id}/decision`);
      return [response.status, await codeOf(response)];
    };
    expect(await call(requestId)).toEqual(await call(unknown));
    const time = async (token: string): Promise<number> => {
      const from = performance.now();
      await (await post('open', { token })).json();
      return performance.now() - from;
    };
    const real = new URL(link).hash.slice(1);
    const nearly = `${real.slice(0, -2)}AA`;
    const other = Buffer.alloc(32, 9).toString('base64url');
    const median = (values: number[]): number => values.sort((a, b) => a - b)[3] ?? 0;
    const [near, far] = [[], []] as number[][];
    for (let i = 0; i < 7; i += 1) {
      near?.push(await time(nearly));
      far?.push(await time(other));
    }
    // A token is looked up by its hash, so a nearly correct one takes no longer.
    expect(Math.abs(median(near ?? []) - median(far ?? []))).toBeLessThan(50);
  });

  it('cannot fixate a session, and a step-up replaces the session', async () => {
    const chosen = Buffer.alloc(32, 1).toString('base64url');
    const opened = await post(
      'open',
      { token: new URL(link).hash.slice(1) },
      { cookie: `__Host-session=${chosen}` },
    );
    const [first = ''] = opened.headers.getSetCookie();
    expect(first).not.toContain(chosen);
    expect(first).toMatch(/HttpOnly/i);
    expect(first).toMatch(/Secure/i);
    expect(first).toMatch(/SameSite=Strict/i);
    expect(first).toMatch(/Path=\//i);
    expect(first).not.toMatch(/Domain=/i);
    const before = first.split(';')[0] ?? '';
    scenario.adopt(new Subject(scenario.stack.hostUrl));
    await scenario.person.open(link);
    const code = await scenario.code();
    const verified = await post('verify', { method: 'sms', code }, { cookie: before });
    const [second = ''] = verified.headers.getSetCookie();
    expect(second.split(';')[0]).not.toBe(before);
    const old = await portal('/api/request', { headers: { cookie: before } });
    expect(old.status).toBe(401);
  });

  it.each([
    ['another site', { Origin: 'https://evil.example' }],
    ['a sandboxed page', { Origin: 'null' }],
    ['a form without an origin', { Origin: '' }],
    ['a site with a similar name', { Origin: 'http://127.0.0.1.evil.example' }],
  ])('cannot call from %s', async (_name, headers) => {
    for (const path of [
      'open',
      'code',
      'verify',
      'login',
      'app',
      'download',
      'passphrase',
      'delivered',
      'sign-out',
    ]) {
      const response = await post(path, {}, headers);
      expect([path, response.status, await codeOf(response)]).toEqual([path, 403, 'originRefused']);
    }
  });

  it('changes nothing by GET or HEAD, as mail scanners send them', async () => {
    const messages = (await scenario.messages()).length;
    for (const path of [
      'open',
      'code',
      'verify',
      'login',
      'app',
      'app/confirm',
      'download',
      'passphrase',
      'delivered',
      'sign-out',
    ])
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'])
        expect([404, 405]).toContain((await portal(`/api/${path}`, { method })).status);
    for (const address of [link, link.split('#')[0] ?? '', `${link.split('#')[0] ?? ''}?utm=1`])
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(address, { method });
        expect(response.status).toBe(200);
        expect(response.headers.getSetCookie()).toEqual([]);
      }
    expect((await scenario.messages()).length).toBe(messages);
    expect(await scenario.person.open(link)).toMatchObject({ step: 'verify' });
  });

  it('cannot inject into a redirect, a header or a cookie', async () => {
    for (const query of [
      'code=x&state=y%0d%0aSet-Cookie:%20a=b',
      'state=https://evil.example&code=1',
      'error=x&error_description=%3Cscript%3E&iss=https://evil.example',
      `problem=${encodeURIComponent(html)}`,
    ]) {
      for (const path of ['/callback', '/officer/callback']) {
        const response = await portal(`${path}?${query}`);
        expect(response.status).toBe(303);
        expect(response.headers.get('location')).toMatch(/^\/portal(\/officer)?\?problem=\w+$/);
        expect(response.headers.getSetCookie().join()).not.toContain('a=b');
      }
    }
  });

  it('is refused bodies that are too large, of another type, of another shape, or not JSON', async () => {
    const cases: [unknown, Record<string, string>, number][] = [
      ['x'.repeat(100_000), {}, 413],
      [{ token: 'x' }, {}, 400],
      [{ token: 'A'.repeat(43), more: 1 }, {}, 400],
      [{ __proto__: { token: 'A'.repeat(43) } }, {}, 400],
      ['{"token":', {}, 400],
      ['[]', {}, 400],
      [{ token: 'A'.repeat(43) }, { 'Content-Type': 'text/plain' }, 415],
    ];
    for (const [i, [body, headers, status]] of cases.entries()) {
      const response = await post('open', body, { ...headers, 'X-Forwarded-For': `10.1.0.${i}` });
      expect([i, response.status]).toEqual([i, status]);
      const text = await response.text();
      expect(text).not.toMatch(/at .*\.js|node_modules|Error:/);
    }
  });

  it('cannot block the app with calls that never end', async () => {
    const { port } = new URL(scenario.stack.hostUrl);
    const sockets = Array.from({ length: 50 }, () => connect(Number(port), '127.0.0.1'));
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.write('POST /portal/api/open HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    }
    const from = performance.now();
    expect((await fetch(`${scenario.stack.hostUrl}/health`)).status).toBe(200);
    expect(performance.now() - from).toBeLessThan(2000);
    sockets.forEach((socket) => socket.destroy());
  });

  it('cannot read files beside those of the page', async () => {
    for (const path of [
      '/../host.json',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/config.js',
      '/portal.js%00.html',
      '//etc/passwd',
    ])
      expect((await portal(path)).status).toBe(404);
  });

  it('finds every security header that scanners check', async () => {
    for (const path of ['', '/open', '/officer', '/portal.js', '/api/request', '/nothing-here']) {
      const response = await portal(path);
      if (response.status === 404) continue;
      const of = (name: string): string => response.headers.get(name) ?? '';
      expect(of('cache-control')).toBe('no-store');
      expect(of('x-content-type-options')).toBe('nosniff');
      expect(of('x-frame-options')).toBe('DENY');
      expect(of('referrer-policy')).toBe('no-referrer');
      expect(of('strict-transport-security')).toContain('max-age=31536000');
      expect(of('cross-origin-opener-policy')).toBe('same-origin');
      expect(of('permissions-policy')).toContain('camera=()');
      expect(of('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(of('content-security-policy')).not.toMatch(/unsafe-(inline|eval)|\*/);
      expect(of('server')).toBe('');
      expect(of('x-powered-by')).toBe('');
    }
  });
});

describe('an attacker with the link but without the phone', () => {
  let scenario: Scenario;
  let requestId: string;
  let link: string;
  beforeAll(async () => {
    scenario = await Scenario.start({
      conversations: 3,
      settings: { SMS_CODES_PER_NUMBER_PER_DAY: '10', PORTAL_CALLS_PER_MINUTE: '60' },
    });
    requestId = await scenario.request();
    link = await scenario.link();
  });
  afterAll(() => scenario.stop());

  it('guesses a thousand codes at once, from many addresses and two browsers: five are checked', async () => {
    const browsers = [new Subject(scenario.stack.hostUrl), new Subject(scenario.stack.hostUrl)];
    for (const one of browsers) await one.open(link);
    scenario.adopt(browsers[0] ?? scenario.person);
    const right = await scenario.code();
    const guess = async (i: number): Promise<string> => {
      const code = String(10_000_000 + i);
      if (code === right) return 'wrong';
      const response = await browsers[i % 2]?.fetch('/portal/api/verify', {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Origin: scenario.stack.hostUrl,
          'X-Forwarded-For': `10.2.${i % 250}.${Math.floor(i / 250)}`,
        },
        body: JSON.stringify({ method: 'sms', code }),
      });
      return ((await response?.json()) as { code: string }).code;
    };
    const answers: string[] = [];
    for (let i = 0; i < 1000; i += 100)
      answers.push(...(await Promise.all(Array.from({ length: 100 }, (_, j) => guess(i + j)))));
    const checked = answers.filter((answer) => answer === 'codeWrong').length;
    expect(checked).toBeLessThanOrEqual(5);
    expect(new Set(answers)).toEqual(new Set(['codeWrong', 'codeExpired', 'tooManyRequests']));
    // Only the address that the platform adds to X-Forwarded-For counts.
    expect(answers.filter((answer) => answer === 'tooManyRequests').length).toBeGreaterThan(800);
    const officer = new Officer(scenario);
    const { entries, isIntact } = await officer.read<{
      entries: { event: string }[];
      isIntact: boolean;
    }>(`/${requestId}/custody`);
    expect(isIntact).toBe(true);
    expect(entries.filter(({ event }) => event === 'stepUpRefused')).toHaveLength(checked);
  }, 120_000);

  it('cannot pump text messages: codes are limited by number and day, over all requests', async () => {
    await scenario.advanceClock(61 * 60_000);
    const codes: string[] = [];
    for (let request = 0; request < 3; request += 1) {
      await scenario.request({ ticketId: `T-cap-${request}` });
      const person = new Subject(scenario.stack.hostUrl);
      await person.open(await scenario.link(request + 2));
      for (let i = 0; i < 5; i += 1) {
        const answer = await person.call('POST', 'code').then(
          () => 'sent',
          (error: { code: string }) => error.code,
        );
        codes.push(answer);
      }
    }
    expect(codes.filter((answer) => answer === 'sent').length).toBeLessThanOrEqual(10);
    expect(codes.at(-1)).toBe('smsLimitReached');
  });
});

describe('an attacker with a link to the package', () => {
  it('can read this package only, change nothing, and read nothing after a recall', async () => {
    const scenario = await Scenario.start({ conversations: 3 });
    try {
      const requestId = await scenario.request();
      await scenario.fulfil(requestId);
      const { url, etag } = await scenario.person.link('page');
      expect((await fetch(url, { headers: { Range: 'bytes=0-3' } })).status).toBe(206);
      expect((await fetch(url, { headers: { 'If-Match': etag } })).status).toBe(200);
      const container = url.replace(/\/packages\/[^?]+/, '/packages');
      const tries: [string, RequestInit][] = [
        [url.replace(requestId, '00000000-0000-0000-0000-000000000000'), {}],
        [url.replace('/packages/', '/scratch/'), {}],
        [`${container}&restype=container&comp=list`, {}],
        [url, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: 'x' }],
        [url, { method: 'DELETE' }],
        [`${url}&comp=metadata`, { method: 'PUT' }],
        [
          `${url}&comp=lease`,
          {
            method: 'PUT',
            headers: { 'x-ms-lease-action': 'acquire', 'x-ms-lease-duration': '-1' },
          },
        ],
        [url.replace(/sp=r/, 'sp=rwd'), {}],
        [url.replace(/se=[^&]+/, 'se=2099-01-01T00%3A00%3A00Z'), {}],
      ];
      for (const [i, [address, init]] of tries.entries())
        expect([i, (await fetch(address, init)).status]).toEqual([i, 403]);
      const page = await fetch(url, { headers: { Origin: scenario.stack.hostUrl } });
      expect(page.headers.get('access-control-allow-origin')).toBe(scenario.stack.hostUrl);
      expect(page.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('etag');
      const other = await fetch(url, { headers: { Origin: 'https://evil.example' } });
      expect(other.headers.get('access-control-allow-origin')).toBeNull();
      const officer = new Officer(scenario);
      const recalled = await officer.post(`/${requestId}/recall`, {
        justification: 'Wrong person.',
      });
      // When the recall returns, everything has been deleted.
      expect((await fetch(url)).status).toBe(404);
      await expect(scenario.person.call('GET', 'request')).rejects.toMatchObject({ status: 401 });
      await expect(scenario.person.open(await scenario.link(2))).rejects.toMatchObject({
        code: 'invitationNotFound',
      });
      const downloads = recalled['downloads'] as {
        linksGivenOut: string[];
        storageLog: { until: string; reads: { at: string }[] };
      };
      expect(downloads.linksGivenOut).toHaveLength(2);
      expect(downloads.storageLog.reads.length).toBeGreaterThan(2);
      expect(Date.parse(downloads.storageLog.until)).toBeLessThanOrEqual(Date.now() + 1000);
      const blob = BlobServiceClient.fromConnectionString(scenario.stack.connectionString)
        .getContainerClient('packages')
        .getBlobClient(`${requestId}.zip`);
      expect(await blob.exists()).toBe(false);
    } finally {
      await scenario.stop();
    }
  });
});

describe('a hostile name, mailbox or company name', () => {
  it('becomes nothing but text in emails', async () => {
    const generated = organisationOf(3);
    generated.subject.lastName = html;
    const scenario = await Scenario.start({
      generated,
      settings: {
        CONTROLLER_NAME: `Shop ${html}\r\nBcc: victim@else.example`,
        CONTROLLER_CONTACT: 'privacy@shop.example',
      },
    });
    try {
      await scenario.request();
      const mail = await eventually('the mail', async () =>
        (await scenario.messages()).find(({ to }) => to === scenario.email),
      );
      expect(mail.to).toBe(scenario.email);
      expect((await scenario.messages()).map(({ to }) => to)).not.toContain('victim@else.example');
      const page = mail.html ?? '';
      expect(page).toContain('&lt;script&gt;');
      expect(page).not.toContain('<script>');
      expect(page).not.toContain('<img src=x');
      const view: PortalView = await scenario.person.open(await scenario.link());
      expect(JSON.stringify(view)).not.toContain(generated.subject.firstName);
    } finally {
      await scenario.stop();
    }
  });
});

describe('an attacker with a forged access token', () => {
  it('is refused: only tokens of the directory are valid', async () => {
    const scenario = await Scenario.start({ conversations: 3 });
    try {
      const { privateKey } = await generateKeyPair('RS256');
      const claims = { roles: ['Requests.Read'], oid: 'me', tid: tenant };
      const issuer = scenario.stack.issuer;
      const signed = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'local' })
        .setIssuer(issuer)
        .setAudience('api://officers')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey);
      const unsigned = new UnsecuredJWT(claims)
        .setIssuer(issuer)
        .setAudience('api://officers')
        .encode();
      const real = await programToken(issuer, 'reader');
      const [head = '', body = '', signature = ''] = real.split('.');
      const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
      const changed = Buffer.from(
        JSON.stringify({ ...payload, roles: ['Requests.Recall'] }),
      ).toString('base64url');
      const tokens = [
        signed,
        unsigned,
        `${head}.${changed}.${signature}`,
        `${head}.${body}.`,
        'x',
        '',
      ];
      for (const token of tokens) {
        const response = await fetch(`${scenario.stack.hostUrl}/api/requests`, {
          headers: { Authorization: `Bearer ${token}` },
        });
        expect(response.status).toBe(401);
      }
      const good = await fetch(`${scenario.stack.hostUrl}/api/requests`, {
        headers: { Authorization: `Bearer ${real}` },
      });
      expect(good.status).toBe(200);
    } finally {
      await scenario.stop();
    }
  });
});
