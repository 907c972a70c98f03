import type { Cookie, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { z } from 'zod';
import { codeKeyOf, textCode } from '../../services/messaging';
import type { TokenStore } from '../../adapters/authentication/tokens';
import { emptyBody } from '../../core/api/bodies';
import { LoginRefusedError, MessageNotAcceptedError } from '../../core/errors';
import { maskedPhone } from '../../core/subject/identifiers';
import { isLoginOf } from '../../core/authentication/login';
import { isClosed } from '../../core/request/states';
import { isSufficient, type StepUpMethod } from '../../core/authentication/step-up';
import { smsNumberOf } from '../../core/subject/resolve-contact';
import type { CodeCheck, RequestRecord, Session } from '../../ports';
import { notifyOrchestration } from '../shared/fulfilment';
import { HttpProblem, jsonResponse, redirect } from '../shared/http';
import { methodNotOffered, sessionEnded, type PortalContext, type PortalSession } from './context';
import { portalView } from './view';
import { beginLogin, endOfLogin, finishLogin, type PendingLogin } from '../shared/sign-in';

const day = 86_400;

const invitationBody = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const codeBody = z.discriminatedUnion('method', [
  z.strictObject({ method: z.enum(['sms', 'officer']), code: z.string().regex(/^\d{8}$/) }),
  z.strictObject({ method: z.literal('totp'), code: z.string().regex(/^[0-9A-Za-z -]{6,20}$/) }),
]);

/** What a sign-in by the company's login is for. */
export interface LoginSubject {
  requestId: string;
  completedMethods: StepUpMethod[];
}

/** What is said of a code that is not taken. */
export const codeRefusals: Record<Exclude<CodeCheck, 'accepted'>, () => HttpProblem> = {
  wrong: () => new HttpProblem(403, 'codeWrong', 'This code is not right.'),
  expired: () => new HttpProblem(403, 'codeExpired', 'This code is not valid any more.'),
  lockedOut: () => new HttpProblem(429, 'lockedOut', 'There were too many wrong codes.'),
};

/** How people prove who they are: from the link in their email to a session that has passed a step-up. */
export function portalStepUp(
  portal: PortalContext,
  pending: TokenStore<PendingLogin<LoginSubject>>,
) {
  const { env } = portal;
  const { stepUp } = env.settings.authentication;

  async function openInvitation(request: HttpRequest): Promise<HttpResponseInit> {
    const { token } = await portal.postBody(request, invitationBody);
    const requestId = await env.codesAndSessions.invitation(token);
    const record = requestId === null ? null : await env.ledger.get(requestId);
    if (record === null || isClosed(record.state))
      throw new HttpProblem(404, 'invitationNotFound', 'This link is not valid any more.');
    const session = env.codesAndSessions.sessionOf(record.requestId, []);
    const cookies = [await portal.startSession(record.requestId, [])];
    return { ...jsonResponse(200, await portalView(portal, { session, record })), cookies };
  }

  /** Codes cost money, and there are people who earn by them: rateLimiter by number, country and day. */
  async function requireRoomForCode(phone: string): Promise<void> {
    const { perNumberPerDay, perCountryPerDay, countries } = env.settings.authentication.codeLimits;
    const country = parsePhoneNumberFromString(phone)?.country ?? 'none';
    const isAllowed =
      (countries === null || countries.has(country)) &&
      (await env.rateLimiter.tryAcquire('number', phone, perNumberPerDay, day)) &&
      (await env.rateLimiter.tryAcquire('country', country, perCountryPerDay, day));
    if (!isAllowed)
      throw new HttpProblem(429, 'smsLimitReached', 'No more codes can be sent to this number.');
  }

  async function sendCode(request: HttpRequest): Promise<HttpResponseInit> {
    await portal.postBody(request, emptyBody);
    const visit = await portal.visitOf(request);
    const { record } = visit;
    const details = await portal.offered(visit, 'sms');
    const phone = (details.contact && smsNumberOf(details.contact)) ?? '';
    const keys = await env.keys.unwrap(record.wrappedSecret ?? '');
    await requireRoomForCode(phone);
    const issued = await env.codesAndSessions.issueCode(record.requestId, 'sms', keys.codeKey);
    if (issued.kind === 'tooMany')
      throw new HttpProblem(429, 'tooManyCodes', 'Too many codes were asked for.');
    // One that waits to be sent would be wrong by the time it comes.
    const previous = codeKeyOf(issued.number - 1);
    if (issued.number > 1) await env.outbox.settle(record.requestId, previous, 'superseded');
    let isQueued = false;
    try {
      await textCode(env, { record, keys }, details, issued.number);
    } catch (error) {
      if (!(error instanceof MessageNotAcceptedError)) throw error;
      // The intent is stored: the outbox tries again, with the same code, while it is good.
      isQueued = true;
    }
    return jsonResponse(202, { digits: maskedPhone(phone), isQueued });
  }

  /** What follows when somebody has passed a method: a new session, and the story goes on. */
  async function completedMethods(
    { requestId, completedMethods: before }: LoginSubject,
    method: StepUpMethod,
    context: InvocationContext,
  ): Promise<{ session: Session; record: RequestRecord; cookie: Cookie }> {
    const methods = [...before.filter((one) => one !== method), method];
    const session = env.codesAndSessions.sessionOf(requestId, methods);
    await env.ledger.note(requestId, { event: 'stepUpAccepted', detail: { method } });
    const record = await env.ledger.get(requestId);
    if (record === null || isClosed(record.state)) throw sessionEnded();
    if (record.verifiedAt === null && isSufficient(methods, stepUp)) {
      // The ledger first; the event is only a notifyOrchestration, and the sweeper repeats it when it is lost.
      const change = { verifiedAt: session.verifiedAt, verifiedBy: method };
      await env.ledger.update(requestId, change);
      Object.assign(record, change);
      await notifyOrchestration(df.getClient(context), requestId).catch(() =>
        context.warn(`Request ${requestId} is verified; its orchestration was not reached yet.`),
      );
    }
    return { session, record, cookie: await portal.startSession(requestId, methods) };
  }

  const subjectOf = (visit: PortalSession): LoginSubject => ({
    requestId: visit.record.requestId,
    completedMethods: visit.session.verifiedAt === null ? visit.session.completedMethods : [],
  });

  async function verify(
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponseInit> {
    const { method, code } = await portal.postBody(request, codeBody);
    const visit = await portal.visitOf(request);
    const { requestId, organisation } = visit.record;
    let check: CodeCheck;
    if (method === 'totp') {
      const { contact } = await portal.offered(visit, 'totp');
      const authenticatorId = env.authenticators.authenticatorIdOf(organisation, contact?.id ?? '');
      check = await env.codesAndSessions.checkByApp(requestId, () =>
        env.authenticators.check(authenticatorId, code),
      );
    } else {
      check = await env.codesAndSessions.checkCode(requestId, method, code);
    }
    if (check !== 'accepted') {
      // What changes nothing any more is not recorded: a flood must not fill the record.
      if (check !== 'expired') {
        const event = check === 'wrong' ? 'stepUpRefused' : 'stepUpLockedOut';
        if (check === 'wrong' || (await env.rateLimiter.tryAcquire('lockedOut', requestId, 1, day)))
          await env.ledger.note(requestId, { event, detail: { method } });
      }
      throw codeRefusals[check]();
    }
    await portal.endSession(request);
    const { cookie, ...next } = await completedMethods(subjectOf(visit), method, context);
    return { ...jsonResponse(200, await portalView(portal, next)), cookies: [cookie] };
  }

  async function beginOidc(request: HttpRequest): Promise<HttpResponseInit> {
    await portal.postBody(request, emptyBody);
    const visit = await portal.visitOf(request);
    await portal.offered(visit, 'oidc');
    if (env.login === null) throw methodNotOffered();
    const subject = subjectOf(visit);
    const { url, cookie } = await beginLogin(env.login, pending, subject, subject.requestId);
    return { ...jsonResponse(200, { url }), cookies: [cookie] };
  }

  async function finishOidc(
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponseInit> {
    try {
      if (env.login === null) throw new LoginRefusedError('answerRefused');
      const { claims, subject } = await finishLogin(env.login, pending, request);
      const record = await env.ledger.get(subject.requestId);
      const isOpen = record !== null && record.wrappedSecret !== null && !isClosed(record.state);
      const contact = isOpen ? (await env.ledger.details(record)).contact : null;
      if (contact === null || !isLoginOf(contact, claims, env.settings.authentication.loginClaim)) {
        if (isOpen) {
          const fact = { event: 'stepUpRefused', detail: { method: 'oidc' } } as const;
          await env.ledger.note(subject.requestId, fact);
        }
        throw new LoginRefusedError('answerRefused');
      }
      const { cookie } = await completedMethods(subject, 'oidc', context);
      return redirect('/portal', [cookie, endOfLogin()]);
    } catch (error) {
      if (!(error instanceof LoginRefusedError)) throw error;
      return redirect('/portal?problem=loginRefused', [endOfLogin()]);
    }
  }

  return { openInvitation, sendCode, verify, beginOidc, finishOidc };
}
