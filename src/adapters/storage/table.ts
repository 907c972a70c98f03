import type { TableClient, TableEntityResult } from '@azure/data-tables';
import { tableClient, type StorageConnection } from './connection';
import { hasStatus } from './rest-error';

export type Row = { partitionKey: string; rowKey: string; [column: string]: unknown };
export type StoredRow = TableEntityResult<Record<string, unknown>>;

/** Most operations in one transaction of Azure Table Storage. */
const transactionLimit = 100;

/** One table, made when it is first needed. */
export class Table {
  private readonly client: TableClient;
  private ready: Promise<void> | undefined;

  constructor(storage: StorageConnection, name: string) {
    this.client = tableClient(storage, name);
  }

  private ensure(): Promise<void> {
    this.ready ??= this.client.createTable().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    return this.ready;
  }

  async get(partitionKey: string, rowKey: string): Promise<StoredRow | null> {
    await this.ensure();
    try {
      return await this.client.getEntity(partitionKey, rowKey);
    } catch (error) {
      if (hasStatus(error, 404)) return null;
      throw error;
    }
  }

  /** Adds rows of one partition, all or none. Returns false when one with these keys is there. */
  async insert(rows: Row | Row[]): Promise<boolean> {
    await this.ensure();
    try {
      if (Array.isArray(rows))
        await this.client.submitTransaction(rows.map((row) => ['create', row]));
      else await this.client.createEntity(rows);
      return true;
    } catch (error) {
      if (hasStatus(error, 409)) return false;
      throw error;
    }
  }

  /** Returns false when the row was changed or deleted since it was read. */
  async replace(row: Row, etag: string): Promise<boolean> {
    await this.ensure();
    try {
      await this.client.updateEntity(row, 'Replace', { etag });
      return true;
    } catch (error) {
      if (hasStatus(error, 404, 412)) return false;
      throw error;
    }
  }

  /** Replaces a row and adds others of the same partition, all or none of them. */
  async replaceAndAdd(row: Row, etag: string, added: Row[]): Promise<boolean> {
    if (added.length === 0) return this.replace(row, etag);
    await this.ensure();
    try {
      await this.client.submitTransaction([
        ['update', row, 'Replace', { etag }],
        ...added.map((one): ['create', Row] => ['create', one]),
      ]);
      return true;
    } catch (error) {
      if (hasStatus(error, 404, 409, 412)) return false;
      throw error;
    }
  }

  /** Writes rows of one partition, in transactions of at most 100. */
  async put(rows: Row[]): Promise<void> {
    await this.ensure();
    for (let i = 0; i < rows.length; i += transactionLimit) {
      await this.client.submitTransaction(
        rows.slice(i, i + transactionLimit).map((row) => ['upsert', row, 'Replace']),
      );
    }
  }

  /** Rows of a partition, optionally only those whose key starts with a prefix, in key order. */
  async list(partitionKey: string, prefix = ''): Promise<StoredRow[]> {
    const end = prefix === '' ? '' : ` and RowKey ge '${prefix}' and RowKey lt '${prefix}~'`;
    return this.query(`PartitionKey eq '${partitionKey}'${end}`);
  }

  async query(filter: string): Promise<StoredRow[]> {
    await this.ensure();
    const rows: StoredRow[] = [];
    for await (const row of this.client.listEntities({ queryOptions: { filter } })) rows.push(row);
    return rows;
  }

  async delete(partitionKey: string, rowKey: string): Promise<void> {
    await this.ensure();
    await this.client.deleteEntity(partitionKey, rowKey).catch((error: unknown) => {
      if (!hasStatus(error, 404)) throw error;
    });
  }

  /** Deletes a row unless somebody has changed or deleted it since it was read. Returns whether. */
  async take(partitionKey: string, rowKey: string, etag: string): Promise<boolean> {
    await this.ensure();
    try {
      await this.client.deleteEntity(partitionKey, rowKey, { etag });
      return true;
    } catch (error) {
      if (hasStatus(error, 404, 412)) return false;
      throw error;
    }
  }

  async deletePartition(partitionKey: string, prefix = ''): Promise<void> {
    for (const row of await this.list(partitionKey, prefix)) {
      await this.delete(partitionKey, row.rowKey ?? '');
    }
  }
}

/** Text of a column, or null. */
export const textOf = (row: StoredRow, column: string): string | null => {
  const value = row[column];
  return typeof value === 'string' ? value : null;
};
