import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { endOf, timeIn } from '../analytics-view';
import { badRequest, notFound, operation, type Operation } from '../operation';
import type { OrgConversation, OrgRecording } from '../organisation';
import type { Batch, SimulatorState } from '../state';

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

/** Recordings that the client is shown. What it may not see is left out, and nothing says so. */
const visible = ({ settings }: SimulatorState, { recordings }: OrgConversation): OrgRecording[] =>
  recordings.filter(
    ({ isSensitive }) =>
      !isSensitive ||
      !settings.missingPermissions.includes('recording:recording:viewSensitiveData'),
  );

/** Where a recording's media is: one that is archived comes back some time after it was asked for. */
function fileStateOf(state: SimulatorState, recording: OrgRecording, now: Date): string {
  const asked = state.restorations.get(recording.id);
  if (recording.fileState !== 'ARCHIVED' || asked === undefined) return recording.fileState;
  return now.getTime() - asked < state.settings.restoreDuration ? 'RESTORING' : 'RESTORED';
}

function metadata(
  state: SimulatorState,
  conversation: OrgConversation,
  recording: OrgRecording,
  now: Date,
): Record<string, unknown> {
  return {
    id: recording.id,
    conversationId: conversation.id,
    startTime: conversation.start,
    endTime: endOf(conversation),
    media: recording.media,
    ...(recording.media === 'audio' ? { mediaSubtype: 'Trunk' } : {}),
    ...(recording.media === 'screen' ? { mediaSubtype: 'Screen' } : {}),
    fileState: fileStateOf(state, recording, now),
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

interface Context {
  state: SimulatorState;
  origin: string;
  now: Date;
}

/** What was written, for recordings of texts. */
function textsOf(
  { state, origin, now }: Context,
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
      ...(message.attachment
        ? {
            messageMediaAttachments: [
              {
                id: message.attachment.id,
                name: message.attachment.name,
                mediaType: message.attachment.contentType,
                contentLength: Buffer.byteLength(message.attachment.text),
                url: `${origin}${state.sign(`/attachments/${conversation.id}/${message.attachment.id}`, now)}`,
              },
            ],
          }
        : {}),
      purpose: message.from,
    })),
  };
}

/** A recording with addresses of its media: one merged file for a download, else one a channel. */
function withMedia(
  { state, origin, now }: Context,
  conversation: OrgConversation,
  recording: OrgRecording,
  formats: Formats,
): Record<string, unknown> {
  const uris = Object.entries(filesOf(recording, formats)).map(([key, ending]) => {
    const path = `/media/${conversation.id}/${recording.id}${ending}`;
    return [key, { mediaUri: `${origin}${state.sign(path, now)}` }] as const;
  });
  return {
    ...metadata(state, conversation, recording, now),
    ...textsOf({ state, origin, now }, conversation, recording),
    ...(uris.length === 0 ? {} : { mediaUris: Object.fromEntries(uris) }),
    estimatedTranscodeTimeMs: state.settings.transcodeDuration,
    actualTranscodeTimeMs: state.settings.transcodeDuration,
    outputDurationMs: recording.seconds * 1000,
  };
}

/** Recordings whose media is not at hand: the API shows them without addresses. */
const isAway: readonly string[] = ['ARCHIVED', 'RESTORING', 'DELETED', 'UPLOADING', 'ERROR'];

const viewRecordings = { any: ['recording:recording:view', 'recording:recordingSegment:view'] };
/**
 * A batch as far as it is: results come one by one, in the format that was recorded in; a recording
 * may stand in it twice, and one that cannot be handed over has a message instead of an address.
 */
function batchView({ state, origin, now }: Context, batch: Batch): Record<string, unknown> {
  const share = (now.getTime() - batch.submitted) / Math.max(state.settings.transcodeDuration, 1);
  const all = batch.wanted.flatMap(({ conversationId, recordingId }) => {
    const conversation = state.conversation(conversationId);
    return (conversation ? visible(state, conversation) : [])
      .filter(({ id }) => recordingId === undefined || id === recordingId)
      .map((recording) => ({ conversationId, recording }));
  });
  const isDone =
    share >= 1 &&
    !all.some(({ recording }) => state.settings.stuckRecordings.includes(recording.id));
  const shown = isDone ? all : all.slice(0, Math.floor(all.length * Math.min(share, 0.9)));
  const results = shown.map(({ conversationId, recording }) => {
    const isHidden = state.settings.hidden.includes(recording.id);
    const isAtHand = !isAway.includes(fileStateOf(state, recording, now));
    const isAudio = recording.media === 'audio';
    const path = `/media/${conversationId}/${recording.id}.${isAudio ? 'wav' : 'webm'}`;
    return {
      conversationId,
      recordingId: recording.id,
      ...(isHidden || !isAtHand
        ? { errorMsg: 'The recording is not available.' }
        : {
            resultUrl: `${origin}${state.sign(path, now)}`,
            contentType: isAudio ? 'audio/wav' : 'video/webm',
          }),
    };
  });
  const [first] = results;
  return {
    id: batch.id,
    jobId: batch.id,
    status: isDone ? 'Completed' : 'InProgress',
    expectedResultCount: isDone ? all.length : Math.max(1, all.length - 1),
    resultCount: results.length,
    errorCount: results.filter((result) => 'errorMsg' in result).length,
    results: first ? [...results, first] : [],
    selfUri: `/api/v2/recording/batchrequests/${batch.id}`,
  };
}

