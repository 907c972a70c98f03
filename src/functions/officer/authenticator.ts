import type { Cookie, HttpRequest } from '@azure/functions';
import type { OfficerAction } from '../../core/custody/record';
import type { Officer, OfficerRole } from '../../core/authentication/officer-roles';
import type {
  Clock,
  KeyStore,
  OfficerAuditEvent,
  OfficerAuditLog,
  OfficerDirectory,
  TokenStore,
} from '../../ports';
import { cookieOf, HttpProblem, sessionCookie } from '../shared/http';

/** The session of an officer who has signed in on the officers' page. */
export interface OfficerSession {
  officer: Officer;
  startedAt: string;
}

const cookieName = '__Host-officer';
/** Characters of an officer's opaque id. */
const actorLength = 32;
/** Hours after which an officer has to sign in again. */
const longestSession = 8;

export interface OfficerAuthenticatorOptions {
  /** Null if no directory is configured: then every officer is refused. */
  directory: OfficerDirectory | null;
  sessions: TokenStore<OfficerSession>;
  keys: Pick<KeyStore, 'keyedHash' | 'keyedHashes'>;
  clock: Clock;
  audit: Pick<OfficerAuditLog, 'append'>;
  /** Origin of the officers' page. */
  origin: string;
}

/** Somebody is signed in and lacks the role for a call. */
export class RoleRequiredProblem extends HttpProblem {
  constructor(
    readonly officer: Officer,
    readonly role: OfficerRole,
  ) {
    super(403, 'roleRequired', `The role ${role} is required.`);
  }
}

/**
 * Authenticates officers by an access token of the directory, or by a session of the officers' page.
 * Calls with a session must come from that page.
 */
export class OfficerAuthenticator {
  constructor(private readonly options: OfficerAuthenticatorOptions) {}

  /**
   * @param others roles that are enough as well
   * @throws HttpProblem 401 without a valid sign-in
   * @throws RoleRequiredProblem 403 without the role, which is in the audit log by then
   */
  async require(
    request: HttpRequest,
    role: OfficerRole,
    ...others: OfficerRole[]
  ): Promise<Officer> {
    const officer = await this.officer(request);
    if (officer === null) throw new HttpProblem(401, 'signInRequired', 'Officer sign-in required.');
    if ([role, ...others].some((one) => officer.roles.includes(one))) return officer;
    await this.record('roleRefused', officer, role);
    throw new RoleRequiredProblem(officer, role);
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
    return { actor: this.actorOf(officer), displayName: officer.name, justification };
  }

  /** The opaque ids that an officer has, and has had under earlier hash keys. */
  actorsOf({ id }: Officer): string[] {
    return this.options.keys.keyedHashes('officer', id).map((hash) => hash.slice(0, actorLength));
  }

  /** Begins a session. The sign-in is in the audit log before. */
  async startSession(officer: Officer): Promise<Cookie> {
    const { sessions, clock } = this.options;
    await this.record('signedIn', officer, null);
    const token = sessions.newToken();
    await sessions.put(token, { officer, startedAt: clock.now().toISOString() });
    return sessionCookie(cookieName, token);
  }

  /**
   * Ends the session of a call of the officers' page.
   * @throws HttpProblem 403 when another page makes the call
   */
  async endSession(request: HttpRequest): Promise<Cookie> {
    this.requireOwnPage(request);
    const session = await this.options.sessions.take(cookieOf(request, cookieName));
    if (session !== null) await this.record('signedOut', session.officer, null);
    return sessionCookie(cookieName, '', 0);
  }

  /** @throws HttpProblem 403 when another page than the officers' makes a call */
  requireOwnPage(request: HttpRequest): void {
    if (request.headers.get('origin') !== this.options.origin)
      throw new HttpProblem(403, 'originRefused', 'Only the page itself may call this.');
  }

  /** Writes into the audit log that a sign-in was refused. */
  async refuseSignIn(code: string): Promise<void> {
    await this.record('signInRefused', null, code);
  }

  private actorOf({ id }: Officer): string {
    return this.options.keys.keyedHash('officer', id).slice(0, actorLength);
  }

  private record(
    event: OfficerAuditEvent['event'],
    officer: Officer | null,
    code: string | null,
  ): Promise<void> {
    const actor = officer && this.actorOf(officer);
    return this.options.audit.append({ event, actor, code });
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
