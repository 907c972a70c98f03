import { countItems, type Item } from '../core/package/items';
import {
  bulkPrefix,
  metadataPart,
  partManifestBlob,
  pageBlob,
  pagePrefix,
  personBlob,
  personPart,
} from '../core/package/blob-names';
import { resolveSubject } from '../core/subject/resolve-contact';
import type { ActivityInput, ActivityOutput } from '../orchestrators/activity-types';
import { releaseDeletionHold } from '../services/deletion-hold';
import {
  runActivity,
  openRequest,
  type Environment,
  type OpenRequest,
} from '../services/environment';
import { isRecording } from '../export/recordings';
import { plannedItem, type PageConversation } from './plan-pages';

/**
 * Makes ready for a collection. The first finds nothing. After a failure what is exported stays, and
 * what had failed is expected anew. After another decision all of it is begun again, because it was
 * collected for somebody else, or by other addresses.
 */
export const createBeginExportAttempt =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'beginExportAttempt'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'beginExportAttempt'>> => {
      const request = await openRequest(env, requestId);
      const { record } = request;
      // Counted whenever one is begun, so that the rounds of two collections never bear one name.
      const attempt = record.exportAttempts + 1;
      await env.ledger.update(requestId, { exportAttempts: attempt });
      if (record.state === 'awaitingVerification') await env.ledger.move(requestId, 'identifying');
      if (record.exportedDecisionVersion !== record.decisionVersion) {
        const details = await env.ledger.details(record);
        if (details.contactMatches) {
          const { contact } = resolveSubject(
            details.contactMatches,
            details.name,
            details.decision,
          );
          await env.ledger.setDetails(record, { ...details, contact });
        }
        await releaseDeletionHold(env, request);
        await env.scratch.deleteAll(requestId);
        await env.items.deleteAll(requestId, record.pages ?? 0);
        await env.searches.deleteAll(requestId);
        await env.ledger.update(requestId, {
          conversations: null,
          pages: null,
          searched: null,
          exportedDecisionVersion: record.decisionVersion,
        });
      } else if (record.pages !== null) {
        await expectAnew(env, request, record.pages);
      }
      const exportStartedAt = env.clock.now().toISOString();
      await env.ledger.move(requestId, 'exporting', { reason: null, exportStartedAt });
      return { attempt };
    });

const isFailed = ({ status }: Item): boolean => status === 'failed';

/** Lets what had failed be tried again. */
async function expectAnew(env: Environment, request: OpenRequest, pages: number): Promise<void> {
  const { requestId } = request.record;
  await env.scratch.deleteAll(requestId, partManifestBlob(metadataPart));
  // A job that is done says again what it could not do: another is to be asked.
  await env.scratch.deleteAll(requestId, bulkPrefix);
  if ((await env.items.list(requestId, 0)).some(isFailed)) {
    await env.scratch.deleteAll(requestId, personBlob);
    await env.scratch.deleteAll(requestId, partManifestBlob(personPart));
    await env.items.delete(requestId, 0);
  }
  for (let page = 1; page <= pages; page += 1) {
    const items = await env.items.list(requestId, page);
    const failed = items.filter(isFailed);
    if (failed.length === 0) continue;
    // A recording is asked for by itself; a text is written with its conversation, and so its page.
    const areListed = failed.every((item) => isRecording(item) && item.sourceId !== null);
    const expected = areListed
      ? items.map((item): Item =>
          isFailed(item) ? { ...item, status: 'pending', reason: null } : item,
        )
      : await planned(env, request, page, items);
    if (!areListed) {
      await env.scratch.deleteAll(requestId, pagePrefix(page));
      await env.items.delete(requestId, page);
    }
    await env.items.put(requestId, page, expected);
    await env.items.putCounts(requestId, page, countItems(expected));
  }
}

/** The items of a page as they were planned: its conversations, and nothing known of them. */
async function planned(
  env: Environment,
  { record: { requestId }, keys }: OpenRequest,
  page: number,
  items: Item[],
): Promise<Item[]> {
  const conversations = (await env.scratch.read(
    requestId,
    pageBlob(page),
    keys.dataKey,
  )) as PageConversation[];
  const withheld = items.filter(({ status }) => status === 'withheld');
  // What was withheld stays so; that the others were to be exported was decided.
  return conversations.map(
    (entry) =>
      withheld.find(({ conversation }) => conversation === entry.number) ??
      plannedItem(entry, 'include'),
  );
}
