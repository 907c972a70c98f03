import { AuditApi } from 'purecloud-platform-client-v2';
import type { AuditQuery } from '../../core/audits';
import type { SearchState, Source } from '../../ports';
import { bodyOf, type Answer, type GenesysCaller } from './client';

const resultsPageSize = 500;

/** The audit trail, by asynchronous queries. */
export function auditsCalls(
  client: GenesysCaller,
): Pick<Source, 'submitAuditQuery' | 'auditQueryState' | 'auditQueryResults'> {
  const audits = new AuditApi(client.sdk);
  return {
    async submitAuditQuery({ window, entityType, entityId }: AuditQuery): Promise<string | null> {
      const answer = await client.call<{ id?: string }>(() =>
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
      return answer.status === 400 ? null : (bodyOf(answer).id ?? null);
    },

    async auditQueryState(id: string): Promise<SearchState> {
      const answer = await client.call<{ state?: string }>(() =>
        audits.getAuditsQueryTransactionId(id),
      );
      if (answer.status === 404) return 'failed';
      const { state } = bodyOf(answer);
      if (state === 'Succeeded') return 'fulfilled';
      return state === 'Queued' || state === 'Running' ? 'running' : 'failed';
    },

    async auditQueryResults(id: string): Promise<Record<string, unknown>[] | null> {
      const found: Record<string, unknown>[] = [];
      let cursor: string | undefined;
      do {
        const from = cursor;
        const answer: Answer<{ entities?: Record<string, unknown>[]; cursor?: string }> =
          await client.call(() =>
            audits.getAuditsQueryTransactionIdResults(id, {
              pageSize: resultsPageSize,
              ...(from === undefined ? {} : { cursor: from }),
            }),
          );
        if (answer.status !== 200) return null;
        const page = bodyOf(answer);
        found.push(...(page.entities ?? []));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found;
    },
  };
}
