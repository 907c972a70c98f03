import type { TableClient, TableEntityResult } from '@azure/data-tables';
import { setTimeout as delay } from 'node:timers/promises';
import { ConflictError } from '../../core/errors';
import { tableClient, type StorageConnection } from './connection';
import { callStorage, hasStatus } from './rest-error';

export interface RowKey {
  partitionKey: string;
  rowKey: string;
}
export type Row = RowKey & { [column: string]: unknown };
export type StoredRow = TableEntityResult<Record<string, unknown>>;

/** What `update` does with a row. */
export interface RowChange<T> {
  /** Columns of the row as it is to be written; without them it stays as it is. */
  columns?: Record<string, unknown>;
  /** Rows of the same partition that are added in the same transaction. */
  added?: Row[];
  /** Rows of the same partition that are written in the same transaction, whether they exist or not. */
  written?: Row[];
  /** Keys of rows of the same partition that are deleted in the same transaction; they have to exist. */
  deleted?: string[];
  result: T;
}

type OtherRows = Pick<RowChange<unknown>, 'added' | 'written' | 'deleted'>;

/** Most operations in one transaction of Azure Table Storage. */
const transactionLimit = 100;
/** How often `update` tries to write a row that others write as well. */
const updateTries = 60;

/**
 * One table, created when it is first used. Every method throws StorageUnavailableError when storage does
 * not answer or is overloaded.
 */
export class Table {
  private readonly client: TableClient;
  private ready: Promise<void> | undefined;

  constructor(storage: StorageConnection, name: string) {
    this.client = tableClient(storage, name);
  }

  private call<T>(call: (client: TableClient) => Promise<T>): Promise<T> {
    return callStorage(async () => {
      this.ready ??= this.client.createTable().catch((error: unknown) => {
        this.ready = undefined;
        throw error;
      });
      await this.ready;
      return call(this.client);
    });
  }

  /** Runs a call that storage answers with one of these statuses when it does not apply. */
  private applies(
    call: (client: TableClient) => Promise<unknown>,
    ...statuses: number[]
  ): Promise<boolean> {
    return this.call(async (client) => {
      try {
        await call(client);
        return true;
      } catch (error) {
        if (hasStatus(error, ...statuses)) return false;
        throw error;
      }
    });
  }

  /** @param select the columns that are needed; all without it */
  async get(
    partitionKey: string,
    rowKey: string,
    select?: readonly string[],
  ): Promise<StoredRow | null> {
    const options = select ? { queryOptions: { select: [...select] } } : {};
    return this.call(async (client) => {
      try {
        return await client.getEntity(partitionKey, rowKey, options);
      } catch (error) {
        if (hasStatus(error, 404)) return null;
        throw error;
      }
    });
  }

  /** Adds rows of one partition, all or none. Returns false when one of their keys is taken. */
  insert(rows: Row | Row[]): Promise<boolean> {
    return this.applies(
      (client) =>
        Array.isArray(rows)
          ? client.submitTransaction(rows.map((row) => ['create', row]))
          : client.createEntity(rows),
      409,
    );
  }

  /**
   * Adds a row.
   * @returns its ETag; null when its key is taken
   */
  add(row: Row): Promise<string | null> {
    return this.call(async (client) => {
      try {
        return (await client.createEntity(row)).etag ?? '';
      } catch (error) {
        if (hasStatus(error, 409)) return null;
        throw error;
      }
    });
  }

  /** Writes a row, whether it exists or not. Returns its ETag. */
  upsert(row: Row): Promise<string> {
    return this.call(async (client) => (await client.upsertEntity(row, 'Replace')).etag ?? '');
  }

  /** Returns false when the row was changed or deleted since it was read; with '*' only when it was deleted. */
  replace(row: Row, etag: string): Promise<boolean> {
    return this.applies((client) => client.updateEntity(row, 'Replace', { etag }), 404, 412);
  }

  /** Replaces a row, and adds, writes and deletes others of the same partition, all or none of them. */
  async replaceWith(row: Row, etag: string, others: OtherRows): Promise<boolean> {
    const { added = [], written = [], deleted = [] } = others;
    if (added.length + written.length + deleted.length === 0) return this.replace(row, etag);
    const { partitionKey } = row;
    return this.applies(
      (client) =>
        client.submitTransaction([
          ['update', row, 'Replace', { etag }],
          ...added.map((one): ['create', Row] => ['create', one]),
          ...written.map((one): ['upsert', Row, 'Replace'] => ['upsert', one, 'Replace']),
          ...deleted.map((rowKey): ['delete', Row] => ['delete', { partitionKey, rowKey }]),
        ]),
      404,
      409,
      412,
    );
  }

