import { randomUUID } from 'node:crypto';
import { withAnswers } from '../../src/core/subject/decision';
import { noStatutoryNotices } from '../../src/core/messages/statutory-notices';
import { newRequest } from '../../src/core/request/record';
import { Table } from '../../src/adapters/storage/table';
import type { CustodyEntry } from '../../src/core/custody/record';
import { chainProblems, linesOf } from '../../src/core/custody/chain';
import { BlobPackageStore, BlobScratchStore } from '../../src/adapters/storage/blobs';
import { TableItemLedger } from '../../src/adapters/storage/items';
import type { TableLedger } from '../../src/adapters/storage/ledger';
import { decrypt, encrypt } from '../../src/adapters/storage/encryption';
import { ConflictError, IntegrityError } from '../../src/core/errors';
import { countItems, type Item } from '../../src/core/package/items';
import type { ScratchRef } from '../../src/core/package/blob-names';
import type { RequestDetails, RequestRecord } from '../../src/ports';
import { TestStorage } from '../helpers/storage';

let storage: TestStorage;
let ledger: TableLedger;
let itemLedger: TableItemLedger;
const now = new Date('2026-11-23T12:00:00Z');
const clock = { now: () => now };
beforeAll(async () => {
  storage = await TestStorage.start();
  ledger = storage.ledger(clock);
  itemLedger = new TableItemLedger(storage.connectionString);
});
afterAll(() => storage.stop());

let count = 0;
async function newRecord(): Promise<RequestRecord> {
  count += 1;
  return newRequest({
    requestId: `request-${count}`,
    organisation: 'main',
    createdAt: now.toISOString(),
    receivedAt: now.toISOString(),
    bodyHash: 'hash',
    wrappedSecret: await storage.keys.createSecret(),
    hasCallback: false,
  });
}
const details: RequestDetails = {
  ticketId: 'T-1',
  identifiers: [{ type: 'email', value: 'maria@mail.example' }],
  name: 'Maria',
  timeZone: 'UTC',
  locale: 'en',
  contactMatches: null,
  contact: null,
  decision: null,
  statutoryNotices: noStatutoryNotices,
};
const item = (conversation: number, status: Item['status']): Item => ({
  conversation,
  kind: 'audio',
  ordinal: 1,
  status,
  reason: null,
  sourceId: 'source',
  entry: null,
  size: null,
  sha256: null,
});

/** An officer's answers on so many single conversations. */
const answered = (count: number): RequestDetails => ({
  ...details,
  decision: withAnswers(
    null,
    {
      conversations: Array.from({ length: count }, (_, i) => ({
        conversationId: randomUUID(),
        verdict: i % 3 === 0 ? ('include' as const) : ('withhold' as const),
      })),
    },
    12,
    now.toISOString(),
  ),
});

describe('the personal part of a request', () => {
  const rowsOf = async (requestId: string) => {
    const row = await new Table(storage.connectionString, 'requests').get(requestId, 'request');
    return Object.entries(row ?? {}).filter(([column]) => column.startsWith('details'));
  };

  it('holds 5,000 answers on conversations, from its creation or a change', async () => {
    const record = await newRecord();
    const many = answered(5000);
    await ledger.create(record, many, null);
    expect(await ledger.details(record)).toEqual(many);
    expect((await rowsOf(record.requestId)).length).toBeGreaterThan(1);
    const others = answered(5000);
    await ledger.changeDetails(record.requestId, () => ({
      details: others,
      fact: { event: 'decided' },
    }));
    expect(await ledger.details(record)).toEqual(others);
    await ledger.move(record.requestId, 'cancelled');
    expect(await ledger.details(record)).toEqual(others);
    expect(await ledger.get(record.requestId)).toEqual({
      ...record,
      state: 'cancelled',
    });
  });

  it('leaves nothing of a longer one behind when it gets shorter', async () => {
    const record = await newRecord();
    await ledger.create(record, answered(5000), null);
    await ledger.changeDetails(record.requestId, () => ({ details }));
    expect(await ledger.details(record)).toEqual(details);
    expect(await rowsOf(record.requestId)).toHaveLength(1);
  });

  it('is deleted whole', async () => {
    const record = await newRecord();
    await ledger.create(record, answered(5000), null);
    await ledger.deleteDetails(record.requestId);
    expect(await rowsOf(record.requestId)).toEqual([['details', '']]);
    await expect(ledger.details(record)).rejects.toThrow(ConflictError);
  });

  it('is read from a row that was written before it was compressed', async () => {
    const record = await newRecord();
    await ledger.create(record, answered(1), null);
    const { dataKey } = await storage.keys.unwrap(record.wrappedSecret ?? '');
    const content = encrypt(dataKey, Buffer.from(JSON.stringify(details)), record.requestId);
    const table = new Table(storage.connectionString, 'requests');
    await table.update({ partitionKey: record.requestId, rowKey: 'request' }, (stored) => ({
      columns: { ...stored, details: content.toString('base64') },
      result: null,
    }));
    expect(await ledger.details(record)).toEqual(details);
  });
});

