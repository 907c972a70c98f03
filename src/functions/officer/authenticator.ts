import type { Cookie, HttpRequest } from '@azure/functions';
import type { TokenStore } from '../../adapters/authentication/tokens';
import { newToken } from '../../adapters/authentication/tokens';
import type { OfficerAction } from '../../core/custody/record';
import type { Officer, OfficerRole } from '../../core/authentication/officer';
import type { Clock, KeyStore, OfficerDirectory } from '../../ports';
import { cookieOf, HttpProblem, sessionCookie } from '../shared/http';

/** An officer who has signed in on the page. */
export interface OfficerSession {
  officer: Officer;
  startedAt: string;
}

const cookieName = '__Host-officer';
/** Hours after which an officer signs in again, however busy they are. */
const longestSession = 8;

export interface GuardOptions {
  /** Null where no directory is set: then nobody may do what officers do. */
  directory: OfficerDirectory | null;
  sessions: TokenStore<OfficerSession>;
  keys: Pick<KeyStore, 'keyedHash'>;
  clock: Clock;
  /** Origin of the officers' page. */
  origin: string;
}

/**
 * Lets officers in: by an access token of the directory, or by the session of the officers' page,
 * whose calls must come from that page.
 */
export class OfficerAuthenticator {
  constructor(private readonly options: GuardOptions) {}

  /** @throws HttpProblem 401 without a sign-in that is good, 403 without the role */
  async require(request: HttpRequest, role: OfficerRole): Promise<Officer> {
    const officer = await this.officer(request);
    if (officer === null)
      throw new HttpProblem(401, 'signInRequired', 'This asks for the sign-in of an officer.');
    if (!officer.roles.includes(role))
      throw new HttpProblem(403, 'roleRequired', `This asks for the role ${role}.`);
    return officer;
  }

  async officer(request: HttpRequest): Promise<Officer | null> {
    const { directory } = this.options;
    if (directory === null) return null;
    const [, bearer] =
      /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    if (bearer !== undefined) return directory.ofToken(bearer);
    return this.ofSession(request);
  }

  /** What an officer did, for the custody record. */
  actOf(officer: Officer, justification: string): OfficerAction {
    const actor = this.options.keys.keyedHash('officer', officer.id).slice(0, 32);
    return { actor, displayName: officer.name, justification };
  }

  async startSession(officer: Officer): Promise<Cookie> {
    const token = newToken();
    const startedAt = this.options.clock.now().toISOString();
    await this.options.sessions.put(token, { officer, startedAt });
    return sessionCookie(cookieName, token);
  }

  async endSession(request: HttpRequest): Promise<Cookie> {
    await this.options.sessions.delete(cookieOf(request, cookieName));
    return sessionCookie(cookieName, '', 0);
  }

  private async ofSession(request: HttpRequest): Promise<Officer | null> {
    const { sessions, clock, origin } = this.options;
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading && request.headers.get('origin') !== origin) return null;
    const session = await sessions.touch(cookieOf(request, cookieName));
    if (session === null) return null;
    const age = clock.now().getTime() - Date.parse(session.startedAt);
    return age > longestSession * 3_600_000 ? null : session.officer;
  }
}
