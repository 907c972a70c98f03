import { TableWindowLengths } from '../../src/adapters/storage/window-lengths';
import { Table } from '../../src/adapters/storage/table';
import { TestStorage } from '../helpers/storage';

describe('the length of windows that an organisation takes', () => {
  let storage: TestStorage;
  let lengths: TableWindowLengths;
  beforeAll(async () => {
    storage = await TestStorage.start();
    lengths = new TableWindowLengths(storage.connectionString, storage.keys);
  });
  afterAll(() => storage.stop());
  const known = { days: 92, refusedAt: '2026-11-25T12:00:00.000Z' };

  it('is kept by organisation and kind, and the newest counts', async () => {
    expect(await lengths.get('main', 'search')).toBeNull();
    await lengths.set('main', 'search', { ...known, days: 183 });
    await lengths.set('main', 'search', known);
    expect(await lengths.get('main', 'search')).toEqual(known);
    expect(await lengths.get('main', 'audit')).toBeNull();
    expect(await lengths.get('emea', 'search')).toBeNull();
  });

  it.each([
    ['a length that is none', { days: 'many' }],
    ['a time that is none', { refusedAt: 'once' }],
  ])('is unknown where the row has %s', async (_name, change) => {
    await lengths.set('main', 'search', known);
    const table = new Table(storage.connectionString, 'windowLengths');
    const [row] = await table.list('search');
    const { rowKey = '' } = row ?? {};
    await table.put([{ partitionKey: 'search', rowKey, ...known, ...change }]);
    expect(await lengths.get('main', 'search')).toBeNull();
  });
});
