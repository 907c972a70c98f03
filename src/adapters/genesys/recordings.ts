import { RecordingApi, SpeechTextAnalyticsApi } from 'purecloud-platform-client-v2';
import { SourceError } from '../../core/errors';
import type {
  AudioFormat,
  BatchResult,
  RecordingListing,
  RecordingMedia,
  RequestedRecording,
  Source,
} from '../../ports';
import { bodyOf, type GenesysClient } from './client';

/** How long a restored recording stays at hand before it is archived again. */
const restoredDays = 30;

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
  client: GenesysClient,
): Pick<
  Source,
  | 'listRecordings'
  | 'requestRecording'
  | 'restoreRecording'
  | 'requestBatch'
  | 'batchResults'
  | 'transcriptUrls'
> {
  const api = new RecordingApi(client.sdk);
  const speech = new SpeechTextAnalyticsApi(client.sdk);
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
    ): Promise<RequestedRecording> {
      const answer = await client.call<{
        mediaUris?: Record<string, { mediaUri: string }>;
        fileState?: string;
        transcript?: unknown[];
        messagingTranscript?: unknown[];
      }>(() =>
        api.getConversationRecording(conversationId, recordingId, {
          // One merged file; without `download` the answer has a file for each channel.
          ...(media === 'audio' ? { formatId: format.toUpperCase(), download: true } : {}),
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
