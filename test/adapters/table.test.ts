import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlobPackageStore, BlobScratchStore } from '../../src/adapters/storage/blobs';
import { Table } from '../../src/adapters/storage/table';
import { ConflictError, StorageUnavailableError } from '../../src/core/errors';
import { TestStorage } from '../helpers/storage';

let storage: TestStorage;
let table: Table;
beforeAll(async () => {
  storage = await TestStorage.start();
  table = new Table(storage.connectionString, 'rows');
});
afterAll(() => storage.stop());

const keyOf = (rowKey: string) => ({ partitionKey: 'p', rowKey });
const valueOf = async (rowKey: string) => (await table.get('p', rowKey))?.['value'];

describe('a row that is updated', () => {
  it('is written once by each of two writers at once: one loses, reads again and repeats', async () => {
    await table.insert({ ...keyOf('both'), value: 1 });
    const seen: unknown[] = [];
    // Both read before either writes.
    let arrive: () => void = () => undefined;
    const bothHaveRead = new Promise<void>((done) => (arrive = done));
    const add = (amount: number) =>
      table.update(keyOf('both'), async (row) => {
        seen.push(row?.['value']);
        if (seen.length === 2) arrive();
        await bothHaveRead;
        return { columns: { value: Number(row?.['value']) + amount }, result: amount };
      });
    expect(await Promise.all([add(10), add(100)])).toEqual([10, 100]);
    expect(seen).toHaveLength(3);
    expect(seen.slice(0, 2)).toEqual([1, 1]);
    expect(await valueOf('both')).toBe(111);
  });

  it('is made by one of two writers where there is none, and changed by the other', async () => {
    const count = () =>
      table.update(keyOf('new'), (row) => ({
        columns: { value: Number(row?.['value'] ?? 0) + 1 },
        result: undefined,
      }));
    await Promise.all([count(), count(), count()]);
    expect(await valueOf('new')).toBe(3);
  });

  it('is given up after so many attempts when another writer always comes first', async () => {
    await table.insert({ ...keyOf('busy'), value: 0 });
    let attempts = 0;
    const update = table.update(
      keyOf('busy'),
      async () => {
        attempts += 1;
        await table.put([{ ...keyOf('busy'), value: attempts }]);
        return { columns: { value: 'mine' }, result: undefined };
      },
      { tries: 4 },
    );
    await expect(update).rejects.toThrow(ConflictError);
    expect(attempts).toBe(4);
    expect(await valueOf('busy')).toBe(4);
  });

  it('stays as it is when the change has no columns', async () => {
    await table.insert({ ...keyOf('kept'), value: 1 });
    const etag = (await table.get('p', 'kept'))?.etag;
    expect(await table.update(keyOf('kept'), () => ({ result: 'seen' }))).toBe('seen');
    expect((await table.get('p', 'kept'))?.etag).toBe(etag);
    expect(await table.update(keyOf('none'), (row) => ({ result: row }))).toBeNull();
  });

  it('is written together with rows that are added, or not at all', async () => {
    const added = [{ ...keyOf('added'), value: 2 }];
    const write = () =>
      table.update(keyOf('with'), () => ({ columns: { value: 1 }, added, result: 'written' }), {
        tries: 2,
      });
    expect(await write()).toBe('written');
    expect([await valueOf('with'), await valueOf('added')]).toEqual([1, 2]);
    await table.delete('p', 'with');
    await expect(write()).rejects.toThrow(ConflictError);
    expect(await table.get('p', 'with')).toBeNull();
  });

  it('ends with the error of the change, and nothing is written', async () => {
    const failing = table.update(keyOf('failing'), () => {
      throw new ConflictError('not now');
    });
    await expect(failing).rejects.toThrow('not now');
    expect(await table.get('p', 'failing')).toBeNull();
  });
});

describe('storage that is away', () => {
  let server: Server;
  let status = 503;
  let away: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      // `retry-after` keeps the retries of the clients short.
      response.writeHead(status, { 'retry-after': '0', 'retry-after-ms': '1' }).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/devstoreaccount1`;
    away = [
      'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1',
      `AccountKey=${btoa('key')}`,
      `BlobEndpoint=${origin};TableEndpoint=${origin}`,
    ].join(';');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const key = Buffer.alloc(32);
  const calls: [name: string, call: () => Promise<unknown>][] = [
    ['reading a row', () => new Table(away, 'rows').get('p', 'r')],
    ['adding a row', () => new Table(away, 'rows').insert(keyOf('r'))],
    ['querying', () => new Table(away, 'rows').query("PartitionKey eq 'p'")],
    ['deleting', () => new Table(away, 'rows').delete('p', 'r')],
    ['updating', () => new Table(away, 'rows').update(keyOf('r'), () => ({ result: 1 }))],
    ['writing scratch data', () => new BlobScratchStore(away).write('r', { name: 'n' }, key, {})],
    ['reading scratch data', () => new BlobScratchStore(away).read('r', { name: 'n' }, key)],
    ['staging a block', () => new BlobPackageStore(away).stageBlock('r', 'AAAA', Buffer.from('x'))],
    ['the size of a package', () => new BlobPackageStore(away).size('r')],
    ['linking a package', () => new BlobPackageStore(away).link('r', 10)],
  ];

  const errorOf = (call: () => Promise<unknown>): Promise<unknown> =>
    call().then(
      () => null,
      (error: unknown) => error,
    );

  it('is an error that callers know, not one of a library, whatever is called', async () => {
    status = 503;
    const errors = await Promise.all(
      calls.map(async ([name, call]) => [name, await errorOf(call)] as const),
    );
    for (const [name, error] of errors) {
      expect([name, error]).toEqual([name, expect.any(StorageUnavailableError)]);
      // Nothing of the request, which names blobs and rows, and carries a signature.
      expect((error as Error).message).toBe('Storage answers 503.');
    }
  });

  it('is told from storage that refuses', async () => {
    status = 403;
    for (const [, call] of calls) {
      const error = await errorOf(call);
      expect(error).not.toBeInstanceOf(StorageUnavailableError);
    }
  });

  it('is also storage that does not answer at all', async () => {
    const nowhere = away.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');
    const error = await errorOf(() => new Table(nowhere, 'rows').get('p', 'r'));
    expect(error).toBeInstanceOf(StorageUnavailableError);
    expect((error as Error).message).toBe('Storage does not answer.');
  });
});
