import { groupCount, searchKey } from '../core/genesys/search-groups';
import { planWindows } from '../core/genesys/search-windows';
import { subjectFilters } from '../core/genesys/subject-filter';
import { addDays } from '../core/time/time';
import type { KeyStore, Ledger, SearchLedger, SearchRecord, Settings } from '../ports';
import { subjectOf } from '../services/subject';
import { openRequestActivity, type ActivityServices } from './activity';

export interface PlanSearchesServices extends ActivityServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details'>;
  searches: Pick<SearchLedger, 'list' | 'put'>;
  settings: Pick<Settings, 'search'>;
}

/** Divides the years to search into windows, and asks the source how far back it reaches. */
export const createPlanSearches = openRequestActivity<'planSearches', PlanSearchesServices>(
  'planSearches',
  async ({ input: { requestId }, record, organisation: { source }, services }) => {
    const { ledger, searches, settings } = services;
    const existing = await searches.list(requestId);
    if (existing.length > 0) {
      const planned = Math.max(...existing.map(({ key }) => Number(key.slice(0, 4)))) + 1;
      return { groups: groupCount(planned) };
    }
    // The source decides by its own clock what it still holds.
    const { days, now } = await source.retention();
    const windows = planWindows(now, settings.search.years, settings.search.windowDays);
    const parts = subjectFilters(await subjectOf(services, { record })).length;
    await ledger.update(requestId, {
      searched: {
        from: windows[0]?.from ?? '',
        to: windows.at(-1)?.to ?? '',
        windows: windows.length,
      },
      indexedUntil: await source.indexedUntil(),
      searchableFrom: addDays(now, -days).toISOString(),
    });
    await searches.put(
      requestId,
      windows.flatMap((window, i) =>
        Array.from({ length: parts }, (_, part): SearchRecord => ({
          key: searchKey(i * parts + part),
          part,
          window,
          state: 'new',
          jobId: null,
          attempts: 0,
          found: 0,
        })),
      ),
    );
    return { groups: groupCount(windows.length * parts) };
  },
);