describe('the ledger', () => {
  it('stores a request once, however many post it at the same time', async () => {
    const record = await newRecord();
    const results = await Promise.all(
      Array.from({ length: 8 }, () => ledger.create(record, details, null)),
    );
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await ledger.get(record.requestId)).toEqual(record);
    expect(await ledger.details(record)).toEqual(details);
  });

  it('moves a request through its states and records each change', async () => {
    const record = await newRecord();
    await ledger.create(record, details, null);
    await ledger.move(record.requestId, 'awaitingVerification');
    await ledger.move(record.requestId, 'awaitingVerification');
    await ledger.move(record.requestId, 'failed', { reason: 'internalError' });
    await expect(ledger.move(record.requestId, 'available')).rejects.toThrow(ConflictError);
    const { entries } = await ledger.custody(record.requestId);
    expect(entries.map(({ from, to, reasonCode }) => [from, to, reasonCode])).toEqual([
      [undefined, 'received', undefined],
      ['received', 'awaitingVerification', null],
      ['awaitingVerification', 'failed', 'internalError'],
    ]);
  });

  it('loses no change when many writers change a request at once', async () => {
    const record = await newRecord();
    await ledger.create(record, details, null);
    await Promise.all([
      ledger.update(record.requestId, { verifiedAt: '1' }),
      ledger.update(record.requestId, { pages: 2 }),
      ledger.update(record.requestId, { searchableFrom: '3' }),
      ledger.move(record.requestId, 'awaitingVerification'),
    ]);
    expect(await ledger.get(record.requestId)).toMatchObject({
      state: 'awaitingVerification',
      verifiedAt: '1',
      pages: 2,
      searchableFrom: '3',
    });
  });

  it('stores more than a hundred items of a page, and sums the pages', async () => {
    const record = await newRecord();
    await ledger.create(record, details, null);
    const items = Array.from({ length: 250 }, (_, i) =>
      item(i + 1, i < 200 ? 'exported' : 'pending'),
    );
    await itemLedger.put(record.requestId, 1, items);
    await itemLedger.putCounts(record.requestId, 1, countItems(items));
    await itemLedger.putCounts(record.requestId, 2, countItems([item(251, 'exported')]));
    expect(await itemLedger.list(record.requestId, 1)).toEqual(items);
    expect((await itemLedger.counts(record.requestId)).audio).toMatchObject({
      exported: 201,
      pending: 50,
    });
  });

  it('keeps the counts of a page short: a request of 50,000 conversations has 1,000 of them', async () => {
    const requestId = randomUUID();
    const items = (['conversation', 'audio', 'transcript', 'email', 'message'] as const).flatMap(
      (kind) => Array.from({ length: 50 }, () => ({ kind, status: 'exported' as const })),
    );
    await itemLedger.putCounts(requestId, 1, countItems(items));
    const row = await new Table(storage.connectionString, 'requests').get(requestId, 'page-000001');
    expect(String(row?.['counts']).length).toBeLessThan(300);
    expect(await itemLedger.counts(requestId)).toEqual(countItems(items));
  });

  it('counts nothing of a kind that an earlier version did not know', async () => {
    const { requestId } = await newRecord();
    const { evaluation: _new, ...known } = countItems([item(1, 'exported')]);
    const row = { partitionKey: requestId, rowKey: 'page-000001', counts: JSON.stringify(known) };
    await new Table(storage.connectionString, 'requests').put([row]);
    await itemLedger.putCounts(requestId, 2, countItems([item(2, 'exported')]));
    const counts = await itemLedger.counts(requestId);
    expect([counts.audio.exported, counts.evaluation]).toEqual([2, countItems([]).evaluation]);
  });

  it('lists open requests and no ended ones', async () => {
    const [open, ended] = [await newRecord(), await newRecord()];
    await ledger.create(open, details, null);
    await ledger.create(ended, details, null);
    await ledger.move(ended.requestId, 'noDataFound');
    const ids = async () => (await ledger.listOpen()).map(({ requestId }) => requestId);
    // It has ended, and something of it may still be stored.
    expect(await ids()).toEqual(expect.arrayContaining([open.requestId, ended.requestId]));
    await ledger.update(ended.requestId, { cleanedAt: now.toISOString() });
    expect(await ids()).toContain(open.requestId);
    expect(await ids()).not.toContain(ended.requestId);
  });

  it('keeps only the row and the custody record of a request that was cleaned up', async () => {
    const record = await newRecord();
    await ledger.create(record, details, null);
    await ledger.move(record.requestId, 'noDataFound');
    await itemLedger.put(record.requestId, 1, [item(1, 'exported')]);
    await itemLedger.putCounts(record.requestId, 1, countItems([]));
    await itemLedger.deleteAll(record.requestId, 1);
    await ledger.deleteDetails(record.requestId);
    expect(await itemLedger.list(record.requestId, 1)).toEqual([]);
    await expect(ledger.details(record)).rejects.toThrow(ConflictError);
    expect((await ledger.custody(record.requestId)).entries).toHaveLength(2);
  });
});

