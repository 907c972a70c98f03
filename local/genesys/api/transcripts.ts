import { z } from 'zod';
import { notFound, operation, type Operation } from '../operation';
import { conversationOf } from './recording-views';

export const transcriptOperations: Operation[] = [
  operation({
    method: 'GET',
    path: '/api/v2/speechandtextanalytics/conversations/{conversationId}/communications/{communicationId}/transcripturls',
    query: z.strictObject({}),
    body: null,
    permissions: { any: ['recording:recording:view', 'recording:recordingSegment:view'] },
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
