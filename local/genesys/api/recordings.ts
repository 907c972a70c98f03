import { z } from 'zod';
import { missingPermissions, notFound, operation, type Operation } from '../operation';
import {
  conversationOf,
  fileStateOf,
  unavailableStates,
  isTranscoded,
  metadata,
  withMedia,
} from './recording-views';

const formats = ['WAV', 'WEBM', 'WAV_ULAW', 'OGG_VORBIS', 'OGG_OPUS', 'MP3', 'NONE'] as const;
const formatId = z.enum(formats).default('WEBM');

/** Permissions of which a client needs one to view recordings. */
export const viewRecordings = {
  any: [
    'recording:recording:view',
    'recording:recordingSegment:view',
    'recording:snippetRecording:view',
    'recording:screenRecording:view',
  ],
};

/** Each of them opens the call; what a change needs besides depends on the recording. */
const changeRecordings = {
  any: ['recording', 'screenRecording', 'snippetRecording'].flatMap((media) =>
    ['view', 'editRetention', 'restore'].map((action) => `recording:${media}:${action}`),
  ),
};

export const recordingOperations: Operation[] = [
  operation({
    method: 'GET',
    path: '/api/v2/recordings/retention/query',
    query: z.strictObject({
      retentionThresholdDays: z.coerce.number().int().positive(),
      cursor: z.string().optional(),
      pageSize: z.coerce.number().int().positive().max(500).default(25),
    }),
    body: null,
    permissions: { any: ['recording:recording:view'] },
    handle: ({ query, state, now }) => {
      const before = now.getTime() - query.retentionThresholdDays * 86_400_000;
      const entities = state.organisation.conversations
        .filter(({ start }) => Date.parse(start) < before)
        .flatMap(({ id, start, recordings }) =>
          recordings.map((recording) => ({
            conversationId: id,
            recordingId: recording.id,
            creationTime: start,
          })),
        );
      return { status: 200, body: { entities: entities.slice(0, query.pageSize) } };
    },
  }),
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
      if (unavailableStates.includes(fileStateOf(state, recording, now)))
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
      const shown = conversation.recordings;
      return { status: 200, body: shown.map((r) => metadata(state, conversation, r, now)) };
    },
  }),
  operation({
    method: 'PUT',
    path: '/api/v2/conversations/{conversationId}/recordings/{recordingId}',
    query: z.strictObject({}),
    body: z.strictObject({ archiveDate: z.iso.datetime() }),
    permissions: changeRecordings,
    handle: ({ path, state, now }) => {
      const conversation = conversationOf(state, path['conversationId']);
      const recording = conversation.recordings.find(({ id }) => id === path['recordingId']);
      if (!recording) throw notFound();
      const isArchived = fileStateOf(state, recording, now) === 'ARCHIVED';
      const needed = [
        'recording:recording:view',
        isArchived ? 'recording:recording:restore' : 'recording:recording:editRetention',
      ];
      const missing = needed.filter((permission) => state.lacks(permission));
      if (missing.length > 0) throw missingPermissions(missing);
      if (!state.restorations.has(recording.id))
        state.restorations.set(recording.id, now.getTime());
      return { status: 200, body: metadata(state, conversation, recording, now) };
    },
  }),
];
