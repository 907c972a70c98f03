import type { IntakeStore, PendingIntake } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf } from './table';

const partitionKey = 'pending';

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

  async list(): Promise<PendingIntake[]> {
    return (await this.table.list(partitionKey)).map((row) => ({
      reference: row.rowKey ?? '',
      at: textOf(row, 'at') ?? '',
      attempts: Number(textOf(row, 'attempts')),
      nextAt: textOf(row, 'nextAt') ?? '',
      encrypted: textOf(row, 'encrypted') ?? '',
    }));
  }

  async delete(reference: string): Promise<void> {
    await this.table.delete(partitionKey, reference);
  }
}
