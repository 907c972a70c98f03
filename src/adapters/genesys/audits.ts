import { AuditApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { AuditQuery } from '../../core/genesys/audits';
import type { SearchState, Source } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import { document, list, reference, text } from './shapes';

const resultsPageSize = 500;

const status = z.object({ state: text });
const results = z.object({ entities: list(document), cursor: text });

/** The audit trail, by asynchronous queries. */
export function auditsCalls(
  client: GenesysCaller,
): Pick<Source, 'submitAuditQuery' | 'auditQueryState' | 'auditQueryResults'> {
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
      const answer = await client.call(() => audits.getAuditsQueryTransactionId(id));
      if (answer.status === 404) return 'failed';
      const { state } = bodyOf(answer, status);
      if (state === 'Succeeded') return 'fulfilled';
      return state === 'Queued' || state === 'Running' ? 'running' : 'failed';
    },

    async auditQueryResults(id: string): Promise<Record<string, unknown>[] | null> {
      const found: Record<string, unknown>[] = [];
      let cursor: string | null = null;
      do {
        const from: string | null = cursor;
        const answer = await client.call(() =>
          audits.getAuditsQueryTransactionIdResults(id, {
            pageSize: resultsPageSize,
            ...(from === null ? {} : { cursor: from }),
          }),
        );
        if (answer.status !== 200) return null;
        const page: z.infer<typeof results> = bodyOf(answer, results);
        found.push(...(page.entities ?? []));
        cursor = page.cursor ?? null;
      } while (cursor !== null);
      return found;
    },
  };
}
