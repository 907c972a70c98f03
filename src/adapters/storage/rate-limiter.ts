import type { RateLimiter, Clock, KeyStore } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf } from './table';

/**
 * How often something may be done in a stretch of time, counted over all processes: codes to a
 * number, to a country, calls from an address. Rows of table `rateLimiter` bear keyed hashes, one partition
 * for each stretch.
 */
export class TableRateLimiter implements RateLimiter {
  private readonly table: Table;

  constructor(
    storage: StorageConnection,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
  ) {
    this.table = new Table(storage, 'caps');
  }

  async tryAcquire(kind: string, key: string, limit: number, seconds: number): Promise<boolean> {
    const stretch = Math.floor(this.clock.now().getTime() / (seconds * 1000));
    const partitionKey = `${kind}-${seconds}-${stretch}`;
    const rowKey = this.keys.keyedHash(`cap/${kind}`, key).slice(0, 32);
    for (;;) {
      const row = await this.table.get(partitionKey, rowKey);
      const count = Number(row?.['count'] ?? 0);
      if (count >= limit) return false;
      const target = {
        partitionKey,
        rowKey,
        count: count + 1,
        ends: new Date((stretch + 1) * seconds * 1000).toISOString(),
      };
      const written =
        row === null ? await this.table.insert(target) : await this.table.replace(target, row.etag);
      if (written) return true;
    }
  }

  async purgeExpired(): Promise<void> {
    const now = this.clock.now().toISOString();
    for (const row of await this.table.query(`ends lt '${now}'`)) {
      if (textOf(row, 'ends') !== null)
        await this.table.delete(row.partitionKey ?? '', row.rowKey ?? '');
    }
  }
}
