import type { SubjectFilter } from '../../core/genesys/subject-filter';
import { AnalyticsApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { SearchWindow } from '../../core/genesys/search-windows';
import type { ConversationSearchSource, SearchPage, SearchState } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import { bodyIfFound } from './responses';
import { conversation, id, list, text, time } from './shapes';

const resultsPageSize = 500;

const submitted = z.object({ jobId: id });
const status = z.object({ state: z.string() });
const results = z.object({ conversations: list(conversation), cursor: text });
const availability = z.object({ dataAvailabilityDate: time.nullish() });
const retention = z.object({ retentionDays: z.number() });

/** Searches of conversations by asynchronous analytics jobs. */
export function conversationSearchCalls(client: GenesysCaller): ConversationSearchSource {
  const analytics = new AnalyticsApi(client.sdk);
  return {
    async submitSearch(window: SearchWindow, filter: SubjectFilter): Promise<string | null> {
      const answer = await client.call(() =>
        analytics.postAnalyticsConversationsDetailsJobs({
          interval: `${window.from}/${window.to}`,
          order: 'asc',
          orderBy: 'conversationStart',
          startOfDayIntervalMatching: true,
          segmentFilters: [filter],
        }),
      );
      return answer.status === 400 ? null : bodyOf(answer, submitted).jobId;
    },

    async searchState(jobId: string): Promise<SearchState> {
      const job = bodyIfFound(
        await client.call(() => analytics.getAnalyticsConversationsDetailsJob(jobId)),
        status,
      );
      if (job?.state === 'FULFILLED') return 'fulfilled';
      return job?.state === 'QUEUED' || job?.state === 'PENDING' ? 'running' : 'failed';
    },

    async searchResults(jobId: string, cursor: string | null): Promise<SearchPage | null> {
      const options = { pageSize: resultsPageSize, ...(cursor === null ? {} : { cursor }) };
      const answer = await client.call(() =>
        analytics.getAnalyticsConversationsDetailsJobResults(jobId, options),
      );
      if (answer.status !== 200) return null;
      const page = bodyOf(answer, results);
      return { conversations: page.conversations ?? [], cursor: page.cursor ?? null };
    },

    async deleteSearch(jobId: string): Promise<void> {
      await client.call(() => analytics.deleteAnalyticsConversationsDetailsJob(jobId));
    },

    async indexedUntil(): Promise<string | null> {
      const answer = await client.call(() =>
        analytics.getAnalyticsConversationsDetailsJobsAvailability(),
      );
      return bodyOf(answer, availability).dataAvailabilityDate ?? null;
    },

    async retention(): Promise<{ days: number; now: Date }> {
      const answer = await client.call(() => analytics.getAnalyticsDataretentionSettings());
      return { days: bodyOf(answer, retention).retentionDays, now: answer.date };
    },
  };
}
