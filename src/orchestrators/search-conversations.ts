import type { SearchPurpose } from '../core/genesys/search-purpose';
import { awaitChildren, startChild, type Orchestration } from './call';
import type { RequestRun } from './request-run';

/**
 * Searches all groups of windows in parallel.
 * @param childId suffix of the instance id of each group's search, different in each search of a request
 * @param purpose what the conversations are searched for; to be exported where none is named
 */
export function* searchConversations(
  { context, input, step, requestId }: RequestRun,
  childId: (group: number) => string,
  purpose?: SearchPurpose,
): Orchestration<void> {
  const wanted = purpose === undefined ? {} : { purpose };
  const { groups } = yield* step('planSearches', { requestId, ...wanted });
  context.df.setCustomStatus({ step: 'searching', groups });
  const searches = Array.from({ length: groups }, (_, i) =>
    startChild(context, 'searchGroup', { ...input, group: i + 1, ...wanted }, childId(i + 1)),
  );
  yield* awaitChildren(context, searches);
}
