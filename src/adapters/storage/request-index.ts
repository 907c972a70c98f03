import {
  cleanUpStages,
  haveSameRows,
  openRequestOf,
  requestOfKey,
  rowsOf,
  type CleanUpPlace,
  type CleanUpStage,
  type EndedRequest,
  type OpenRequest,
} from '../../core/request/request-index';
import { addSeconds, atTime } from '../../core/time/time';
import type { Clock, RequestRecord } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf, type Row, type StoredRow } from './table';

const openPartition = 'open';
const endedPartition = 'ended';
const partitionOfStage: Record<CleanUpStage, string> = {
  annotations: 'cleanUpAnnotations',
  proof: 'cleanUpProof',
};
const statePartition = 'state';
const builtRow = { partitionKey: statePartition, rowKey: 'built' };
/** Before every key of an ended request, which begins with a digit. */
const endedCount = { partitionKey: endedPartition, rowKey: '!count' };
const requestColumn = 'request';
const keysOnly = ['RowKey'];
/** Rows that storage gives by one call at most. */
const pageLength = 1000;
/** How long a mark may be of a change that is being made at this moment, in seconds. */
const changeSeconds = 300;

/** A row of the partition of open requests. */
export interface OpenRow {
  requestId: string;
  request: OpenRequest;
  /**
   * Whether the request may be another than the row says: a change of it was announced and not settled.
   * `isLeft`: for so long that nobody is making it any more.
   */
  mark: 'none' | 'fresh' | 'left';
  etag: string;
}

/**
 * The index of requests, in table `requestIndex`. Partition `open` has a row for each open request, which
 * is read as a whole; `ended` the ended ones, newest first, with their number; two partitions those whose
 * deletion is due later, by the time of their clean-up. Each row follows from its request (`rowsOf`).
 *
 * A change of a request is announced here before it is made: its row in `open` is marked. When the change
 * is made, the other rows are written, the marked one last. So whatever is left half done has a mark, by
 * which the next reader finds it and looks at the request itself.
 */
export class TableRequestIndex {
  private readonly table: Table;

  constructor(
    storage: StorageConnection,
    private readonly clock: Clock,
  ) {
    this.table = new Table(storage, 'requestIndex');
  }

  /**
   * Announces a new request. A row that is there already stays.
   * @returns the mark, which `settle` needs; null where there is a row
   */
  announce(record: RequestRecord): Promise<string | null> {
    return this.table.add(this.marked(record));
  }

  /**
   * Announces a change of a request.
   * @param record the request before it
   * @returns the mark, which `settle` needs
   */
  mark(record: RequestRecord): Promise<string> {
    return this.table.upsert(this.marked(record));
  }

  private marked(record: RequestRecord): Row {
    const at = this.clock.now().toISOString();
    return { ...openRow(record.requestId, openRequestOf(record)), markedAt: at };
  }

  /**
   * Writes what the index says of a request after a change of it. What a change before this one was to write
   * may be missing although nothing says so any more, because this one has taken over its mark: rows that
   * the request had before are looked at as well.
   * @param mark of the change
   * @returns whether the mark was the last one: a row that was marked again is another writer's to settle
   */
  async settle(record: RequestRecord, mark: string): Promise<boolean> {
    const { ended, cleanUp, open } = rowsOf(record);
    if (ended !== null) await this.repairEnded(ended);
    if (cleanUp !== null) await this.repairPlace(cleanUp);
    const { requestId } = record;
    return open === null
      ? this.table.take(openPartition, requestId, mark)
      : this.table.replace(openRow(requestId, open), mark);
  }

  /**
   * Brings the rows of a request in line with it. A fresh mark is left to whoever has set it. The row is read
   * before the request: a change that comes after it makes another row of it, which is then not replaced. The
   * other rows do not show that, so that the request is read again once something was written.
   * @param read the request; null for one that there is not
   * @returns whether anything was different
   */
  async repair(requestId: string, read: () => Promise<RequestRecord | null>): Promise<boolean> {
    for (let isDifferent = false; ;) {
      const row = await this.table.get(openPartition, requestId);
      const present = row && this.openRowOf(row);
      if (present?.mark === 'fresh') return isDifferent;
      const record = await read();
      if (record === null)
        return present !== null && this.table.take(openPartition, requestId, present.etag);
      if (!(await this.repairRows(record, present))) return isDifferent;
      isDifferent = true;
      const after = await read();
      if (after !== null && haveSameRows(record, after)) return true;
    }
  }

