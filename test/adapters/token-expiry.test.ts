import { TableClient } from '@azure/data-tables';
import { TokenExpiry } from '../../src/adapters/authentication/token-expiry';
import { TableTokenStore } from '../../src/adapters/authentication/tokens';
import { Table } from '../../src/adapters/storage/table';
import { TestStorage } from '../helpers/storage';

const start = Date.parse('2026-11-23T12:00:17.000Z');
let storage: TestStorage;
let table: Table;
let expiry: TokenExpiry;
let now = start;
const clock = { now: () => new Date(now) };

beforeEach(async () => {
  storage = await TestStorage.start();
  table = new Table(storage.connectionString, 'codesAndSessions');
  expiry = new TokenExpiry(storage.connectionString, clock);
  now = start;
});
afterEach(() => storage.stop());

const store = (seconds: number | null, kind = 'officer') =>
  new TableTokenStore<{ name: string }>(storage.connectionString, kind, seconds, clock);
/** Every row that there is, the index included. */
const rows = async (): Promise<string[]> =>
  (await table.query(`PartitionKey ge ''`)).map(({ partitionKey }) => partitionKey ?? '').sort();

describe('expired tokens', () => {
  it('are deleted with their entries in the index: 30 sign-ins and the names in sessions leave nothing', async () => {
    const signIns = store(600, 'officerLogin');
    await Promise.all(
      Array.from({ length: 30 }, () => signIns.put(signIns.newToken(), { name: '' })),
    );
    const sessions = store(1800);
    const token = sessions.newToken();
    await sessions.put(token, { name: 'Ms Privacy' });
    now += 601_000;
    await expiry.purgeExpired();
    now += 60_000;
    await expiry.purgeExpired();
    expect(await rows()).toEqual(['expiry', 'officer']);
    expect(await sessions.touch(token)).toEqual({ name: 'Ms Privacy' });
    // The session begins anew; two minutes after its end nothing is left.
    now += 1_800_000 + 120_000;
    await expiry.purgeExpired();
    expect(await rows()).toEqual([]);
  });

  it('are not those that are used, however often, nor those without an end', async () => {
    const [session, invitation] = [store(900, 'session'), store(null, 'invitation')];
    await invitation.put('i', { name: '' });
    await session.put('s', { name: 'x' });
    for (let i = 0; i < 60; i += 1) {
      now += 20_000;
      expect(await session.touch('s')).toEqual({ name: 'x' });
      if (i % 5 === 0) await expiry.purgeExpired();
    }
    await expiry.purgeExpired();
    expect(await session.get('s')).toEqual({ name: 'x' });
    const kept = await rows();
    expect(kept.filter((partition) => partition !== 'expiry')).toEqual(['invitation', 'session']);
    // One entry for each minute in which the session may end, and none of the past.
    expect(kept.length).toBeLessThanOrEqual(2 + 16);
    now += 900_000 + 60_000;
    await expiry.purgeExpired();
    expect(await rows()).toEqual(['invitation']);
  });

  it('leave entries that are deleted when the token was ended before', async () => {
    const sessions = store(900);
    await sessions.put('a', { name: '' });
    await sessions.put('b', { name: '' });
    await sessions.delete('a');
    await sessions.take('b');
    expect(await rows()).toEqual(['expiry', 'expiry']);
    now += 960_000;
    await expiry.purgeExpired();
    expect(await rows()).toEqual([]);
  });
});

describe('a token in use', () => {
  it('is written once for all calls that a page makes within ten seconds', async () => {
    const sessions = store(900);
    await sessions.put('a', { name: 'x' });
    const writes = jest.spyOn(TableClient.prototype, 'updateEntity');
    now += 9_999;
    for (let i = 0; i < 3; i += 1) expect(await sessions.touch('a')).toEqual({ name: 'x' });
    expect(writes).not.toHaveBeenCalled();
    now += 1;
    for (let i = 0; i < 3; i += 1) expect(await sessions.touch('a')).toEqual({ name: 'x' });
    expect(writes).toHaveBeenCalledTimes(1);
    writes.mockRestore();
    // Its lifetime has begun anew then.
    now += 899_999;
    expect(await sessions.get('a')).toEqual({ name: 'x' });
    now += 1;
    expect(await sessions.get('a')).toBeNull();
  });
});

describe('a process that ends', () => {
  it('after the entry and before the token leaves an entry, which is deleted', async () => {
    await expiry.note('officer', 'no-such-token', now + 1000, null);
    now += 61_000;
    await expiry.purgeExpired();
    expect(await rows()).toEqual([]);
  });

  it('after the entry of a later end and before the token leaves a token that is deleted at its own end', async () => {
    const sessions = store(900);
    await sessions.put('a', { name: '' });
    const [stored] = await table.list('officer');
    // The token was about to be used again ten minutes later.
    await expiry.note('officer', stored?.rowKey ?? '', now + 1_500_000, now + 900_000);
    now += 960_000;
    await expiry.purgeExpired();
    expect(await rows()).toEqual(['expiry']);
    now += 660_000;
    await expiry.purgeExpired();
    expect(await rows()).toEqual([]);
  });

  it('after the token was deleted and before its entry leaves an entry, which is deleted', async () => {
    const sessions = store(900);
    await sessions.put('a', { name: '' });
    const [stored] = await table.list('officer');
    now += 960_000;
    await table.delete('officer', stored?.rowKey ?? '');
    await expiry.purgeExpired();
    expect(await rows()).toEqual([]);
  });

  it('in one of two runs at once leaves nothing behind either', async () => {
    const sessions = store(900);
    await Promise.all(Array.from({ length: 30 }, (_, i) => sessions.put(`${i}`, { name: '' })));
    now += 960_000;
    await Promise.all([expiry.purgeExpired(), expiry.purgeExpired()]);
    expect(await rows()).toEqual([]);
  });
});

it('reads tokens by their keys and the index by its partition, never the table', async () => {
  const filters: string[] = [];
  const query = jest.spyOn(Table.prototype, 'query').mockImplementation((filter) => {
    filters.push(filter);
    return Promise.resolve([]);
  });
  await expiry.purgeExpired();
  query.mockRestore();
  expect(filters).toEqual([`PartitionKey eq 'expiry' and RowKey lt '2026-11-23T12:00:17.000Z~'`]);
});
