import { z } from 'zod';
import { endOf, timeIn } from '../analytics-view';
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
    media: recording.media,
    ...(recording.media === 'audio' ? { mediaSubtype: 'Trunk' } : {}),
    ...(recording.media === 'screen' ? { mediaSubtype: 'Screen' } : {}),
    fileState: recording.fileState,
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

interface Formats {
  formatId: string;
  emailFormatId: string;
  download: boolean;
}

/** Files of a recording, by the key under which the API shows them; each is a name's ending. */
function filesOf(recording: OrgRecording, formats: Formats): Record<string, string> {
  switch (recording.media) {
    case 'audio': {
      const { formatId, download } = formats;
      const extension =
        formatId in renderable ? renderable[formatId as keyof typeof renderable] : null;
      if (extension === null) return {};
      if (download) return { S: `.${extension}` };
      const channels = Array.from({ length: recording.channels }, (_, channel) => String(channel));
      return Object.fromEntries(channels.map((channel) => [channel, `.${channel}.${extension}`]));
    }
    case 'screen':
      return { '0': '.webm' };
    case 'email':
      return formats.emailFormatId === 'EML' ? { '0': '.eml' } : {};
    case 'chat':
    case 'messaging':
      return {};
  }
}

/** What was written, for recordings of texts. */
function textsOf(
  state: SimulatorState,
  conversation: OrgConversation,
  recording: OrgRecording,
): Record<string, unknown> {
  if (recording.media === 'chat') {
    const line = (from: string, body: string, at: number) => ({
      id: `${recording.id}-${at}`,
      bodyType: 'STANDARD',
      body,
      from,
      utc: timeIn(conversation, at),
    });
    const text = `Hello, is my order ready? [recording ${recording.id} owner ${conversation.ownerId}]`;
    return { transcript: [line('customer', text, 0), line('agent', 'Yes, it is.', 5)] };
  }
  if (recording.media !== 'messaging') return {};
  return {
    messagingTranscript: conversation.messages.map((message) => ({
      id: message.id,
      from: message.from === 'customer' ? conversation.address : state.organisation.serviceNumber,
      to: message.from === 'customer' ? state.organisation.serviceNumber : conversation.address,
      timestamp: timeIn(conversation, message.at),
      messageText: message.text,
      purpose: message.from,
    })),
  };
}

/** A recording with addresses of its media: one merged file for a download, else one a channel. */
function withMedia(
  { state, origin, now }: { state: SimulatorState; origin: string; now: Date },
  conversation: OrgConversation,
  recording: OrgRecording,
  formats: Formats,
): Record<string, unknown> {
  const uris = Object.entries(filesOf(recording, formats)).map(([key, ending]) => {
    const path = `/media/${conversation.id}/${recording.id}${ending}`;
    return [key, { mediaUri: `${origin}${state.sign(path, now)}` }] as const;
  });
  return {
    ...metadata(conversation, recording),
    ...textsOf(state, conversation, recording),
    ...(uris.length === 0 ? {} : { mediaUris: Object.fromEntries(uris) }),
    estimatedTranscodeTimeMs: state.settings.transcodeDuration,
    actualTranscodeTimeMs: state.settings.transcodeDuration,
    outputDurationMs: recording.seconds * 1000,
  };
}

/** Recordings whose media is not at hand: the API shows them without addresses. */
const isAway: readonly string[] = ['ARCHIVED', 'RESTORING', 'DELETED', 'UPLOADING', 'ERROR'];

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
        ({ id }) => !state.settings.hidden.includes(id),
      );
      const ready = recordings.map(
        (recording) =>
          recording.media !== 'audio' || isTranscoded(state, recording, query.formatId, now),
      );
      if (ready.includes(false)) return { status: 202 };
      return {
        status: 200,
        body: recordings.map((recording) =>
          withMedia(call, conversation, recording, {
            formatId: query.formatId,
            emailFormatId: 'NONE',
            download: false,
          }),
        ),
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/conversations/{conversationId}/recordings/{recordingId}',
    query: z.strictObject({
      formatId,
      emailFormatId: z.enum(['EML', 'NONE']).default('EML'),
      chatFormatId: z.enum(['ZIP', 'NONE']).default('NONE'),
      messageFormatId: z.enum(['ZIP', 'NONE']).default('NONE'),
      download: z.enum(['true', 'false']).default('false'),
      fileName: z.string().optional(),
    }),
    body: null,
    permissions: viewRecordings,
    handle: (call) => {
      const { state, query, now } = call;
      const conversation = conversationOf(state, call.path['conversationId']);
      const recording = conversation.recordings.find(
        ({ id }) => id === call.path['recordingId'] && !state.settings.hidden.includes(id),
      );
      if (!recording) throw notFound();
      if (isAway.includes(recording.fileState))
        return { status: 200, body: metadata(conversation, recording) };
      const isRendered = recording.media === 'audio' || recording.media === 'screen';
      if (isRendered && !isTranscoded(state, recording, query.formatId, now))
        return { status: 202 };
      return {
        status: 200,
        body: withMedia(call, conversation, recording, {
          ...query,
          download: query.download === 'true',
        }),
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
