import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { analyticsView } from '../analytics-view';
import { matches } from '../filters';
import { badRequest, notFound, operation, type Operation } from '../operation';
import { isWithinReach } from '../organisation';
import type { AnalyticsJob, SimulatorState } from '../state';

const permissions = {
  any: ['analytics:conversationDetail:view', 'analytics:agentConversationDetail:view'],
};
const predicate = z.strictObject({
  type: z.enum(['dimension', 'property', 'metric']).optional(),
  dimension: z.string().optional(),
  operator: z.enum(['matches', 'exists', 'notExists']).optional(),
  value: z.string().optional(),
});
export const filter = z.strictObject({
  type: z.enum(['and', 'or']),
  clauses: z
    .array(z.strictObject({ type: z.enum(['and', 'or']), predicates: z.array(predicate) }))
    .optional(),
  predicates: z.array(predicate).optional(),
});
const asyncQuery = z.strictObject({
  interval: z.string(),
  order: z.enum(['asc', 'desc', 'unordered']).optional(),
  orderBy: z
    .enum(['conversationStart', 'conversationEnd', 'segmentStart', 'segmentEnd'])
    .optional(),
  conversationFilters: z.array(filter).default([]),
  segmentFilters: z.array(filter).default([]),
  limit: z.int().optional(),
  startOfDayIntervalMatching: z.boolean().default(false),
});

const day = 86_400_000;
/** The data lake lags behind the present. */
const lag = 2 * 3_600_000;

const availabilityDate = (now: Date): Date => new Date(now.getTime() - lag);

const predicatesIn = ({ predicates = [], clauses = [] }: z.infer<typeof filter>): number =>
  clauses.reduce((sum, clause) => sum + clause.predicates.length, predicates.length);

function search(
  query: z.infer<typeof asyncQuery>,
  state: SimulatorState,
  now: Date,
): AnalyticsJob['results'] {
  const [from, to] = query.interval.split('/').map((text) => Date.parse(text));
  if (
    from === undefined ||
    to === undefined ||
    Number.isNaN(from) ||
    Number.isNaN(to) ||
    from >= to
  ) {
    throw badRequest('interval must be an ISO-8601 interval, start before end.', 'invalid.date');
  }
  const { longestSearchDays, mostPredicates } = state.settings;
  if (to - from > longestSearchDays * day)
    throw badRequest(`The interval exceeds the maximum of ${longestSearchDays} days.`);
  const filters = [...query.conversationFilters, ...query.segmentFilters];
  if (filters.some((one) => predicatesIn(one) > mostPredicates))
    throw badRequest('The filter has too many predicates.');
  const startOfDay = Math.floor(from / day) * day;
  return state.conversationsDuring(from, to).filter((conversation) => {
    const start = Date.parse(conversation.start);
    if (!isWithinReach(conversation, now) || start > availabilityDate(now).getTime()) return false;
    if (query.startOfDayIntervalMatching && start < startOfDay) return false;
    const view = analyticsView(conversation, state.organisation);
    return matches(view, query.conversationFilters, query.segmentFilters);
  });
}

/** State by elapsed time: queued, pending, fulfilled, and gone in the end. */
function stateOf(job: AnalyticsJob, { settings }: SimulatorState, now: Date): string {
  const elapsed = now.getTime() - job.submitted;
  if (job.broken) return job.broken === 'jobFailed' ? 'FAILED' : 'EXPIRED';
  if (elapsed > settings.jobLifetime) return 'EXPIRED';
  if (elapsed >= settings.jobDuration)
    return job.results.length > settings.mostSearchResults ? 'FAILED' : 'FULFILLED';
  return elapsed >= settings.jobDuration / 3 ? 'PENDING' : 'QUEUED';
}

function jobOf(state: SimulatorState, id: string | undefined): AnalyticsJob {
  const job = state.jobs.get(id ?? '');
  if (!job) throw notFound();
  return job;
}

export const analyticsOperations: Operation[] = [
  operation({
    method: 'POST',
    path: '/api/v2/analytics/conversations/details/jobs',
    query: z.strictObject({}),
    body: asyncQuery,
    permissions,
    handle: ({ body, state, now }) => {
      const job = { id: randomUUID(), submitted: now.getTime(), results: search(body, state, now) };
      state.jobs.set(job.id, job);
      return { status: 202, body: { jobId: job.id } };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/analytics/conversations/details/jobs/availability',
    query: z.strictObject({}),
    body: null,
    permissions: { any: ['analytics:conversationDetail:view'] },
    handle: ({ now }) => ({
      status: 200,
      body: { dataAvailabilityDate: availabilityDate(now).toISOString() },
    }),
  }),
  operation({
    method: 'GET',
    path: '/api/v2/analytics/conversations/details/jobs/{jobId}',
    query: z.strictObject({}),
    body: null,
    permissions,
    handle: ({ path, state, now }) => {
      const job = jobOf(state, path['jobId']);
      const jobState = stateOf(job, state, now);
      return {
        status: 200,
        body: {
          state: jobState,
          submissionDate: new Date(job.submitted).toISOString(),
          expirationDate: new Date(job.submitted + state.settings.jobLifetime).toISOString(),
          ...(jobState === 'FAILED' ? { errorMessage: 'The query has failed.' } : {}),
          ...(jobState === 'FULFILLED'
            ? { completionDate: new Date(job.submitted + state.settings.jobDuration).toISOString() }
            : {}),
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/analytics/conversations/details/jobs/{jobId}/results',
    query: z.strictObject({
      cursor: z.string().optional(),
      pageSize: z.coerce.number().int().positive().max(10_000).default(1000),
    }),
    body: null,
    permissions,
    handle: ({ path, query, state, now }) => {
      const job = jobOf(state, path['jobId']);
      if (stateOf(job, state, now) !== 'FULFILLED') throw badRequest('The job has no results.');
      const first =
        query.cursor === undefined ? 0 : Number(Buffer.from(query.cursor, 'base64url').toString());
      if (!Number.isInteger(first)) throw badRequest('The cursor is not valid.', 'invalid.value');
      const next = first + query.pageSize;
      return {
        status: 200,
        body: {
          conversations: job.results
            .slice(first, next)
            .map((c) => analyticsView(c, state.organisation)),
          ...(next < job.results.length
            ? { cursor: Buffer.from(String(next)).toString('base64url') }
            : {}),
          dataAvailabilityDate: availabilityDate(now).toISOString(),
        },
      };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/analytics/dataretention/settings',
    query: z.strictObject({}),
    body: null,
    permissions: { any: ['analytics:dataRetention:view'] },
    handle: ({ now }) => ({
      status: 200,
      body: {
        retentionDays: 5 * 365,
        dateCreated: now.toISOString(),
        dateModified: now.toISOString(),
      },
    }),
  }),
];
