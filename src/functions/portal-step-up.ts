import type { Cookie, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { z } from 'zod';
import { codeKeyOf, textCode } from '../activities/messaging';
import type { TokenStore } from '../adapters/identity/tokens';
import { emptyBody } from '../core/api-bodies';
import { LoginRefusedError, MessageNotTakenError } from '../core/errors';
import { maskedPhone } from '../core/identity';
import { isLoginOf } from '../core/login';
import { isStopped } from '../core/states';
import { isProven, type StepUpMethod } from '../core/step-up';
import { factorOf } from '../core/subject';
import type { CodeCheck, RequestRecord, Session } from '../ports';
import { nudge } from './fulfilment';
import { HttpProblem, jsonAnswer, redirect } from './http';
import { methodNotOffered, sessionEnded, type PortalDesk, type Visit } from './portal-desk';
import { portalView } from './portal-view';
import { beginLogin, endOfLogin, finishLogin, type PendingLogin } from './sign-in';

const day = 86_400;

const invitationBody = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const codeBody = z.discriminatedUnion('method', [
  z.strictObject({ method: z.enum(['sms', 'officer']), code: z.string().regex(/^\d{8}$/) }),
  z.strictObject({ method: z.literal('totp'), code: z.string().regex(/^[0-9A-Za-z -]{6,20}$/) }),
]);

/** What a sign-in by the company's login is for. */
export interface LoginSubject {
  requestId: string;
  passed: StepUpMethod[];
}

/** What is said of a code that is not taken. */
export const codeRefusals: Record<Exclude<CodeCheck, 'accepted'>, () => HttpProblem> = {
  wrong: () => new HttpProblem(403, 'codeWrong', 'This code is not right.'),
  expired: () => new HttpProblem(403, 'codeExpired', 'This code is not valid any more.'),
  lockedOut: () => new HttpProblem(429, 'lockedOut', 'There were too many wrong codes.'),
};

/** How people prove who they are: from the link in their email to a session that has passed a step-up. */
export function portalStepUp(desk: PortalDesk, pending: TokenStore<PendingLogin<LoginSubject>>) {
  const { env } = desk;
  const { stepUp } = env.settings;

  async function openInvitation(request: HttpRequest): Promise<HttpResponseInit> {
    const { token } = await desk.postBody(request, invitationBody);
    const requestId = await env.access.invitation(token);
    const record = requestId === null ? null : await env.ledger.get(requestId);
    if (record === null || isStopped(record.state))
      throw new HttpProblem(404, 'invitationUnknown', 'This link is not valid any more.');
    const session = env.access.sessionOf(record.requestId, []);
    const cookies = [await desk.startSession(record.requestId, [])];
    return { ...jsonAnswer(200, await portalView(desk, { session, record })), cookies };
  }

  /** Codes cost money, and there are people who earn by them: caps by number, country and day. */
  async function requireRoomForCode(phone: string): Promise<void> {
    const { perNumberAndDay, perCountryAndDay, countries } = env.settings.codeCaps;
    const country = parsePhoneNumberFromString(phone)?.country ?? 'none';
    const isAllowed =
      (countries === null || countries.has(country)) &&
      (await env.caps.take('number', phone, perNumberAndDay, day)) &&
      (await env.caps.take('country', country, perCountryAndDay, day));
    if (!isAllowed)
      throw new HttpProblem(429, 'messagesCapped', 'No more codes can be sent to this number.');
  }

  async function sendCode(request: HttpRequest): Promise<HttpResponseInit> {
    await desk.postBody(request, emptyBody);
    const visit = await desk.visitOf(request);
    const { record } = visit;
    const details = await desk.offered(visit, 'sms');
    const phone = (details.contact && factorOf(details.contact)) ?? '';
    const keys = await env.keys.unwrap(record.wrappedSecret ?? '');
    await requireRoomForCode(phone);
    const issued = await env.access.issueCode(record.requestId, 'sms', keys.codeKey);
    if (issued.kind === 'tooMany')
      throw new HttpProblem(429, 'tooManyCodes', 'Too many codes were asked for.');
    // One that waits to be sent would be wrong by the time it comes.
    const previous = codeKeyOf(issued.number - 1);
    if (issued.number > 1) await env.outbox.settle(record.requestId, previous, 'superseded');
    let isQueued = false;
    try {
      await textCode(env, { record, keys }, details, issued.number);
    } catch (error) {
      if (!(error instanceof MessageNotTakenError)) throw error;
      // The intent is stored: the outbox tries again, with the same code, while it is good.
      isQueued = true;
    }
    return jsonAnswer(202, { digits: maskedPhone(phone), isQueued });
  }

  /** What follows when somebody has passed a method: a new session, and the story goes on. */
  async function passed(
    { requestId, passed: before }: LoginSubject,
    method: StepUpMethod,
    context: InvocationContext,
  ): Promise<{ session: Session; record: RequestRecord; cookie: Cookie }> {
    const methods = [...before.filter((one) => one !== method), method];
    const session = env.access.sessionOf(requestId, methods);
    await env.ledger.note(requestId, { event: 'stepUpAccepted', detail: { method } });
    const record = await env.ledger.get(requestId);
    if (record === null || isStopped(record.state)) throw sessionEnded();
    if (record.verifiedAt === null && isProven(methods, stepUp)) {
      // The ledger first; the event is only a nudge, and the sweeper repeats it when it is lost.
      const change = { verifiedAt: session.verifiedAt, verifiedBy: method };
      await env.ledger.update(requestId, change);
      Object.assign(record, change);
      await nudge(df.getClient(context), requestId).catch(() =>
        context.warn(`Request ${requestId} is verified; its orchestration was not reached yet.`),
      );
    }
    return { session, record, cookie: await desk.startSession(requestId, methods) };
  }

  const subjectOf = (visit: Visit): LoginSubject => ({
    requestId: visit.record.requestId,
    passed: visit.session.verifiedAt === null ? visit.session.passed : [],
  });

  async function verify(
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponseInit> {
    const { method, code } = await desk.postBody(request, codeBody);
    const visit = await desk.visitOf(request);
    const { requestId, organisation } = visit.record;
    let check: CodeCheck;
    if (method === 'totp') {
      const { contact } = await desk.offered(visit, 'totp');
      const factorId = env.apps.factorIdOf(organisation, contact?.id ?? '');
      check = await env.access.checkByApp(requestId, () => env.apps.check(factorId, code));
    } else {
      check = await env.access.checkCode(requestId, method, code);
    }
    if (check !== 'accepted') {
      // What changes nothing any more is not recorded: a flood must not fill the record.
      if (check !== 'expired') {
        const event = check === 'wrong' ? 'stepUpRefused' : 'stepUpLockedOut';
        if (check === 'wrong' || (await env.caps.take('lockedOut', requestId, 1, day)))
          await env.ledger.note(requestId, { event, detail: { method } });
      }
      throw codeRefusals[check]();
    }
    await desk.endSession(request);
    const { cookie, ...next } = await passed(subjectOf(visit), method, context);
    return { ...jsonAnswer(200, await portalView(desk, next)), cookies: [cookie] };
  }

  async function beginOidc(request: HttpRequest): Promise<HttpResponseInit> {
    await desk.postBody(request, emptyBody);
    const visit = await desk.visitOf(request);
    await desk.offered(visit, 'oidc');
    if (env.login === null) throw methodNotOffered();
    const subject = subjectOf(visit);
    const { url, cookie } = await beginLogin(env.login, pending, subject, subject.requestId);
    return { ...jsonAnswer(200, { url }), cookies: [cookie] };
  }

  async function finishOidc(
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponseInit> {
    try {
      if (env.login === null) throw new LoginRefusedError('answerRefused');
      const { claims, subject } = await finishLogin(env.login, pending, request);
      const record = await env.ledger.get(subject.requestId);
      const isOpen = record !== null && record.wrappedSecret !== null && !isStopped(record.state);
      const contact = isOpen ? (await env.ledger.details(record)).contact : null;
      if (contact === null || !isLoginOf(contact, claims, env.settings.loginClaim)) {
        if (isOpen) {
          const fact = { event: 'stepUpRefused', detail: { method: 'oidc' } } as const;
          await env.ledger.note(subject.requestId, fact);
        }
        throw new LoginRefusedError('answerRefused');
      }
      const { cookie } = await passed(subject, 'oidc', context);
      return redirect('/portal', [cookie, endOfLogin()]);
    } catch (error) {
      if (!(error instanceof LoginRefusedError)) throw error;
      return redirect('/portal?problem=loginRefused', [endOfLogin()]);
    }
  }

  return { openInvitation, sendCode, verify, beginOidc, finishOidc };
}
