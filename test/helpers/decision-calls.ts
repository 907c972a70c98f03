import { read, type Answer, type HttpApp } from './http-app';
import type { TestRequest } from './http-requests';
import { justification } from './officer-actions';

/** In the form of an id, and the id of nothing. */
export const unknownId = '00000000-0000-4000-8000-000000000000';

/** Calls of officers about a decision, each with the role that it needs and a reason. */
export function decisionCalls(app: () => HttpApp) {
  const get = async <T = Record<string, unknown>>(path: string): Promise<Answer<T>> =>
    read<T>(await app().fetch(path, { headers: await app().bearer('Requests.Read') }));
  const post = async (path: string, body: object): Promise<Answer> =>
    read(await app().post(path, { justification, ...body }, await app().bearer('Requests.Decide')));
  return {
    get,
    post,
    decide: ({ path }: TestRequest, body: object): Promise<Answer> =>
      post(`${path}/decision`, body),
  };
}

/** Status and code of an answer. */
export const answerOf = ({ status, code }: Answer): string => `${status} ${code ?? ''}`.trim();
