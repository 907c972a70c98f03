import { AuditApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { AuditEntityType, AuditQuery } from '../../core/genesys/audits';
import type { AuditSource, SearchState } from '../../ports';
import { bodyOf, type GenesysCaller } from './client';
import { byCursor, paginate } from './paginate';
import { bodyIfFound } from './responses';
import { document, identified, list, text } from './shapes';

const resultsPageSize = 500;

/** The service that contacts and their notes belong to. */
const serviceName = 'ExternalContacts';

const status = z.object({ state: text });
const results = z.object({ entities: list(document), cursor: text });
const serviceMapping = z.object({
  services: list(
    z.object({
      name: text,
      entities: list(z.object({ name: text, actions: list(z.string()) })),
    }),
  ),
});

/** The audit trail, by asynchronous queries. */
export function auditCalls(client: GenesysCaller): AuditSource {
  const audits = new AuditApi(client.sdk);
  return {
    async submitAuditQuery({ window, entityType, entityId }: AuditQuery): Promise<string | null> {
      const query = {
        interval: `${window.from}/${window.to}`,
        serviceName,
        filters: [
          { property: 'EntityType', value: entityType },
          { property: 'EntityId', value: entityId },
        ],
        sort: [{ name: 'Timestamp', sortOrder: 'ascending' }],
      };
      const answer = await client.call(() => audits.postAuditsQuery(query), [413]);
      return answer.status >= 400 ? null : bodyOf(answer, identified).id;
    },

    async auditedActions(entityType: AuditEntityType): Promise<string[] | null> {
      const answer = await client.call(() => audits.getAuditsQueryServicemapping());
      if (answer.status !== 200) return null;
      const { services } = bodyOf(answer, serviceMapping);
      const service = (services ?? []).find(({ name }) => name === serviceName);
      const entity = (service?.entities ?? []).find(({ name }) => name === entityType);
      return entity?.actions ?? null;
    },

    async auditQueryState(id: string): Promise<SearchState> {
      const query = bodyIfFound(
        await client.call(() => audits.getAuditsQueryTransactionId(id)),
        status,
      );
      switch (query?.state) {
        case 'Succeeded':
          return 'fulfilled';
        case 'Queued':
        case 'Running':
          return 'running';
        case 'Failed':
          return 'failed';
        default:
          return 'gone';
      }
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