  private async repairRows(record: RequestRecord, present: OpenRow | null): Promise<boolean> {
    const { open, ended, cleanUp } = rowsOf(record);
    const hasEnded = ended !== null && (await this.repairEnded(ended));
    const hasPlace = cleanUp !== null && (await this.repairPlace(cleanUp));
    const hasOpen = await this.repairOpen(record.requestId, open, present);
    return hasEnded || hasPlace || hasOpen;
  }

  private async repairOpen(
    requestId: string,
    open: OpenRequest | null,
    present: OpenRow | null,
  ): Promise<boolean> {
    if (open === null)
      return present !== null && this.table.take(openPartition, requestId, present.etag);
    const row = openRow(requestId, open);
    if (present === null) return this.table.insert(row);
    const isSame = present.mark === 'none' && isEqual(present.request, open);
    return !isSame && this.table.replace(row, present.etag);
  }

  private async repairEnded(ended: { key: string; request: EndedRequest }): Promise<boolean> {
    const row = await this.table.get(endedPartition, ended.key);
    if (row !== null && textOf(row, requestColumn) === JSON.stringify(ended.request)) return false;
    await this.addEnded(ended, row === null);
    return true;
  }

  private async repairPlace(place: CleanUpPlace): Promise<boolean> {
    let isDifferent = false;
    for (const stage of cleanUpStages) {
      const found = await this.table.get(partitionOfStage[stage], place.key, keysOnly);
      const isMeant = stage === place.stage;
      if ((found !== null) === isMeant) continue;
      isDifferent = true;
      if (isMeant) await this.table.put([placeRow(place)]);
      else await this.deletePlace({ stage, key: place.key });
    }
    return isDifferent;
  }

  /**
   * Adds an ended request and counts it, both or neither.
   * @param isNew whether it was not there a moment ago: where it is now, it cannot be added, and is looked at
   */
  private async addEnded(
    { key, request }: { key: string; request: EndedRequest },
    isNew: boolean,
  ): Promise<void> {
    const row = { partitionKey: endedPartition, rowKey: key, ...columnOf(request) };
    let isAbsent = isNew;
    await this.table.update(endedCount, async (stored) => {
      const isThere = !isAbsent && (await this.table.get(endedPartition, key, keysOnly)) !== null;
      isAbsent = false;
      const count = countOf(stored);
      return isThere
        ? { columns: { count }, written: [row], result: null }
        : { columns: { count: count + 1 }, added: [row], result: null };
    });
  }

  /** Removes an ended request and counts it no more, both or neither. */
  async removeEnded(key: string): Promise<void> {
    await this.table.update(endedCount, async (stored) => {
      const isThere = (await this.table.get(endedPartition, key, keysOnly)) !== null;
      return isThere
        ? { columns: { count: countOf(stored) - 1 }, deleted: [key], result: null }
        : { result: null };
    });
  }

  /** Removes the rows of an ended request but its place in the clean-up, by which it is found again. */
  async withdraw(record: RequestRecord): Promise<void> {
    const { ended } = rowsOf(record);
    await this.table.delete(openPartition, record.requestId);
    if (ended !== null) await this.removeEnded(ended.key);
  }

  /** Every row of the partition of open requests, by id. */
  async open(): Promise<OpenRow[]> {
    return (await this.table.list(openPartition)).map((row) => this.openRowOf(row));
  }

  /** The ids in the partition of open requests. */
  async openIds(): Promise<string[]> {
    const rows = await this.table.query(`PartitionKey eq '${openPartition}'`, keysOnly);
    return rows.map(({ rowKey }) => rowKey ?? '');
  }

  /**
   * Ended requests, newest first.
   * @param after key of the last one that was read before; null for the beginning
   */
  async ended(
    after: string | null,
    limit: number,
  ): Promise<{ key: string; request: EndedRequest }[]> {
    const from = after ?? endedCount.rowKey;
    const filter = `PartitionKey eq '${endedPartition}' and RowKey gt '${from}'`;
    const rows = await this.table.first(filter, limit, ['RowKey', requestColumn]);
    return rows.map((row) => ({ key: row.rowKey ?? '', request: requestIn<EndedRequest>(row) }));
  }

