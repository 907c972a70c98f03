import type { Cookie, HttpRequest } from '@azure/functions';
import type { OfficerAction } from '../../core/custody/record';
import type { Officer, OfficerRole } from '../../core/authentication/officer-roles';
import type { Clock, KeyStore, OfficerDirectory, TokenStore } from '../../ports';
import { cookieOf, HttpProblem, sessionCookie } from '../shared/http';

/** The session of an officer who has signed in on the officers' page. */
export interface OfficerSession {
  officer: Officer;
  startedAt: string;
}

const cookieName = '__Host-officer';
/** Hours after which an officer has to sign in again. */
const longestSession = 8;

export interface OfficerAuthenticatorOptions {
  /** Null if no directory is configured: then every officer is refused. */
  directory: OfficerDirectory | null;
  sessions: TokenStore<OfficerSession>;
  keys: Pick<KeyStore, 'keyedHash'>;
  clock: Clock;
  /** Origin of the officers' page. */
  origin: string;
}

/**
 * Authenticates officers by an access token of the directory, or by a session of the officers' page.
 * Calls with a session must come from that page.
 */
export class OfficerAuthenticator {
  constructor(private readonly options: OfficerAuthenticatorOptions) {}

  /** @throws HttpProblem 401 without a valid sign-in, 403 without the role */
  async require(request: HttpRequest, role: OfficerRole): Promise<Officer> {
    const officer = await this.officer(request);
    if (officer === null) throw new HttpProblem(401, 'signInRequired', 'Officer sign-in required.');
    if (!officer.roles.includes(role))
      throw new HttpProblem(403, 'roleRequired', `The role ${role} is required.`);
    return officer;
  }

  /** The officer who makes a call; null without a valid sign-in. */
  async officer(request: HttpRequest): Promise<Officer | null> {
    const { directory } = this.options;
    if (directory === null) return null;
    const [, bearer] =
      /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    if (bearer !== undefined) return directory.ofToken(bearer);
    return this.ofSession(request);
  }

  /** An officer's action, for the custody record. */
  actionOf(officer: Officer, justification: string): OfficerAction {
    const actor = this.options.keys.keyedHash('officer', officer.id).slice(0, 32);
    return { actor, displayName: officer.name, justification };
  }

  async startSession(officer: Officer): Promise<Cookie> {
    const { sessions, clock } = this.options;
    const token = sessions.newToken();
    await sessions.put(token, { officer, startedAt: clock.now().toISOString() });
    return sessionCookie(cookieName, token);
  }

  async endSession(request: HttpRequest): Promise<Cookie> {
    await this.options.sessions.delete(cookieOf(request, cookieName));
    return sessionCookie(cookieName, '', 0);
  }

  private async ofSession(request: HttpRequest): Promise<Officer | null> {
    const { sessions, clock, origin } = this.options;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead && request.headers.get('origin') !== origin) return null;
    const session = await sessions.touch(cookieOf(request, cookieName));
    if (session === null) return null;
    const age = clock.now().getTime() - Date.parse(session.startedAt);
    return age > longestSession * 3_600_000 ? null : session.officer;
  }
}