  /**
   * Changes a row under its ETag (optimistic concurrency): reads it, lets `change` decide, writes it, and
   * begins again when another writer came first.
   * @param change is given the row, or null without one; it may be called several times, so what it does
   *   must not depend on how often
   * @returns the result of the change that was written, or that wrote nothing
   * @throws ConflictError when other writers came first every time
   */
  async update<T>(
    key: RowKey,
    change: (stored: StoredRow | null) => RowChange<T> | Promise<RowChange<T>>,
    { tries = updateTries }: { tries?: number } = {},
  ): Promise<T> {
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const stored = await this.get(key.partitionKey, key.rowKey);
      const { columns, result, ...others } = await change(stored);
      if (columns === undefined) return result;
      const row = rowOf(key, columns);
      const further = [...(others.added ?? []), ...(others.written ?? [])];
      const isWritten = stored
        ? await this.replaceWith(row, stored.etag, others)
        : await this.insert(further.length === 0 ? row : [row, ...further]);
      if (isWritten) return result;
      // Writers that wait for different times do not meet again.
      await delay(Math.min(10 * attempt, 200) * Math.random());
    }
    throw new ConflictError('Too many writers change a row at once.');
  }

  /** Writes rows of one partition, in transactions of at most 100. */
  async put(rows: Row[]): Promise<void> {
    await this.call(async (client) => {
      for (let i = 0; i < rows.length; i += transactionLimit) {
        await client.submitTransaction(
          rows.slice(i, i + transactionLimit).map((row) => ['upsert', row, 'Replace']),
        );
      }
    });
  }

  /** Rows of a partition, optionally only those whose key starts with a prefix, in key order. */
  async list(partitionKey: string, prefix = ''): Promise<StoredRow[]> {
    const end = prefix === '' ? '' : ` and RowKey ge '${prefix}' and RowKey lt '${prefix}~'`;
    return this.query(`PartitionKey eq '${partitionKey}'${end}`);
  }

  /** @param select the columns that are needed; all without it */
  query(filter: string, select?: readonly string[]): Promise<StoredRow[]> {
    const queryOptions = { filter, ...(select ? { select: [...select] } : {}) };
    return this.call(async (client) => {
      const rows: StoredRow[] = [];
      for await (const row of client.listEntities({ queryOptions })) rows.push(row);
      return rows;
    });
  }

  /** The first rows of a query, in the order of their keys. @param select as in `query` */
  first(filter: string, limit: number, select?: readonly string[]): Promise<StoredRow[]> {
    const queryOptions = { filter, ...(select ? { select: [...select] } : {}) };
    return this.call(async (client) => {
      const rows: StoredRow[] = [];
      const pages = client.listEntities({ queryOptions }).byPage({ maxPageSize: limit });
      // A page may have fewer rows than were asked for although more follow.
      for await (const page of pages) {
        rows.push(...page);
        if (rows.length >= limit) break;
      }
      return rows.slice(0, limit);
    });
  }

  /** How many rows a query has. */
  count(filter: string): Promise<number> {
    const queryOptions = { filter, select: ['RowKey'] };
    return this.call(async (client) => {
      let count = 0;
      for await (const page of client.listEntities({ queryOptions }).byPage()) count += page.length;
      return count;
    });
  }

  async delete(partitionKey: string, rowKey: string): Promise<void> {
    await this.applies((client) => client.deleteEntity(partitionKey, rowKey), 404);
  }

  /** Deletes a row unless it was changed or deleted since it was read. Returns whether it was deleted. */
  take(partitionKey: string, rowKey: string, etag: string): Promise<boolean> {
    return this.applies((client) => client.deleteEntity(partitionKey, rowKey, { etag }), 404, 412);
  }

  async deletePartition(partitionKey: string, prefix = ''): Promise<void> {
    for (const row of await this.list(partitionKey, prefix)) {
      await this.delete(partitionKey, row.rowKey ?? '');
    }
  }
}

/** A row to be written: columns, which may be those of a row that was read, under a key. */
function rowOf(key: RowKey, columns: Record<string, unknown>): Row {
  const { etag: _etag, timestamp: _timestamp, ...rest } = columns;
  return { ...rest, ...key };
}

/** Text of a column, or null. */
export const textOf = (row: StoredRow, column: string): string | null => {
  const value = row[column];
  return typeof value === 'string' ? value : null;
};
