import { RecordingApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { DeletionHoldSource } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import { list, reference } from './shapes';

const protection = z.object({ failedUpdates: list(z.unknown()) });

/** Deletion holds ("deletion protection" of the API). */
export function deletionHoldCalls(client: GenesysCaller): DeletionHoldSource {
  const api = new RecordingApi(client.sdk);
  return {
    async heldConversations(conversationIds: string[]): Promise<string[]> {
      const answer = await client.call(() =>
        api.postRecordingsDeletionprotection({ conversationIds }),
      );
      return bodyOf(answer, z.array(reference)).flatMap(({ id }) => id ?? []);
    },

    async setDeletionHold(conversationIds: string[]): Promise<boolean> {
      const answer = await client.call(() =>
        api.putRecordingsDeletionprotection({ protect: true, body: { conversationIds } }),
      );
      return answer.status !== 400 && (bodyOf(answer, protection).failedUpdates ?? []).length === 0;
    },

    async clearDeletionHold(conversationIds: string[]): Promise<void> {
      await client.call(() =>
        api.putRecordingsDeletionprotection({ protect: false, body: { conversationIds } }),
      );
    },
  };
}
