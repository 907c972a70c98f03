import { countItems, type Item } from '../core/items';
import {
  bulkPrefix,
  closingPart,
  fragmentBlob,
  pageBlob,
  pagePrefix,
  personBlob,
  personPart,
} from '../core/layout';
import { resolveSubject } from '../core/subject';
import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import { liftProtection } from './deletion-protection';
import { guarded, openRequest, type Environment, type OpenRequest } from './environment';
import { isRecording } from './export-recordings';
import { plannedItem, type PageConversation } from './plan-pages';

/**
 * Makes ready for a collection. The first finds nothing. After a failure what is exported stays, and
 * what had failed is expected anew. After another decision all of it is begun again, because it was
 * collected for somebody else, or by other addresses.
 */
export const createBeginCollection =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'beginCollection'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'beginCollection'>> => {
      const request = await openRequest(env, requestId);
      const { record } = request;
      // Counted whenever one is begun, so that the rounds of two collections never bear one name.
      const attempt = record.collections + 1;
      await env.ledger.update(requestId, { collections: attempt });
      if (record.state === 'awaitingVerification') await env.ledger.move(requestId, 'identifying');
      if (record.collectedUnder !== record.decisions) {
        const details = await env.ledger.details(record);
        if (details.findings) {
          const { contact } = resolveSubject(details.findings, details.name, details.decision);
          await env.ledger.setDetails(record, { ...details, contact });
        }
        await liftProtection(env, request);
        await env.work.deleteAll(requestId);
        await env.ledger.deleteCollected(requestId, record.pages ?? 0);
        await env.ledger.update(requestId, {
          conversations: null,
          pages: null,
          searched: null,
          collectedUnder: record.decisions,
        });
      } else if (record.pages !== null) {
        await expectAnew(env, request, record.pages);
      }
      const collectingSince = env.clock.now().toISOString();
      await env.ledger.move(requestId, 'collecting', { reason: null, collectingSince });
      return { attempt };
    });

const isFailed = ({ status }: Item): boolean => status === 'failed';

/** Lets what had failed be tried again. */
async function expectAnew(env: Environment, request: OpenRequest, pages: number): Promise<void> {
  const { requestId } = request.record;
  await env.work.deleteAll(requestId, fragmentBlob(closingPart));
  // A job that is done says again what it could not do: another is to be asked.
  await env.work.deleteAll(requestId, bulkPrefix);
  if ((await env.ledger.items(requestId, 0)).some(isFailed)) {
    await env.work.deleteAll(requestId, personBlob);
    await env.work.deleteAll(requestId, fragmentBlob(personPart));
    await env.ledger.deleteItems(requestId, 0);
  }
  for (let page = 1; page <= pages; page += 1) {
    const items = await env.ledger.items(requestId, page);
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
      await env.work.deleteAll(requestId, pagePrefix(page));
      await env.ledger.deleteItems(requestId, page);
    }
    await env.ledger.putItems(requestId, page, expected);
    await env.ledger.putPageCounts(requestId, page, countItems(expected));
  }
}

/** The items of a page as they were planned: its conversations, and nothing known of them. */
async function planned(
  env: Environment,
  { record: { requestId }, keys }: OpenRequest,
  page: number,
  items: Item[],
): Promise<Item[]> {
  const conversations = (await env.work.read(
    requestId,
    pageBlob(page),
    keys.sealingKey,
  )) as PageConversation[];
  const withheld = items.filter(({ status }) => status === 'withheld');
  // What was withheld stays so; that the others were to be exported was decided.
  return conversations.map(
    (entry) =>
      withheld.find(({ conversation }) => conversation === entry.number) ??
      plannedItem(entry, 'include'),
  );
}
