import type { OfficerRole } from '../../src/core/authentication/officer-roles';
import { HttpApp, read, type Answer } from './http-app';
import { functionKey } from './http-functions';
import type { TestRequest } from './http-requests';

/** What officers give as their reason: personal, so that tests can look for where it must not be. */
export const justification = 'Spoke with Zoe Secret.';

interface Action {
  path: string;
  role: OfficerRole;
  body: (request: TestRequest) => Record<string, unknown>;
}

const simple = (): Record<string, unknown> => ({ justification });
export const actions = {
  decide: {
    path: 'decision',
    role: 'Requests.Decide',
    body: ({ person }) => ({ contactIds: [person.contact.id], justification }),
  },
  identity: {
    path: 'identity',
    role: 'Requests.Decide',
    body: () => ({ checkMethod: 'byPost', isRepresentative: true, justification }),
  },
  cancel: {
    path: 'cancel',
    role: 'Requests.Decide',
    body: () => ({ reasonCode: 'withdrawn', justification }),
  },
  refuse: {
    path: 'refuse',
    role: 'Requests.Decide',
    body: () => ({ reasonCode: 'excessive', explanation: 'The tenth one.', justification }),
  },
  extend: {
    path: 'extend',
    role: 'Requests.Decide',
    body: () => ({ reasonCode: 'complexity', justification }),
  },
  retry: { path: 'retry', role: 'Requests.Decide', body: simple },
  recall: { path: 'recall', role: 'Requests.Recall', body: simple },
  code: { path: 'code', role: 'Requests.Deliver', body: simple },
  approve: { path: 'approve', role: 'Requests.Deliver', body: simple },
  release: { path: 'release', role: 'Requests.Deliver', body: simple },
  deliver: { path: 'deliver', role: 'Requests.Deliver', body: simple },
} satisfies Record<string, Action>;
export type ActionName = keyof typeof actions;
/** The app as officers use it, with a ticketing system that takes webhooks. */
export const startOfficerApp = (): Promise<HttpApp> =>
  HttpApp.start({
    WEBHOOK_HOSTS: 'tickets.example',
    WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
  });

/** Calls of officers, each with the role that it needs, and what the ticketing system reads. */
export function officerCalls(app: () => HttpApp) {
  return {
    act: async (
      request: TestRequest,
      name: ActionName,
      change: Record<string, unknown> = {},
    ): Promise<Answer> => {
      const { path, role, body } = actions[name];
      const sent = { ...body(request), ...change };
      return read(await app().post(`${request.path}/${path}`, sent, await app().bearer(role)));
    },
    get: async <T = Record<string, unknown>>(path: string): Promise<Answer<T>> =>
      read<T>(await app().fetch(path, { headers: await app().bearer('Requests.Read') })),
    statusOf: async ({ path }: TestRequest): Promise<Record<string, unknown>> => {
      const headers = { 'x-functions-key': functionKey };
      return (await read(await app().fetch(path, { headers }))).body;
    },
  };
}
