import { AuditApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { AuditQuery } from '../../core/genesys/audits';
import type { AuditSource, SearchState } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import { byCursor, paginate } from './paginate';
import { bodyIfFound } from './responses';
import { document, list, reference, text } from './shapes';

const resultsPageSize = 500;

const status = z.object({ state: text });
const results = z.object({ entities: list(document), cursor: text });

/** The audit trail, by asynchronous queries. */
export function auditCalls(client: GenesysCaller): AuditSource {
  const audits = new AuditApi(client.sdk);
  return {
    async submitAuditQuery({ window, entityType, entityId }: AuditQuery): Promise<string | null> {
      const answer = await client.call(() =>
        audits.postAuditsQuery({
          interval: `${window.from}/${window.to}`,
          serviceName: 'ExternalContacts',
          filters: [
            { property: 'EntityType', value: entityType },
            { property: 'EntityId', value: entityId },
          ],
          sort: [{ name: 'Timestamp', sortOrder: 'ascending' }],
        }),
      );
      return answer.status === 400 ? null : (bodyOf(answer, reference).id ?? null);
    },

    async auditQueryState(id: string): Promise<SearchState> {
      const query = bodyIfFound(
        await client.call(() => audits.getAuditsQueryTransactionId(id)),
        status,
      );
      if (query?.state === 'Succeeded') return 'fulfilled';
      return query?.state === 'Queued' || query?.state === 'Running' ? 'running' : 'failed';
    },

    async auditQueryResults(id: string): Promise<Record<string, unknown>[] | null> {
      const rule = byCursor<z.infer<typeof results>>(({ cursor }) => cursor);
      const { pages, isComplete } = await paginate(rule, async (cursor) => {
        const options = { pageSize: resultsPageSize, ...(cursor === '' ? {} : { cursor }) };
        const answer = await client.call(() =>
          audits.getAuditsQueryTransactionIdResults(id, options),
        );
        const page = answer.status === 200 ? bodyOf(answer, results) : null;
        // Without a list the source has not said that there is nothing.
        return page?.entities ? page : null;
      });
      return isComplete ? pages.flatMap(({ entities }) => entities ?? []) : null;
    },
  };
}
