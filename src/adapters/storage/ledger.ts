import { randomBytes } from 'node:crypto';
import { allAtOnce } from '../../core/at-once';
import { ConflictError } from '../../core/errors';
import {
  haveSameRows,
  indexVersion,
  isOpen,
  openRequestOf,
  requestOfKey,
  rowsOf,
  type CleanUpStage,
} from '../../core/request/request-index';
import { mayFollow, type RequestState } from '../../core/request/states';
import {
  receiptOf,
  type CustodyEntry,
  type CustodyFact,
  type OfficerAction,
} from '../../core/custody/record';
import { nextEntry } from '../../core/custody/chain';
import { headPurpose, headText, type CustodyHead } from '../../core/custody/heads';
import type { WebhookEvent } from '../../core/api/webhooks';
import type { EndNotice } from '../../core/messages/end-notices';
import type {
  Clock,
  CleanedRequest,
  CleanedBetween,
  ColumnChange,
  CustodyEnd,
  CustodyRecord,
  CustodyWitness,
  EndedPage,
  KeyStore,
  Ledger,
  OpenRequest,
  RequestDetails,
  RequestRecord,
  StoredChange,
  StoredRequest,
} from '../../ports';
import {
  annotationPrefix,
  chainEndOf,
  custodyOf,
  endColumns,
  endOf,
  entryOf,
  entryPrefix,
  headOfEntry,
  rowsOfEntry,
} from './custody-rows';
import type { StorageConnection } from './connection';
import {
  callbackRow,
  changed,
  changeOf,
  columnsOf,
  eventOf,
  indexColumn,
  recordColumns,
  recordOf,
  requestRow,
  toldOf,
  webhookPrefix,
  webhookRow,
  type Columns,
} from './ledger-rows';
import { hasPersonalPart, PersonalPart, withoutPersonalPart } from './personal-part';
import { TableRequestIndex, type OpenRow } from './request-index';
import { RowMemories, Table, textOf, type Row, type StoredRow } from './table';

/** Marked requests that are looked at, at a time. */
const atOnce = 8;

/**
 * The request ledger on Azure Table Storage. Table `requests` has a partition for each request, with the
 * request itself, its custody record and its webhooks: a change of the request and the custody entry
 * about it are one transaction. The head of the record is written to the witness after it: a process that
 * ends between the two leaves a head that the next one adds. What the index says of a request is announced
 * before a change and written after it: a process that ends between the two leaves a mark (`request-index.ts`).
 */
export class TableLedger implements Ledger {
  private readonly requests: Table;
  private readonly index: TableRequestIndex;
  private readonly personal: PersonalPart;
  private isIndexBuilt = false;
  /** Rows of records that were read with their personal part. */
  private readonly wholeRows = new WeakMap<RequestRecord, StoredRow>();
  /** Rows of requests as they were read or written last. */
  private readonly memories = new RowMemories();

  constructor(
    storage: StorageConnection,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
    private readonly witness: CustodyWitness,
  ) {
    this.requests = new Table(storage, 'requests');
    this.index = new TableRequestIndex(storage, clock);
    this.personal = new PersonalPart(keys);
  }

  async create(
    record: RequestRecord,
    details: RequestDetails,
    callback: string | null,
  ): Promise<{ created: boolean; record: RequestRecord }> {
    const { requestId: partitionKey } = record;
    const { columns, added, head } = this.withEntry(
      partitionKey,
      await this.personal.putInto(columnsOf(record), record, details),
      { fact: receiptOf(record), act: null },
    );
    const mark = await this.index.announce(record);
    const created = await this.requests.insert([
      { ...columns, [indexColumn]: indexVersion, partitionKey, rowKey: requestRow },
      ...added,
      ...(callback === null ? [] : [{ partitionKey, rowKey: callbackRow, target: callback }]),
    ]);
    if (created) await this.witnessed(partitionKey, head);
    const stored = created ? record : await this.get(record.requestId);
    if (stored === null) throw new ConflictError('The request was deleted while it was created.');
    // What was announced of a request that there is already is wrong of it.
    if (mark !== null) await this.settled(stored, mark);
    return { created, record: stored };
  }

  async get(
    requestId: string,
    extent: 'record' | 'whole' = 'record',
  ): Promise<RequestRecord | null> {
    if (extent === 'record') {
      const row = await this.requests.get(requestId, requestRow, recordColumns);
      return row && recordOf(row);
    }
    const whole = await this.readWhole(requestId);
    if (whole === null) return null;
    // Who works on a request changes it next. A list, which shows many, does not.
    this.memories.of(requestId).row = whole.row;
    return whole.record;
  }

