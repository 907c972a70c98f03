import { OrganizationApi, RecordingApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { SearchWindow } from '../../core/genesys/search-windows';
import type { BulkJobSource, BulkStart } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import { byNumber, paginate } from './paginate';
import { bodyIfFound } from './responses';
import { identified, list, reference, text } from './shapes';

const failuresPageSize = 100;
/** What a query is answered that takes too long, and what one that is too large. */
const tooSlow: readonly number[] = [408, 504];
const tooLarge = 413;

const jobState = z.object({ state: text });
const failures = z.object({
  entities: list(z.object({ recording: reference.nullish() })),
  pageCount: z.number().nullish(),
});

/**
 * Jobs that export recordings to a bucket.
 * @param integrationId of the organisation's bulk export integration
 */
export function bulkJobCalls(client: GenesysCaller, integrationId: string): BulkJobSource {
  const api = new RecordingApi(client.sdk);
  const organizations = new OrganizationApi(client.sdk);
  let organizationId: string | null = null;
  return {
    async organizationId(): Promise<string> {
      if (organizationId === null) {
        const answer = await client.call(() => organizations.getOrganizationsMe());
        organizationId = bodyOf(answer, identified).id;
      }
      return organizationId;
    },

    async startBulkExport(window: SearchWindow, conversationIds: string[]): Promise<BulkStart> {
      const job = jobOf(integrationId, window, conversationIds);
      const answer = await client.call(() => api.postRecordingJobs(job), [...tooSlow, tooLarge]);
      if (answer.status < 300) return { kind: 'started', jobId: bodyOf(answer, identified).id };
      // It was the query that took too long when the source answers another call.
      if (tooSlow.includes(answer.status))
        bodyOf(await client.call(() => organizations.getOrganizationsMe()), identified);
      const isBusy = /limit|concurrent|maximum/i.test(answer.code ?? '');
      return { kind: isBusy ? 'busy' : 'refused' };
    },

    async bulkExportState(jobId: string): Promise<'running' | 'ready' | 'fulfilled' | 'failed'> {
      const job = bodyIfFound(await client.call(() => api.getRecordingJob(jobId)), jobState);
      if (job?.state === 'READY') return 'ready';
      if (job?.state === 'FULFILLED') return 'fulfilled';
      return job?.state === 'PENDING' || job?.state === 'PROCESSING' ? 'running' : 'failed';
    },

    async executeBulkExport(jobId: string): Promise<void> {
      await client.call(() => api.putRecordingJob(jobId, { state: 'PROCESSING' }));
    },

    async bulkExportFailures(jobId: string): Promise<string[]> {
      const pageSize = failuresPageSize;
      const { pages } = await paginate(byNumber({ pageSize }), async (pageNumber) =>
        bodyIfFound(
          await client.call(() =>
            api.getRecordingJobFailedrecordings(jobId, { pageSize, pageNumber }),
          ),
          failures,
        ),
      );
      return pages.flatMap(({ entities }) =>
        (entities ?? []).flatMap(({ recording }) => recording?.id ?? []),
      );
    },
  };
}

/** A RecordingJobsQuery for all recordings of these conversations. */
const jobOf = (integrationId: string, window: SearchWindow, conversationIds: string[]) => ({
  action: 'EXPORT',
  actionDate: new Date().toISOString(),
  integrationId,
  includeRecordingsWithSensitiveData: true,
  includeScreenRecordings: true,
  conversationQuery: {
    interval: `${window.from}/${window.to}`,
    conversationFilters: [
      {
        type: 'or',
        predicates: conversationIds.map((value) => ({
          type: 'dimension',
          dimension: 'conversationId',
          operator: 'matches',
          value,
        })),
      },
    ],
  },
});
