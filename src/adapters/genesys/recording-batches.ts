import { RecordingApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { BatchResult, RecordingBatchSource } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import { bodyIfFound } from './responses';
import { identified, list, text } from './shapes';

const batchForm = z.object({
  status: text,
  results: list(z.object({ recordingId: text, resultUrl: text, contentType: text })),
});

/** Recordings in batches, in their original format. */
export function recordingBatchCalls(client: GenesysCaller): RecordingBatchSource {
  const api = new RecordingApi(client.sdk);
  return {
    async requestBatch(
      recordings: { conversationId: string; recordingId: string }[],
    ): Promise<string> {
      const answer = await client.call(() =>
        api.postRecordingBatchrequests({ batchDownloadRequestList: recordings }),
      );
      return bodyOf(answer, identified).id;
    },

    async batchResults(batchId: string): Promise<BatchResult[] | 'expired' | null> {
      const batch = bodyIfFound(
        await client.call(() => api.getRecordingBatchrequest(batchId)),
        batchForm,
      );
      if (batch === null) return 'expired';
      // The counts do not tell: the expected count grows while recordings are discovered.
      if (batch.status !== 'Completed') return null;
      return (batch.results ?? []).flatMap(({ recordingId, resultUrl, contentType }) =>
        recordingId
          ? [{ recordingId, url: resultUrl ?? undefined, contentType: contentType ?? '' }]
          : [],
      );
    },
  };
}
