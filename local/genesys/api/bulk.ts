import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { analyticsView } from '../analytics-view';
import { fileOf } from '../files';
import { matches } from '../filters';
import { badRequest, missingPermissions, notFound, operation, type Operation } from '../operation';
import type { BulkJob, SimulatorState } from '../state';
import { filter } from './analytics';

const recordingJobsQuery = z.strictObject({
  action: z.enum(['ARCHIVE', 'DELETE', 'EXPORT']),
  actionDate: z.iso.datetime().optional(),
  integrationId: z.string().optional(),
  includeRecordingsWithSensitiveData: z.boolean().default(false),
  includeScreenRecordings: z.boolean().default(true),
  conversationQuery: z.strictObject({
    interval: z.string(),
    conversationFilters: z.array(filter).default([]),
    segmentFilters: z.array(filter).default([]),
  }),
});

const jobsAtOnce = 2;
/** Jobs that wait for their execution do not count (API document, POST /api/v2/recording/jobs). */
const isUnderWay = (job: BulkJob, state: SimulatorState, now: Date): boolean =>
  ['PENDING', 'PROCESSING'].includes(stateOf(job, state, now));

/** Pending while its query runs, ready until it is executed, then processing for a while. */
function stateOf(job: BulkJob, { settings }: SimulatorState, now: Date): string {
  if (job.broken) return 'FAILED';
  if (now.getTime() - job.submitted < settings.jobDuration) return 'PENDING';
  if (job.executed === null) return 'READY';
  return now.getTime() - job.executed < settings.jobDuration ? 'PROCESSING' : 'FULFILLED';
}

function jobOf(state: SimulatorState, id: string | undefined): BulkJob {
  const job = state.bulkJobs.get(id ?? '');
  if (!job) throw notFound();
  return job;
}

function jobView(job: BulkJob, state: SimulatorState, now: Date): Record<string, unknown> {
  const { settings } = state;
  const failed = job.recordings.filter(({ recordingId }) => settings.hidden.includes(recordingId));
  return {
    id: job.id,
    state: stateOf(job, state, now),
    dateCreated: new Date(job.submitted).toISOString(),
    totalConversations: new Set(job.recordings.map(({ conversationId }) => conversationId)).size,
    totalRecordings: job.recordings.length,
    totalFailedRecordings: failed.length,
    selfUri: `/api/v2/recording/jobs/${job.id}`,
  };
}

/** Recordings of the conversations that a job's query finds. */
function recordingsOf(
  query: z.infer<typeof recordingJobsQuery>,
  state: SimulatorState,
): BulkJob['recordings'] {
  const { interval, conversationFilters, segmentFilters } = query.conversationQuery;
  const [from = NaN, to = NaN] = interval.split('/').map((text) => Date.parse(text));
  if (Number.isNaN(from) || Number.isNaN(to) || from >= to)
    throw badRequest('interval must be an ISO-8601 interval, start before end.', 'invalid.date');
  const { longestBulkDays, mostPredicates } = state.settings;
  if (to - from > longestBulkDays * 86_400_000)
    throw badRequest(`The interval exceeds the maximum of ${longestBulkDays} days.`);
  if (conversationFilters.some(({ predicates = [] }) => predicates.length > mostPredicates))
    throw badRequest('The filter has too many predicates.');
  return state.organisation.conversations
    .filter(({ start }) => Date.parse(start) >= from && Date.parse(start) < to)
    .filter((conversation) =>
      matches(analyticsView(conversation, state.organisation), conversationFilters, segmentFilters),
    )
    .flatMap(({ id, recordings }) =>
      recordings
        .filter(({ isSensitive }) => !isSensitive || query.includeRecordingsWithSensitiveData)
        .filter(({ media }) => media !== 'screen' || query.includeScreenRecordings)
        .map((recording) => ({ conversationId: id, recordingId: recording.id })),
    );
}

/** Writes a job's recordings to the bucket, with the metadata beside each, as the service does. */
async function deliver(job: BulkJob, state: SimulatorState): Promise<void> {
  const { bucket, organisation } = state;
  for (const { conversationId, recordingId } of job.recordings) {
    const conversation = state.conversation(conversationId);
    const recording = conversation?.recordings.find(({ id }) => id === recordingId);
    if (!conversation || !recording || bucket === null) continue;
    if (state.settings.hidden.includes(recordingId)) continue;
    const [year, month, day, hour] = conversation.start.split(/[-T:]/);
    const folder = `${organisation.id}/year=${year ?? ''}/month=${Number(month)}/day=${Number(day)}/hour=${Number(hour)}/conversation_id=${conversationId}/`;
    const ending = { audio: 'wav', screen: 'webm', email: 'eml', chat: null, messaging: null }[
      recording.media
    ];
    const file =
      ending === null ? null : fileOf(conversation, `${recordingId}.${ending}`, organisation);
    if (file) await bucket(`${folder}${recordingId}.${ending ?? ''}`, file.bytes);
    const metadata = { mediaType: recording.media === 'audio' ? 'Call' : recording.media };
    await bucket(`${folder}${recordingId}_metadata.json`, Buffer.from(JSON.stringify(metadata)));
  }
}

