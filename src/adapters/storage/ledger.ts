import { setTimeout as delay } from 'node:timers/promises';
import { ConflictError } from '../../core/errors';
import { addCounts, emptyCounts, itemKey, type Item, type ItemCounts } from '../../core/items';
import { noLetters } from '../../core/letters';
import { isFinal, mayFollow, type RequestState } from '../../core/states';
import type { Act, CustodyEntry, CustodyFact, CustodySide } from '../../core/custody';
import { emptyChain, nextEntry, type ChainHead } from '../../custody-check/chain';
import type { WebhookEvent } from '../../core/webhooks';
import type {
  Clock,
  CustodyRecord,
  KeyStore,
  Ledger,
  RequestChange,
  RequestDetails,
  RequestRecord,
  SearchRecord,
} from '../../ports';
import { newRequest } from './new-request';
import { open, seal } from './seal';
import type { StorageAccess } from './access';
import { Table, textOf, type Row, type StoredRow } from './tables';

const requestRow = 'request';
const entryPrefix = 'custody-';
const sidePrefix = 'custodyside-';
const webhookPrefix = 'webhook-';
const callbackRow = 'callback';
const padded = (value: number): string => String(value).padStart(6, '0');

/** Tries of a change that somebody else's change came before. */
const tries = 60;

/**
 * The request ledger on Azure Table Storage. Table `requests` has a partition for each request: the
 * request itself, its custody record, its searches and a summary of each page. Table `items` has a
 * partition for each page of a request, so that no partition grows with the request.
 */
export class TableLedger implements Ledger {
  private readonly requests: Table;
  private readonly itemRows: Table;

  constructor(
    storage: StorageAccess,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
  ) {
    this.requests = new Table(storage, 'requests');
    this.itemRows = new Table(storage, 'items');
  }

  async create(
    record: RequestRecord,
    details: RequestDetails,
    callback: string | null,
  ): Promise<{ created: boolean; record: RequestRecord }> {
    const row = { ...rowOf(record), details: await this.sealed(record, details) };
    const first: Changed['custody'] = {
      fact: { event: 'stateChanged', to: record.state },
      act: null,
    };
    const [withChain, , entry] = this.withEntry(row, '', first);
    const target =
      callback === null
        ? []
        : [{ partitionKey: record.requestId, rowKey: callbackRow, target: callback }];
    const created = await this.requests.insert([withChain, ...entry, ...target]);
    const stored = created ? record : await this.get(record.requestId);
    if (stored === null) throw new ConflictError('The request was deleted while it was created.');
    return { created, record: stored };
  }

  async get(requestId: string): Promise<RequestRecord | null> {
    const row = await this.requests.get(requestId, requestRow);
    return row === null ? null : recordOf(row);
  }

  async listOpen(): Promise<RequestRecord[]> {
    return (await this.requests.query(`RowKey eq '${requestRow}' and isOpen eq true`)).map(
      recordOf,
    );
  }

  async list(): Promise<RequestRecord[]> {
    return (await this.requests.query(`RowKey eq '${requestRow}'`)).map(recordOf);
  }

  async details(record: RequestRecord): Promise<RequestDetails> {
    const row = await this.requests.get(record.requestId, requestRow);
    const text = row && textOf(row, 'details');
    if (!text) throw new ConflictError('The request has no personal part any more.');
    const key = await this.sealingKey(record);
    const opened = open(key, Buffer.from(text, 'base64'), record.requestId).toString('utf8');
    // A row of an earlier version of the app lacks what has come since.
    return { letters: noLetters, ...(JSON.parse(opened) as Omit<RequestDetails, 'letters'>) };
  }

  async setDetails(record: RequestRecord, details: RequestDetails): Promise<void> {
    const sealed = await this.sealed(record, details);
    await this.change(record.requestId, (row) => ({ row: { ...row, details: sealed } }));
  }

  async update(requestId: string, change: RequestChange): Promise<void> {
    await this.change(requestId, (row) => ({ row: changed(row, change) }));
  }

  async move(
    requestId: string,
    to: RequestState,
    change: RequestChange = {},
    act: Act | null = null,
  ): Promise<void> {
    await this.change(requestId, (row) => {
      const record = recordOf(row);
      const { state: from } = record;
      if (from === to) return { row: changed(row, change) };
      if (!mayFollow(from, to))
        throw new ConflictError(`A request that is ${from} cannot become ${to}.`);
      const reason = change.reason ?? null;
      const custody = { fact: { event: 'stateChanged', from, to, reason } as const, act };
      const webhooksOpen = record.webhooksOpen + (record.hasCallback ? 1 : 0);
      const stateSince = this.clock.now().toISOString();
      const isFirstAsked = to === 'awaitingVerification' && record.proofAskedAt === null;
      const proofAskedAt = isFirstAsked ? stateSince : record.proofAskedAt;
      const next = { ...record, proofAskedAt, ...change, state: to, stateSince, webhooksOpen };
      return { row: { ...row, ...rowOf(next) }, custody };
    });
  }