const formatId = z.enum(formats).default('WEBM');

const protection = z.strictObject({ conversationIds: z.array(z.string()).min(1).max(100) });
const protect = {
  any: ['recording:deletionProtection:apply', 'recording:deletionProtection:revoke'],
};

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
      const recordings = visible(state, conversation).filter(
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
      const recording = visible(state, conversation).find(
        ({ id }) => id === call.path['recordingId'] && !state.settings.hidden.includes(id),
      );
      if (!recording) throw notFound();
      if (isAway.includes(fileStateOf(state, recording, now)))
        return { status: 200, body: metadata(state, conversation, recording, now) };
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
    handle: ({ path, state, now }) => {
      const conversation = conversationOf(state, path['conversationId']);
      const shown = visible(state, conversation);
      return { status: 200, body: shown.map((r) => metadata(state, conversation, r, now)) };
    },
  }),
  operation({
    method: 'PUT',
    path: '/api/v2/conversations/{conversationId}/recordings/{recordingId}',
    query: z.strictObject({}),
    body: z.strictObject({ archiveDate: z.iso.datetime() }),
    permissions: { all: ['recording:recording:view', 'recording:recording:restore'] },
    handle: ({ path, state, now }) => {
      const conversation = conversationOf(state, path['conversationId']);
      const recording = visible(state, conversation).find(({ id }) => id === path['recordingId']);
      if (!recording) throw notFound();
      if (!state.restorations.has(recording.id))
        state.restorations.set(recording.id, now.getTime());
      return { status: 200, body: metadata(state, conversation, recording, now) };
    },
  }),
  operation({
    method: 'POST',
    path: '/api/v2/recordings/deletionprotection',
    query: z.strictObject({}),
    body: protection,
    permissions: protect,
    handle: ({ body, state }) => ({
      status: 200,
      body: body.conversationIds
        .filter((id) => state.protectedConversations.has(id))
        .map((id) => ({ id, selfUri: `/api/v2/conversations/${id}` })),
    }),
  }),
  operation({
    method: 'PUT',
    path: '/api/v2/recordings/deletionprotection',
    query: z.strictObject({ protect: z.enum(['true', 'false']).default('true') }),
    body: protection,
    permissions: protect,
    handle: ({ body, query, state }) => {
      const { protectedConversations, settings } = state;
      const after = new Set([...protectedConversations, ...body.conversationIds]);
      if (query.protect === 'true' && after.size > settings.protectionLimit)
        throw badRequest('The limit of protected conversations is reached.', 'limit.exceeded');
      for (const id of body.conversationIds) {
        if (query.protect === 'true') protectedConversations.add(id);
        else protectedConversations.delete(id);
      }
      return { status: 200, body: { failedUpdates: [] } };
    },
  }),
  operation({
    method: 'POST',
    path: '/api/v2/recording/batchrequests',
    query: z.strictObject({}),
    body: z.strictObject({
      batchDownloadRequestList: z
        .array(z.strictObject({ conversationId: z.string(), recordingId: z.string().optional() }))
        .min(1),
    }),
    permissions: viewRecordings,
    handle: ({ body, state, now }) => {
      if (body.batchDownloadRequestList.length > 100) {
        throw badRequest(
          'Too many items requested, max 100 allowed.',
          'batch.download.too.many.items',
        );
      }
      const id = randomUUID();
      state.batches.set(id, {
        id,
        submitted: now.getTime(),
        wanted: body.batchDownloadRequestList,
      });
      return { status: 200, body: { id, selfUri: `/api/v2/recording/batchrequests/${id}` } };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/recording/batchrequests/{jobId}',
    query: z.strictObject({}),
    body: null,
    permissions: {},
    handle: (call) => {
      const batch = call.state.batches.get(call.path['jobId'] ?? '');
      if (!batch || batch.broken) throw notFound();
      return { status: 200, body: batchView(call, batch) };
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
