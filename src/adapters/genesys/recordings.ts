import {
  OrganizationApi,
  RecordingApi,
  SpeechTextAnalyticsApi,
} from 'purecloud-platform-client-v2';
import { SourceError } from '../../core/errors';
import type { SearchWindow } from '../../core/windows';
import type {
  AudioFormat,
  BatchResult,
  RecordedTexts,
  RecordingListing,
  RecordingMedia,
  RequestedRecording,
  Source,
} from '../../ports';
import { bodyOf, type GenesysCaller } from './client';

/** How long a restored recording stays at hand before it is archived again. */
const restoredDays = 30;
const failuresPageSize = 100;
/** Channel of the voice from outside, where channels are recorded apart; the agent's is the other. */
const customerChannel = '0';

const knownMedia: readonly string[] = ['audio', 'screen', 'chat', 'messaging', 'email'];
const mediaOf = (media: string | undefined): RecordingMedia =>
  media === undefined
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
  | 'protectedOf'
  | 'protect'
  | 'unprotect'
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
      const answer = await client.call<{ id: string; media?: string; fileState?: string }[]>(() =>
        api.getConversationRecordingmetadata(conversationId),
      );
      if (answer.status === 404) return [];
      return bodyOf(answer).map(({ id, media, fileState }) => ({
        recordingId: id,
        media: mediaOf(media),
        file: fileStates[fileState ?? ''] ?? 'available',
      }));
    },

    async requestRecording(
      conversationId: string,
      { recordingId, media }: Pick<RecordingListing, 'recordingId' | 'media'>,
      format: AudioFormat,
      channel: 'merged' | 'customer',
    ): Promise<RequestedRecording> {
      const answer = await client.call<{
        mediaUris?: Record<string, { mediaUri: string }>;
        fileState?: string;
        transcript?: unknown[];
        messagingTranscript?: RecordedTexts['messagingTranscript'];
      }>(() =>
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
      const recording = bodyOf(answer);
      if (recording.fileState === 'ARCHIVED') return { kind: 'archived' };
      if (recording.fileState === 'RESTORING' || recording.fileState === 'UPLOADING')
        return { kind: 'preparing' };
      if (media === 'chat' || media === 'messaging') {
        const text = media === 'chat' ? recording.transcript : recording.messagingTranscript;
        if (text === undefined) return { kind: 'missing' };
        const { mediaUris: _addresses, ...document } = recording;
        return { kind: 'document', document };
      }
      const uris = recording.mediaUris ?? {};
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
        throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
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

    async protectedOf(conversationIds: string[]): Promise<string[]> {
      const answer = await client.call<{ id?: string }[]>(() =>
        api.postRecordingsDeletionprotection({ conversationIds }),
      );
      return bodyOf(answer).flatMap(({ id }) => id ?? []);
    },

    async protect(conversationIds: string[]): Promise<boolean> {
      const answer = await client.call<{ failedUpdates?: unknown[] }>(() =>
        api.putRecordingsDeletionprotection({ protect: true, body: { conversationIds } }),
      );
      return answer.status !== 400 && (bodyOf(answer).failedUpdates ?? []).length === 0;
    },

    async unprotect(conversationIds: string[]): Promise<void> {
      await client.call(() =>
        api.putRecordingsDeletionprotection({ protect: false, body: { conversationIds } }),
      );
    },

    async requestBatch(
      recordings: { conversationId: string; recordingId: string }[],
    ): Promise<string> {
      const answer = await client.call<{ id?: string }>(() =>
        api.postRecordingBatchrequests({ batchDownloadRequestList: recordings }),
      );
      const { id } = bodyOf(answer);
      if (id === undefined)
        throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
      return id;
    },

    async batchResults(batchId: string): Promise<BatchResult[] | 'expired' | null> {
      const answer = await client.call<{
        status?: string;
        results?: { recordingId?: string; resultUrl?: string; contentType?: string }[];
      }>(() => api.getRecordingBatchrequest(batchId));
      if (answer.status === 404) return 'expired';
      const { status, results } = bodyOf(answer);
      // Not the counts: what is expected grows while recordings are discovered.
      if (status !== 'Completed') return null;
      return (results ?? []).flatMap(({ recordingId, resultUrl, contentType = '' }) =>
        recordingId === undefined ? [] : [{ recordingId, url: resultUrl, contentType }],
      );
    },

    async organizationId(): Promise<string> {
      if (organizationId === null) {
        const answer = await client.call<{ id?: string }>(() => organizations.getOrganizationsMe());
        organizationId = bodyOf(answer).id ?? '';
      }
      return organizationId;
    },

    async startBulkExport(window: SearchWindow, conversationIds: string[]): Promise<string | null> {
      const answer = await client.call<{ id?: string }>(() =>
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
      if (answer.status !== 400) return bodyOf(answer).id ?? null;
      if (/limit|concurrent|maximum/i.test(answer.code ?? '')) return null;
      throw new SourceError({ kind: 'failed', code: 'sourceRefusedSearch' });
    },

    async bulkExportState(jobId: string): Promise<'running' | 'ready' | 'fulfilled' | 'failed'> {
      const answer = await client.call<{ state?: string }>(() => api.getRecordingJob(jobId));
      if (answer.status === 404) return 'failed';
      switch (bodyOf(answer).state) {
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
        const answer = await client.call<{
          entities?: { recording?: { id?: string } }[];
          pageCount?: number;
        }>(() =>
          api.getRecordingJobFailedrecordings(jobId, { pageSize: failuresPageSize, pageNumber }),
        );
        if (answer.status === 404) return ids;
        const page = bodyOf(answer);
        ids.push(...(page.entities ?? []).flatMap(({ recording }) => recording?.id ?? []));
        if (pageNumber >= (page.pageCount ?? 1)) return ids;
      }
    },

    async transcriptUrls(
      conversationId: string,
      communicationId: string,
    ): Promise<{ recordingId: string; url: string }[]> {
      const answer = await client.call<{
        urls?: { recording?: { id?: string }; url?: string }[];
      }>(() =>
        speech.getSpeechandtextanalyticsConversationCommunicationTranscripturls(
          conversationId,
          communicationId,
        ),
      );
      if (answer.status === 404) return [];
      return (bodyOf(answer).urls ?? []).flatMap(({ recording, url }) =>
        url === undefined ? [] : [{ recordingId: recording?.id ?? '', url }],
      );
    },
  };
}
