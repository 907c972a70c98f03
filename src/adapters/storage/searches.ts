import type { SearchLedger, SearchRecord } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf } from './table';

const prefix = 'search-';

/** Searches in table `requests`, in the partition of their request. */
export class TableSearchLedger implements SearchLedger {
  private readonly requests: Table;

  constructor(storage: StorageConnection) {
    this.requests = new Table(storage, 'requests');
  }

  async put(requestId: string, searches: SearchRecord[]): Promise<void> {
    await this.requests.put(
      searches.map((search) => ({
        partitionKey: requestId,
        rowKey: `${prefix}${search.key}`,
        search: JSON.stringify(search),
      })),
    );
  }

  async list(requestId: string): Promise<SearchRecord[]> {
    const rows = await this.requests.list(requestId, prefix);
    return rows.map((row) => JSON.parse(textOf(row, 'search') ?? '{}') as SearchRecord);
  }

  async deleteAll(requestId: string): Promise<void> {
    await this.requests.deletePartition(requestId, prefix);
  }
}
