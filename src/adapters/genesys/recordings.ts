import { RecordingApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import { msPerDay } from '../../core/time/time';
import type {
  AudioFormat,
  RecordingListing,
  RecordingMedia,
  RecordingSource,
  RecordingTimes,
  RequestedRecording,
} from '../../ports';
import { bodyOf, unexpectedAnswer, type ApiResponse, type GenesysCaller } from './client';
import { bodyIfFound } from './responses';
import { id, recordedTexts, text } from './shapes';

/** Days for which a restored recording stays available before it is archived again. */
const restoredDays = 30;
/** Name of the file that holds all channels. */
const mergedChannel = 'S';

const metadata = z.array(
  z.object({ id, media: text, fileState: text, startTime: text, endTime: text }),
);
const recordingState = z.object({ fileState: text });
const recordingTimes = z.object({ fileState: text, startTime: text, endTime: text });
const recordedMedia = z.object({
  mediaUris: z.record(z.string(), z.object({ mediaUri: z.string() })).nullish(),
});
const knownMedia: readonly string[] = ['audio', 'screen', 'chat', 'messaging', 'email'];
const fileStates: Record<string, RecordingListing['file']> = {
  ARCHIVED: 'archived',
  DELETED: 'deleted',
  ERROR: 'broken',
};

const notAtHand: ReadonlySet<string> = new Set(['ARCHIVED', 'RESTORING', 'UPLOADING']);

function mediaOf(media: string): RecordingMedia {
  if (knownMedia.includes(media)) return media as RecordingMedia;
  return media === 'message' ? 'messaging' : 'other';
}

type Channel = Parameters<RecordingSource['requestRecording']>[3];

/** Recordings of every medium, one at a time. */
export function recordingCalls(client: GenesysCaller): RecordingSource {
  const api = new RecordingApi(client.sdk);
  return {
    async listRecordings(conversationId: string): Promise<RecordingListing[]> {
      const answer = await client.call(() => api.getConversationRecordingmetadata(conversationId));
      return (bodyIfFound(answer, metadata) ?? []).map(
        ({ id, media, fileState, startTime, endTime }) => ({
          recordingId: id,
          media: mediaOf(media ?? 'audio'),
          file: fileStates[fileState ?? ''] ?? 'available',
          startTime: startTime ?? null,
          endTime: endTime ?? null,
        }),
      );
    },

    async requestRecording(
      conversationId: string,
      { recordingId, media }: Pick<RecordingListing, 'recordingId' | 'media'>,
      format: AudioFormat,
      channel: Channel,
    ): Promise<RequestedRecording> {
      const options = formatsOf(media, format, channel);
      const answer = await client.call(() =>
        api.getConversationRecording(conversationId, recordingId, options),
      );
      if (answer.status === 202) return { kind: 'preparing' };
      return answer.status === 404 ? { kind: 'missing' } : requestedOf(answer, media, channel);
    },

    async recordingTimes(
      conversationId: string,
      recordingId: string,
      format: AudioFormat,
      channel: Channel,
    ): Promise<RecordingTimes | null> {
      const options = formatsOf('audio', format, channel);
      const answer = await client.call(() =>
        api.getConversationRecording(conversationId, recordingId, options),
      );
      if (answer.status === 202) return null;
      if (answer.status === 404) return { startTime: null, endTime: null };
      const { fileState, startTime, endTime } = bodyOf(answer, recordingTimes);
      // A recording without media has no times (Recording of the API document).
      if (notAtHand.has(fileState ?? '')) return null;
      return { startTime: startTime ?? null, endTime: endTime ?? null };
    },

    async restoreRecording(conversationId: string, recordingId: string): Promise<void> {
      // A later date of archiving is what restores a recording (PUT /conversations/{id}/recordings/{id}).
      const archiveDate = new Date(Date.now() + restoredDays * msPerDay).toISOString();
      await client.call(() =>
        api.putConversationRecording(conversationId, recordingId, { archiveDate }),
      );
    },
  };
}

/** Query parameters that ask for a medium in the format that is exported. */
function formatsOf(media: RecordingMedia, format: AudioFormat, channel: Channel) {
  // One merged file; without `download` the answer has a file for each channel.
  if (media === 'audio') return { formatId: format.toUpperCase(), download: channel === 'merged' };
  if (media === 'email') return { emailFormatId: 'EML' };
  if (media === 'chat') return { chatFormatId: 'NONE' };
  return media === 'messaging' ? { messageFormatId: 'NONE' } : {};
}

/** What the answer to a request for a recording means; it is checked as far as the medium is read. */
function requestedOf(
  answer: ApiResponse,
  media: RecordingMedia,
  channel: Channel,
): RequestedRecording {
  const { fileState } = bodyOf(answer, recordingState);
  if (fileState === 'ARCHIVED') return { kind: 'archived' };
  if (fileState === 'RESTORING' || fileState === 'UPLOADING') return { kind: 'preparing' };
  if (media === 'chat' || media === 'messaging') return textOf(answer, media);
  const uris = bodyOf(answer, recordedMedia).mediaUris ?? {};
  if (media !== 'audio') return mergedFileOf(uris);
  const requested = channel === 'apart' ? channelsOf(uris) : mergedFileOf(uris);
  if (requested.kind !== 'file' && requested.kind !== 'channels') return requested;
  const { success, data } = recordingTimes.safeParse(answer.body);
  // Times that cannot be read matter to who needs them, and asks for them.
  if (!success) return requested;
  const times = { startTime: data.startTime ?? null, endTime: data.endTime ?? null };
  return { ...requested, times };
}

function textOf(answer: ApiResponse, media: 'chat' | 'messaging'): RequestedRecording {
  const { mediaUris: _addresses, ...document } = bodyOf(answer, recordedTexts);
  const text = media === 'chat' ? document['transcript'] : document.messagingTranscript;
  const isEmpty = !Array.isArray(text) || text.length === 0;
  return isEmpty ? { kind: 'missing' } : { kind: 'document', document };
}

type MediaUris = NonNullable<z.infer<typeof recordedMedia>['mediaUris']>;

function channelsOf(uris: MediaUris): RequestedRecording {
  const channels = Object.entries(uris).filter(([name]) => name !== mergedChannel);
  if (channels.length === 0 && Object.keys(uris).length === 0) return { kind: 'missing' };
  // A single channel holds all voices.
  if (channels.length < 2) return { kind: 'mixed' };
  return { kind: 'channels', urls: new Map(channels.map(([name, one]) => [name, one.mediaUri])) };
}

function mergedFileOf(uris: MediaUris): RequestedRecording {
  const [single, ...rest] = Object.values(uris);
  const merged = uris[mergedChannel] ?? (rest.length === 0 ? single : undefined);
  if (merged) return { kind: 'file', url: merged.mediaUri };
  // Several files where one was requested: taking any of them would lose the others silently.
  if (rest.length > 0) throw unexpectedAnswer();
  return { kind: 'missing' };
}