  private async readWhole(
    requestId: string,
  ): Promise<{ record: RequestRecord; row: StoredRow } | null> {
    const row = await this.requests.get(requestId, requestRow);
    if (row === null) return null;
    const record = recordOf(row);
    this.wholeRows.set(record, row);
    return { record, row };
  }

  async listOpen(): Promise<OpenRequest[]> {
    await this.buildIndex();
    const rows = await this.index.open();
    const found: OpenRequest[] = rows.flatMap(({ mark, request }) =>
      mark === 'none' ? [request] : [],
    );
    const marked = rows.filter(({ mark }) => mark !== 'none');
    const looked = await allAtOnce(marked, (row) => this.lookedAt(row), atOnce);
    return [...found, ...looked.filter((one) => one !== null)];
  }

  /** What a request is that its row in the index may be wrong about; null where it is not open. */
  private async lookedAt({ requestId, mark }: OpenRow): Promise<OpenRequest | null> {
    if (mark === 'left') await this.repairIndex(requestId);
    const record = await this.get(requestId);
    return record !== null && isOpen(record) ? openRequestOf(record) : null;
  }

  /** Adds the open requests to the index that were stored before there was one. */
  private async buildIndex(): Promise<void> {
    if (this.isIndexBuilt) return;
    if (!(await this.index.isBuilt())) {
      const open = `RowKey eq '${requestRow}' and isOpen eq true`;
      for (const row of await this.requests.query(open, recordColumns)) {
        const { requestId } = recordOf(row);
        await this.repairIndex(requestId);
      }
      await this.index.noteBuilt();
    }
    this.isIndexBuilt = true;
  }

  listOpenIds(): Promise<string[]> {
    return this.index.openIds();
  }

  listCleanedIds(): Promise<string[]> {
    return this.index.cleanedIds();
  }

  async listEnded(after: string | null, limit: number): Promise<EndedPage> {
    const rows = await this.index.ended(after, limit);
    return {
      requests: rows.map(({ key, request }) => ({ ...request, key })),
      next: rows.length < limit ? null : (rows.at(-1)?.key ?? null),
    };
  }

  countEnded(): Promise<number> {
    return this.index.countEnded();
  }

  async listCleaned(stage: CleanUpStage, between: CleanedBetween): Promise<CleanedRequest[]> {
    const places = await this.index.cleaned(stage, between);
    return places.map((place) => ({ ...place, requestId: requestOfKey(place.key) }));
  }

  async repairIndex(
    requestId: string,
  ): Promise<{ isDifferent: boolean; record: RequestRecord | null }> {
    let record: RequestRecord | null = null;
    const isDifferent = await this.index.repair(
      requestId,
      async () => (record = await this.get(requestId)),
    );
    return { isDifferent, record };
  }

  async repairEnded({ key, requestId }: { key: string; requestId: string }): Promise<boolean> {
    const record = await this.get(requestId);
    if (record !== null && rowsOf(record).ended?.key === key) return false;
    await this.index.removeEnded(key);
    return true;
  }

  async repairCleaned({ requestId, ...place }: CleanedRequest): Promise<boolean> {
    const record = await this.get(requestId);
    const meant = record === null ? null : rowsOf(record).cleanUp;
    if (meant?.stage === place.stage && meant.key === place.key) return false;
    await this.index.deletePlace(place);
    return true;
  }

  recountEnded(): Promise<boolean> {
    return this.index.recountEnded();
  }

  /**
   * Writes what the index says of a request that was changed. The change is stored by now, so that a
   * failure is not the caller's: the mark is left, by which the next reader of the index finds it.
   */
  private async settled(record: RequestRecord, mark: string): Promise<void> {
    try {
      if (!(await this.index.settle(record, mark))) await this.repairIndex(record.requestId);
    } catch {
      // The mark says so.
    }
  }

  async getWhole(
    requestId: string,
  ): Promise<{ record: RequestRecord; details: RequestDetails | null } | null> {
    const whole = await this.readWhole(requestId);
    if (whole === null) return null;
    const { record, row } = whole;
    const isThere = record.wrappedSecret !== null && hasPersonalPart(row);
    return { record, details: isThere ? await this.details(record) : null };
  }

  async details(record: RequestRecord): Promise<RequestDetails> {
    const read = this.wholeRows.get(record);
    const row = read ?? (await this.requests.get(record.requestId, requestRow));
    return this.personal.in(row, record);
  }