describe('the custody record', () => {
  const act = { actor: 'abc', displayName: 'Ms Privacy', justification: 'Spoke with the person.' };

  it('is a chain that reveals every change, and stays valid when personal annotations are deleted', async () => {
    const { requestId } = await recordWithCustody();
    const { entries, annotations } = await ledger.custody(requestId);
    expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(chainProblems(entries, annotations)).toEqual([]);
    expect(JSON.stringify(entries)).not.toContain('Privacy');
    expect(linesOf(entries, annotations)[2]?.annotation).toEqual({
      displayName: act.displayName,
      justification: act.justification,
    });
    const changes: ((copy: CustodyEntry[]) => unknown)[] = [
      (copy) => copy.splice(1, 1),
      (copy) => copy.shift(),
      (copy) => copy.reverse(),
      (copy) => Object.assign(copy[1] ?? {}, { at: '2020-01-01T00:00:00.000Z' }),
      (copy) => Object.assign(copy[2] ?? {}, { actor: null }),
      (copy) => Object.assign(copy[3] ?? {}, { detail: { failures: 0 } }),
    ];
    for (const change of changes) {
      const copy = structuredClone(entries);
      change(copy);
      expect(chainProblems(copy, new Map())).not.toEqual([]);
    }
    const other = new Map(
      [...annotations].map(([key, annotation]) => [
        key,
        { ...annotation, justification: 'Something else' },
      ]),
    );
    expect(chainProblems(entries, other)).not.toEqual([]);
    await ledger.deleteAnnotations(requestId);
    const after = await ledger.custody(requestId);
    expect(after.annotations.size).toBe(0);
    expect(chainProblems(after.entries, after.annotations)).toEqual([]);
    expect(linesOf(after.entries, after.annotations)[2]?.annotation).toBeNull();
  });

  it('loses no entry when many writers add to it at once', async () => {
    const record = await newRecord();
    await ledger.create(record, details, null);
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        ledger.note(record.requestId, { event: 'linkMinted', detail: { n } }),
      ),
    );
    const { entries, annotations } = await ledger.custody(record.requestId);
    expect(entries).toHaveLength(9);
    expect(chainProblems(entries, annotations)).toEqual([]);
  });

  async function recordWithCustody(): Promise<RequestRecord> {
    const record = await newRecord();
    await ledger.create(record, details, null);
    await ledger.move(record.requestId, 'awaitingVerification');
    await ledger.note(record.requestId, { event: 'decided', detail: { candidate: 1 } }, {}, act);
    await ledger.note(record.requestId, { event: 'failuresAccepted', detail: { failures: 3 } });
    return record;
  }
});

describe('encrypted data', () => {
  it('is decrypted with its key and context only, and unchanged only', () => {
    const key = Buffer.alloc(32, 1);
    const encrypted = encrypt(key, Buffer.from('content'), 'here');
    expect(decrypt(key, encrypted, 'here').toString()).toBe('content');
    expect(() => decrypt(Buffer.alloc(32, 2), encrypted, 'here')).toThrow(IntegrityError);
    expect(() => decrypt(key, encrypted, 'there')).toThrow(IntegrityError);
    for (let i = 0; i < encrypted.length; i += 1) {
      const changed = Buffer.from(encrypted);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => decrypt(key, changed, 'here')).toThrow(IntegrityError);
    }
    expect(() => decrypt(key, encrypted.subarray(0, 20), 'here')).toThrow(IntegrityError);
  });

  it('uses keys that are derived from a wrapped secret: same secret, same keys; another secret, other keys', async () => {
    const [one, two] = [await storage.keys.createSecret(), await storage.keys.createSecret()];
    const keys = await storage.keys.unwrap(one);
    expect(await storage.keys.unwrap(one)).toEqual(keys);
    expect(keys.passphrase).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect((await storage.keys.unwrap(two)).passphrase).not.toBe(keys.passphrase);
    expect(one).not.toContain(keys.passphrase);
  });
});

