import type {
  TableClient,
  TableEntityResult,
  TableTransactionResponse,
  TransactionAction,
} from '@azure/data-tables';
import { setTimeout as delay } from 'node:timers/promises';
import { ConflictError, StorageUnavailableError } from '../../core/errors';
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
/** A row as it was read or written last; null for one that is new, empty where nothing is known. */
export interface RowMemory {
  row?: StoredRow | null;
}

/**
 * Rows that are remembered: those that were asked for last, and none once nobody has asked for any in a
 * minute. What is deleted meanwhile, keys of requests among it, does not stay in a process that idles.
 */
export class RowMemories {
  private readonly memories = new Map<string, RowMemory>();
  private forgetting: NodeJS.Timeout | undefined;

  of(name: string): RowMemory {
    clearTimeout(this.forgetting);
    this.forgetting = setTimeout(() => this.memories.clear(), rememberedMs).unref();
    const memory = this.memories.get(name) ?? {};
    this.memories.delete(name);
    this.memories.set(name, memory);
    const [oldest] = this.memories.keys();
    if (this.memories.size > mostRemembered && oldest !== undefined) this.memories.delete(oldest);
    return memory;
  }
}

const mostRemembered = 50;
const rememberedMs = 60_000;

/** Most operations in one transaction of Azure Table Storage. */
const transactionLimit = 100;
/** How often `update` tries to write a row that others write as well. */
const updateTries = 60;

/**
 * One table, created by the first row that is written to it; until then it is empty. Every method throws
 * StorageUnavailableError when storage does not answer or is overloaded.
 */
export class Table {
  private readonly client: TableClient;

  constructor(storage: StorageConnection, name: string) {
    this.client = tableClient(storage, name);
  }

  private call<T>(call: (client: TableClient) => Promise<T>): Promise<T> {
    return callStorage(() => call(this.client));
  }

