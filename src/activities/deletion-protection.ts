import { protectionBlob, protectionPrefix } from '../core/layout';
import type { Environment, OpenRequest } from './environment';
import type { PageConversation } from './plan-pages';

/**
 * Tells the source to delete nothing of a page's conversations while they are collected, if that is
 * wanted.
 * @returns how many conversations the source could not protect, because its limit is reached
 */
export async function protectPage(
  env: Environment,
  { record: { requestId }, keys }: OpenRequest,
  page: number,
  conversations: PageConversation[],
): Promise<number> {
  if (!env.settings.protectFromDeletion) return 0;
  const blob = protectionBlob(page);
  let wanted = (await env.work.read(requestId, blob, keys.sealingKey)) as string[] | null;
  if (wanted === null) {
    const ids = conversations.map(({ conversation }) => conversation.conversationId);
    const before = await env.source.protectedOf(ids);
    wanted = ids.filter((id) => !before.includes(id));
    // Noted first: what a fall leaves protected is lifted in the end all the same.
    await env.work.write(requestId, blob, keys.sealingKey, wanted);
  }
  const isProtected = wanted.length === 0 || (await env.source.protect(wanted));
  return isProtected ? 0 : wanted.length;
}

/** Lifts the protection that this request has asked for; what others protected stays so. */
export async function liftProtection(
  env: Environment,
  { record: { requestId }, keys }: OpenRequest,
): Promise<void> {
  for (const name of await env.work.list(requestId, protectionPrefix)) {
    const ids = (await env.work.read(requestId, name, keys.sealingKey)) as string[];
    if (ids.length > 0) await env.source.unprotect(ids);
    await env.work.deleteAll(requestId, name);
  }
}
