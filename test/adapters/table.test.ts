import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlobPackageStore, BlobScratchStore } from '../../src/adapters/storage/blobs';
import { Table, type RowMemory } from '../../src/adapters/storage/table';
import { ConflictError, StorageUnavailableError } from '../../src/core/errors';
import { HttpProxy } from '../helpers/fault-proxy';
import { TestStorage } from '../helpers/storage';

let storage: TestStorage;
let table: Table;
beforeAll(async () => {
  storage = await TestStorage.start();
  table = new Table(storage.connectionString, 'rows');
});
afterAll(() => storage.stop());

/** The same table, and how many calls are made of it. */
async function counted(): Promise<{
  table: Table;
  calls: () => number;
  stop: () => Promise<void>;
}> {
  const [, port = ''] =
    /TableEndpoint=http:\/\/127\.0\.0\.1:(\d+)/.exec(storage.connectionString) ?? [];
  const proxy = await HttpProxy.start(Number(port));
  let count = 0;
  proxy.onCall = () => (count += 1);
  const connection = storage.connectionString.replaceAll(`:${port}`, `:${proxy.port}`);
  return { table: new Table(connection, 'rows'), calls: () => count, stop: () => proxy.stop() };
}
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

describe('a table that nothing was written to', () => {
  let tables = 0;
  const fresh = () => new Table(storage.connectionString, `fresh${(tables += 1)}`);

  it('is empty', async () => {
    const empty = fresh();
    expect(await empty.get('p', 'r')).toBeNull();
    expect(await empty.list('p')).toEqual([]);
    expect(await empty.query("state eq 'open'")).toEqual([]);
    expect(await empty.take('p', 'r', '*')).toBe(false);
    expect(await empty.replace(keyOf('r'), '*')).toBe(false);
    await empty.delete('p', 'r');
    await empty.deletePartition('p');
  });

  it.each<[string, (table: Table) => Promise<unknown>]>([
    ['a row', (one) => one.insert(keyOf('a'))],
    ['rows in one transaction', (one) => one.insert([keyOf('a'), keyOf('b')])],
    ['a row that may exist', (one) => one.put([keyOf('a')])],
    ['rows that may exist', (one) => one.put([keyOf('a'), keyOf('b')])],
    ['an update', (one) => one.update(keyOf('a'), () => ({ columns: { value: 1 }, result: 1 }))],
  ])('is there with the first write: %s', async (_name, write) => {
    const one = fresh();
    await write(one);
    expect(await one.get('p', 'a')).not.toBeNull();
  });

  it('is there once when several write to it first', async () => {
    const one = fresh();
    const names = Array.from({ length: 8 }, (_, i) => `r${i}`);
    const other = new Table(storage.connectionString, `fresh${tables}`);
    await Promise.all(names.map((name, i) => (i % 2 ? one : other).insert(keyOf(name))));
    expect((await one.list('p')).map(({ rowKey }) => rowKey)).toEqual(names);
  });
});

describe('the rows of a partition', () => {
  const names = Array.from({ length: 230 }, (_, i) => `a-${String(i).padStart(3, '0')}`);
  const rows = (keys: string[]) =>
    keys.map((rowKey) => ({ partitionKey: 'many', rowKey, value: 1 }));
  const left = async () => (await table.list('many')).map(({ rowKey }) => rowKey);

  it('are deleted by their prefix, a hundred by one call', async () => {
    await table.put(rows([...names, 'b-1']));
    const { table: same, calls, stop } = await counted();
    await same.deletePartition('many', 'a-');
    expect(calls()).toBe(4);
    await stop();
    expect(await left()).toEqual(['b-1']);
    await table.deletePartition('many');
    await table.deletePartition('many');
    expect(await left()).toEqual([]);
  });

  it('are deleted also when some of them, or all, are gone', async () => {
    await table.put(rows(names.filter((_, i) => i % 7 !== 0)));
    await table.deleteRows('many', names);
    expect(await left()).toEqual([]);
    await table.deleteRows('many', names.slice(0, 3));
    await Promise.all([table.put(rows(names)), table.insert({ ...keyOf('other') })]);
    await Promise.all([table.deletePartition('many'), table.deletePartition('many')]);
    expect(await left()).toEqual([]);
    expect(await table.get('p', 'other')).not.toBeNull();
  });
});

