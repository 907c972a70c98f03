import { reportQuery } from '../../core/api/bodies';
import { fallbackLocale, pickLocale, translator, type Locales } from '../../core/i18n/translator';
import { sentenceOf } from '../../core/package/availability-sentences';
import { statementsOf, type Statement } from '../../core/package/availability-statements';
import { failureCounts, kindSummaries, type MissingEntry } from '../../core/package/missing-items';
import type { ItemLedger, Ledger, RequestRecord } from '../../ports';
import { availabilityFacts, type AvailabilityServices } from '../../services/availability';
import { jsonResponse, parsedQuery } from '../shared/http';
import type { OfficerHandler } from './officer-requests';

export type ReportServices = AvailabilityServices & {
  items: Pick<ItemLedger, 'counts' | 'missing'>;
  ledger: Pick<Ledger, 'details'>;
  locales: Locales;
};

/**
 * What the report says by now, without any content: before it is written, as it would be if it were written
 * now. What is masked is counted when it is written.
 */
export const readReport =
  (services: ReportServices): OfficerHandler =>
  async ({ request, record }) => {
    const { items, locales } = services;
    const { language = fallbackLocale } = parsedQuery(request, reportQuery);
    const words = translator(locales, pickLocale([language], locales));
    const missing = await items.missing(record.requestId);
    const counts = await items.counts(record.requestId);
    const kinds = kindSummaries(counts, missing);
    const failures = failureCounts(kinds);
    const statements = record.availability ?? (await presentStatements(services, record, missing));
    return jsonResponse(200, {
      isPreview: record.availability === null,
      language: words.tag,
      sentences: statements.map((statement) => sentenceOf(statement, words)),
      kinds,
      failures,
      failedItems: failures.reduce((total, { count }) => total + count, 0),
      acceptedFailures: record.acceptedFailures,
    });
  };

/** What the report would say; nothing before anything was collected, or once everything is deleted. */
async function presentStatements(
  services: ReportServices,
  record: RequestRecord,
  missing: readonly MissingEntry[],
): Promise<Statement[]> {
  if (record.exportAttempts === 0 || record.wrappedSecret === null || record.cleanedAt !== null)
    return [];
  const details = await services.ledger.details(record);
  const known = missing.filter(({ status }) => status !== 'pending');
  const contents = { details, missing: known, attributesWithheld: 0, redactions: {} };
  return statementsOf(await availabilityFacts(services, record, contents));
}
