import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { badRequest, notFound, operation, type Operation } from '../operation';
import type { Batch } from '../state';
import { fileStateOf, inBatches, unavailableStates, type Context } from './recording-views';
import { viewRecordings } from './recordings';

/**
 * A batch as far as it is: results come one by one, in the format that was recorded in; a recording
 * may stand in it twice, and one that cannot be handed over has a message instead of an address.
 */
function batchView({ state, origin, now }: Context, batch: Batch): Record<string, unknown> {
  const share = (now.getTime() - batch.submitted) / Math.max(state.settings.transcodeDuration, 1);
  const all = batch.wanted.flatMap(({ conversationId, recordingId }) => {
    const conversation = state.conversation(conversationId);
    return (conversation ? inBatches(state, conversation) : [])
      .filter(({ id }) => recordingId === undefined || id === recordingId)
      .map((recording) => ({ conversationId, recording }));
  });
  const isDone =
    share >= 1 &&
    !all.some(({ recording }) => state.settings.stuckRecordings.includes(recording.id));
  const shown = isDone ? all : all.slice(0, Math.floor(all.length * Math.min(share, 0.9)));
  const results = shown.map(({ conversationId, recording }) => {
    const isHidden = state.settings.hidden.includes(recording.id);
    const isAtHand = !unavailableStates.includes(fileStateOf(state, recording, now));
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

export const batchOperations: Operation[] = [
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
];
