import {
  OrganizationApi,
  RecordingApi,
  SpeechTextAnalyticsApi,
} from 'purecloud-platform-client-v2';
import { z } from 'zod';
import { SourceError } from '../../core/errors';
import type { SearchWindow } from '../../core/genesys/search-windows';
import type {
  AudioFormat,
  BatchResult,
  RecordingListing,
  RecordingMedia,
  RequestedRecording,
  Source,
} from '../../ports';
import { bodyOf, unexpectedAnswer, type GenesysCaller } from './client';
import { id, list, recordedTexts, reference, text } from './shapes';

/** How long a restored recording stays at hand before it is archived again. */
const restoredDays = 30;
const failuresPageSize = 100;
/** Channel of the voice from outside, where channels are recorded apart; the agent's is the other. */
const customerChannel = '0';

const metadata = z.array(z.object({ id, media: text, fileState: text }));
const recordingState = z.object({ fileState: text });
const recordedMedia = z.object({
  mediaUris: z.record(z.string(), z.object({ mediaUri: z.string() })).nullish(),
});
const protection = z.object({ failedUpdates: list(z.unknown()) });
const started = z.object({ id });
const batch = z.object({
  status: text,
  results: list(z.object({ recordingId: text, resultUrl: text, contentType: text })),
});
const jobState = z.object({ state: text });
const failures = z.object({
  entities: list(z.object({ recording: reference.nullish() })),
  pageCount: z.number().nullish(),
});
const transcripts = z.object({
  urls: list(z.object({ recording: reference.nullish(), url: text })),
});

const knownMedia: readonly string[] = ['audio', 'screen', 'chat', 'messaging', 'email'];
const mediaOf = (media: string | null): RecordingMedia =>
  media === null
    ? 'audio'
    : knownMedia.includes(media)
      ? (media as RecordingMedia)
      : media === 'message'
        ? 'messaging'
        : 'other';
const fileStates: Record<string, RecordingListing['file']> = {
  ARCHIVED: 'archived',
  DELETED: 'deleted',
  ERROR: 'broken',
};

/** Recordings of every medium, and transcripts. */
export function recordingsCalls(
  client: GenesysCaller,
  exportIntegrationId: string,
): Pick<
  Source,
  | 'listRecordings'
  | 'requestRecording'
  | 'restoreRecording'
  | 'heldConversations'
  | 'setDeletionHold'
  | 'clearDeletionHold'
  | 'requestBatch'
  | 'batchResults'
  | 'organizationId'
  | 'startBulkExport'
  | 'bulkExportState'
  | 'executeBulkExport'
  | 'bulkExportFailures'
  | 'transcriptUrls'
