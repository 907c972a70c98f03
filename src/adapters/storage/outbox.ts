import type { Clock, Outbox, OutboxState, PendingMessage } from '../../ports';
import type { StorageConnection } from './connection';
import { RowMemories, Table, textOf } from './table';

/**
 * Messages under way, in table `outbox`: the intent is a row before a message is sent, the receipt the
 * same row after. A message without a receipt is sent again. Rows hold kinds, states and times.
 */
export class TableOutbox implements Outbox {
  private readonly table: Table;
  private readonly memories = new RowMemories();

  constructor(
    storage: StorageConnection,
    private readonly clock: Clock,
  ) {
    this.table = new Table(storage, 'outbox');
  }

  async intend(requestId: string, key: string): Promise<OutboxState> {
    const memory = this.memories.of(`${requestId} ${key}`);
    // Most messages are intended once.
    memory.row ??= null;
    return this.table.update<OutboxState>(
      { partitionKey: requestId, rowKey: key },
      (row) =>
        row === null
          ? { columns: this.columns('intended'), result: 'intended' }
          : { result: textOf(row, 'state') as OutboxState },
      { memory },
    );
  }

  async settle(
    requestId: string,
    key: string,
    state: Exclude<OutboxState, 'intended'>,
  ): Promise<void> {
    await this.table.update(
      { partitionKey: requestId, rowKey: key },
      (row) => {
        // What one of two senders has sent was sent, whatever the other has met with.
        const isFinal = row === null || textOf(row, 'state') === 'sent';
        return isFinal ? { result: null } : { columns: this.columns(state), result: null };
      },
      { memory: this.memories.of(`${requestId} ${key}`) },
    );
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

  private columns(state: OutboxState): { state: OutboxState; at: string } {
    return { state, at: this.clock.now().toISOString() };
  }
}