describe('a container that nothing was written to', () => {
  it('is empty, and is there with the first write', async () => {
    const own = await TestStorage.start();
    const { connectionString } = own;
    const key = Buffer.alloc(32);
    const scratch = new BlobScratchStore(connectionString);
    const packages = new BlobPackageStore(connectionString);
    expect(await scratch.read('r', { name: 'n' }, key)).toBeNull();
    expect(await scratch.list('r', { prefix: '' })).toEqual([]);
    await scratch.delete('r', { name: 'n' });
    expect(await packages.size('r')).toBeNull();
    await packages.delete('r');
    expect(await scratch.writeOnce('r', { name: 'n' }, key, 1)).toBe(true);
    expect(await scratch.writeOnce('r', { name: 'n' }, key, 2)).toBe(false);
    expect(await scratch.read('r', { name: 'n' }, key)).toBe(1);
    await packages.stageBlock('r', 'AAAA', Buffer.from('x'));
    await packages.commit('r', ['AAAA'], null);
    expect(await packages.size('r')).toBe(1);
    await own.stop();
  });
});

describe('a row that one process updates and remembers', () => {
  /** There is the table, and not the row. */
  beforeEach(async () => {
    await table.upsert(keyOf('remembered'));
    await table.delete('p', 'remembered');
  });
  const add = (memory: RowMemory, amount: number) =>
    table.update(
      keyOf('remembered'),
      (row) => {
        const value = Number(row?.['value'] ?? 0) + amount;
        return { columns: { value }, result: value };
      },
      { memory },
    );

  it('is written by one call, as a row that is new is', async () => {
    const { table: same, calls, stop } = await counted();
    const memory: RowMemory = { row: null };
    const write = (value: number) =>
      same.update(keyOf('one-call'), () => ({ columns: { value }, result: value }), { memory });
    await write(1);
    await write(2);
    expect(calls()).toBe(2);
    await stop();
  });

  it('is not read again, and is read when another has written it meanwhile', async () => {
    const memory: RowMemory = {};
    expect(await add(memory, 1)).toBe(1);
    const seen = memory.row;
    expect(seen).toMatchObject({ value: 1, etag: expect.stringMatching(/.+/) as string });
    expect(await add(memory, 1)).toBe(2);
    expect(await add({}, 10)).toBe(12);
    expect(await add(memory, 1)).toBe(13);
    // A memory that is out of date is no way past another's write.
    expect(await add({ ...(seen ? { row: seen } : {}) }, 1)).toBe(14);
    // Nor is that it is new.
    expect(await add({ row: null }, 1)).toBe(15);
    expect(await valueOf('remembered')).toBe(15);
  });

  it('is read before a change writes nothing or fails: what is remembered may be out of date', async () => {
    const key = keyOf('outdated');
    const memory: RowMemory = {};
    await table.update(key, () => ({ columns: { value: 1 }, result: null }), { memory });
    await table.update(key, () => ({ columns: { value: 2 }, result: null }));
    const remembered = { ...memory };
    const look = (row: unknown) => ({ result: (row as { value: number }).value });
    expect(await table.update(key, look, { memory })).toBe(2);
    const failing = jest.fn((row: unknown) => {
      if ((row as { value: number }).value === 1) throw new ConflictError('of before');
      return { columns: { value: 3 }, result: 'written' };
    });
    expect(await table.update(key, failing, { memory: remembered })).toBe('written');
    expect(failing).toHaveBeenCalledTimes(2);
    expect(await valueOf('outdated')).toBe(3);
  });

  it('is remembered after a transaction, too', async () => {
    const memory: RowMemory = {};
    const write = (value: number, rowKey: string) =>
      table.update(
        keyOf('together'),
        () => ({ columns: { value }, added: [keyOf(rowKey)], result: null }),
        { memory },
      );
    await write(1, 'together-1');
    expect(memory.row).toMatchObject({ value: 1, etag: (await table.get('p', 'together'))?.etag });
    await write(2, 'together-2');
    expect(memory.row).toMatchObject({ value: 2, etag: (await table.get('p', 'together'))?.etag });
    expect(await table.get('p', 'together-2')).not.toBeNull();
  });

  it('is as another has left it after any writes by turns', async () => {
    const memories: RowMemory[] = [{}, {}, {}];
    await Promise.all(
      memories.map(async (memory) => {
        for (let i = 0; i < 5; i += 1) await add(memory, 1);
      }),
    );
    expect(await valueOf('remembered')).toBe(15);
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
    for (const [name, call] of calls) {
      const error = await errorOf(call);
      expect([name, error]).toEqual([name, expect.any(Error)]);
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