  async countEnded(): Promise<number> {
    const { partitionKey, rowKey } = endedCount;
    return countOf(await this.table.get(partitionKey, rowKey));
  }

  /**
   * Counts the ended requests anew, unless one ends meanwhile.
   * @returns whether the number was another one
   */
  async recountEnded(): Promise<boolean> {
    const { partitionKey, rowKey } = endedCount;
    const stored = await this.table.get(partitionKey, rowKey);
    const filter = `PartitionKey eq '${endedPartition}' and RowKey gt '${rowKey}'`;
    const count = await this.table.count(filter);
    if (stored === null || countOf(stored) === count) return false;
    return this.table.replace({ ...endedCount, count }, stored.etag);
  }

  /**
   * Requests that were cleaned up in a period, in the order of that, by the stage that comes next.
   * @param from inclusive; null for all times
   * @param until inclusive; null for all times
   */
  async cleaned(
    stage: CleanUpStage,
    { from, until }: { from: string | null; until: string | null },
  ): Promise<CleanUpPlace[]> {
    const filter = [
      `PartitionKey eq '${partitionOfStage[stage]}'`,
      ...(from === null ? [] : [`RowKey ge '${from}'`]),
      ...(until === null ? [] : [`RowKey lt '${until}~'`]),
    ].join(' and ');
    const rows = await this.table.query(filter, keysOnly);
    return rows.map(({ rowKey }) => ({ stage, key: rowKey ?? '' }));
  }

  /** The ids of all requests that were cleaned up, read in pages: nothing but the ids stays in memory. */
  async cleanedIds(): Promise<string[]> {
    const ids: string[] = [];
    // In the order in which a request goes through the stages, so that none is missed.
    for (const stage of cleanUpStages) {
      for (let after: string | undefined = ''; after !== undefined;) {
        const filter = `PartitionKey eq '${partitionOfStage[stage]}' and RowKey gt '${after}'`;
        const rows = await this.table.first(filter, pageLength, keysOnly);
        for (const { rowKey } of rows) ids.push(requestOfKey(rowKey ?? ''));
        after = rows.length < pageLength ? undefined : rows.at(-1)?.rowKey;
      }
    }
    return ids;
  }

  deletePlace({ stage, key }: CleanUpPlace): Promise<void> {
    return this.table.delete(partitionOfStage[stage], key);
  }

  /** Whether the index has all requests that were stored before there was one. */
  async isBuilt(): Promise<boolean> {
    return (await this.table.get(builtRow.partitionKey, builtRow.rowKey)) !== null;
  }

  async noteBuilt(): Promise<void> {
    await this.table.put([{ ...builtRow, at: this.clock.now().toISOString() }]);
  }

  private openRowOf(row: StoredRow): OpenRow {
    const markedAt = textOf(row, 'markedAt');
    const limit = addSeconds(this.clock.now(), -changeSeconds);
    const isFresh = markedAt !== null && atTime(markedAt) > limit;
    return {
      requestId: row.rowKey ?? '',
      request: requestIn<OpenRequest>(row),
      mark: markedAt === null ? 'none' : isFresh ? 'fresh' : 'left',
      etag: row.etag,
    };
  }
}

const columnOf = (request: OpenRequest | EndedRequest): { request: string } => ({
  [requestColumn]: JSON.stringify(request),
});

const requestIn = <T>(row: StoredRow): T => JSON.parse(textOf(row, requestColumn) ?? '{}') as T;

const openRow = (requestId: string, request: OpenRequest): Row => ({
  partitionKey: openPartition,
  rowKey: requestId,
  ...columnOf(request),
});

const placeRow = ({ stage, key }: CleanUpPlace): Row => ({
  partitionKey: partitionOfStage[stage],
  rowKey: key,
});

/** Whether two rows say the same; both are made by `rowsOf`, in one order of their fields. */
const isEqual = (one: object | null, other: object | null): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const countOf = (row: StoredRow | null): number => Number(row?.['count'] ?? 0);
