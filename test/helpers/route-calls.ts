import { HttpApp, portalOrigin, read, sessionCookie } from './http-app';
import { functionKey, type Call } from './http-functions';
import { TestRequest } from './http-requests';
import { methodsOf, templateOf, type Row } from './routes';

/** Headers of every response but pages. */
export const secure = {
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
export async function problemOf(response: Response): Promise<string> {
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

/** The app with what its routes need: requests in several states, and sessions of two of them. */
export class RouteCalls {
  /** Cookies of a session without a step-up, and of one with a step-up since the release. */
  session = '';
  steppedUp = '';

  private constructor(
    readonly app: HttpApp,
    /** A request that awaits verification, one whose package is available, and one that was cancelled. */
    readonly waiting: TestRequest,
    readonly available: TestRequest,
    readonly closed: TestRequest,
  ) {}

  static async start(): Promise<RouteCalls> {
    const app = await HttpApp.start({
      PORTAL_CALLS_PER_MINUTE: '100000',
      WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 5).toString('base64')}`,
      WEBHOOK_HOSTS: '127.0.0.1:9',
      INTAKE: 'true',
      INTAKE_WEBHOOK_URL: 'http://127.0.0.1:9/privacy',
    });
    const calls = new RouteCalls(
      app,
      await TestRequest.in(app, 'awaitingVerification'),
      await TestRequest.in(app, 'available'),
      await TestRequest.in(app, 'cancelled'),
    );
    await calls.startSessions();
    return calls;
  }

  stop(): Promise<void> {
    return this.app.stop();
  }

  /** Starts the two sessions, anew where they have ended. */
  async startSessions(): Promise<void> {
    this.session = await this.sessionOf(this.waiting, []);
    this.steppedUp = await this.sessionOf(this.available, ['totp']);
  }

  async sessionOf(request: TestRequest, methods: 'totp'[]): Promise<string> {
    return `${sessionCookie}=${await this.app.parts.codesAndSessions.startSession(request.id, methods)}`;
  }

  pathOf(row: Row, requestId = this.waiting.id): string {
    return `/${templateOf(row).replace('{requestId}', requestId)}`;
  }

  call(row: Row, change: Call = {}, path = this.pathOf(row)): Promise<Response> {
    const [method = 'GET'] = methodsOf(row);
    const body = row.body && { body: JSON.stringify(row.body) };
    const { headers, ...others } = change;
    return this.app.fetch(path, {
      method,
      ...body,
      headers: { ...(row.body ? { 'Content-Type': 'application/json' } : {}), ...headers },
      ...others,
    });
  }

  /** Headers with which a call passes every check of who makes it. */
  async credentials({ access }: Row): Promise<Record<string, string>> {
    switch (access) {
      case 'everybody':
        return {};
      case 'functionKey':
        return { 'x-functions-key': functionKey };
      case 'officerPage':
      case 'portalPage':
        return { Origin: portalOrigin };
      case 'session':
        return { Origin: portalOrigin, Cookie: this.session };
      case 'stepUp':
        return { Origin: portalOrigin, Cookie: this.steppedUp };
      case 'officer':
        return this.app.bearer('Requests.Read');
      default:
        return this.app.bearer(access);
    }
  }
}
