import type { Cookie, HttpRequest } from '@azure/functions';
import type { LoginClaims, LoginProvider, LoginStart, TokenStore } from '../../ports';
import { NoLoginPendingError } from '../../core/errors';
import { cookieOf, sessionCookie } from './http';

/** A sign-in that a provider has not answered yet. */
export interface PendingLogin<T> {
  start: Omit<LoginStart, 'url'>;
  /** What the browser's cookie must hold when it comes back. */
  binding: string;
  /** What the sign-in is for. */
  subject: T;
}

const cookieName = '__Host-oidc';
/** Seconds within which a sign-in must be finished. */
export const loginSeconds = 600;

/**
 * Begins a sign-in. Its state is valid once, for ten minutes, in this browser only. The cookie is Lax
 * because the provider sends the browser back from another site.
 */
export async function beginLogin<T>(
  provider: LoginProvider,
  pending: TokenStore<PendingLogin<T>>,
  subject: T,
  requestId = '',
): Promise<{ url: string; cookie: Cookie }> {
  const { url, ...start } = await provider.begin();
  const binding = pending.newToken();
  await pending.put(start.state, { start, binding, subject }, requestId);
  return { url, cookie: sessionCookie(cookieName, binding, loginSeconds, 'Lax') };
}

/** Deletes the cookie of a sign-in. */
export const endOfLogin = (): Cookie => sessionCookie(cookieName, '', 0, 'Lax');

/**
 * Finishes a sign-in by the query with which the provider sent the browser back.
 * @throws NoLoginPendingError if another browser began the sign-in, or if it was finished before
 * @throws LoginRefusedError if the provider's answer is not valid
 */
export async function finishLogin<T>(
  provider: LoginProvider,
  pending: TokenStore<PendingLogin<T>>,
  request: HttpRequest,
): Promise<{ claims: LoginClaims; subject: T }> {
  const state = request.query.get('state') ?? '';
  const login = await pending.take(state);
  if (login === null || login.binding !== cookieOf(request, cookieName))
    throw new NoLoginPendingError();
  const claims = await provider.finish(new URL(request.url).search, { url: '', ...login.start });
  return { claims, subject: login.subject };
}