  async note(
    requestId: string,
    fact: CustodyFact,
    change: RequestChange = {},
    act: Act | null = null,
  ): Promise<void> {
    await this.change(requestId, (row) => ({
      row: changed(row, change),
      custody: { fact, act },
    }));
  }

  async custody(requestId: string): Promise<CustodyRecord> {
    const rows = await this.requests.list(requestId, entryPrefix);
    const sides = await this.requests.list(requestId, sidePrefix);
    return {
      entries: rows.map((row) => JSON.parse(textOf(row, 'entry') ?? '{}') as CustodyEntry),
      sides: new Map(
        sides.map((row) => [
          Number(row.rowKey?.slice(sidePrefix.length)),
          JSON.parse(textOf(row, 'side') ?? '{}') as CustodySide,
        ]),
      ),
    };
  }

  async webhooks(requestId: string): Promise<WebhookEvent[]> {
    const rows = await this.requests.list(requestId, webhookPrefix);
    return rows.map((row) => JSON.parse(textOf(row, 'event') ?? '{}') as WebhookEvent);
  }

  async settleWebhook(requestId: string, event: WebhookEvent): Promise<void> {
    const before = (await this.webhooks(requestId)).find(
      ({ sequence }) => sequence === event.sequence,
    );
    await this.requests.put([webhookRow(requestId, event)]);
    const change = Number(event.state === 'pending') - Number(before?.state === 'pending');
    if (change === 0) return;
    await this.change(requestId, (row) => {
      const { webhooksOpen } = recordOf(row);
      return { row: changed(row, { webhooksOpen: Math.max(0, webhooksOpen + change) }) };
    });
  }

  async callback(requestId: string): Promise<string | null> {
    const row = await this.requests.get(requestId, callbackRow);
    return row && textOf(row, 'target');
  }

  async forgetCallback(requestId: string): Promise<void> {
    await this.requests.delete(requestId, callbackRow);
  }

  async forgetCustody(requestId: string): Promise<void> {
    await this.requests.deletePartition(requestId, sidePrefix);
  }

  async putSearches(requestId: string, searches: SearchRecord[]): Promise<void> {
    await this.requests.put(
      searches.map((search) => ({
        partitionKey: requestId,
        rowKey: `search-${search.key}`,
        search: JSON.stringify(search),
      })),
    );
  }

  async searches(requestId: string): Promise<SearchRecord[]> {
    const rows = await this.requests.list(requestId, 'search-');
    return rows.map((row) => JSON.parse(textOf(row, 'search') ?? '{}') as SearchRecord);
  }

  async putItems(requestId: string, page: number, items: Item[]): Promise<void> {
    await this.itemRows.put(
      items.map((item) => ({
        partitionKey: itemPartition(requestId, page),
        rowKey: itemKey(item),
        ...item,
      })),
    );
  }

  async items(requestId: string, page: number): Promise<Item[]> {
    return (await this.itemRows.list(itemPartition(requestId, page))).map(itemOf);
  }

  async putPageCounts(requestId: string, page: number, counts: ItemCounts): Promise<void> {
    await this.requests.put([
      { partitionKey: requestId, rowKey: `page-${padded(page)}`, counts: JSON.stringify(counts) },
    ]);
  }

  async counts(requestId: string): Promise<ItemCounts> {
    const rows = await this.requests.list(requestId, 'page-');
    return rows
      .map((row) => JSON.parse(textOf(row, 'counts') ?? '{}') as ItemCounts)
      .reduce(addCounts, emptyCounts());
  }

  async deleteItems(requestId: string, page: number): Promise<void> {
    await this.itemRows.deletePartition(itemPartition(requestId, page));
  }

  async deleteCollected(requestId: string, pages: number): Promise<void> {
    for (let page = 0; page <= pages; page += 1) await this.deleteItems(requestId, page);
    await this.requests.deletePartition(requestId, 'page-');
    await this.requests.deletePartition(requestId, 'search-');
  }

  async deleteWork(requestId: string, pages: number): Promise<void> {
    await this.deleteCollected(requestId, pages);
    await this.change(requestId, (row) => ({ row: { ...row, details: '' } }));
  }

