import {
  app,
  type Cookie,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import * as df from 'durable-functions';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../activities/environment';
import { factorOf } from '../core/subject';
import { maskedPhone } from '../core/identity';
import { expectedOf, itemKinds } from '../core/items';
import { codeText } from '../core/messages';
import type { RequestRecord, Session } from '../ports';
import { nudge } from './fulfilment';
import { answering, HttpProblem, jsonAnswer, readJson, securityHeaders } from './http';

const bodyLimit = 4096;
const cookieName = '__Host-session';
const pageHeaders = {
  ...securityHeaders,
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
};
const files = {
  '': { name: 'index.html', type: 'text/html; charset=utf-8' },
  'portal.css': { name: 'portal.css', type: 'text/css; charset=utf-8' },
  'portal.js': { name: 'portal.js', type: 'text/javascript; charset=utf-8' },
} as const;

const invitationBody = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const codeBody = z.strictObject({ code: z.string().regex(/^\d{8}$/) });
const emptyBody = z.strictObject({});

const nothingToDownload = (): HttpProblem =>
  new HttpProblem(409, 'notAvailable', 'There is nothing to download now.');

interface Visit {
  session: Session;
  record: RequestRecord;
}

/**
 * The person's portal. GET hands out the page and reads; only POST changes anything, because mail
 * scanners open links. What an invitation alone opens is the way to a code, and nothing else.
 */
export function registerPortal(env: Environment): void {
  const { branding } = env.settings;
  const secure = new URL(branding.portalOrigin);

  const cookie = (value: string, maxAge?: number): Cookie => ({
    name: cookieName,
    value,
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
    ...(maxAge === undefined ? {} : { maxAge }),
  });

  const tokenOf = (request: HttpRequest): string => {
    const cookies = request.headers.get('cookie') ?? '';
    return new RegExp(`(?:^|;\\s*)${cookieName}=([^;]+)`).exec(cookies)?.[1] ?? '';
  };

  /** @throws HttpProblem 401 without a living session */
  async function visitOf(request: HttpRequest): Promise<Visit> {
    const session = await env.access.session(tokenOf(request));
    const record = session && (await env.ledger.get(session.requestId));
    if (!session || !record)
      throw new HttpProblem(401, 'sessionEnded', 'Open the link from your email again.');
    return { session, record };
  }

  /** @throws HttpProblem 403 when another site sends the request, 400 when the body is not as it must be */
  async function postBody<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T> {
    if (request.headers.get('origin') !== secure.origin) {
      throw new HttpProblem(403, 'originRefused', 'Requests are taken from the portal page only.');
    }
    const result = schema.safeParse(await readJson(request, bodyLimit));
    if (!result.success) throw new HttpProblem(400, 'invalidBody', 'The body is not valid.');
    return result.data;
  }

  async function phoneOf(record: RequestRecord): Promise<string> {
    const { contact } = await env.ledger.details(record);
    const phone = contact && factorOf(contact);
    if (!phone)
      throw new HttpProblem(409, 'noFactor', 'There is no number on file to send a code to.');
    return phone;
  }

  /** A step-up counts for the download only when it was made after the package became available. */
  const isSteppedUp = ({ session, record }: Visit): boolean =>
    session.verifiedAt !== null &&
    (record.releasedAt === null || session.verifiedAt >= record.releasedAt);

  async function view(visit: Visit): Promise<Record<string, unknown>> {
    const { session, record } = visit;
    const common = { controller: branding.controllerName, contact: branding.controllerContact };
    if (record.wrappedSecret === null) return { ...common, step: 'ended' };
    if (session.verifiedAt === null || !isSteppedUp(visit)) {
      return { ...common, step: 'verify', phone: maskedPhone(await phoneOf(record)) };
    }
    const counts = await env.ledger.counts(record.requestId);
    return {
      ...common,
      step: record.state === 'available' ? 'download' : 'progress',
      state: record.state,
      conversations: record.conversations,
      progress: Object.fromEntries(
        itemKinds.map((kind) => [
          kind,
          { expected: expectedOf(counts[kind]), exported: counts[kind].exported },
        ]),
      ),
      statements: record.availability,
      packageBytes: record.packageBytes,
      availableUntil: record.availableUntil,
    };
  }

  async function openInvitation(request: HttpRequest): Promise<HttpResponseInit> {
    const { token } = await postBody(request, invitationBody);
    const requestId = await env.access.invitation(token);
    const record = requestId === null ? null : await env.ledger.get(requestId);
    if (record === null)
      throw new HttpProblem(404, 'invitationUnknown', 'This link is not valid any more.');
    const session: Session = { requestId: record.requestId, verifiedAt: null };
    const cookies = [cookie(await env.access.startSession(session))];
    return { ...jsonAnswer(200, await view({ session, record })), cookies };
  }

  async function sendCode(request: HttpRequest): Promise<HttpResponseInit> {
    await postBody(request, emptyBody);
    const { record } = await visitOf(request);
    const phone = await phoneOf(record);
    const issued = await env.access.issueCode(record.requestId);
    if (issued === null) {
      throw new HttpProblem(
        429,
        'tooManyCodes',
        'Too many codes were asked for. Please try again in an hour.',
      );
    }
    await env.notifier.sms({ to: phone, text: codeText(branding, issued.code) });
    return jsonAnswer(202, { phone: maskedPhone(phone) });
  }

  async function verify(
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponseInit> {
    const { code } = await postBody(request, codeBody);
    const { record } = await visitOf(request);
    const check = await env.access.checkCode(record.requestId, code);
    if (check === 'wrong') throw new HttpProblem(403, 'codeWrong', 'This code is not right.');
    if (check === 'expired')
      throw new HttpProblem(
        403,
        'codeExpired',
        'This code is not valid any more. Ask for a new one.',
      );
    if (check === 'lockedOut')
      throw new HttpProblem(
        429,
        'lockedOut',
        'There were too many wrong codes. Please try again tomorrow.',
      );
    const verifiedAt = env.clock.now().toISOString();
    if (record.verifiedAt === null) {
      // The ledger first; the event is only a nudge, and the sweeper repeats it when it is lost.
      await env.ledger.update(record.requestId, { verifiedAt });
      await nudge(df.getClient(context), record.requestId).catch(() =>
        context.warn(
          `Request ${record.requestId} is verified; its orchestration was not reached yet.`,
        ),
      );
    }
    await env.access.endSession(tokenOf(request));
    const session: Session = { requestId: record.requestId, verifiedAt };
    const cookies = [cookie(await env.access.startSession(session))];
    return { ...jsonAnswer(200, await view({ session, record })), cookies };
  }

  async function read(request: HttpRequest): Promise<HttpResponseInit> {
    return jsonAnswer(200, await view(await visitOf(request)));
  }

  /** @throws HttpProblem 403 without a fresh step-up, 409 when there is no package (any more) */
  async function downloadable(
    request: HttpRequest,
  ): Promise<RequestRecord & { wrappedSecret: string }> {
    await postBody(request, emptyBody);
    const visit = await visitOf(request);
    if (!isSteppedUp(visit))
      throw new HttpProblem(403, 'stepUpNeeded', 'Please enter a new code first.');
    const { record } = visit;
    const { wrappedSecret } = record;
    const isAvailable = record.state === 'available' || record.state === 'delivered';
    const isOver =
      record.availableUntil === null || env.clock.now().toISOString() >= record.availableUntil;
    if (!isAvailable || isOver || wrappedSecret === null) {
      throw nothingToDownload();
    }
    return { ...record, wrappedSecret };
  }

  async function download(request: HttpRequest): Promise<HttpResponseInit> {
    const record = await downloadable(request);
    const link = await env.packages.link(record.requestId);
    if (link === null) throw nothingToDownload();
    return jsonAnswer(200, { ...link, bytes: record.packageBytes });
  }

  async function passphrase(request: HttpRequest): Promise<HttpResponseInit> {
    const record = await downloadable(request);
    return jsonAnswer(200, {
      passphrase: (await env.keys.unwrap(record.wrappedSecret)).passphrase,
    });
  }

  for (const [path, { name, type }] of Object.entries(files)) {
    const content = readFileSync(join(__dirname, '..', 'portal', name));
    app.http(`portal-${name.replace('.', '-')}`, {
      route: path === '' ? 'portal' : `portal/${path}`,
      methods: ['GET', 'HEAD'],
      authLevel: 'anonymous',
      handler: () => ({
        status: 200,
        headers: { ...pageHeaders, 'Content-Type': type },
        body: content,
      }),
    });
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
  post('portalDownload', 'download', download);
  post('portalPassphrase', 'passphrase', passphrase);
  app.http('portalRequest', {
    route: 'portal/api/request',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: answering(read),
  });
}