  async changeDetails(
    requestId: string,
    change: (stored: StoredRequest) => StoredChange,
  ): Promise<StoredRequest> {
    return this.change(requestId, async (row) => {
      const record = recordOf(row);
      const before = await this.personal.in(row, record);
      const {
        details,
        change: columns = {},
        act = null,
        ...next
      } = change({
        record,
        details: before,
      });
      const written =
        next.to === undefined
          ? { row: changed(row, columns), ...(next.fact && { custody: { fact: next.fact, act } }) }
          : this.moved(row, next.to, columns, act);
      return {
        ...written,
        row: await this.personal.putInto(written.row, record, details),
        result: (stored) => ({ record: stored, details }),
      };
    });
  }

  update(requestId: string, change: ColumnChange): Promise<RequestRecord> {
    return this.change(requestId, (row) => ({ row: changed(row, change), result: asItIs }));
  }

  async move(
    requestId: string,
    to: RequestState,
    change: ColumnChange = {},
    act: OfficerAction | null = null,
  ): Promise<void> {
    await this.change(requestId, (row) => ({
      ...this.moved(row, to, change, act),
      result: nothing,
    }));
  }

  async note(
    requestId: string,
    fact: CustodyFact,
    change: ColumnChange = {},
    act: OfficerAction | null = null,
  ): Promise<void> {
    await this.change(requestId, (row) => ({
      row: changed(row, change),
      custody: { fact, act },
      result: nothing,
    }));
  }

  async noteEnd(requestId: string, endNotice: EndNotice): Promise<void> {
    const { end, by } = endNotice;
    await this.change(requestId, (row) => {
      const { endNotice: before = null, hasCallback, pendingWebhooks } = recordOf(row);
      if (before !== null) return { row, result: nothing };
      const pending = pendingWebhooks + (hasCallback ? 1 : 0);
      return {
        row: changed(row, { endNotice, pendingWebhooks: pending }),
        custody: { fact: { event: 'endNoticed', detail: { end, by } }, act: null },
        notice: endNotice,
        result: nothing,
      };
    });
  }

  async custody(requestId: string): Promise<CustodyRecord> {
    const entries = await this.requests.list(requestId, entryPrefix);
    return custodyOf(entries, await this.requests.list(requestId, annotationPrefix));
  }

  async custodyEntries(requestId: string): Promise<CustodyEntry[]> {
    return (await this.requests.list(requestId, entryPrefix)).map(entryOf);
  }

  async custodyEnd(requestId: string): Promise<CustodyEnd | null> {
    const row = await this.requests.get(requestId, requestRow, endColumns);
    return row && endOf(requestId, row);
  }

  async noteCheckpoint(requestId: string, sequence: number): Promise<void> {
    await this.change(requestId, (row) => ({
      row: { ...row, checkpoint: sequence },
      result: nothing,
    }));
  }

  async completeWitness(requestId: string): Promise<void> {
    const heads = await this.headsOf(requestId);
    const last = heads.at(-1);
    if (last) await this.witness.append(requestId, last, () => Promise.resolve(heads));
  }

  private async headsOf(requestId: string): Promise<CustodyHead[]> {
    return (await this.requests.list(requestId, entryPrefix)).flatMap(headOfEntry);
  }

  /**
   * Writes the head of an entry to the witness. The entry is written by now, so that a failure is not the
   * caller's: the head is added with the next one, or by the next check of the record.
   */
  private async witnessed(requestId: string, head: CustodyHead | null): Promise<void> {
    if (head === null) return;
    await this.witness
      .append(requestId, head, () => this.headsOf(requestId))
      .catch(() => undefined);
  }

  async webhooks(requestId: string): Promise<WebhookEvent[]> {
    const rows = await this.requests.list(requestId, webhookPrefix);
    return rows.map(eventOf);
  }

