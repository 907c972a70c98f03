import {
  addCounts,
  emptyCounts,
  fullCounts,
  itemKey,
  shortCounts,
  type Item,
  type ItemCounts,
  type ShortCounts,
} from '../../core/package/items';
import type { MissingEntry } from '../../core/package/missing-items';
import type { ItemLedger } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf, type StoredRow } from './table';

const missingColumns = ['conversation', 'kind', 'status', 'reason'];
const countsPrefix = 'page-';
const padded = (page: number): string => String(page).padStart(6, '0');
const partitionOf = (requestId: string, page: number): string => `${requestId}-${padded(page)}`;

/**
 * Items in table `items`, with a partition for each page of a request, so that no partition grows with
 * the request. The counts of each page are in table `requests`, in the partition of the request.
 */
export class TableItemLedger implements ItemLedger {
  private readonly requests: Table;
  private readonly rows: Table;

  constructor(storage: StorageConnection) {
    this.requests = new Table(storage, 'requests');
    this.rows = new Table(storage, 'items');
  }

  async put(requestId: string, page: number, items: Item[]): Promise<void> {
    const partitionKey = partitionOf(requestId, page);
    await this.rows.put(items.map((item) => ({ partitionKey, rowKey: itemKey(item), ...item })));
  }

  async list(requestId: string, page: number): Promise<Item[]> {
    return (await this.rows.list(partitionOf(requestId, page))).map(itemOf);
  }

  async delete(requestId: string, page: number): Promise<void> {
    await this.rows.deletePartition(partitionOf(requestId, page));
  }

  async putCounts(requestId: string, page: number, counts: ItemCounts): Promise<void> {
    const rowKey = `${countsPrefix}${padded(page)}`;
    const short = JSON.stringify(shortCounts(counts));
    await this.requests.put([{ partitionKey: requestId, rowKey, counts: short }]);
  }

  async counts(requestId: string): Promise<ItemCounts> {
    const rows = await this.requests.list(requestId, countsPrefix);
    // An earlier version of the app knew fewer kinds, and wrote every count.
    return rows
      .map((row) => fullCounts(JSON.parse(textOf(row, 'counts') ?? '{}') as ShortCounts))
      .reduce(addCounts, emptyCounts());
  }

  async missing(requestId: string): Promise<MissingEntry[]> {
    // Keys of partitions end with the number of the page.
    const ofRequest = `PartitionKey ge '${requestId}-' and PartitionKey lt '${requestId}-~'`;
    // A column without a value is in no comparison. The number of pending items is in the counts.
    const isKnown = `status ne 'exported' and (status ne 'pending' or reason gt '')`;
    const filter = `${ofRequest} and ${isKnown}`;
    const rows = await this.rows.query(filter, missingColumns);
    return rows.map((row) => {
      const { conversation, kind, status, reason } = itemOf(row);
      return { conversation, kind, status, reason };
    });
  }

  async deleteAll(requestId: string, pages: number): Promise<void> {
    for (let page = 0; page <= pages; page += 1) await this.delete(requestId, page);
    await this.requests.deletePartition(requestId, countsPrefix);
  }
}

function itemOf(row: StoredRow): Item {
  const number = (column: string): number | null =>
    typeof row[column] === 'number' ? row[column] : null;
  return {
    conversation: number('conversation') ?? 0,
    kind: textOf(row, 'kind') as Item['kind'],
    ordinal: number('ordinal') ?? 0,
    status: textOf(row, 'status') as Item['status'],
    reason: textOf(row, 'reason') as Item['reason'],
    sourceId: textOf(row, 'sourceId'),
    entry: textOf(row, 'entry'),
    size: number('size'),
    sha256: textOf(row, 'sha256'),
  };
}
