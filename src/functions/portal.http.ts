import {
  app,
  type Cookie,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import * as df from 'durable-functions';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { z } from 'zod';
import { openRequest, type Environment } from '../activities/environment';
import { codeKeyOf, mailboxOf, mailPerson, textCode } from '../activities/messaging';
import { methodsOf } from '../activities/step-up';
import type { TokenStore } from '../adapters/identity/tokens';
import { historyOf } from '../core/custody';
import { MessageNotTakenError, LoginRefusedError } from '../core/errors';
import { minutesLeft } from '../core/estimate';
import { maskedPhone } from '../core/identity';
import { expectedOf, itemKinds } from '../core/items';
import { isLoginOf } from '../core/login';
import { packageEndsAt } from '../core/package-end';
import { isStopped } from '../core/states';
import { isProven, type StepUpMethod } from '../core/step-up';
import { factorOf } from '../core/subject';
import { addSeconds, atTime, secondsBetween } from '../core/time';
import type { CodeCheck, RequestDetails, RequestRecord, Session } from '../ports';
import { nudge } from './fulfilment';
import {
  addressOf,
  answering,
  cookieOf,
  HttpProblem,
  jsonAnswer,
  parsedBody,
  redirect,
  sessionCookie,
} from './http';
import { beginLogin, endOfLogin, finishLogin, type PendingLogin } from './sign-in';

const bodyLimit = 4096;
const cookieName = '__Host-session';
/** Hours for which a step-up counts, while a download keeps the session alive. */
const stepUpHours = 12;
/** Seconds for which a download counts as running after its link has ended. */
const downloadGrace = 300;
const day = 86_400;

const invitationBody = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const codeBody = z.discriminatedUnion('method', [
  z.strictObject({ method: z.enum(['sms', 'officer']), code: z.string().regex(/^\d{8}$/) }),
  z.strictObject({ method: z.literal('totp'), code: z.string().regex(/^[0-9A-Za-z -]{6,20}$/) }),
]);
const confirmBody = z.strictObject({ code: z.string().regex(/^\d{6}$/) });
const downloadBody = z.strictObject({ by: z.enum(['page', 'browser']) });
const deliveredBody = z.strictObject({ bytes: z.int().nonnegative() });
const emptyBody = z.strictObject({});

/** What a sign-in by the company's login is for. */
export interface LoginSubject {
  requestId: string;
  passed: StepUpMethod[];
}

interface Visit {
  session: Session;
  record: RequestRecord;
}

const nothingToDownload = (): HttpProblem =>
  new HttpProblem(409, 'notAvailable', 'There is nothing to download now.');

const refusals: Record<Exclude<CodeCheck, 'accepted'>, () => HttpProblem> = {
  wrong: () => new HttpProblem(403, 'codeWrong', 'This code is not right.'),
  expired: () => new HttpProblem(403, 'codeExpired', 'This code is not valid any more.'),
  lockedOut: () => new HttpProblem(429, 'lockedOut', 'There were too many wrong codes.'),
};

/**
 * The person's portal. GET reads; only POST changes anything, because mail scanners open links. What
 * an invitation alone opens is the way to a step-up, and nothing else.
 */
export function registerPortal(
  env: Environment,
  pending: TokenStore<PendingLogin<LoginSubject>>,
): void {
  const { branding, stepUp } = env.settings;
  const { origin } = new URL(branding.portalOrigin);

  /** @throws HttpProblem 401 without a living session */
  async function visitOf(request: HttpRequest): Promise<Visit> {
    const session = await env.access.session(cookieOf(request, cookieName));
    const record = session && (await env.ledger.get(session.requestId));
    if (!session || !record || isStopped(record.state))
      throw new HttpProblem(401, 'sessionEnded', 'Open the link from your email again.');
    return { session, record };
  }

  /**
   * @throws HttpProblem 403 when another site sends the request, 429 when one address sends too many,
   *   400 when the body is not as it must be
   */
  async function postBody<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
    if (request.headers.get('origin') !== origin) {
      throw new HttpProblem(403, 'originRefused', 'Requests are taken from the portal page only.');
    }
    const { portalCallsPerMinute } = env.settings;
    if (!(await env.caps.take('address', addressOf(request), portalCallsPerMinute, 60)))
      throw new HttpProblem(429, 'tooManyRequests', 'Too many calls came from your connection.');
    return parsedBody(request, schema, bodyLimit);
  }

  /** A step-up counts for twelve hours, and for the download only when it was made after the release. */
  function isSteppedUp({ session: { verifiedAt }, record: { releasedAt } }: Visit): boolean {
    if (verifiedAt === null) return false;
    const age = secondsBetween(atTime(verifiedAt), env.clock.now());
    return age <= stepUpHours * 3600 && (releasedAt === null || verifiedAt >= releasedAt);
  }

  /** Ways in which this person may prove who they are; those passed in this session stay away. */
  async function openMethods(
    { session, record }: Visit,
    details: RequestDetails,
  ): Promise<StepUpMethod[]> {
    const methods = await methodsOf(env, record, details);
    const hasCode = await env.access.hasCode(record.requestId, 'officer');
    const all: StepUpMethod[] = hasCode ? [...methods, 'officer'] : methods;
    // Who has proven themselves before the release is asked for everything again.
    const passed = session.verifiedAt === null ? session.passed : [];
    return all.filter((method) => !passed.includes(method));
  }

  async function view(visit: Visit): Promise<Record<string, unknown>> {
    const { session, record } = visit;
    const { controllerName: controller, controllerContact: contactPoint, hasLogo } = branding;
    const common = { controller, contact: contactPoint, hasLogo };
    if (record.wrappedSecret === null) return { ...common, step: 'ended' };
    const details = await env.ledger.details(record);
    const { contact, locale, timeZone } = details;
    if (!isSteppedUp(visit)) {
      const methods = await openMethods(visit, details);
      const phone = contact && factorOf(contact);
      return {
        ...common,
        locale,
        step: methods.length === 0 ? 'noFactor' : 'verify',
        methods,
        digits: phone && methods.includes('sms') ? maskedPhone(phone) : null,
        isSecond: session.passed.length > 0 && session.verifiedAt === null,
        isAgain: record.releasedAt !== null,
      };
    }
    const { requestId } = record;
    const counts = await env.ledger.counts(requestId);
    const isThere = record.state === 'available' || record.state === 'delivered';
    const now = env.clock.now();
    const endsAt = packageEndsAt(record) ?? '';
    return {
      ...common,
      locale,
      timeZone,
      step: isThere && now.toISOString() < endsAt ? 'download' : isThere ? 'ended' : 'progress',
      state: record.state,
      progress: Object.fromEntries(
        itemKinds.map((kind) => [
          kind,
          { expected: expectedOf(counts[kind]), exported: counts[kind].exported },
        ]),
      ),
      minutesLeft: minutesLeft(record, counts, now),
      statements: record.availability,
      packageBytes: record.packageBytes,
      availableUntil: record.availableUntil,
      isOver: now.toISOString() >= (record.availableUntil ?? ''),
      canEnrol:
        stepUp.offered.includes('totp') &&
        contact !== null &&
        !(await env.apps.isEnrolled(env.apps.factorIdOf(record.organisation, contact.id))),
      history: historyOf((await env.ledger.custody(requestId)).entries),
    };
  }

  async function openInvitation(request: HttpRequest): Promise<HttpResponseInit> {
    const { token } = await postBody(request, invitationBody);
    const requestId = await env.access.invitation(token);
    const record = requestId === null ? null : await env.ledger.get(requestId);
    if (record === null || isStopped(record.state))
      throw new HttpProblem(404, 'invitationUnknown', 'This link is not valid any more.');
    const session = env.access.sessionOf(record.requestId, []);
    const cookies = [await startSession(record.requestId, [])];
    return { ...jsonAnswer(200, await view({ session, record })), cookies };
  }

  const startSession = async (requestId: string, passed: StepUpMethod[]): Promise<Cookie> =>
    sessionCookie(cookieName, await env.access.startSession(requestId, passed));

  /** @throws HttpProblem 409 when this person is not offered the method */
  async function offered(visit: Visit, method: StepUpMethod): Promise<RequestDetails> {
    if (visit.record.wrappedSecret === null) throw nothingToDownload();
    const details = await env.ledger.details(visit.record);
    if (!(await openMethods(visit, details)).includes(method))
      throw new HttpProblem(409, 'methodNotOffered', 'This way is not offered.');
    return details;
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
    await postBody(request, emptyBody);
    const visit = await visitOf(request);
    const { record } = visit;
    const details = await offered(visit, 'sms');
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
    if (record === null || isStopped(record.state))
      throw new HttpProblem(401, 'sessionEnded', 'Open the link from your email again.');
    if (record.verifiedAt === null && isProven(methods, stepUp)) {
      // The ledger first; the event is only a nudge, and the sweeper repeats it when it is lost.
      const change = { verifiedAt: session.verifiedAt, verifiedBy: method };
      await env.ledger.update(requestId, change);
      Object.assign(record, change);
      await nudge(df.getClient(context), requestId).catch(() =>
        context.warn(`Request ${requestId} is verified; its orchestration was not reached yet.`),
      );
    }
    return { session, record, cookie: await startSession(requestId, methods) };
  }

  const subjectOf = (visit: Visit): LoginSubject => ({
    requestId: visit.record.requestId,
    passed: visit.session.verifiedAt === null ? visit.session.passed : [],
  });

  async function verify(
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponseInit> {
    const { method, code } = await postBody(request, codeBody);
    const visit = await visitOf(request);
    const { requestId, organisation } = visit.record;
    let check: CodeCheck;
    if (method === 'totp') {
      const { contact } = await offered(visit, 'totp');
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
      throw refusals[check]();
    }
    await env.access.endSession(cookieOf(request, cookieName));
    const { cookie, ...next } = await passed(subjectOf(visit), method, context);
    return { ...jsonAnswer(200, await view(next)), cookies: [cookie] };
  }

  async function beginOidc(request: HttpRequest): Promise<HttpResponseInit> {
    await postBody(request, emptyBody);
    const visit = await visitOf(request);
    await offered(visit, 'oidc');
    if (env.login === null) throw new HttpProblem(409, 'methodNotOffered', 'This is not offered.');
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

  async function enrol(request: HttpRequest): Promise<HttpResponseInit> {
    await postBody(request, emptyBody);
    const { factorId } = await enrolment(request);
    return jsonAnswer(200, await env.apps.enrol(factorId));
  }

  async function confirmEnrolment(request: HttpRequest): Promise<HttpResponseInit> {
    const { code } = await postBody(request, confirmBody);
    const { factorId, record } = await enrolment(request);
    const recoveryCodes = await env.apps.confirm(factorId, code);
    if (recoveryCodes === null) throw refusals.wrong();
    await env.ledger.note(record.requestId, {
      event: 'factorEnrolled',
      detail: { method: 'totp' },
    });
    await tellOfApp(record);
    return jsonAnswer(200, { recoveryCodes });
  }

  /** A mail that nobody expects is how somebody learns that another one got in. */
  async function tellOfApp(record: RequestRecord): Promise<void> {
    const request = await openRequest(env, record.requestId);
    const details = await env.ledger.details(request.record);
    if (mailboxOf(details) === '') return;
    await mailPerson(env, request, details, { kind: 'factorEnrolled' }).catch(() => undefined);
  }

  /** @throws HttpProblem 403 without a step-up, 409 when there is an app already or none is wanted */
  async function enrolment(
    request: HttpRequest,
  ): Promise<{ factorId: string; record: RequestRecord }> {
    const visit = await visitOf(request);
    if (!isSteppedUp(visit))
      throw new HttpProblem(403, 'stepUpNeeded', 'Please confirm again who you are.');
    const { contact } = await env.ledger.details(visit.record);
    const factorId = env.apps.factorIdOf(visit.record.organisation, contact?.id ?? '');
    const isWanted = contact !== null && stepUp.offered.includes('totp');
    if (!isWanted || (await env.apps.isEnrolled(factorId)))
      throw new HttpProblem(409, 'methodNotOffered', 'This way is not offered.');
    return { factorId, record: visit.record };
  }

  async function read(request: HttpRequest): Promise<HttpResponseInit> {
    return jsonAnswer(200, await view(await visitOf(request)));
  }

  async function signOut(request: HttpRequest): Promise<HttpResponseInit> {
    await postBody(request, emptyBody);
    await env.access.endSession(cookieOf(request, cookieName));
    return { ...jsonAnswer(200, {}), cookies: [sessionCookie(cookieName, '', 0)] };
  }

  /** @throws HttpProblem 403 without a fresh step-up, 409 when there is no package (any more) */
  async function downloadable(
    request: HttpRequest,
  ): Promise<RequestRecord & { wrappedSecret: string }> {
    const visit = await visitOf(request);
    if (!isSteppedUp(visit))
      throw new HttpProblem(403, 'stepUpNeeded', 'Please confirm again who you are.');
    const { record } = visit;
    const { wrappedSecret } = record;
    const isAvailable = record.state === 'available' || record.state === 'delivered';
    const endsAt = packageEndsAt(record);
    const isOver = endsAt === null || env.clock.now().toISOString() >= endsAt;
    if (!isAvailable || isOver || wrappedSecret === null) throw nothingToDownload();
    return { ...record, wrappedSecret };
  }

  async function download(request: HttpRequest): Promise<HttpResponseInit> {
    const { by } = await postBody(request, downloadBody);
    const record = await downloadable(request);
    const { linkMinutes, plainLinkMinutes } = env.settings;
    const minutes = by === 'page' ? linkMinutes : plainLinkMinutes;
    const link = await env.packages.link(record.requestId, minutes);
    if (link === null) throw nothingToDownload();
    const until = addSeconds(env.clock.now(), minutes * 60 + downloadGrace).toISOString();
    await env.ledger.note(
      record.requestId,
      { event: 'linkMinted', detail: { by, minutes } },
      { downloadUntil: until },
    );
    return jsonAnswer(200, { ...link, minutes, bytes: record.packageBytes });
  }

  /** The page says that it has written the last byte. */
  async function delivered(request: HttpRequest): Promise<HttpResponseInit> {
    const { bytes } = await postBody(request, deliveredBody);
    const { requestId, packageBytes } = await downloadable(request);
    if (bytes !== packageBytes)
      throw new HttpProblem(400, 'invalidBody', 'The package has another size.');
    await env.ledger.note(requestId, { event: 'downloadReported', detail: { bytes } });
    await env.ledger.move(requestId, 'delivered');
    return jsonAnswer(200, {});
  }

  async function passphrase(request: HttpRequest): Promise<HttpResponseInit> {
    await postBody(request, emptyBody);
    const { requestId, wrappedSecret } = await downloadable(request);
    const keys = await env.keys.unwrap(wrappedSecret);
    await env.ledger.note(requestId, { event: 'passphraseShown' });
    return jsonAnswer(200, { passphrase: keys.passphrase });
  }

  const post = (name: string, path: string, handler: Parameters<typeof answering>[0]): void =>
    app.http(name, {
      route: `portal/api/${path}`,
      methods: ['POST'],
      authLevel: 'anonymous',
      extraInputs: [df.input.durableClient()],
      handler: answering(handler),
    });
  post('portalOpen', 'open', openInvitation);
  post('portalCode', 'code', sendCode);
  post('portalVerify', 'verify', verify);
  post('portalLogin', 'login', beginOidc);
  post('portalEnrol', 'app', enrol);
  post('portalConfirmApp', 'app/confirm', confirmEnrolment);
  post('portalDownload', 'download', download);
  post('portalDelivered', 'delivered', delivered);
  post('portalPassphrase', 'passphrase', passphrase);
  post('portalSignOut', 'sign-out', signOut);
  app.http('portalRequest', {
    route: 'portal/api/request',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: answering(read),
  });
  app.http('portalCallback', {
    route: 'portal/callback',
    methods: ['GET'],
    authLevel: 'anonymous',
    extraInputs: [df.input.durableClient()],
    handler: answering(finishOidc),
  });
}
