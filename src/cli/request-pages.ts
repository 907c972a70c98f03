import type { z } from 'zod';
import type { requestsResponse } from '../core/api/responses';
import type { ListView } from '../core/request/request-list';
import { isFinal, type RequestState } from '../core/request/states';
import type { Api } from './api';

type ListPage = z.output<typeof requestsResponse>;
export type ListedRequest = ListPage['requests'][number];

/** The view that has the requests in a state. */
export const viewOf = (state: RequestState): ListView =>
  isFinal(state) ? 'done' : state === 'failed' ? 'failed' : 'open';

/** Every request of a view, in its order, page by page. */
export async function* requestsIn(
  api: Pick<Api, 'get'>,
  view: ListView,
): AsyncGenerator<ListedRequest> {
  const query = new URLSearchParams({ view });
  for (;;) {
    const { requests, next } = await api.get<ListPage>(`?${query.toString()}`);
    yield* requests;
    if (next === null) return;
    query.set('page', next);
  }
}
