import type { IntakeStore, PendingIntake, WaitingIntake } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf } from './table';

const partitionKey = 'pending';
/** What is read of all of them: not what was entered. */
const waitingColumns = ['RowKey', 'at', 'attempts', 'nextAt'];

/** Requests from the intake page that are not delivered, in table `intakes`: a row for each. */
export class TableIntakes implements IntakeStore {
  private readonly table: Table;

  constructor(storage: StorageConnection) {
    this.table = new Table(storage, 'intakes');
  }

  async put({ reference, at, attempts, nextAt, encrypted }: PendingIntake): Promise<void> {
    await this.table.put([
      { partitionKey, rowKey: reference, at, attempts: String(attempts), nextAt, encrypted },
    ]);
  }

  async list(): Promise<WaitingIntake[]> {
    const rows = await this.table.query(`PartitionKey eq '${partitionKey}'`, waitingColumns);
    return rows.map((row) => ({
      reference: row.rowKey ?? '',
      at: textOf(row, 'at') ?? '',
      attempts: Number(textOf(row, 'attempts')),
      nextAt: textOf(row, 'nextAt') ?? '',
    }));
  }

  async content(reference: string): Promise<string | null> {
    const row = await this.table.get(partitionKey, reference);
    return row && textOf(row, 'encrypted');
  }

  async delete(reference: string): Promise<void> {
    await this.table.delete(partitionKey, reference);
  }
}