  /** A call that writes rows whether they exist or not: it finds nothing only where there is no table. */
  private adding<T>(call: (client: TableClient) => Promise<T>): Promise<T> {
    return this.call(async (client) => {
      try {
        return await call(client);
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
        await client.createTable();
        return call(client);
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
    return this.call((client) =>
      unless(() => client.getEntity<Record<string, unknown>>(partitionKey, rowKey, options), 404),
    );
  }

  /** Adds rows of one partition, all or none. Returns false when one of their keys is taken. */
  async insert(rows: Row | Row[]): Promise<boolean> {
    const [first, ...others] = Array.isArray(rows) ? rows : [rows];
    return first === undefined || (await this.addVersion(first, others)) !== null;
  }

  /**
   * Adds a row.
   * @returns its ETag; null when its key is taken
   */
  add(row: Row): Promise<string | null> {
    return this.addVersion(row, []);
  }

  /** Writes a row, whether it exists or not. Returns its ETag. */
  upsert(row: Row): Promise<string> {
    return this.adding(async (client) => (await client.upsertEntity(row, 'Replace')).etag ?? '');
  }

  /** Returns false when the row was changed or deleted since it was read; with '*' only when it was deleted. */
  async replace(row: Row, etag: string): Promise<boolean> {
    return (await this.replaceVersion(row, etag, {})) !== null;
  }

  /** @returns the ETag of the first of these new rows; null when a key is taken */
  private async addVersion(row: Row, others: Row[]): Promise<string | null> {
    const added = await unless(
      () =>
        this.adding(async (client) => {
          if (others.length === 0) return (await client.createEntity(row)).etag;
          const rows = [row, ...others].map((one): TransactionAction => ['create', one]);
          return firstEtag(await client.submitTransaction(rows));
        }),
      409,
    );
    return added === null ? null : (added ?? '');
  }

  /** @returns the new ETag of a row that is replaced together with others; null as `replace` returns false */
  private async replaceVersion(
    row: Row,
    etag: string,
    { added = [], written = [], deleted = [] }: OtherRows,
  ): Promise<string | null> {
    const { partitionKey } = row;
    const replaced = await this.call((client) =>
      unless(
        async () => {
          if (added.length + written.length + deleted.length === 0)
            return (await client.updateEntity(row, 'Replace', { etag })).etag;
          const operations: TransactionAction[] = [
            ['update', row, 'Replace', { etag }],
            ...added.map((one): TransactionAction => ['create', one]),
            ...written.map((one): TransactionAction => ['upsert', one, 'Replace']),
            ...deleted.map((rowKey): TransactionAction => ['delete', { partitionKey, rowKey }]),
          ];
          return firstEtag(await client.submitTransaction(operations));
        },
        ...[404, 409, 412],
      ),
    );
    return replaced === null ? null : (replaced ?? '');
  }

  /**
   * Changes a row under its ETag (optimistic concurrency): reads it, lets `change` decide, writes it, and
   * begins again when another writer came first.
   * @param change is given the row, or null without one; it may be called several times, so what it does
   *   must not depend on how often
   * @param options.memory the row as this process has seen it last, or that it is new (null): it is not read
   *   then, but only if that would write nothing, or another writer came first
   * @returns the result of the change that was written, or that wrote nothing
   * @throws ConflictError when other writers came first every time
   */
  async update<T>(
    key: RowKey,
    change: (stored: StoredRow | null) => RowChange<T> | Promise<RowChange<T>>,
    { tries = updateTries, memory = {} }: { tries?: number; memory?: RowMemory } = {},
  ): Promise<T> {
    const known = await this.changeKnown(key, change, memory);
    if (known) return known.result;
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const stored = await this.get(key.partitionKey, key.rowKey);
      const made = await change(stored);
      if (made.columns === undefined && stored) memory.row = stored;
      if (made.columns === undefined || (await this.write(key, stored, made, memory)))
        return made.result;
      // Writers that wait for different times do not meet again.
      await delay(Math.min(10 * attempt, 200) * Math.random());
    }
    throw new ConflictError('Too many writers change a row at once.');
  }

  /** Changes a row as it is remembered; null when it has to be read for that. */
  private async changeKnown<T>(
    key: RowKey,
    change: (stored: StoredRow | null) => RowChange<T> | Promise<RowChange<T>>,
    memory: RowMemory,
  ): Promise<{ result: T } | null> {
    const { row } = memory;
    delete memory.row;
    if (row === undefined) return null;
    try {
      const made = await change(row);
      const isWritten = made.columns !== undefined && (await this.write(key, row, made, memory));
      return isWritten ? made : null;
    } catch (error) {
      // What storage says is said of it; what the change says may be of a row that is out of date.
      if (error instanceof StorageUnavailableError) throw error;
      return null;
    }
  }

  private async write(
    key: RowKey,
    stored: StoredRow | null,
    { columns = {}, ...others }: RowChange<unknown>,
    memory: RowMemory,
  ): Promise<boolean> {
    const row = rowOf(key, columns);
    const etag = await (stored
      ? this.replaceVersion(row, stored.etag, others)
      : this.addVersion(row, [...(others.added ?? []), ...(others.written ?? [])]));
    if (etag) memory.row = { ...row, etag };
    return etag !== null;
  }

  /** Writes rows of one partition, in transactions of at most 100. */
  async put(rows: Row[]): Promise<void> {
    for (let i = 0; i < rows.length; i += transactionLimit) {
      const some = rows.slice(i, i + transactionLimit);
      const [first] = some;
      if (some.length === 1 && first)
        await this.adding((client) => client.upsertEntity(first, 'Replace'));
      else
        await this.adding((client) =>
          client.submitTransaction(some.map((row) => ['upsert', row, 'Replace'])),
        );
    }
  }

  /** Rows of a partition, optionally only those whose key starts with a prefix, in key order. */
  async list(partitionKey: string, prefix = ''): Promise<StoredRow[]> {
    return this.query(inPartition(partitionKey, prefix));
  }

  /** @param select the columns that are needed; all without it */
  query(filter: string, select?: readonly string[]): Promise<StoredRow[]> {
    const queryOptions = { filter, ...(select ? { select: [...select] } : {}) };
    return this.call(async (client) => {
      const rows: StoredRow[] = [];
      const read = async (): Promise<void> => {
        for await (const row of client.listEntities({ queryOptions })) rows.push(row);
      };
      await unless(read, 404);
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
      const read = async (): Promise<void> => {
        for await (const page of pages) {
          rows.push(...page);
          if (rows.length >= limit) return;
        }
      };
      await unless(read, 404);
      return rows.slice(0, limit);
    });
  }

  /** How many rows a query has. */
  count(filter: string): Promise<number> {
    const queryOptions = { filter, select: ['RowKey'] };
    return this.call(async (client) => {
      let count = 0;
      const pages = client.listEntities({ queryOptions }).byPage();
      const read = async (): Promise<void> => {
        for await (const page of pages) count += page.length;
      };
      await unless(read, 404);
      return count;
    });
  }

  async delete(partitionKey: string, rowKey: string): Promise<void> {
    await this.call((client) => unless(() => client.deleteEntity(partitionKey, rowKey), 404));
  }

  /** Deletes a row unless it was changed or deleted since it was read. Returns whether it was deleted. */
  async take(partitionKey: string, rowKey: string, etag: string): Promise<boolean> {
    const taken = await this.call((client) =>
      unless(() => client.deleteEntity(partitionKey, rowKey, { etag }), 404, 412),
    );
    return taken !== null;
  }

  /** Deletes the rows of a partition, or those whose key starts with a prefix, many by one call. */
  async deletePartition(partitionKey: string, prefix = ''): Promise<void> {
    const rows = await this.query(inPartition(partitionKey, prefix), ['PartitionKey', 'RowKey']);
    await this.deleteRows(
      partitionKey,
      rows.map(({ rowKey = '' }) => rowKey),
    );
  }

  /** Deletes rows of one partition in transactions of at most 100; those that are gone count as deleted. */
  async deleteRows(partitionKey: string, rowKeys: readonly string[]): Promise<void> {
    for (let i = 0; i < rowKeys.length; i += transactionLimit) {
      const some = rowKeys.slice(i, i + transactionLimit);
      const deletions = some.map((rowKey): TransactionAction => [
        'delete',
        { partitionKey, rowKey },
      ]);
      const deleted =
        some.length > 1 &&
        (await this.call((client) => unless(() => client.submitTransaction(deletions), 404)));
      // One of them is gone, and with it the transaction.
      if (!deleted) for (const rowKey of some) await this.delete(partitionKey, rowKey);
    }
  }
}

/** What a call returns; null when storage answers it with one of these statuses. */
async function unless<T>(call: () => Promise<T>, ...statuses: number[]): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (hasStatus(error, ...statuses)) return null;
    throw error;
  }
}

/** Filter of the rows of a partition whose key starts with a prefix. */
function inPartition(partitionKey: string, prefix: string): string {
  const end = prefix === '' ? '' : ` and RowKey ge '${prefix}' and RowKey lt '${prefix}~'`;
  return `PartitionKey eq '${partitionKey}'${end}`;
}

/** The ETag that the first row of a transaction has got; storage need not say it. */
const firstEtag = ({ subResponses }: TableTransactionResponse): string | undefined =>
  // The client leaves the end of the line on it.
  subResponses[0]?.etag?.trim();

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
