import type { Clock, Outbox, OutboxState, PendingMessage } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf, type Row } from './table';

/**
 * Messages under way, in table `outbox`: the intent is a row before a message is sent, the receipt the
 * same row after. A message without a receipt is sent again. Rows hold kinds, states and times.
 */
export class TableOutbox implements Outbox {
  private readonly table: Table;

  constructor(
    storage: StorageConnection,
    private readonly clock: Clock,
  ) {
    this.table = new Table(storage, 'outbox');
  }

  async intend(requestId: string, key: string): Promise<OutboxState> {
    const row = await this.table.get(requestId, key);
    if (row !== null) return textOf(row, 'state') as OutboxState;
    await this.table.put([this.row(requestId, key, 'intended')]);
    return 'intended';
  }

  async settle(
    requestId: string,
    key: string,
    state: Exclude<OutboxState, 'intended'>,
  ): Promise<void> {
    await this.table.replace(this.row(requestId, key, state), '*');
  }

  async pending(): Promise<PendingMessage[]> {
    return (await this.table.query("state eq 'intended'")).map((row) => ({
      requestId: row.partitionKey ?? '',
      key: row.rowKey ?? '',
      at: textOf(row, 'at') ?? '',
    }));
  }

  async forget(requestId: string): Promise<void> {
    await this.table.deletePartition(requestId);
  }

  private row(requestId: string, key: string, state: OutboxState): Row {
    const at = this.clock.now().toISOString();
    return { partitionKey: requestId, rowKey: key, state, at };
  }
}
