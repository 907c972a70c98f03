import { connect } from 'node:net';
import type { PortalView } from '../../local/portal-client';
import { Officer } from '../helpers/officer';
import { organisationOf } from '../helpers/organisation';
import { Scenario } from '../helpers/scenario';

/** Attacks on the portal that need the host: its sockets, its times, its headers, its emails. */
const html = '"><img src=x onerror=alert(1)><script>alert(2)</script>';

describe('an attacker', () => {
  let scenario: Scenario;
  let requestId: string;
  let link: string;
  const portal = (path: string, init: RequestInit = {}) =>
    fetch(`${scenario.stack.hostUrl}/portal${path}`, { redirect: 'manual', ...init });
  const open = (token: string) =>
    portal('/api/open', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: scenario.stack.hostUrl },
      body: JSON.stringify({ token }),
    });
  const codeOf = async (response: Response): Promise<string> =>
    ((await response.json()) as { code: string }).code;

  beforeAll(async () => {
    const generated = organisationOf(3);
    generated.subject.lastName = html;
    scenario = await Scenario.start({
      generated,
      settings: {
        CONTROLLER_NAME: `Shop ${html}\r\nBcc: victim@else.example`,
        CONTROLLER_CONTACT: 'privacy@shop.example',
      },
    });
    requestId = await scenario.request();
    link = await scenario.link();
  });
  afterAll(() => scenario.stop());

  it('learns nothing about a request from the answer', async () => {
    const officer = new Officer(scenario, 'nobody');
    const unknown = '00000000-0000-0000-0000-000000000000';
    const call = async (id: string): Promise<[number, string]> => {
      const response = await officer.call('GET', `/${id}/decision`);
      return [response.status, await codeOf(response)];
    };
    expect(await call(requestId)).toEqual(await call(unknown));
    const real = new URL(link).hash.slice(1);
    const answer = async (token: string): Promise<[number, string]> => {
      const response = await open(token);
      return [response.status, await codeOf(response)];
    };
    const nearly = await answer(`${real.slice(0, -2)}AA`);
    expect(nearly).toEqual([404, 'invitationNotFound']);
    expect(nearly).toEqual(await answer(Buffer.alloc(32, 9).toString('base64url')));
  });

  it('cannot block the app with calls that never end', async () => {
    const { port } = new URL(scenario.stack.hostUrl);
    const sockets = Array.from({ length: 50 }, () => connect(Number(port), '127.0.0.1'));
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.write('POST /portal/api/open HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    }
    let ended = 0;
    for (const socket of sockets)
      socket.on('data', () => (ended += 1)).on('close', () => (ended += 1));
    expect((await fetch(`${scenario.stack.hostUrl}/health`)).status).toBe(200);
    // Each of them still waits for the rest of its call.
    expect(ended).toBe(0);
    sockets.forEach((socket) => socket.destroy());
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

  it('becomes nothing but text in emails by a hostile name, of a person or of the company', async () => {
    const messages = await scenario.messages();
    const mail = messages.find(({ to }) => to === scenario.email);
    expect(mail?.to).toBe(scenario.email);
    expect(messages.map(({ to }) => to)).not.toContain('victim@else.example');
    const page = mail?.html ?? '';
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<img src=x');
    const view: PortalView = await scenario.person.open(link);
    expect(JSON.stringify(view)).not.toContain(scenario.generated.subject.firstName);
  });
});
