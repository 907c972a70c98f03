import { app, type HttpResponseInit } from '@azure/functions';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appFolder } from '../../app-folder';
import { LoginRefusedError, NoLoginPendingError } from '../../core/errors';
import {
  fallbackLocale,
  type Catalog,
  type Locales,
  type MessageTree,
} from '../../core/i18n/translator';
import type { LoginProvider, OfficerDirectory, RateLimiter, TokenStore } from '../../ports';
import { networkOf } from '../shared/address';
import {
  withProblemDetails,
  HttpProblem,
  jsonResponse,
  pageHeaders,
  redirect,
} from '../shared/http';
import type { OfficerAuthenticator } from './authenticator';
import { beginLogin, endOfLogin, finishLogin, type PendingLogin } from '../shared/sign-in';

export interface OfficerPageParts {
  guard: OfficerAuthenticator;
  directory: OfficerDirectory | null;
  /** The directory's sign-in; null if no directory is configured. */
  login: LoginProvider | null;
  pending: TokenStore<PendingLogin<null>>;
  locales: Locales;
  rateLimiter: Pick<RateLimiter, 'tryAcquire'>;
  /** Sign-ins that one network may begin in a minute. */
  callsPerMinute: number;
  /** Time zone in which legal days begin and end. */
  timeZone: string;
}

const page = '/portal/officer';

/** The officers' page, and their sign-in by the company's directory. */
export function registerOfficerPage(parts: OfficerPageParts): void {
  registerSignIn(parts);
  registerSession(parts);
  registerFile('portal/officer', 'officer.html', 'text/html; charset=utf-8');
  registerWords(parts.locales);
  registerFile('portal/officer.css', 'officer.css', 'text/css; charset=utf-8');
  registerFile('portal/officer.js', 'officer.js', 'text/javascript; charset=utf-8');
  registerFile('portal/officer-check.js', 'officer-check.js', 'text/javascript; charset=utf-8');
}

function registerSignIn({
  guard: authenticator,
  directory,
  login,
  pending,
  rateLimiter,
  callsPerMinute,
}: OfficerPageParts): void {
  app.http('officerSignIn', {
    route: 'portal/officer/sign-in',
    methods: ['POST'],
    authLevel: 'anonymous',
    handler: withProblemDetails(async (request) => {
      authenticator.requireOwnPage(request);
      if (login === null)
        throw new HttpProblem(
          409,
          'directoryNotConfigured',
          'No directory of officers is configured.',
        );
      if (!(await rateLimiter.tryAcquire('address', networkOf(request), callsPerMinute, 60)))
        throw new HttpProblem(429, 'tooManyRequests', 'Too many requests. Retry in a minute.');
      const { url, cookie } = await beginLogin(login, pending, null);
      return { ...jsonResponse(200, { url }), cookies: [cookie] };
    }),
  });

  app.http('officerCallback', {
    route: 'portal/officer/callback',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(async (request): Promise<HttpResponseInit> => {
      try {
        if (login === null || directory === null) throw new LoginRefusedError('answerRefused');
        const { claims } = await finishLogin(login, pending, request);
        const officer = directory.ofClaims(claims);
        if (officer === null || officer.roles.length === 0)
          throw new LoginRefusedError('answerRefused');
        return redirect(page, [await authenticator.startSession(officer), endOfLogin()]);
      } catch (error) {
        if (!(error instanceof LoginRefusedError)) throw error;
        // What no sign-in has begun is anybody's call, and says nothing.
        if (!(error instanceof NoLoginPendingError)) await authenticator.refuseSignIn(error.code);
        return redirect(`${page}?problem=${error.code}`, [endOfLogin()]);
      }
    }),
  });
}

function registerSession({
  guard: authenticator,
  timeZone,
}: Pick<OfficerPageParts, 'guard' | 'timeZone'>): void {
  app.http('officerSignOut', {
    route: 'portal/officer/sign-out',
    methods: ['POST'],
    authLevel: 'anonymous',
    handler: withProblemDetails(async (request) => ({
      ...jsonResponse(200, {}),
      cookies: [await authenticator.endSession(request)],
    })),
  });

  app.http('officerMe', {
    route: 'portal/officer/me',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(async (request) => {
      const officer = await authenticator.officer(request);
      if (officer === null)
        throw new HttpProblem(401, 'signInRequired', 'Officer sign-in required.');
      const { id, name, roles } = officer;
      return jsonResponse(200, { id, name, roles, timeZone });
    }),
  });
}

/**
 * The words of the page in one language, and in English what it lacks; of the other languages the names.
 * Without a language only the names, by which the page chooses one.
 */
function registerWords(locales: Locales): void {
  const wordsOf = ({ name, shared = {}, officer = {}, report }: Catalog): Catalog => ({
    name,
    shared,
    officer,
    report: { reasons: (report as MessageTree | undefined)?.['reasons'] ?? {} },
  });
  const catalogsFor = (chosen: string | null): Locales =>
    Object.fromEntries(
      Object.entries(locales).map(([tag, catalog]) => [
        tag,
        chosen !== null && [chosen, fallbackLocale].includes(tag)
          ? wordsOf(catalog)
          : { name: catalog.name },
      ]),
    );
  app.http('officerLanguages', {
    route: 'portal/officer/languages.json',
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: (request) => jsonResponse(200, catalogsFor(request.query.get('tag') || null)),
  });
}

function registerFile(route: string, name: string, type: string): void {
  const content = readFileSync(join(appFolder, 'web/officer', name));
  app.http(`page-${name.replace('.', '-')}`, {
    route,
    methods: ['GET', 'HEAD'],
    authLevel: 'anonymous',
    handler: () => ({
      status: 200,
      headers: { ...pageHeaders(), 'Content-Type': type },
      body: content,
    }),
  });
}
