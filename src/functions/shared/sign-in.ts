import type { Cookie, HttpRequest } from '@azure/functions';
import { newToken, type TokenStore } from '../../adapters/authentication/tokens';
import type { LoginClaims, LoginProvider, LoginStart } from '../../ports';
import { LoginRefusedError } from '../../core/errors';
import { cookieOf, sessionCookie } from './http';

/** A sign-in that is under way at a provider. */
export interface PendingLogin<T> {
  start: Omit<LoginStart, 'url'>;
  /** What the browser has to show in its cookie when it comes back. */
  binding: string;
  /** What the sign-in is for. */
  subject: T;
}

const cookieName = '__Host-oidc';
export const loginSeconds = 600;

/**
 * Begins a sign-in: its state is good once, for ten minutes, and for this browser only. The cookie is
 * Lax, because the provider sends the browser back from another site.
 */
export async function beginLogin<T>(
  provider: LoginProvider,
  pending: TokenStore<PendingLogin<T>>,
  subject: T,
  requestId = '',
): Promise<{ url: string; cookie: Cookie }> {
  const { url, ...start } = await provider.begin();
  const binding = newToken();
  await pending.put(start.state, { start, binding, subject }, requestId);
  return { url, cookie: sessionCookie(cookieName, binding, loginSeconds, 'Lax') };
}

export const endOfLogin = (): Cookie => sessionCookie(cookieName, '', 0, 'Lax');

/**
 * Finishes a sign-in by the address that the browser was sent back to.
 * @throws LoginRefusedError also when it was begun by another browser, or was finished already
 */
export async function finishLogin<T>(
  provider: LoginProvider,
  pending: TokenStore<PendingLogin<T>>,
  request: HttpRequest,
): Promise<{ claims: LoginClaims; subject: T }> {
  const state = request.query.get('state') ?? '';
  const login = await pending.take(state);
  if (login === null || login.binding !== cookieOf(request, cookieName))
    throw new LoginRefusedError('answerRefused');
  const claims = await provider.finish(new URL(request.url).search, { url: '', ...login.start });
  return { claims, subject: login.subject };
}
