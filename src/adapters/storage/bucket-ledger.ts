import { createHash } from 'node:crypto';
import type { BucketLedger, UsedObject } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf, type StoredRow } from './table';

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const ofRequest = (requestId: string): string => `request~${requestId}`;
const ofObject = (key: string): string => `object~${hashOf(key)}`;

/** Table `bucketObjects`: a row by the request and one by the object. The one by the object comes first. */
export class TableBucketLedger implements BucketLedger {
  private readonly table: Table;

  constructor(storage: StorageConnection) {
    this.table = new Table(storage, 'bucketObjects');
  }

  async use(requestId: string, { key, stamp, versionId, isOwn }: UsedObject): Promise<void> {
    await this.table.put([{ partitionKey: ofObject(key), rowKey: requestId }]);
    const columns = { key, stamp, versionId: versionId ?? '', isOwn };
    const id = { partitionKey: ofRequest(requestId), rowKey: hashOf(key) };
    await this.table.update(id, (row) =>
      row !== null && row['isOwn'] === true && !isOwn
        ? { result: null }
        : { columns, result: null },
    );
  }

  async usedBy(requestId: string): Promise<UsedObject[]> {
    return (await this.table.list(ofRequest(requestId))).map(objectOf);
  }

  async usersOf(key: string): Promise<string[]> {
    return (await this.table.list(ofObject(key))).map(({ rowKey }) => rowKey ?? '');
  }

  async forget(requestId: string, key: string): Promise<void> {
    await this.table.delete(ofObject(key), requestId);
    await this.table.delete(ofRequest(requestId), hashOf(key));
  }
}

const objectOf = (row: StoredRow): UsedObject => {
  const versionId = textOf(row, 'versionId');
  return {
    key: textOf(row, 'key') ?? '',
    stamp: textOf(row, 'stamp') ?? '',
    versionId: versionId === '' ? null : versionId,
    isOwn: row['isOwn'] === true,
  };
};
