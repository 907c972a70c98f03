import { randomUUID } from 'node:crypto';
import { tableClient } from '../../src/adapters/storage/connection';
import { noStatutoryNotices } from '../../src/core/messages/statutory-notices';
import { newRequest, type RequestDetails, type RequestRecord } from '../../src/core/request/record';
import { rowsOf } from '../../src/core/request/request-index';
import type { TestStorage } from './storage';

/** Requests as the ledger stores them, without an app, and what the index says of them. */

export const someDetails: RequestDetails = {
  ...{ ticketId: 'T-1', identifiers: [], name: null, locale: 'en', timeZone: 'UTC' },
  ...{ contactMatches: null, contact: null, decision: null },
  statutoryNotices: noStatutoryNotices,
};

/** A request that was not stored yet. */
export async function someRequest(
  storage: TestStorage,
  now: Date,
  change: Partial<RequestRecord> = {},
): Promise<RequestRecord> {
  const at = now.toISOString();
  const given = newRequest({
    ...{ requestId: randomUUID(), organisation: 'main', createdAt: at, receivedAt: at },
    ...{ law: 'gdpr', rights: ['access'], locale: 'en', bodyHash: 'hash', hasCallback: false },
    wrappedSecret: await storage.keys.createSecret(),
  });
  return { ...given, ...change };
}

/** A row of the index, without its ETag. */
export type IndexRow = Record<string, unknown> & { partitionKey: string; rowKey: string };

/** Rows of the index about a request, by their keys; all rows without one. */
export async function indexRows(storage: TestStorage, requestId = ''): Promise<IndexRow[]> {
  const table = tableClient(storage.connectionString, 'requestIndex');
  await table.createTable();
  const rows: IndexRow[] = [];
  for await (const { etag: _etag, timestamp: _time, ...row } of table.listEntities())
    if (row.rowKey?.endsWith(requestId) === true) rows.push(row as IndexRow);
  return rows;
}

/** The rows of the index that a request has to have; null where there is none. */
export function expectedRows(record: RequestRecord | null): IndexRow[] {
  if (record === null) return [];
  const { open, ended, cleanUp } = rowsOf(record);
  const partition = { annotations: 'cleanUpAnnotations', proof: 'cleanUpProof' };
  return [
    ...(cleanUp ? [{ partitionKey: partition[cleanUp.stage], rowKey: cleanUp.key }] : []),
    ...(ended
      ? [{ partitionKey: 'ended', rowKey: ended.key, request: JSON.stringify(ended.request) }]
      : []),
    ...(open
      ? [{ partitionKey: 'open', rowKey: record.requestId, request: JSON.stringify(open) }]
      : []),
  ];
}