describe('scratch data', () => {
  it('is stored once by writeOnce, and deleted together', async () => {
    const work = new BlobScratchStore(storage.connectionString);
    const key = Buffer.alloc(32, 3);
    const part: ScratchRef<object> = { name: 'part-1.json' };
    const all = { prefix: '' };
    expect(await work.read('w', { name: 'none.json' }, key)).toBeNull();
    expect(await work.writeOnce('w', part, key, { a: 1 })).toBe(true);
    expect(await work.writeOnce('w', part, key, { a: 2 })).toBe(false);
    await work.write('w', { name: 'page-1.json' }, key, { b: 1 });
    await work.write('w2', part, key, { c: 1 });
    expect(await work.read('w', part, key)).toEqual({ a: 1 });
    expect(await work.list('w', { prefix: 'part-' })).toEqual([part]);
    await work.deleteAll('w', all);
    expect(await work.list('w', all)).toEqual([]);
    expect(await work.list('w2', all)).toHaveLength(1);
    await work.delete('w2', part);
    expect(await work.list('w2', all)).toEqual([]);
  });
});

describe('package blobs', () => {
  it('are read by a link for minutes: read only, this blob only', async () => {
    const packages = new BlobPackageStore(storage.connectionString);
    const ids = [
      Buffer.from('block-1').toString('base64'),
      Buffer.from('block-2').toString('base64'),
    ];
    await packages.stageBlock('r', ids[0] ?? '', Buffer.from('hello '));
    await packages.stageBlock('r', ids[1] ?? '', Buffer.from('world'));
    expect(await packages.size('r')).toBeNull();
    await packages.commit('r', ids, await packages.version('r'));
    const version = await packages.version('r');
    await packages.commit('r', ids, version);
    // An attempt that was overtaken: it saw no package, or an earlier one.
    await expect(packages.commit('r', ids, null)).rejects.toThrow(ConflictError);
    await expect(packages.commit('r', ids, version)).rejects.toThrow(ConflictError);
    expect(await packages.size('r')).toBe(11);
    const link = await packages.link('r', 10);
    if (!link) throw new Error('no link');
    const { url, expiresAt } = link;
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
    const range = await fetch(url, { headers: { Range: 'bytes=6-10' } });
    expect([range.status, await range.text()]).toEqual([206, 'world']);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    expect(
      (await fetch(url, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: 'x' }))
        .status,
    ).toBe(403);
    expect((await fetch(url.replace('r.zip', 'other.zip'))).status).toBe(403);
    expect((await fetch(url.replace(/se=[^&]+/, 'se=2099-01-01T00%3A00%3A00Z'))).status).toBe(403);
    await packages.delete('r');
    await packages.delete('r');
    expect(await packages.link('r', 10)).toBeNull();
    expect((await fetch(url)).status).toBe(404);
  });

  it('are refused on storage that is not on loopback, where links would be signed with an account key', () => {
    const connectionString = `DefaultEndpointsProtocol=https;AccountName=real;AccountKey=${btoa('key')};EndpointSuffix=core.windows.net`;
    expect(() => new BlobPackageStore(connectionString)).toThrow('loopback');
  });
});

describe('a row that another writer deletes between reading and writing', () => {
  it('counts as changed: nothing is written, and the writer reads again', async () => {
    const table = new Table(storage.connectionString, 'rows');
    const row = { partitionKey: 'p', rowKey: 'r', value: 1 };
    const added = { partitionKey: 'p', rowKey: 'added', value: 2 };
    await table.insert(row);
    const etag = (await table.get('p', 'r'))?.etag ?? '';
    await table.delete('p', 'r');
    expect(await table.replace(row, etag)).toBe(false);
    const seen: unknown[] = [];
    await table.update(
      { partitionKey: 'p', rowKey: 'r' },
      (stored) => {
        seen.push(stored?.['value'] ?? null);
        return stored === null
          ? { result: null }
          : { columns: stored, added: [added], result: null };
      },
      { memory: { row: { ...row, etag } } },
    );
    expect(seen).toEqual([1, null]);
    expect(await table.list('p')).toEqual([]);
  });
});

describe.each(['127.0.0.1', 'localhost', '[::1]'])(
  'packages on the loopback address %s',
  (host) => {
    it('links may be signed with the emulator’s account key', () => {
      const storage = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=AAAA;BlobEndpoint=http://${host}:9/a;`;
      expect(new BlobPackageStore(storage).origin).toBe(`http://${host}:9`);
    });
  },
);
