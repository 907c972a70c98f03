import type { ActivityInput } from '../orchestrators/contract';
import { guarded, type Environment } from './environment';

/**
 * Deletes the package, the work blobs, sessions and the personal part of the ledger; the key goes
 * last. Then looks whether anything is left.
 */
export const createCleanUp =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'cleanUp'>) =>
    guarded(env, requestId, async () => {
      const record = await env.ledger.get(requestId);
      await env.access.endAll(requestId);
      await env.packages.delete(requestId);
      await env.work.deleteAll(requestId);
      await env.ledger.deleteWork(requestId, record?.pages ?? 0);
      await env.ledger.update(requestId, { wrappedSecret: null });
      const isGone =
        (await env.packages.size(requestId)) === null &&
        (await env.work.list(requestId, '')).length === 0;
      if (!isGone) throw new Error('Something of the package is still there.');
      await env.ledger.update(requestId, { cleanedAt: env.clock.now().toISOString() });
      return null;
    });
