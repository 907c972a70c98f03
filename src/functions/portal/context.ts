import type { Cookie, HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import type { Environment } from '../../services/environment';
import { methodsOf } from '../../services/step-up';
import { isClosed } from '../../core/request/states';
import type { StepUpMethod } from '../../core/authentication/step-up';
import { atTime, secondsBetween } from '../../core/time/time';
import type { RequestDetails, RequestRecord, Session } from '../../ports';
import { addressOf, cookieOf, HttpProblem, parsedBody, sessionCookie } from '../shared/http';

const bodyLimit = 4096;
const cookieName = '__Host-session';
/** Hours for which a step-up counts, while a download keeps the session alive. */
const stepUpHours = 12;

export interface PortalSession {
  session: Session;
  record: RequestRecord;
}

export const sessionEnded = (): HttpProblem =>
  new HttpProblem(401, 'sessionEnded', 'Open the link from your email again.');
export const stepUpNeeded = (): HttpProblem =>
  new HttpProblem(403, 'stepUpNeeded', 'Please confirm again who you are.');
export const methodNotOffered = (): HttpProblem =>
  new HttpProblem(409, 'methodNotOffered', 'This way is not offered.');
export const nothingToDownload = (): HttpProblem =>
  new HttpProblem(409, 'notAvailable', 'There is nothing to download now.');

/** What calls of the portal have in common: who calls, from where, and what they have proven. */
export class PortalContext {
  private readonly origin: string;

  constructor(readonly env: Environment) {
    this.origin = new URL(env.settings.branding.portalOrigin).origin;
  }

  /** @throws HttpProblem 401 without a living session */
  async visitOf(request: HttpRequest): Promise<PortalSession> {
    const { codesAndSessions: access, ledger } = this.env;
    const session = await access.session(cookieOf(request, cookieName));
    const record = session && (await ledger.get(session.requestId));
    if (!session || !record || isClosed(record.state)) throw sessionEnded();
    return { session, record };
  }

  /** @throws HttpProblem as `visitOf`, and 403 without a step-up that counts */
  async steppedUp(request: HttpRequest): Promise<RequestRecord> {
    const visit = await this.visitOf(request);
    if (!this.isSteppedUp(visit)) throw stepUpNeeded();
    return visit.record;
  }

  /**
   * @throws HttpProblem 403 when another site sends the request, 429 when one address sends too many,
   *   400 when the body is not as it must be
   */
  async postBody<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
    const { rateLimiter, settings } = this.env;
    if (request.headers.get('origin') !== this.origin) {
      throw new HttpProblem(403, 'originRefused', 'Requests are taken from the portal page only.');
    }
    if (
      !(await rateLimiter.tryAcquire(
        'address',
        addressOf(request),
        settings.portal.callsPerMinute,
        60,
      ))
    )
      throw new HttpProblem(429, 'tooManyRequests', 'Too many calls came from your connection.');
    return parsedBody(request, schema, bodyLimit);
  }

  /** A step-up counts for twelve hours, and for the download only when it was made after the release. */
  isSteppedUp({ session: { verifiedAt }, record: { releasedAt } }: PortalSession): boolean {
    if (verifiedAt === null) return false;
    const age = secondsBetween(atTime(verifiedAt), this.env.clock.now());
    return age <= stepUpHours * 3600 && (releasedAt === null || verifiedAt >= releasedAt);
  }

  /** Ways in which this person may prove who they are; those passed in this session stay away. */
  async openMethods(
    { session, record }: PortalSession,
    details: RequestDetails,
  ): Promise<StepUpMethod[]> {
    const methods = await methodsOf(this.env, record, details);
    const hasCode = await this.env.codesAndSessions.hasCode(record.requestId, 'officer');
    const all: StepUpMethod[] = hasCode ? [...methods, 'officer'] : methods;
    // Who has proven themselves before the release is asked for everything again.
    const completedMethods = session.verifiedAt === null ? session.completedMethods : [];
    return all.filter((method) => !completedMethods.includes(method));
  }

  /** @throws HttpProblem 409 when this person is not offered the method */
  async offered(visit: PortalSession, method: StepUpMethod): Promise<RequestDetails> {
    if (visit.record.wrappedSecret === null) throw nothingToDownload();
    const details = await this.env.ledger.details(visit.record);
    if (!(await this.openMethods(visit, details)).includes(method)) throw methodNotOffered();
    return details;
  }

  async startSession(requestId: string, completedMethods: StepUpMethod[]): Promise<Cookie> {
    return sessionCookie(
      cookieName,
      await this.env.codesAndSessions.startSession(requestId, completedMethods),
    );
  }

  async endSession(request: HttpRequest): Promise<Cookie> {
    await this.env.codesAndSessions.endSession(cookieOf(request, cookieName));
    return sessionCookie(cookieName, '', 0);
  }
}
