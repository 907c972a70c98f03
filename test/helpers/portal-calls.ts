import { join } from 'node:path';
import { HttpApp, portalOrigin, sessionCookie } from './http-app';
import type { TestRequest } from './http-requests';
import { root } from './root';

export const minute = 60_000;
export const hour = 60 * minute;

/** The app as persons use it, who are sent as many codes as a test asks for. */
export const startPortalApp = (): Promise<HttpApp> =>
  HttpApp.start({
    SMS_CODES_PER_NUMBER_PER_DAY: '100',
    PROCESSING_FILE: join(root, 'controller/processing.example.json'),
  });

/** What a test does at the portal without a browser that keeps cookies, and what the portal has sent. */
export function portalCalls(app: () => HttpApp) {
  return {
    open: (token: string, headers: Record<string, string> = {}): Promise<Response> =>
      app().post('/portal/api/open', { token }, { Origin: portalOrigin, ...headers }),

    textsTo: ({ person }: TestRequest): number =>
      app().mailbox.texts.filter(({ to }) => to === person.phone).length,
  };
}

/** The cookie that an answer sets, with its attributes. */
export const cookieOf = (response: Response, name = sessionCookie): string =>
  response.headers.getSetCookie().find((one) => one.startsWith(`${name}=`)) ?? '';