  async settleWebhook(
    requestId: string,
    event: WebhookEvent,
    fact: CustodyFact | null,
    act: OfficerAction | null = null,
  ): Promise<void> {
    const written = webhookRow(requestId, event);
    await this.change(requestId, async (row) => {
      const stored = await this.requests.get(requestId, written.rowKey);
      const before = stored && eventOf(stored).state;
      // Of several senders of an event the first settles it: the others must not count it again.
      if (before === 'delivered') return { row, result: nothing };
      const change = Number(event.state === 'pending') - Number(before === 'pending');
      const pendingWebhooks = Math.max(0, recordOf(row).pendingWebhooks + change);
      return {
        row: changed(row, { pendingWebhooks }),
        written: [written],
        ...(fact ? { custody: { fact, act } } : {}),
        result: nothing,
      };
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
    await this.change(requestId, (row) => ({
      row: withoutPersonalPart(row),
      result: nothing,
    }));
  }

  async forget(requestId: string): Promise<void> {
    const record = await this.get(requestId);
    const rowKeys = (await this.requests.list(requestId, '')).map(({ rowKey = '' }) => rowKey);
    await this.requests.deleteRows(
      requestId,
      rowKeys.filter((rowKey) => rowKey !== requestRow),
    );
    if (record !== null) await this.index.withdraw(record);
    await this.requests.delete(requestId, requestRow);
    const place = record && rowsOf(record).cleanUp;
    if (place) await this.index.deletePlace(place);
  }

  /**
   * The row of a request that moves to a state; one that is in that state stays there.
   * @throws ConflictError when the state may not follow the present one
   */
  private moved(
    row: StoredRow,
    to: RequestState,
    change: ColumnChange,
    act: OfficerAction | null,
  ): Changed {
    const record = recordOf(row);
    const { state: from } = record;
    if (from === to) return { row: changed(row, change) };
    if (!mayFollow(from, to))
      throw new ConflictError(`A request that is ${from} cannot become ${to}.`);
    const given = changeOf(change, record);
    const reasonCode = given.reason ?? null;
    const stateSince = this.clock.now().toISOString();
    const isFirstAsked = to === 'awaitingVerification' && record.verificationRequestedAt === null;
    const next = {
      ...record,
      verificationRequestedAt: isFirstAsked ? stateSince : record.verificationRequestedAt,
      // An approval is of the package that was there.
      ...(to === 'available' && record.handOverApprovedAt ? { handOverApprovedAt: null } : {}),
      ...given,
      state: to,
      stateSince,
      pendingWebhooks: record.pendingWebhooks + (record.hasCallback ? 1 : 0),
    };
    const custody = { fact: { event: 'stateChanged', from, to, reasonCode } as const, act };
    return { row: { ...row, ...columnsOf(next) }, custody };
  }

  /** Changes the request row, and adds the custody entry of the change in the same transaction. */
  private async change<T>(
    requestId: string,
    make: (row: StoredRow) => Written<T> | Promise<Written<T>>,
  ): Promise<T> {
    const key = { partitionKey: requestId, rowKey: requestRow };
    const change = async (stored: StoredRow | null) => {
      if (stored === null) throw new ConflictError('There is no such request.');
      const { row, written = [], custody, notice, result } = await make(stored);
      const { columns, added, head } = this.withEntry(requestId, row, custody, notice);
      const announced = await this.announced(stored, recordOf(row));
      return {
        columns: { ...columns, [indexColumn]: indexVersion },
        ...{ added, written },
        result: { value: result(recordOf(row)), head, announced },
      };
    };
    const memory = this.memories.of(requestId);
    const { value, head, announced } = await this.requests.update(key, change, { memory });
    await this.witnessed(requestId, head);
    if (announced !== null) await this.settled(announced.record, announced.mark);
    return value;
  }

  /** Announces a change to the index; null for one that the index says nothing of. */
  private async announced(
    stored: StoredRow,
    record: RequestRecord,
  ): Promise<{ record: RequestRecord; mark: string } | null> {
    const before = recordOf(stored);
    const isIndexed = stored[indexColumn] === indexVersion;
    if (isIndexed && haveSameRows(before, record)) return null;
    return { record, mark: await this.index.mark(before) };
  }

  /** Columns of a request with the new head of its custody chain, and the rows of the new entry. */
  private withEntry(
    requestId: string,
    columns: Columns,
    custody: Changed['custody'],
    notice?: EndNotice,
  ): { columns: Columns; added: Row[]; head: CustodyHead | null } {
    if (!custody) return { columns, added: [], head: null };
    const at = this.clock.now().toISOString();
    const next = nextEntry(chainEndOf(columns), {
      fact: custody.fact,
      at,
      action: custody.act,
      salt: randomBytes(16).toString('hex'),
    });
    const { sequence, hash } = next.entry;
    const mac = this.keys.keyedHash(headPurpose, headText(requestId, next.entry));
    const added = rowsOfEntry(requestId, next, mac);
    const told = toldOf(custody.fact, notice, recordOf(columns).state);
    if (told !== null && columns['hasCallback'] === true)
      added.push(webhookRow(requestId, { sequence, at, ...told, state: 'pending', attempts: 0 }));
    return {
      columns: { ...columns, sequence, chain: hash, mac },
      added,
      head: { sequence, hash, mac },
    };
  }
}

/** A row as it is to be written, and what is written with it: other rows, a fact of the custody record. */
interface Changed {
  row: Columns;
  written?: Row[];
  custody?: { fact: CustodyFact; act: OfficerAction | null };
  /** The notice of the end that the fact is about. */
  notice?: EndNotice;
}

/** The same, and what the caller is given of the request once it is written. */
type Written<T> = Changed & { result: (stored: RequestRecord) => T };

const asItIs = (stored: RequestRecord): RequestRecord => stored;
const nothing = (): void => undefined;
