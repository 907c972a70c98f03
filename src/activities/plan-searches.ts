import { groupCount, searchKey } from '../core/genesys/search-groups';
import { planWindows } from '../core/genesys/search-windows';
import { addDays } from '../core/time/time';
import type { KeyStore, Ledger, SearchLedger, SearchRecord, Settings } from '../ports';
import { filtersOf } from '../services/search-filters';
import { WindowCutter, type WindowLengthServices } from '../services/window-length';
import { openRequestActivity, type ActivityServices } from './activity';

export interface PlanSearchesServices extends ActivityServices, WindowLengthServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details'>;
  searches: Pick<SearchLedger, 'list' | 'put'>;
  settings: Pick<Settings, 'search'>;
}

/**
 * Divides the years to search into windows as long as the source is known to take, and asks it how far
 * back it reaches.
 */
export const createPlanSearches = openRequestActivity<'planSearches', PlanSearchesServices>(
  'planSearches',
  async (on) => {
    const { requestId, purpose } = on.input;
    const { source } = on.organisation;
    const { ledger, searches, settings } = on.services;
    const existing = await searches.list(requestId);
    if (existing.length > 0) {
      const planned = Math.max(...existing.map(({ key }) => Number(key.slice(0, 4)))) + 1;
      return { groups: groupCount(planned) };
    }
    // The source decides by its own clock what it still holds.
    const { days, now } = await source.retention();
    const cutter = await WindowCutter.for(on.services, on.record.organisation, 'search');
    const { years, windowDays } = settings.search;
    const windows = planWindows(now, years, cutter.daysToTry(windowDays));
    const filters = await filtersOf(on.services, on, purpose);
    const planned = windows.flatMap((window) => filters.map((_, filter) => ({ window, filter })));
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
      planned.map(({ window, filter }, i): SearchRecord => ({
        key: searchKey(i),
        filter,
        window,
        state: 'new',
        jobId: null,
        attempts: 0,
        found: 0,
        parts: 0,
      })),
    );
    return { groups: groupCount(planned.length) };
  },
);
