import { z } from 'zod';
import { notFound, operation, type Operation } from '../operation';
import {
  conversationOf,
  fileStateOf,
  unavailableStates,
  isTranscoded,
  metadata,
  visible,
  withMedia,
} from './recording-views';

const formats = ['WAV', 'WEBM', 'WAV_ULAW', 'OGG_VORBIS', 'OGG_OPUS', 'MP3', 'NONE'] as const;
const formatId = z.enum(formats).default('WEBM');

/** Permissions of which a client needs one to view recordings. */
export const viewRecordings = {
  any: ['recording:recording:view', 'recording:recordingSegment:view'],
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
];
