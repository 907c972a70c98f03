import type { Cookie, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { z } from 'zod';
import { emptyBody } from '../../core/api/bodies';
import type { StepUpMethod } from '../../core/authentication/step-up';
import { LoginRefusedError } from '../../core/errors';
import { isClosed } from '../../core/request/states';
import { maskedPhone } from '../../core/subject/identifiers';
import type {
  CodeAndSessionStore,
  CodeCheck,
  CodeStanding,
  LoginProvider,
  TokenStore,
} from '../../ports';
import {
  checkCode,
  checkLogin,
  completeMethod,
  type CodeAttempt,
  type VerificationServices,
  type VerificationSubject,
} from '../../services/verification';
import { sendCode, type CodeSendingServices } from '../../services/verification-codes';
import { notifyOrchestration } from '../shared/fulfilment';
import { HttpProblem, jsonResponse, redirect } from '../shared/http';
import { beginLogin, endOfLogin, finishLogin, type PendingLogin } from '../shared/sign-in';
import { methodNotOffered, sessionEnded, type PortalContext, type PortalSession } from './context';
import { portalView, type PortalViewServices } from './view';

const invitationBody = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const codeBody = z.discriminatedUnion('method', [
  z.strictObject({ method: z.enum(['sms', 'officer']), code: z.string().regex(/^\d{8}$/) }),
  z.strictObject({ method: z.literal('totp'), code: z.string().regex(/^[0-9A-Za-z -]{6,20}$/) }),
]);

/** Whom a sign-in by the company's login verifies. */
export type LoginSubject = VerificationSubject;

/** The problem for each result of a code that is not accepted. */
export const codeProblems: Record<
  Exclude<CodeCheck, 'accepted'>,
  (standing?: CodeStanding) => HttpProblem
> = {
  wrong: (standing) =>
    new HttpProblem(403, 'codeWrong', 'The code is wrong.', {
      ...(standing && { triesLeft: standing.triesLeft }),
    }),
  expired: () => new HttpProblem(403, 'codeExpired', 'The code is no longer valid.'),
  lockedOut: (standing) =>
    new HttpProblem(429, 'lockedOut', 'Too many wrong codes. Locked for a day.', {
      ...(standing && { lockedUntil: lockedUntilOf(standing) }),
    }),
};

/** When codes are accepted again (ISO 8601); null where they are. */
export const lockedUntilOf = ({ lockedUntil }: CodeStanding): string | null =>
  lockedUntil === null ? null : new Date(lockedUntil).toISOString();

/** What a step-up uses. */
export type StepUpServices = VerificationServices &
  CodeSendingServices &
  PortalViewServices & {
    codesAndSessions: Pick<CodeAndSessionStore, 'invitation' | 'standing'>;
    /** The company's own login for its customers; null without one. */
    login: LoginProvider | null;
  };

/** From the invitation link to a session with a completed step-up. */
export class PortalStepUp {
  constructor(
    private readonly services: StepUpServices,
    private readonly portal: PortalContext,
    private readonly pending: TokenStore<PendingLogin<LoginSubject>>,
  ) {}

  openInvitation = async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { codesAndSessions, ledger } = this.services;
    const { token } = await this.portal.postBody(request, invitationBody);
    const requestId = await codesAndSessions.invitation(token);
    // The view that is answered shows the personal part.
    const record = requestId === null ? null : await ledger.get(requestId, 'whole');
    if (record === null || isClosed(record.state))
      throw new HttpProblem(404, 'invitationNotFound', 'This link is no longer valid.');
    const session = codesAndSessions.sessionOf(record.requestId, []);
    return this.withView({ session, record }, await this.portal.startSession(record.requestId, []));
  };

  sendCode = async (request: HttpRequest): Promise<HttpResponseInit> => {
    await this.portal.postBody(request, emptyBody);
    const current = await this.portal.sessionOf(request);
    const details = await this.portal.requireMethod(current, 'sms');
    const delivery = await sendCode(this.services, current.record, details);
    if (delivery.kind === 'smsLimitReached')
      throw new HttpProblem(429, 'smsLimitReached', 'No more codes can be sent to this number.');
    if (delivery.kind === 'tooManyCodes')
      throw new HttpProblem(429, 'tooManyCodes', 'Too many codes were requested.');
    const digits = maskedPhone(delivery.phone);
    return jsonResponse(202, { digits, isQueued: delivery.kind === 'queued' });
  };

  verify = async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { method, code } = await this.portal.postBody(request, codeBody);
    const current = await this.portal.sessionOf(request);
    const check = await checkCode(
      this.services,
      method === 'totp'
        ? await this.attemptByApp(current, code)
        : { requestId: current.record.requestId, method, code },
    );
    if (check !== 'accepted') {
      const { requestId } = current.record;
      const entered = method === 'totp' ? 'app' : method;
      const standing = await this.services.codesAndSessions.standing(requestId);
      throw codeProblems[check](standing.entered[entered]);
    }
    await this.portal.endSession(request);
    const { next, cookie } = await this.complete(subjectOf(current), method, context);
    return this.withView(next, cookie);
  };

  beginLogin = async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { login } = this.services;
    await this.portal.postBody(request, emptyBody);
    const current = await this.portal.sessionOf(request);
    await this.portal.requireMethod(current, 'oidc');
    if (login === null) throw methodNotOffered();
    const subject = subjectOf(current);
    const { url, cookie } = await beginLogin(login, this.pending, subject, subject.requestId);
    return { ...jsonResponse(200, { url }), cookies: [cookie] };
  };

  finishLogin = async (
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponseInit> => {
    const { login } = this.services;
    try {
      if (login === null) throw new LoginRefusedError('answerRefused');
      const { claims, subject } = await finishLogin(login, this.pending, request);
      if (!(await checkLogin(this.services, subject.requestId, claims)))
        throw new LoginRefusedError('answerRefused');
      const { cookie } = await this.complete(subject, 'oidc', context);
      return redirect('/portal', [cookie, endOfLogin()]);
    } catch (error) {
      if (!(error instanceof LoginRefusedError)) throw error;
      return redirect('/portal?problem=loginRefused', [endOfLogin()]);
    }
  };

  private async attemptByApp(current: PortalSession, code: string): Promise<CodeAttempt> {
    const { requestId, organisation } = current.record;
    const { contact } = await this.portal.requireMethod(current, 'totp');
    return { requestId, method: 'totp', code, organisation, contactId: contact?.id ?? '' };
  }

  /** Starts a new session with a completed method, and notifies the orchestration if it waits for it. */
  private async complete(
    subject: VerificationSubject,
    method: StepUpMethod,
    context: InvocationContext,
  ): Promise<{ next: PortalSession; cookie: Cookie }> {
    const { requestId } = subject;
    const completed = await completeMethod(this.services, subject, method);
    if (completed === null) throw sessionEnded();
    const { isNewlyVerified, ...next } = completed;
    // The ledger has it; if the event is lost, the sweeper raises it again.
    if (isNewlyVerified)
      await notifyOrchestration(df.getClient(context), requestId).catch(() =>
        context.warn(`Request ${requestId} is verified; its orchestration is notified later.`),
      );
    const { completedMethods } = next.session;
    return { next, cookie: await this.portal.startSession(requestId, completedMethods) };
  }

  private async withView(current: PortalSession, cookie: Cookie): Promise<HttpResponseInit> {
    const view = await portalView(this.services, this.portal, current);
    return { ...jsonResponse(200, view), cookies: [cookie] };
  }
}

/** A step-up from before the release counts no more. */
const subjectOf = ({ session, record }: PortalSession): VerificationSubject => ({
  requestId: record.requestId,
  completedMethods: session.verifiedAt === null ? session.completedMethods : [],
});