> {
  const api = new RecordingApi(client.sdk);
  const speech = new SpeechTextAnalyticsApi(client.sdk);
  const organizations = new OrganizationApi(client.sdk);
  let organizationId: string | null = null;
  return {
    async listRecordings(conversationId: string): Promise<RecordingListing[]> {
      const answer = await client.call(() => api.getConversationRecordingmetadata(conversationId));
      if (answer.status === 404) return [];
      return bodyOf(answer, metadata).map(({ id, media, fileState }) => ({
        recordingId: id,
        media: mediaOf(media ?? null),
        file: fileStates[fileState ?? ''] ?? 'available',
      }));
    },

    async requestRecording(
      conversationId: string,
      { recordingId, media }: Pick<RecordingListing, 'recordingId' | 'media'>,
      format: AudioFormat,
      channel: 'merged' | 'customer',
    ): Promise<RequestedRecording> {
      const answer = await client.call(() =>
        api.getConversationRecording(conversationId, recordingId, {
          // One merged file; without `download` the answer has a file for each channel.
          ...(media === 'audio'
            ? { formatId: format.toUpperCase(), download: channel === 'merged' }
            : {}),
          ...(media === 'email' ? { emailFormatId: 'EML' } : {}),
          ...(media === 'chat' ? { chatFormatId: 'NONE' } : {}),
          ...(media === 'messaging' ? { messageFormatId: 'NONE' } : {}),
        }),
      );
      if (answer.status === 404) return { kind: 'missing' };
      if (answer.status === 202) return { kind: 'preparing' };
      const { fileState } = bodyOf(answer, recordingState);
      if (fileState === 'ARCHIVED') return { kind: 'archived' };
      if (fileState === 'RESTORING' || fileState === 'UPLOADING') return { kind: 'preparing' };
      if (media === 'chat' || media === 'messaging') {
        const { mediaUris: _addresses, ...document } = bodyOf(answer, recordedTexts);
        const text = media === 'chat' ? document['transcript'] : document.messagingTranscript;
        if (text === undefined || text === null) return { kind: 'missing' };
        return { kind: 'document', document };
      }
      const uris = bodyOf(answer, recordedMedia).mediaUris ?? {};
      if (media === 'audio' && channel === 'customer') {
        const own = uris[customerChannel];
        // One channel alone holds both voices.
        return own && Object.keys(uris).length > 1
          ? { kind: 'file', url: own.mediaUri }
          : { kind: 'mixed' };
      }
      const [single, ...rest] = Object.values(uris);
      const merged = uris['S'] ?? (rest.length === 0 ? single : undefined);
      // Several files where one was asked for: taking any of them would lose the others silently.
      if (!merged && rest.length > 0) {
        throw unexpectedAnswer();
      }
      return merged ? { kind: 'file', url: merged.mediaUri } : { kind: 'missing' };
    },

    async restoreRecording(conversationId: string, recordingId: string): Promise<void> {
      // A change of the date of archiving is what restores (genesys facts section 3).
      const archiveDate = new Date(Date.now() + restoredDays * 86_400_000).toISOString();
      await client.call(() =>
        api.putConversationRecording(conversationId, recordingId, { archiveDate }),
      );
    },

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

    async requestBatch(
      recordings: { conversationId: string; recordingId: string }[],
    ): Promise<string> {
      const answer = await client.call(() =>
        api.postRecordingBatchrequests({ batchDownloadRequestList: recordings }),
      );
      return bodyOf(answer, started).id;
    },

    async batchResults(batchId: string): Promise<BatchResult[] | 'expired' | null> {
      const answer = await client.call(() => api.getRecordingBatchrequest(batchId));
      if (answer.status === 404) return 'expired';
      const { status, results } = bodyOf(answer, batch);
      // Not the counts: what is expected grows while recordings are discovered.
      if (status !== 'Completed') return null;
      return (results ?? []).flatMap(({ recordingId, resultUrl, contentType }) =>
        recordingId
          ? [{ recordingId, url: resultUrl ?? undefined, contentType: contentType ?? '' }]
          : [],
      );
    },

    async organizationId(): Promise<string> {
      if (organizationId === null) {
        const answer = await client.call(() => organizations.getOrganizationsMe());
        organizationId = bodyOf(answer, started).id;
      }
      return organizationId;
    },

    async startBulkExport(window: SearchWindow, conversationIds: string[]): Promise<string | null> {
      const answer = await client.call(() =>
        api.postRecordingJobs({
          action: 'EXPORT',
          actionDate: new Date().toISOString(),
          integrationId: exportIntegrationId,
          includeRecordingsWithSensitiveData: true,
          includeScreenRecordings: true,
          conversationQuery: {
            interval: `${window.from}/${window.to}`,
            conversationFilters: [
              {
                type: 'or',
                predicates: conversationIds.map((value) => ({
                  type: 'dimension',
                  dimension: 'conversationId',
                  operator: 'matches',
                  value,
                })),
              },
            ],
          },
        }),
      );
      if (answer.status !== 400) return bodyOf(answer, started).id;
      if (/limit|concurrent|maximum/i.test(answer.code ?? '')) return null;
      throw new SourceError({ kind: 'failed', code: 'sourceRefusedSearch' });
    },

    async bulkExportState(jobId: string): Promise<'running' | 'ready' | 'fulfilled' | 'failed'> {
      const answer = await client.call(() => api.getRecordingJob(jobId));
      if (answer.status === 404) return 'failed';
      switch (bodyOf(answer, jobState).state) {
        case 'READY':
          return 'ready';
        case 'FULFILLED':
          return 'fulfilled';
        case 'PENDING':
        case 'PROCESSING':
          return 'running';
        default:
          return 'failed';
      }
    },

    async executeBulkExport(jobId: string): Promise<void> {
      await client.call(() => api.putRecordingJob(jobId, { state: 'PROCESSING' }));
    },

    async bulkExportFailures(jobId: string): Promise<string[]> {
      const ids: string[] = [];
      for (let pageNumber = 1; ; pageNumber += 1) {
        const answer = await client.call(() =>
          api.getRecordingJobFailedrecordings(jobId, { pageSize: failuresPageSize, pageNumber }),
        );
        if (answer.status === 404) return ids;
        const page = bodyOf(answer, failures);
        ids.push(...(page.entities ?? []).flatMap(({ recording }) => recording?.id ?? []));
        if (pageNumber >= (page.pageCount ?? 1)) return ids;
      }
    },

    async transcriptUrls(
      conversationId: string,
      communicationId: string,
    ): Promise<{ recordingId: string; url: string }[]> {
      const answer = await client.call(() =>
        speech.getSpeechandtextanalyticsConversationCommunicationTranscripturls(
          conversationId,
          communicationId,
        ),
      );
      if (answer.status === 404) return [];
      return (bodyOf(answer, transcripts).urls ?? []).flatMap(({ recording, url }) =>
        url ? [{ recordingId: recording?.id ?? '', url }] : [],
      );
    },
  };
}
