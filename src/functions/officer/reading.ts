import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { custodyQuery } from '../../core/api/bodies';
import { checkpointOf, linesOf, type CustodyDocument } from '../../core/custody/chain';
import { custodyCsv } from '../../core/custody/custody-csv';
import { checkpointText } from '../../core/custody/heads';
import { checkCustody, type CustodyCheckServices } from '../../services/custody';
import type { Clock, KeyStore, Ledger, Settings } from '../../ports';
import { statisticsOf, type StatisticsServices } from '../../services/statistics';
import { jsonResponse, parsedQuery, securityHeaders } from '../shared/http';
import type { OfficerHandler } from './officer-requests';

export type CustodyServices = CustodyCheckServices & {
  clock: Clock;
  keys: Pick<KeyStore, 'sign'>;
  settings: Pick<Settings, 'branding'>;
};

/** Language of the reader, by which a spreadsheet separates columns. */
const languageOf = ({ headers }: HttpRequest): string =>
  /^[\w-]+/.exec(headers.get('accept-language') ?? '')?.[0] ?? 'en';

/** Whether a call asks for a table: by its query, or else by what it accepts. */
function wantsCsv(request: HttpRequest): boolean {
  const { format } = parsedQuery(request, custodyQuery);
  const accepted = request.headers.get('accept') ?? '';
  return format === undefined ? /^text\/csv\b/i.test(accepted) : format === 'csv';
}

/** The custody record as a table. The name of the file says when the record was changed. */
async function custodyTable(
  services: CustodyCheckServices,
  requestId: string,
  request: HttpRequest,
): Promise<HttpResponseInit> {
  const { record, problems } = await checkCustody(services, requestId);
  const name = `custody-${requestId}${problems.length > 0 ? '-changed' : ''}.csv`;
  return {
    status: 200,
    headers: {
      ...securityHeaders,
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
    },
    body: custodyCsv(linesOf(record.entries, record.annotations), languageOf(request)),
  };
}

/** The custody record, signed now unless it was changed; as a table where the call asks for one. */
export const readCustody =
  (services: CustodyServices): OfficerHandler =>
  async ({ request, record: { requestId } }) => {
    if (wantsCsv(request)) return custodyTable(services, requestId, request);
    const { clock, keys, settings } = services;
    const { origin } = new URL(settings.branding.portalOrigin);
    const { record, problems, brokenAt, checkpoints } = await checkCustody(services, requestId);
    const { entries, annotations } = record;
    const head = entries.at(-1)?.hash ?? '';
    const now = checkpointOf({ requestId, entries, head, at: clock.now().toISOString() });
    const document: CustodyDocument = {
      requestId,
      entries,
      annotations: [...annotations].map(([sequence, annotation]) => ({ sequence, ...annotation })),
      head,
      at: now.at,
      signature:
        problems.length > 0
          ? null
          : await keys.sign(Buffer.from(checkpointText(now)), `${origin}/.well-known/jwks.json`),
      checkpoints,
      problems,
    };
    return jsonResponse(200, {
      ...document,
      isIntact: problems.length === 0,
      brokenAt,
      custody: linesOf(entries, annotations),
    });
  };

/** Counters of all requests by month, without personal data. */
export const readStatistics = async (services: StatisticsServices): Promise<HttpResponseInit> =>
  jsonResponse(200, {
    asOf: services.clock.now().toISOString(),
    months: await statisticsOf(services),
  });

/** The webhooks of a request, in their order. */
export const readWebhooks =
  (ledger: Pick<Ledger, 'webhooks'>): OfficerHandler =>
  async ({ record: { requestId } }) =>
    jsonResponse(200, { events: await ledger.webhooks(requestId) });
