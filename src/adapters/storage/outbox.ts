import { IntegrityError } from '../../core/errors';
import type { KeptMessage, MessageContent, MessageState } from '../../core/messages/kept-messages';
import { addSeconds } from '../../core/time/time';
import type { Clock, Outbox, PendingMessage, SealedContent } from '../../ports';
import type { StorageConnection } from './connection';
import { decrypt, encrypt } from './encryption';
import { longTextOf, withLongText } from './long-column';
import { RowMemories, Table, textOf, type RowMemory, type StoredRow } from './table';

const contentColumn = 'content';
/** What is read of pending messages of all requests: not what they say. */
const pendingColumns = ['PartitionKey', 'RowKey', 'at'];

type Columns = Record<string, unknown>;

/**
 * Messages in table `outbox`: the intent is a row before a message is sent, the receipt the same row after.
 * A message without a receipt is sent again. Rows hold kinds, states and times, and, encrypted with the data
 * key of the request, what the message says. That is written with the intent, so that neither a crash nor a
 * server that takes nothing leaves a message out of the list.
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

  async intend(
    requestId: string,
    key: string,
    message: SealedContent | null,
  ): Promise<MessageState> {
    const memory = this.memoryOf(requestId, key);
    // Most messages are intended once.
    memory.row ??= null;
    return this.table.update<MessageState>(
      { partitionKey: requestId, rowKey: key },
      (row) => {
        const before = row && (textOf(row, 'state') as MessageState);
        const isKept =
          !message?.dataKey || (row !== null && longTextOf(row, contentColumn) !== null);
        if (row !== null && (isKept || before !== 'intended'))
          return { result: before ?? 'intended' };
        const columns: Columns = row ?? { ...this.stateOf('intended'), attempts: 0 };
        return { columns: withContent(columns, requestId, key, message), result: 'intended' };
      },
      { memory },
    );
  }

  async settle(
    requestId: string,
    key: string,
    state: Exclude<MessageState, 'intended'>,
  ): Promise<void> {
    await this.change(requestId, key, (row) => {
      const before = textOf(row, 'state');
      // What one of two senders has sent was sent, whatever the other has met with.
      if (before === 'sent' || before === state) return null;
      // Where nobody can be written to, nothing was composed, and nothing tried.
      const isComposed = longTextOf(row, contentColumn) !== null;
      const isTried = state === 'sent' || (state === 'refused' && isComposed);
      const attempts = attemptsOf(row) + Number(isTried);
      return { ...row, ...this.stateOf(state), attempts };
    });
  }

  async postpone(requestId: string, key: string, afterSeconds: number): Promise<void> {
    const nextTryAt = addSeconds(this.clock.now(), afterSeconds).toISOString();
    await this.change(requestId, key, (row) =>
      textOf(row, 'state') === 'intended'
        ? { ...row, attempts: attemptsOf(row) + 1, nextTryAt }
        : null,
    );
  }

  private memoryOf(requestId: string, key: string): RowMemory {
    return this.memories.of(`${requestId} ${key}`);
  }

  /** Changes a row that is there; null leaves it as it is. */
  private async change(
    partitionKey: string,
    rowKey: string,
    make: (row: StoredRow) => Columns | null,
  ): Promise<void> {
    await this.table.update(
      { partitionKey, rowKey },
      (row) => {
        const columns = row && make(row);
        return columns === null ? { result: null } : { columns, result: null };
      },
      { memory: this.memoryOf(partitionKey, rowKey) },
    );
  }

  async pending(): Promise<PendingMessage[]> {
    const rows = await this.table.query("state eq 'intended'", pendingColumns);
    return rows.map((row) => ({
      requestId: row.partitionKey ?? '',
      key: row.rowKey ?? '',
      at: textOf(row, 'at') ?? '',
    }));
  }

  async list(requestId: string, dataKey: Buffer | null): Promise<KeptMessage[]> {
    const rows = await this.table.list(requestId);
    return rows
      .map((row) => keptMessage(row, requestId, dataKey))
      .sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  }

  async forget(requestId: string): Promise<void> {
    await this.table.deletePartition(requestId);
  }

  private stateOf(state: MessageState): { state: MessageState; at: string } {
    return { state, at: this.clock.now().toISOString() };
  }
}

/** A message is bound to its place: nothing that one says can be shown as what another says. */
const contextOf = (requestId: string, key: string): string => `${requestId}\0${key}`;

function withContent(
  columns: Columns,
  requestId: string,
  key: string,
  message: SealedContent | null,
): Columns {
  if (!message?.dataKey) return columns;
  const content = Buffer.from(JSON.stringify(message.content));
  const sealed = encrypt(message.dataKey, content, contextOf(requestId, key));
  return withLongText(columns, contentColumn, sealed.toString('base64'));
}

const attemptsOf = (row: StoredRow): number => Number(row['attempts'] ?? 0);

function keptMessage(row: StoredRow, requestId: string, dataKey: Buffer | null): KeptMessage {
  const key = row.rowKey ?? '';
  const state = (textOf(row, 'state') ?? 'intended') as MessageState;
  // A row of before attempts were counted says only whether there was one.
  const wasTried = state === 'sent' || state === 'refused';
  return {
    key,
    state,
    at: textOf(row, 'at') ?? '',
    attempts: row['attempts'] === undefined ? Number(wasTried) : attemptsOf(row),
    nextTryAt: state === 'intended' ? textOf(row, 'nextTryAt') : null,
    content: contentOf(row, contextOf(requestId, key), dataKey),
  };
}

/** What a message says; null where that is not kept, or cannot be read any more. */
function contentOf(row: StoredRow, context: string, dataKey: Buffer | null): MessageContent | null {
  const sealed = longTextOf(row, contentColumn);
  if (sealed === null || dataKey === null) return null;
  try {
    const content = decrypt(dataKey, Buffer.from(sealed, 'base64'), context);
    return JSON.parse(content.toString('utf8')) as MessageContent;
  } catch (error) {
    if (error instanceof IntegrityError) return null;
    throw error;
  }
}
