import type { Clock, ExpiredTokens } from '../../ports';
import type { StorageConnection } from '../storage/connection';
import { Table, textOf, type Row, type StoredRow } from '../storage/table';

export const tokenTable = 'codesAndSessions';
const partition = 'expiry';
/** The index is by the minute, so that a token in use is not indexed again at each use. */
const minute = 60_000;
/** Most entries of one run; the next run goes on. */
const perRun = 2000;
const atOnce = 20;

/** The minute by whose end a token has expired, in milliseconds. */
const minuteOf = (expires: number): number => Math.ceil(expires / minute) * minute;

/** When the row of a token expires, in milliseconds; null for one that lives until it is deleted. */
export const expiryOf = (row: StoredRow): number | null => {
  const text = textOf(row, 'expires');
  return text === null ? null : Number(text);
};

/** Index entry of a token. Its key sorts by the time, and has the token's row in it. */
const entryOf = (kind: string, hash: string, expires: number): Row => ({
  partitionKey: partition,
  rowKey: `${new Date(minuteOf(expires)).toISOString()}~${kind}~${hash}`,
});

/**
 * When tokens expire: an index in a partition of its own, in order of time, by which they are found
 * without reading the others. An entry is written before the token that it is for, so that no token is
 * without one; an entry without a token, or of one that was used since, is deleted when its time comes.
 */
export class TokenExpiry implements ExpiredTokens {
  private readonly table: Table;

  constructor(
    storage: StorageConnection,
    private readonly clock: Clock,
  ) {
    this.table = new Table(storage, tokenTable);
  }

  /**
   * Writes the entry of a token that is about to be stored.
   * @param before when the token expired until now; null for a new one
   */
  async note(kind: string, hash: string, expires: number, before: number | null): Promise<void> {
    if (before !== null && minuteOf(before) === minuteOf(expires)) return;
    await this.table.put([entryOf(kind, hash, expires)]);
  }

  async purgeExpired(): Promise<void> {
    const until = this.clock.now().toISOString();
    const due = await this.table.query(`PartitionKey eq '${partition}' and RowKey lt '${until}~'`, [
      'PartitionKey',
      'RowKey',
    ]);
    for (let i = 0; i < Math.min(due.length, perRun); i += atOnce)
      await Promise.all(due.slice(i, i + atOnce).map((entry) => this.purge(entry.rowKey ?? '')));
  }

  private async purge(rowKey: string): Promise<void> {
    const [, kind = '', hash = ''] = rowKey.split('~');
    const row = await this.table.get(kind, hash);
    const expires = row && expiryOf(row);
    const isExpired = expires !== null && expires <= this.clock.now().getTime();
    const isLeft =
      row !== null &&
      isExpired &&
      !(await this.table.take(kind, hash, row.etag)) &&
      (await this.table.get(kind, hash)) !== null;
    // A token that is used at this moment keeps its entry until the next run.
    if (isLeft) return;
    await this.table.delete(partition, rowKey);
  }
}