  private async sealingKey(record: RequestRecord): Promise<Buffer> {
    if (record.wrappedSecret === null)
      throw new ConflictError('The key of the request was destroyed.');
    return (await this.keys.unwrap(record.wrappedSecret)).sealingKey;
  }

  private async sealed(record: RequestRecord, details: RequestDetails): Promise<string> {
    const key = await this.sealingKey(record);
    return seal(key, Buffer.from(JSON.stringify(details)), record.requestId).toString('base64');
  }

  /**
   * Reads, changes and writes the request row under its ETag, with the custody entry that goes with
   * the change; again when somebody came before.
   */
  private async change(requestId: string, make: (row: StoredRow) => Changed): Promise<void> {
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const stored = await this.requests.get(requestId, requestRow);
      if (stored === null) throw new ConflictError('There is no such request.');
      const { row, custody } = make(stored);
      const { etag, timestamp: _timestamp, ...columns } = row;
      const target = { ...columns, partitionKey: requestId, rowKey: requestRow };
      if (await this.requests.replaceAndAdd(...this.withEntry(target, etag, custody))) return;
      await delay(Math.min(10 * attempt, 200) * Math.random());
    }
    throw new ConflictError('The request is being changed by too many at once.');
  }

  /** A request's row with the chain's new end in it, and the rows of the entry that it is. */
  private withEntry(row: Row, etag: string, custody: Changed['custody']): [Row, string, Row[]] {
    if (!custody) return [row, etag, []];
    const head: ChainHead = {
      sequence: Number(row['sequence'] ?? 0),
      hash: typeof row['chain'] === 'string' ? row['chain'] : emptyChain.hash,
    };
    const at = this.clock.now().toISOString();
    const { entry, side } = nextEntry(head, custody.fact, at, custody.act);
    const key = padded(entry.sequence);
    const { partitionKey } = row;
    const added: Row[] = [
      { partitionKey, rowKey: `${entryPrefix}${key}`, entry: JSON.stringify(entry) },
    ];
    if (side)
      added.push({ partitionKey, rowKey: `${sidePrefix}${key}`, side: JSON.stringify(side) });
    const { event, to, reason = null } = custody.fact;
    if (event === 'stateChanged' && to && row['isTold'] === true) {
      const { sequence } = entry;
      const pending = { sequence, at, to, reason, state: 'pending', attempts: 0 } as const;
      added.push(webhookRow(partitionKey, pending));
    }
    return [{ ...row, sequence: entry.sequence, chain: entry.hash }, etag, added];
  }
}

/** A row as it is to be written, and what goes into the custody record with it. */
interface Changed {
  row: StoredRow;
  custody?: { fact: CustodyFact; act: Act | null };
}

const webhookRow = (requestId: string, event: WebhookEvent): Row => ({
  partitionKey: requestId,
  rowKey: `${webhookPrefix}${padded(event.sequence)}`,
  event: JSON.stringify(event),
});

const itemPartition = (requestId: string, page: number): string => `${requestId}-${padded(page)}`;

/** Columns of a request's row: what is asked for stands in columns of its own. */
function rowOf(record: RequestRecord): {
  partitionKey: string;
  rowKey: string;
  state: string;
  isOpen: boolean;
  /** Whether the ticketing system is told of changes. */
  isTold: boolean;
  record: string;
} {
  const { state, ...rest } = record;
  return {
    partitionKey: record.requestId,
    rowKey: requestRow,
    state,
    isOpen: !isFinal(state) || record.cleanedAt === null || record.webhooksOpen > 0,
    isTold: record.hasCallback,
    record: JSON.stringify(rest),
  };
}

/** A record; a row of an earlier version of the app lacks what has come since. */
function recordOf(row: StoredRow): RequestRecord {
  const stored = JSON.parse(textOf(row, 'record') ?? '{}') as Omit<RequestRecord, 'state'>;
  return { ...newRequest(stored), ...stored, state: textOf(row, 'state') as RequestState };
}

const changed = (row: StoredRow, change: RequestChange): StoredRow => ({
  ...row,
  ...rowOf({ ...recordOf(row), ...change }),
});

function itemOf(row: StoredRow): Item {
  const number = (column: string): number | null =>
    typeof row[column] === 'number' ? row[column] : null;
  return {
    conversation: number('conversation') ?? 0,
    kind: textOf(row, 'kind') as Item['kind'],
    ordinal: number('ordinal') ?? 0,
    status: textOf(row, 'status') as Item['status'],
    reason: textOf(row, 'reason') as Item['reason'],
    sourceId: textOf(row, 'sourceId'),
    entry: textOf(row, 'entry'),
    size: number('size'),
    sha256: textOf(row, 'sha256'),
  };
}
