import type { SubjectFilter } from '../../core/genesys/subject-filter';
import { AnalyticsApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { SearchWindow } from '../../core/genesys/search-windows';
import type { ConversationSearchSource, SearchPage, SearchState } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import { bodyIfFound } from './responses';
import { conversation, id, list, text, time } from './shapes';

/** Any size may be asked for; more of these documents are too much for one answer. */
const resultsPageSize = 1000;
/** What a query is answered that is too large, or takes too long. */
const tooMuch = [408, 413, 504];

const submitted = z.object({ jobId: id });
const status = z.object({ state: z.string() });
const results = z.object({ conversations: list(conversation), cursor: text });
const availability = z.object({ dataAvailabilityDate: time.nullish() });
const retention = z.object({ retentionDays: z.number() });

/** Searches of conversations by asynchronous analytics jobs. */
export function conversationSearchCalls(client: GenesysCaller): ConversationSearchSource {
  const analytics = new AnalyticsApi(client.sdk);
  const indexedUntil = async (): Promise<string | null> => {
    const answer = await client.call(() =>
      analytics.getAnalyticsConversationsDetailsJobsAvailability(),
    );
    return bodyOf(answer, availability).dataAvailabilityDate ?? null;
  };
  return {
    async submitSearch(window: SearchWindow, filter: SubjectFilter): Promise<string | null> {
      const query = {
        interval: `${window.from}/${window.to}`,
        order: 'asc',
        orderBy: 'conversationStart',
        startOfDayIntervalMatching: true,
        segmentFilters: [filter],
      };
      const answer = await client.call(
        () => analytics.postAnalyticsConversationsDetailsJobs(query),
        tooMuch,
      );
      const { status: given } = answer;
      if (given === 400 || given === 413) return null;
      if (given < 300) return bodyOf(answer, submitted).jobId;
      // It was the query that took too long when the source answers another call.
      await indexedUntil();
      return null;
    },

    async searchState(jobId: string): Promise<SearchState> {
      const job = bodyIfFound(
        await client.call(() => analytics.getAnalyticsConversationsDetailsJob(jobId)),
        status,
      );
      switch (job?.state) {
        case 'FULFILLED':
          return 'fulfilled';
        case 'QUEUED':
        case 'PENDING':
          return 'running';
        case 'FAILED':
          return 'failed';
        default:
          return 'gone';
      }
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

    indexedUntil,

    async retention(): Promise<{ days: number; now: Date }> {
      const answer = await client.call(() => analytics.getAnalyticsDataretentionSettings());
      return { days: bodyOf(answer, retention).retentionDays, now: answer.date };
    },
  };
}
