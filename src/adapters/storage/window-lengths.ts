import type { IntervalKind, WindowLength } from '../../core/genesys/window-length';
import type { KeyStore, WindowLengthStore } from '../../ports';
import type { StorageConnection } from './connection';
import { Table } from './table';

/** Lengths of windows in a table of their own: a row for each organisation and kind. */
export class TableWindowLengths implements WindowLengthStore {
  private readonly table: Table;

  constructor(
    storage: StorageConnection,
    private readonly keys: Pick<KeyStore, 'keyedHash'>,
  ) {
    this.table = new Table(storage, 'windowLengths');
  }

  async get(organisation: string, kind: IntervalKind): Promise<WindowLength | null> {
    const row = await this.table.get(kind, this.rowKey(organisation));
    const days = row?.['days'];
    const refusedAt = row?.['refusedAt'];
    // A row that cannot be read costs a few refused calls, and is then written anew.
    return Number.isInteger(days) &&
      typeof refusedAt === 'string' &&
      !Number.isNaN(Date.parse(refusedAt))
      ? { days: Number(days), refusedAt }
      : null;
  }

  async set(organisation: string, kind: IntervalKind, length: WindowLength): Promise<void> {
    await this.table.put([{ partitionKey: kind, rowKey: this.rowKey(organisation), ...length }]);
  }

  private rowKey(organisation: string): string {
    return this.keys.keyedHash('windowLength', organisation).slice(0, 32);
  }
}
