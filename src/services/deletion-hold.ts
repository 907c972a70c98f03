import { deletionHoldBlob, deletionHolds } from '../core/package/blob-names';
import type { PageConversation } from '../core/package/page';
import type { DeletionHoldSource, ScratchStore, Settings } from '../ports';
import type { OpenRequest } from './open-request';

/** What releasing deletion holds uses. */
export interface HoldReleaseServices {
  scratch: Pick<ScratchStore, 'list' | 'read' | 'delete'>;
  source: Pick<DeletionHoldSource, 'clearDeletionHold'>;
}

/** What placing deletion holds uses. */
export interface HoldServices {
  scratch: Pick<ScratchStore, 'read' | 'write'>;
  source: Pick<DeletionHoldSource, 'heldConversations' | 'setDeletionHold'>;
  settings: Pick<Settings, 'export'>;
}

/**
 * Asks the source not to delete the conversations of a page during the export, if the settings say so.
 * @returns the number of conversations that the source could not protect, because its limit is reached
 */
export async function holdPage(
  { scratch, source, settings }: HoldServices,
  { record: { requestId }, keys }: OpenRequest,
  page: number,
  conversations: PageConversation[],
): Promise<number> {
  if (!settings.export.deletionHold) return 0;
  const blob = deletionHoldBlob(page);
  let wanted = await scratch.read(requestId, blob, keys.dataKey);
  if (wanted === null) {
    const ids = conversations.map(({ conversation }) => conversation.conversationId);
    const before = await source.heldConversations(ids);
    wanted = ids.filter((id) => !before.includes(id));
    // Stored before the holds are placed, so that a crash in between leaves none that is never released.
    await scratch.write(requestId, blob, keys.dataKey, wanted);
  }
  const isProtected = wanted.length === 0 || (await source.setDeletionHold(wanted));
  return isProtected ? 0 : wanted.length;
}

/** Releases the holds that this request has placed; those of others remain. */
export async function releaseDeletionHold(
  { scratch, source }: HoldReleaseServices,
  { record: { requestId }, keys }: OpenRequest,
): Promise<void> {
  for (const ref of await scratch.list(requestId, deletionHolds)) {
    const ids = (await scratch.read(requestId, ref, keys.dataKey)) ?? [];
    if (ids.length > 0) await source.clearDeletionHold(ids);
    await scratch.delete(requestId, ref);
  }
}
