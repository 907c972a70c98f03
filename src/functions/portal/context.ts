import type { Cookie, HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import type { StepUpMethod } from '../../core/authentication/step-up';
import { isClosed, isFinal } from '../../core/request/states';
import { atTime, secondsBetween } from '../../core/time/time';
import type {
  Clock,
  CodeAndSessionStore,
  CodesStanding,
  Ledger,
  RateLimiter,
  RequestDetails,
  RequestRecord,
  Session,
  Settings,
} from '../../ports';
import { methodsOf, type MethodServices } from '../../services/step-up';
import { networkOf } from '../shared/address';
import { cookieOf, HttpProblem, parsedBody, sessionCookie } from '../shared/http';

const bodyLimit = 4096;
const cookieName = '__Host-session';
/** Hours for which a step-up is valid, while a download keeps the session alive. */
const stepUpHours = 12;

/** The session of somebody at the portal, and the request that it is bound to. */
export interface PortalSession {
  session: Session;
  record: RequestRecord;
}

export const sessionEnded = (): HttpProblem =>
  new HttpProblem(401, 'sessionEnded', 'The session has ended. Open the invitation link again.');
export const stepUpRequired = (): HttpProblem =>
  new HttpProblem(403, 'stepUpRequired', 'Identity verification required.');
export const methodNotOffered = (): HttpProblem =>
  new HttpProblem(409, 'methodNotOffered', 'This verification method is not offered.');
export const approvalRequired = (): HttpProblem =>
  new HttpProblem(409, 'approvalRequired', 'Another officer must approve the hand-over first.');
export const notAvailable = (): HttpProblem =>
  new HttpProblem(409, 'notAvailable', 'No package is available.');

/** What every POST call of the portal's pages uses. */
export interface PortalPostServices {
  rateLimiter: Pick<RateLimiter, 'tryAcquire'>;
  settings: Pick<Settings, 'branding' | 'portal'>;
}

/**
 * Reads the body of a POST call of the portal's pages.
 * @param limit longest body in bytes
 * @throws HttpProblem 403 if another site sends it, 429 if its network sends too many, and as
 *   `parsedBody` does
 */
export async function portalPost<T>(
  { rateLimiter, settings }: PortalPostServices,
  request: HttpRequest,
  schema: z.ZodType<T>,
  limit = bodyLimit,
): Promise<T> {
  const { origin } = new URL(settings.branding.portalOrigin);
  if (request.headers.get('origin') !== origin)
    throw new HttpProblem(403, 'originRefused', 'Only the portal page may call this.');
  const { callsPerMinute } = settings.portal;
  if (!(await rateLimiter.tryAcquire('address', networkOf(request), callsPerMinute, 60)))
    throw new HttpProblem(429, 'tooManyRequests', 'Too many requests. Retry in a minute.');
  return parsedBody(request, schema, limit);
}

/** What every call of the portal uses. */
export type PortalContextServices = MethodServices &
  PortalPostServices & {
    clock: Clock;
    codesAndSessions: Pick<
      CodeAndSessionStore,
      'session' | 'endedSession' | 'startSession' | 'endSession' | 'standing'
    >;
    ledger: Pick<Ledger, 'get' | 'details'>;
  };

/** What calls of the portal have in common: the session, its step-up, and the checks of a POST call. */
export class PortalContext {
  constructor(private readonly services: PortalContextServices) {}

  /** @throws HttpProblem 401 without a living session */
  async sessionOf(request: HttpRequest): Promise<PortalSession> {
    const current = await this.sessionIn(cookieOf(request, cookieName));
    if (current === null || isClosed(current.record.state)) throw sessionEnded();
    return current;
  }

  private async sessionIn(token: string): Promise<PortalSession | null> {
    const { codesAndSessions, ledger } = this.services;
    const session = await codesAndSessions.session(token);
    // Nearly every call reads the personal part next, and some change the request.
    const record = session && (await ledger.get(session.requestId, 'whole'));
    return session && record && { session, record };
  }

  /**
   * The session, or, for who was signed in when it ended, the request of one that has. Before its step-up
   * somebody is told of no end but that it was not made in time.
   * @throws HttpProblem 401 with neither
   */
  async sessionOrEnd(request: HttpRequest): Promise<PortalSession | { ended: RequestRecord }> {
    const token = cookieOf(request, cookieName);
    const current = await this.sessionIn(token);
    const ended = await this.endOf(token, current);
    if (ended !== null) return { ended };
    if (current === null || isClosed(current.record.state)) throw sessionEnded();
    return current;
  }

  private async endOf(token: string, current: PortalSession | null): Promise<RequestRecord | null> {
    const { codesAndSessions, ledger } = this.services;
    const left = current ? null : await codesAndSessions.endedSession(token);
    const record = current?.record ?? (left && (await ledger.get(left.requestId)));
    if (!record || !isFinal(record.state)) return null;
    const wasVerified = left?.wasVerified ?? current?.session.verifiedAt !== null;
    return wasVerified || record.state === 'unverified' ? record : null;
  }

  /** @throws HttpProblem as `sessionOf`, and 403 without a valid step-up */
  async steppedUp(request: HttpRequest): Promise<RequestRecord> {
    return (await this.steppedUpSession(request)).record;
  }

  /** As `steppedUp`, with the session. */
  async steppedUpSession(request: HttpRequest): Promise<PortalSession> {
    const current = await this.sessionOf(request);
    if (!this.isSteppedUp(current)) throw stepUpRequired();
    return current;
  }

  /** Reads the body of a POST call, as `portalPost` does. */
  postBody<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
    return portalPost(this.services, request, schema);
  }

  /** A step-up is valid for twelve hours; after the release only a step-up since then is. */
  isSteppedUp({ session: { verifiedAt }, record: { releasedAt } }: PortalSession): boolean {
    if (verifiedAt === null) return false;
    const age = secondsBetween(atTime(verifiedAt), this.services.clock.now());
    return age <= stepUpHours * 3600 && (releasedAt === null || verifiedAt >= releasedAt);
  }

  /** Methods that this person may use now, without those completed in this session. */
  async openMethods(
    { session, record }: PortalSession,
    details: RequestDetails,
    { valid }: Pick<CodesStanding, 'valid'>,
  ): Promise<StepUpMethod[]> {
    const methods = await methodsOf(this.services, record, details);
    const all: StepUpMethod[] = valid.includes('officer') ? [...methods, 'officer'] : methods;
    // A step-up from before the release counts no more: every method is open again.
    const completedMethods = session.verifiedAt === null ? session.completedMethods : [];
    return all.filter((method) => !completedMethods.includes(method));
  }

  /** @throws HttpProblem 409 if this person may not use the method now */
  async requireMethod(current: PortalSession, method: StepUpMethod): Promise<RequestDetails> {
    if (current.record.wrappedSecret === null) throw notAvailable();
    const { codesAndSessions, ledger } = this.services;
    const details = await ledger.details(current.record);
    const standing = await codesAndSessions.standing(current.record.requestId);
    if (!(await this.openMethods(current, details, standing)).includes(method))
      throw methodNotOffered();
    return details;
  }

  async startSession(requestId: string, completedMethods: StepUpMethod[]): Promise<Cookie> {
    return sessionCookie(
      cookieName,
      await this.services.codesAndSessions.startSession(requestId, completedMethods),
    );
  }

  async endSession(request: HttpRequest): Promise<Cookie> {
    await this.services.codesAndSessions.endSession(cookieOf(request, cookieName));
    return sessionCookie(cookieName, '', 0);
  }
}
