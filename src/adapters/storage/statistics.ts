import {
  noRequests,
  plusRequest,
  type MonthCounters,
  type RequestFacts,
} from '../../core/statistics/counters';
import type { CountedRequests, StatisticsStore } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf, type StoredRow } from './table';

const partitionKey = 'months';
const monthPrefix = 'month-';
const countedPrefix = 'counted-';

/**
 * Counters in table `statistics`: a row for each month, and, in the same transaction as the change of it, a
 * row with the id of the request that was counted. It keeps the request from being counted again until the
 * request itself says so.
 */
export class TableStatistics implements StatisticsStore {
  private readonly table: Table;

  constructor(storage: StorageConnection) {
    this.table = new Table(storage, 'statistics');
  }

  async count(requestId: string, facts: RequestFacts): Promise<void> {
    const key = { partitionKey, rowKey: `${monthPrefix}${facts.month}` };
    const counted = { partitionKey, rowKey: `${countedPrefix}${requestId}` };
    await this.table.update(key, async (row) => {
      if ((await this.table.get(partitionKey, counted.rowKey)) !== null) return { result: null };
      const counters = plusRequest(countersOf(row), facts);
      return { columns: { counters: JSON.stringify(counters) }, added: [counted], result: null };
    });
  }

  async read(): Promise<CountedRequests> {
    const rows = await this.table.list(partitionKey);
    const named = (prefix: string): [string, StoredRow][] =>
      rows.flatMap((row): [string, StoredRow][] => {
        const { rowKey = '' } = row;
        return rowKey.startsWith(prefix) ? [[rowKey.slice(prefix.length), row]] : [];
      });
    return {
      months: new Map(named(monthPrefix).map(([month, row]) => [month, countersOf(row)])),
      counted: new Set(named(countedPrefix).map(([requestId]) => requestId)),
    };
  }

  async settle(requestId: string): Promise<void> {
    await this.table.delete(partitionKey, `${countedPrefix}${requestId}`);
  }
}

const countersOf = (row: StoredRow | null): MonthCounters => ({
  ...noRequests,
  ...(JSON.parse((row && textOf(row, 'counters')) ?? '{}') as Partial<MonthCounters>),
});
