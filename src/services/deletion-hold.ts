import { deletionHoldBlob, deletionHoldPrefix } from '../core/package/blob-names';
import type { Environment, OpenRequest } from './environment';
import type { PageConversation } from '../activities/plan-pages';

/**
 * Tells the source to delete nothing of a page's conversations while they are collected, if that is
 * wanted.
 * @returns how many conversations the source could not protect, because its limit is reached
 */
export async function holdPage(
  env: Environment,
  { record: { requestId }, keys }: OpenRequest,
  page: number,
  conversations: PageConversation[],
): Promise<number> {
  if (!env.settings.export.deletionHold) return 0;
  const blob = deletionHoldBlob(page);
  let wanted = (await env.scratch.read(requestId, blob, keys.dataKey)) as string[] | null;
  if (wanted === null) {
    const ids = conversations.map(({ conversation }) => conversation.conversationId);
    const before = await env.source.heldConversations(ids);
    wanted = ids.filter((id) => !before.includes(id));
    // Noted first: what a fall leaves protected is lifted in the end all the same.
    await env.scratch.write(requestId, blob, keys.dataKey, wanted);
  }
  const isProtected = wanted.length === 0 || (await env.source.setDeletionHold(wanted));
  return isProtected ? 0 : wanted.length;
}

/** Lifts the protection that this request has asked for; what others protected stays so. */
export async function releaseDeletionHold(
  env: Environment,
  { record: { requestId }, keys }: OpenRequest,
): Promise<void> {
  for (const name of await env.scratch.list(requestId, deletionHoldPrefix)) {
    const ids = (await env.scratch.read(requestId, name, keys.dataKey)) as string[];
    if (ids.length > 0) await env.source.clearDeletionHold(ids);
    await env.scratch.deleteAll(requestId, name);
  }
}
