import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { badRequest, notFound, operation, type Operation } from '../operation';
import type { OrgAudit } from '../organisation';
import { staffOf } from '../staff';
import type { AuditQuery, SimulatorState } from '../state';

const permissions = { all: ['audits:audit:view'] };
const day = 86_400_000;
/** Audits are kept for a year. */
const retention = 365 * day;

const auditQuery = z.strictObject({
  interval: z.string(),
  serviceName: z.string().optional(),
  filters: z
    .array(
      z.strictObject({
        property: z.enum([
          'UserId',
          'TrusteeOrganizationId',
          'ClientId',
          'Action',
          'EntityType',
          'EntityId',
        ]),
        value: z.string(),
      }),
    )
    .default([]),
  sort: z
    .array(
      z.strictObject({
        name: z.literal('Timestamp'),
        sortOrder: z.enum(['ascending', 'descending']),
      }),
    )
    .optional(),
});

function search(
  query: z.infer<typeof auditQuery>,
  state: SimulatorState,
  now: Date,
): { results: OrgAudit[] } {
  const [from = NaN, to = NaN] = query.interval.split('/').map((text) => Date.parse(text));
  if (Number.isNaN(from) || Number.isNaN(to) || from >= to)
    throw badRequest('interval must be an ISO-8601 interval, start before end.', 'invalid.date');
  const { longestAuditDays } = state.settings;
  if (to - from > longestAuditDays * day)
    throw badRequest(`The interval exceeds the maximum of ${longestAuditDays} days.`);
  if (now.getTime() - from > 14 * day && query.serviceName === undefined)
    throw badRequest('serviceName is required for intervals older than 14 days.');
  const results = state.organisation.audits.filter((audit) => {
    const at = Date.parse(audit.at);
    return (
      at >= from &&
      at < to &&
      at > now.getTime() - retention &&
      (query.serviceName ?? 'ExternalContacts') === 'ExternalContacts' &&
      // All have to hold, also two of one property: so a query for two ids finds nothing.
      query.filters.every(({ property, value }) => {
        if (property === 'EntityType') return audit.entityType === value;
        if (property === 'EntityId') return audit.entityId === value;
        if (property === 'UserId') return audit.userId === value;
        return property === 'Action' && audit.action === value;
      })
    );
  });
  return { results };
}

function stateOf(query: AuditQuery, state: SimulatorState, now: Date): string {
  const elapsed = now.getTime() - query.submitted;
  if (query.broken) return 'Failed';
  if (elapsed >= state.settings.jobDuration) return 'Succeeded';
  return elapsed >= state.settings.jobDuration / 3 ? 'Running' : 'Queued';
}

function queryOf(state: SimulatorState, id: string | undefined): AuditQuery {
  const query = state.audits.get(id ?? '');
  if (!query) throw notFound();
  return query;
}

const statusView = (
  query: AuditQuery,
  state: SimulatorState,
  now: Date,
): Record<string, unknown> => ({
  id: query.id,
  state: stateOf(query, state, now),
  startDate: new Date(query.submitted).toISOString(),
  interval: query.interval,
  serviceName: 'ExternalContacts',
});

export const auditOperations: Operation[] = [
  operation({
    method: 'POST',
    path: '/api/v2/audits/query',
    query: z.strictObject({}),
    body: auditQuery,
    permissions,
    handle: ({ body, state, now }) => {
      const query: AuditQuery = {
        id: randomUUID(),
        submitted: now.getTime(),
        interval: body.interval,
        ...search(body, state, now),
      };
      state.audits.set(query.id, query);
      return { status: 200, body: statusView(query, state, now) };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/v2/audits/query/servicemapping',
    query: z.strictObject({}),
    body: null,
    permissions,
    handle: ({ state }) => ({
      status: 200,
      body: {
        services: [
          {
            name: 'ExternalContacts',
            entities: [
              { name: 'Contact', actions: ['Create', 'Update', 'Delete', 'View', 'Merge'] },
              { name: 'Note', actions: state.settings.noteActions },
            ],
          },
        ],
      },
    }),
  }),
  operation({
    method: 'GET',
    path: '/api/v2/audits/query/{transactionId}',
    query: z.strictObject({}),
    body: null,
    permissions,
    handle: ({ path, state, now }) => ({
      status: 200,
      body: statusView(queryOf(state, path['transactionId']), state, now),
    }),
  }),
  operation({
    method: 'GET',
    path: '/api/v2/audits/query/{transactionId}/results',
    query: z.strictObject({
      cursor: z.string().optional(),
      pageSize: z.coerce.number().int().positive().max(500).default(25),
    }),
    body: null,
    permissions,
    handle: ({ path, query: { cursor, pageSize }, state, now }) => {
      const query = queryOf(state, path['transactionId']);
      if (stateOf(query, state, now) !== 'Succeeded')
        throw badRequest('The query has not succeeded.');
      const first = cursor === undefined ? 0 : Number(cursor);
      const next = first + pageSize;
      return {
        status: 200,
        body: {
          id: query.id,
          pageSize,
          ...(next < query.results.length ? { cursor: String(next) } : {}),
          entities: query.results.slice(first, next).map((audit) => ({
            id: audit.id,
            level: 'USER',
            status: 'SUCCESS',
            serviceName: 'ExternalContacts',
            eventDate: audit.at,
            action: audit.action,
            entityType: audit.entityType,
            entity: { id: audit.entityId },
            user: { id: audit.userId, name: staffOf(state.organisation, audit.userId).name },
            propertyChanges:
              audit.property === undefined
                ? []
                : [
                    {
                      property: audit.property,
                      oldValues: [audit.oldValue ?? ''],
                      newValues: [audit.newValue ?? ''],
                    },
                  ],
          })),
        },
      };
    },
  }),
];
