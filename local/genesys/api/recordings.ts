import { z } from 'zod';
import { endOf } from '../analytics-view';
import { notFound, operation, type Operation } from '../operation';
import type { OrgConversation, OrgRecording } from '../organisation';
import type { SimulatorState } from '../state';

const formats = ['WAV', 'WEBM', 'WAV_ULAW', 'OGG_VORBIS', 'OGG_OPUS', 'MP3', 'NONE'] as const;
export const renderable = { WAV: 'wav', MP3: 'mp3' } as const;

function conversationOf(state: SimulatorState, id: string | undefined): OrgConversation {
  const conversation = state.conversation(id ?? '');
  if (!conversation) {
    throw notFound(
      'A conversation for the provided conversationId was not found.',
      'conversation.not.found',
    );
  }
  return conversation;
}

function metadata(conversation: OrgConversation, recording: OrgRecording): Record<string, unknown> {
  return {
    id: recording.id,
    conversationId: conversation.id,
    startTime: conversation.start,
    endTime: endOf(conversation),
    media: 'audio',
    mediaSubtype: 'Trunk',
    fileState: 'AVAILABLE',
    sessionId: conversation.communicationId,
    selfUri: `/api/v2/conversations/${conversation.id}/recordings/${recording.id}`,
  };
}

/** Whether a recording is ready in a format; asking for it is what starts its transcoding. */
function isTranscoded(
  state: SimulatorState,
  recording: OrgRecording,
  format: string,
  now: Date,
): boolean {
  const key = `${recording.id}/${format}`;
  const started = state.transcodes.get(key) ?? now.getTime();
  state.transcodes.set(key, started);
  if (state.settings.stuckRecordings.includes(recording.id)) return false;
  return now.getTime() - started >= state.settings.transcodeDuration;
}

/** A recording with addresses of its media: one merged file for a download, else one a channel. */
function withMedia(
  { state, origin, now }: { state: SimulatorState; origin: string; now: Date },
  conversation: OrgConversation,
  recording: OrgRecording,
  format: string,
  download: boolean,
): Record<string, unknown> {
  const extension = format in renderable ? renderable[format as keyof typeof renderable] : null;
  const keys = download
    ? ['S']
    : Array.from({ length: recording.channels }, (_, channel) => String(channel));
  const uri = (key: string): string => {
    const channel = key === 'S' ? '' : `.${key}`;
    return `${origin}${state.sign(`/media/${conversation.id}/${recording.id}${channel}.${extension ?? ''}`, now)}`;
  };
  return {
    ...metadata(conversation, recording),
    ...(extension === null
      ? {}
      : { mediaUris: Object.fromEntries(keys.map((key) => [key, { mediaUri: uri(key) }])) }),
    estimatedTranscodeTimeMs: state.settings.transcodeDuration,
    actualTranscodeTimeMs: state.settings.transcodeDuration,
    outputDurationMs: recording.seconds * 1000,
  };
}

const viewRecordings = { any: ['recording:recording:view', 'recording:recordingSegment:view'] };
const formatId = z.enum(formats).default('WEBM');

export const recordingOperations: Operation[] = [
  operation({
    method: 'GET',
    path: '/api/v2/conversations/{conversationId}/recordings',
    query: z.strictObject({
      formatId,
      maxWaitMs: z.coerce.number().int().positive().default(5000),
    }),
    body: null,
    permissions: viewRecordings,
    handle: (call) => {
      const { state, query, now } = call;
      const conversation = conversationOf(state, call.path['conversationId']);
      const recordings = conversation.recordings.filter(
        ({ id }) => !state.settings.hiddenRecordings.includes(id),
      );
      const ready = recordings.map((recording) =>
        isTranscoded(state, recording, query.formatId, now),
      );
      if (ready.includes(false)) return { status: 202 };
      return {
        status: 200,
        body: recordings.map((recording) =>
          withMedia(call, conversation, recording, query.formatId, false),
        ),
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/conversations/{conversationId}/recordings/{recordingId}',
    query: z.strictObject({
      formatId,
      download: z.enum(['true', 'false']).default('false'),
      fileName: z.string().optional(),
    }),
    body: null,
    permissions: viewRecordings,
    handle: (call) => {
      const { state, query, now } = call;
      const conversation = conversationOf(state, call.path['conversationId']);
      const recording = conversation.recordings.find(
        ({ id }) =>
          id === call.path['recordingId'] && !state.settings.hiddenRecordings.includes(id),
      );
      if (!recording) throw notFound();
      if (!isTranscoded(state, recording, query.formatId, now)) return { status: 202 };
      return {
        status: 200,
        body: withMedia(call, conversation, recording, query.formatId, query.download === 'true'),
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/conversations/{conversationId}/recordingmetadata',
    query: z.strictObject({}),
    body: null,
    permissions: viewRecordings,
    handle: ({ path, state }) => {
      const conversation = conversationOf(state, path['conversationId']);
      return { status: 200, body: conversation.recordings.map((r) => metadata(conversation, r)) };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/speechandtextanalytics/conversations/{conversationId}/communications/{communicationId}/transcripturls',
    query: z.strictObject({}),
    body: null,
    permissions: viewRecordings,
    handle: ({ path, state, origin, now }) => {
      const conversation = conversationOf(state, path['conversationId']);
      const transcribed =
        conversation.communicationId === path['communicationId']
          ? conversation.recordings.filter((recording) => recording.transcript !== null)
          : [];
      if (transcribed.length === 0) throw notFound();
      return {
        status: 200,
        body: {
          conversation: {
            id: conversation.id,
            selfUri: `/api/v2/conversations/${conversation.id}`,
          },
          communicationId: conversation.communicationId,
          urls: transcribed.map((recording) => ({
            recording: { id: recording.id },
            url: `${origin}${state.sign(`/transcripts/${conversation.id}/${recording.id}.json`, now)}`,
          })),
        },
      };
    },
  }),
];
