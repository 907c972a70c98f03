import type { ActivityInput } from '../orchestrators/activity-types';
import { releaseDeletionHold } from '../services/deletion-hold';
import { runActivity, type Environment } from '../services/environment';

/**
 * Deletes the package, the work blobs, sessions and the personal part of the ledger; the key goes
 * last. Then looks whether anything is left.
 */
export const createCleanUp =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'cleanUp'>) =>
    runActivity(env, requestId, async (env) => {
      const record = await env.ledger.get(requestId);
      if (record?.releasedAt && record.cleanedAt === null) await noteDownloads(env, requestId);
      await env.codesAndSessions.endAll(requestId);
      await env.outbox.forget(requestId);
      // A recall has destroyed the key, and comes after the release, which has lifted it already.
      if (record?.wrappedSecret)
        await releaseDeletionHold(env, {
          record,
          keys: await env.keys.unwrap(record.wrappedSecret),
        });
      await env.packages.delete(requestId);
      await env.scratch.deleteAll(requestId);
      await env.items.deleteAll(requestId, record?.pages ?? 0);
      await env.searches.deleteAll(requestId);
      await env.ledger.deleteDetails(requestId);
      if (record?.wrappedSecret)
        await env.ledger.note(requestId, { event: 'keyDestroyed' }, { wrappedSecret: null });
      const isGone =
        (await env.packages.size(requestId)) === null &&
        (await env.scratch.list(requestId, '')).length === 0;
      if (!isGone) throw new Error('Something of the package is still there.');
      const cleanedAt = env.clock.now().toISOString();
      if (!record?.cleanedAt) await env.ledger.note(requestId, { event: 'deleted' }, { cleanedAt });
      return null;
    });

/**
 * What storage itself has logged of downloads, which is the only word on links that a browser followed
 * without the page. A log that is away keeps nothing from being deleted.
 */
async function noteDownloads(env: Environment, requestId: string): Promise<void> {
  const { until, reads } = await env.downloadLog
    .reads(requestId)
    .catch(() => ({ until: null, reads: [] }));
  if (until === null) return;
  const bytes = reads.reduce((sum, read) => sum + (read.bytes ?? 0), 0);
  const detail = { reads: reads.length, bytes, until };
  await env.ledger.note(requestId, { event: 'downloadsLogged', detail });
}
