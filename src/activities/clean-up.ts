import type { ActivityInput } from '../orchestrators/contract';
import { liftProtection } from './deletion-protection';
import { guarded, type Environment } from './environment';

/**
 * Deletes the package, the work blobs, sessions and the personal part of the ledger; the key goes
 * last. Then looks whether anything is left.
 */
export const createCleanUp =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'cleanUp'>) =>
    guarded(env, requestId, async (env) => {
      const record = await env.ledger.get(requestId);
      await env.access.endAll(requestId);
      await env.outbox.forget(requestId);
      // A recall has destroyed the key, and comes after the release, which has lifted it already.
      if (record?.wrappedSecret)
        await liftProtection(env, { record, keys: await env.keys.unwrap(record.wrappedSecret) });
      await env.packages.delete(requestId);
      await env.work.deleteAll(requestId);
      await env.ledger.deleteWork(requestId, record?.pages ?? 0);
      if (record?.wrappedSecret)
        await env.ledger.note(requestId, { event: 'keyDestroyed' }, { wrappedSecret: null });
      const isGone =
        (await env.packages.size(requestId)) === null &&
        (await env.work.list(requestId, '')).length === 0;
      if (!isGone) throw new Error('Something of the package is still there.');
      const cleanedAt = env.clock.now().toISOString();
      if (!record?.cleanedAt) await env.ledger.note(requestId, { event: 'deleted' }, { cleanedAt });
      return null;
    });
