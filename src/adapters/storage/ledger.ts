import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ConflictError } from '../../core/errors';
import { noStatutoryNotices } from '../../core/messages/statutory-notices';
import { isFinal, mayFollow, type RequestState } from '../../core/request/states';
import type {
  OfficerAction,
  CustodyEntry,
  CustodyFact,
  CustodyAnnotation,
} from '../../core/custody/record';
import { emptyChain, nextEntry, type ChainHead } from '../../core/custody/chain';
import type { WebhookEvent } from '../../core/api/webhooks';
import type {
  Clock,
  CustodyRecord,
  KeyStore,
  Ledger,
  RequestChange,
  RequestDetails,
  RequestRecord,
} from '../../ports';
import { newRequest } from '../../core/request/record';
import { decrypt, encrypt } from './encryption';
import type { StorageConnection } from './connection';
import { Table, textOf, type Row, type StoredRow } from './table';

const requestRow = 'request';
const entryPrefix = 'custody-';
const annotationPrefix = 'annotation-';
const webhookPrefix = 'webhook-';
const callbackRow = 'callback';
const padded = (value: number): string => String(value).padStart(6, '0');

/** Tries of a change that somebody else's change came before. */
const tries = 60;

/**
 * The request ledger on Azure Table Storage. Table `requests` has a partition for each request, with
 * the request itself, its custody record and its webhooks: a change of the request and the custody
 * entry that records it are one transaction.
 */
export class TableLedger implements Ledger {
  private readonly requests: Table;

  constructor(
    storage: StorageConnection,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
  ) {
    this.requests = new Table(storage, 'requests');
  }

  async create(
    record: RequestRecord,
    details: RequestDetails,
    callback: string | null,
  ): Promise<{ created: boolean; record: RequestRecord }> {
    const row = { ...rowOf(record), details: await this.encrypted(record, details) };
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
    const key = await this.dataKey(record);
    const opened = decrypt(key, Buffer.from(text, 'base64'), record.requestId).toString('utf8');
    // A row of an earlier version of the app lacks what has come since.
    return {
      statutoryNotices: noStatutoryNotices,
      ...(JSON.parse(opened) as Omit<RequestDetails, 'statutoryNotices'>),
    };
  }

  async setDetails(record: RequestRecord, details: RequestDetails): Promise<void> {
    const encrypted = await this.encrypted(record, details);
    await this.change(record.requestId, (row) => ({ row: { ...row, details: encrypted } }));
  }

  async update(requestId: string, change: RequestChange): Promise<void> {
    await this.change(requestId, (row) => ({ row: changed(row, change) }));
  }

  async move(
    requestId: string,
    to: RequestState,
    change: RequestChange = {},
    act: OfficerAction | null = null,
  ): Promise<void> {
    await this.change(requestId, (row) => {
      const record = recordOf(row);
      const { state: from } = record;
      if (from === to) return { row: changed(row, change) };
      if (!mayFollow(from, to))
        throw new ConflictError(`A request that is ${from} cannot become ${to}.`);
      const reason = change.reason ?? null;
      const custody = { fact: { event: 'stateChanged', from, to, reason } as const, act };
      const pendingWebhooks = record.pendingWebhooks + (record.hasCallback ? 1 : 0);
      const stateSince = this.clock.now().toISOString();
      const isFirstAsked = to === 'awaitingVerification' && record.verificationRequestedAt === null;
      const verificationRequestedAt = isFirstAsked ? stateSince : record.verificationRequestedAt;
      const next = {
        ...record,
        verificationRequestedAt,
        ...change,
        state: to,
        stateSince,
        pendingWebhooks,
      };
      return { row: { ...row, ...rowOf(next) }, custody };
    });
  }

  async note(
    requestId: string,
    fact: CustodyFact,
    change: RequestChange = {},
    act: OfficerAction | null = null,
  ): Promise<void> {
    await this.change(requestId, (row) => ({
      row: changed(row, change),
      custody: { fact, act },
    }));
  }

  async custody(requestId: string): Promise<CustodyRecord> {
    const rows = await this.requests.list(requestId, entryPrefix);
    const annotations = await this.requests.list(requestId, annotationPrefix);
    return {
      entries: rows.map((row) => JSON.parse(textOf(row, 'entry') ?? '{}') as CustodyEntry),
      annotations: new Map(
        annotations.map((row) => [
          Number(row.rowKey?.slice(annotationPrefix.length)),
          JSON.parse(textOf(row, 'annotation') ?? '{}') as CustodyAnnotation,
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
      const { pendingWebhooks } = recordOf(row);
      return { row: changed(row, { pendingWebhooks: Math.max(0, pendingWebhooks + change) }) };
    });
  }

  async callback(requestId: string): Promise<string | null> {
    const row = await this.requests.get(requestId, callbackRow);
    return row && textOf(row, 'target');
  }

  async deleteCallback(requestId: string): Promise<void> {
    await this.requests.delete(requestId, callbackRow);
  }

  async deleteAnnotations(requestId: string): Promise<void> {
    await this.requests.deletePartition(requestId, annotationPrefix);
  }

  async deleteDetails(requestId: string): Promise<void> {
    await this.change(requestId, (row) => ({ row: { ...row, details: '' } }));
  }

  private async dataKey(record: RequestRecord): Promise<Buffer> {
    if (record.wrappedSecret === null)
      throw new ConflictError('The key of the request was destroyed.');
    return (await this.keys.unwrap(record.wrappedSecret)).dataKey;
  }

  private async encrypted(record: RequestRecord, details: RequestDetails): Promise<string> {
    const key = await this.dataKey(record);
    return encrypt(key, Buffer.from(JSON.stringify(details)), record.requestId).toString('base64');
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
    const { entry, annotation } = nextEntry(head, {
      fact: custody.fact,
      at,
      action: custody.act,
      salt: randomBytes(16).toString('hex'),
    });
    const key = padded(entry.sequence);
    const { partitionKey } = row;
    const added: Row[] = [
      { partitionKey, rowKey: `${entryPrefix}${key}`, entry: JSON.stringify(entry) },
    ];
    if (annotation)
      added.push({
        partitionKey,
        rowKey: `${annotationPrefix}${key}`,
        annotation: JSON.stringify(annotation),
      });
    const { event, to, reason = null } = custody.fact;
    if (event === 'stateChanged' && to && row['hasCallback'] === true) {
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
  custody?: { fact: CustodyFact; act: OfficerAction | null };
}

const webhookRow = (requestId: string, event: WebhookEvent): Row => ({
  partitionKey: requestId,
  rowKey: `${webhookPrefix}${padded(event.sequence)}`,
  event: JSON.stringify(event),
});

/** Columns of a request's row: what is asked for stands in columns of its own. */
function rowOf(record: RequestRecord): {
  partitionKey: string;
  rowKey: string;
  state: string;
  isOpen: boolean;
  /** Whether the ticketing system is told of changes. */
  hasCallback: boolean;
  record: string;
} {
  const { state, ...rest } = record;
  return {
    partitionKey: record.requestId,
    rowKey: requestRow,
    state,
    isOpen: !isFinal(state) || record.cleanedAt === null || record.pendingWebhooks > 0,
    hasCallback: record.hasCallback,
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