export const bulkOperations: Operation[] = [
  operation({
    method: 'POST',
    path: '/api/v2/recording/jobs',
    query: z.strictObject({}),
    body: recordingJobsQuery,
    permissions: { all: ['recording:job:add'] },
    handle: ({ body, state, now }) => {
      const { action } = body;
      if (action === 'DELETE') throw badRequest('DELETE is not simulated.');
      if (action === 'EXPORT' && body.integrationId !== state.settings.integrationId)
        throw badRequest('The integration was not found.', 'invalid.integration');
      const sensitive = 'recording:recording:viewSensitiveData';
      if (body.includeRecordingsWithSensitiveData && state.lacks(sensitive))
        throw missingPermissions([sensitive]);
      const underWay = [...state.bulkJobs.values()].filter((job) => isUnderWay(job, state, now));
      if (underWay.length >= jobsAtOnce)
        throw badRequest('Two jobs are running already.', 'recording.jobs.limit.reached');
      const job: BulkJob = {
        id: randomUUID(),
        submitted: now.getTime(),
        executed: null,
        action,
        recordings: recordingsOf(body, state),
      };
      state.bulkJobs.set(job.id, job);
      return { status: 202, body: jobView(job, state, now) };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/recording/jobs/{jobId}',
    query: z.strictObject({}),
    body: null,
    permissions: { all: ['recording:job:view'] },
    handle: ({ path, state, now }) => ({
      status: 200,
      body: jobView(jobOf(state, path['jobId']), state, now),
    }),
  }),
  operation({
    method: 'PUT',
    path: '/api/v2/recording/jobs/{jobId}',
    query: z.strictObject({}),
    body: z.strictObject({ state: z.literal('PROCESSING') }),
    permissions: {
      all: [
        'recording:job:edit',
        'recording:recording:editRetention',
        'recording:screenRecording:editRetention',
        'recording:snippetRecording:editRetention',
      ],
    },
    handle: ({ path, state, now }) => {
      const job = jobOf(state, path['jobId']);
      if (stateOf(job, state, now) !== 'READY') throw badRequest('The job is not ready.');
      if (job.action !== 'EXPORT') throw badRequest('Only EXPORT can be executed here.');
      job.executed = now.getTime();
      void deliver(job, state).catch(() => {
        job.broken = 'jobFailed';
      });
      return { status: 200, body: jobView(job, state, now) };
    },
  }),
  operation({
    method: 'DELETE',
    path: '/api/v2/recording/jobs/{jobId}',
    query: z.strictObject({}),
    body: null,
    permissions: { all: ['recording:job:delete'] },
    handle: ({ path, state }) => {
      state.bulkJobs.delete(jobOf(state, path['jobId']).id);
      return { status: 204 };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/recording/jobs/{jobId}/failedrecordings',
    query: z.strictObject({
      pageSize: z.coerce.number().int().positive().max(100).default(25),
      pageNumber: z.coerce.number().int().positive().default(1),
    }),
    body: null,
    permissions: { all: ['recording:job:view'] },
    handle: ({ path, query, state }) => {
      const failed = jobOf(state, path['jobId']).recordings.filter(({ recordingId }) =>
        state.settings.hidden.includes(recordingId),
      );
      const first = (query.pageNumber - 1) * query.pageSize;
      return {
        status: 200,
        body: {
          entities: failed.slice(first, first + query.pageSize).map((one) => ({
            conversation: {
              id: one.conversationId,
              selfUri: `/api/v2/conversations/${one.conversationId}`,
            },
            recording: {
              id: one.recordingId,
              selfUri: `/api/v2/conversations/${one.conversationId}/recordings/${one.recordingId}`,
            },
          })),
          pageSize: query.pageSize,
          pageNumber: query.pageNumber,
          total: failed.length,
          pageCount: Math.ceil(failed.length / query.pageSize),
          selfUri: `/api/v2/recording/jobs/${path['jobId'] ?? ''}/failedrecordings`,
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/organizations/me',
    query: z.strictObject({}),
    body: null,
    permissions: {},
    handle: ({ state }) => ({
      status: 200,
      body: {
        id: state.organisation.id,
        name: state.organisation.name,
        version: 1,
        state: 'active',
        selfUri: `/api/v2/organizations/${state.organisation.id}`,
      },
    }),
  }),
];
