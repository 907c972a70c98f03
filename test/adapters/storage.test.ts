import { newRequest } from '../../src/activities/new-request';
import { TableAccess } from '../../src/adapters/identity/access';
import { BlobPackageStore, BlobWorkStore } from '../../src/adapters/storage/blobs';
import { TableLedger } from '../../src/adapters/storage/ledger';
import { open, seal } from '../../src/adapters/storage/seal';
import { ConflictError, IntegrityError } from '../../src/core/errors';
import { countItems, type Item } from '../../src/core/items';
import type { RequestDetails, RequestRecord } from '../../src/ports';
import { TestStorage } from '../helpers/storage';

let storage: TestStorage;
let ledger: TableLedger;
let now = new Date('2026-11-23T12:00:00Z');
const clock = { now: () => now };
beforeAll(async () => {
  storage = await TestStorage.start();
  ledger = new TableLedger(storage.connectionString, storage.keys, clock);
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
  });
}
const details: RequestDetails = {
  ticketId: 'T-1',
  identifiers: [{ type: 'email', value: 'maria@mail.example' }],
  name: 'Maria',
  timeZone: 'UTC',
  locale: 'en',
  findings: null,
  contact: null,
  decision: null,
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

describe('the ledger', () => {
  it('stores a request once, however many post it at the same time', async () => {
    const record = await newRecord();
    const results = await Promise.all(
      Array.from({ length: 8 }, () => ledger.create(record, details)),
    );
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await ledger.get(record.requestId)).toEqual(record);
    expect(await ledger.details(record)).toEqual(details);
  });

  it('moves a request along its states and stamps each change', async () => {
    const record = await newRecord();
    await ledger.create(record, details);
    await ledger.move(record.requestId, 'awaitingVerification');
    await ledger.move(record.requestId, 'awaitingVerification');
    await ledger.move(record.requestId, 'failed', { reason: 'internalError' });
    await expect(ledger.move(record.requestId, 'available')).rejects.toThrow(ConflictError);
    const custody = await ledger.custody(record.requestId);
    expect(custody.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ['received', 'awaitingVerification', null],
      ['awaitingVerification', 'failed', 'internalError'],
    ]);
  });

  it('loses no change when many change a request at once', async () => {
    const record = await newRecord();
    await ledger.create(record, details);
    await Promise.all([
      ledger.update(record.requestId, { verifiedAt: '1' }),
      ledger.update(record.requestId, { pages: 2 }),
      ledger.update(record.requestId, { reach: '3' }),
      ledger.move(record.requestId, 'awaitingVerification'),
    ]);
    expect(await ledger.get(record.requestId)).toMatchObject({
      state: 'awaitingVerification',
      verifiedAt: '1',
      pages: 2,
      reach: '3',
    });
  });

  it('keeps more than a hundred items of a page, and sums the pages', async () => {
    const record = await newRecord();
    await ledger.create(record, details);
    const items = Array.from({ length: 250 }, (_, i) =>
      item(i + 1, i < 200 ? 'exported' : 'pending'),
    );
    await ledger.putItems(record.requestId, 1, items);
    await ledger.putPageCounts(record.requestId, 1, countItems(items));
    await ledger.putPageCounts(record.requestId, 2, countItems([item(251, 'exported')]));
    expect(await ledger.items(record.requestId, 1)).toEqual(items);
    expect((await ledger.counts(record.requestId)).audio).toMatchObject({
      exported: 201,
      pending: 50,
    });
  });

  it('lists what is open and not what has ended', async () => {
    const [open, ended] = [await newRecord(), await newRecord()];
    await ledger.create(open, details);
    await ledger.create(ended, details);
    await ledger.move(ended.requestId, 'nothingHeld');
    const ids = async () => (await ledger.listOpen()).map(({ requestId }) => requestId);
    // It has ended, and something of it may still be stored.
    expect(await ids()).toEqual(expect.arrayContaining([open.requestId, ended.requestId]));
    await ledger.update(ended.requestId, { cleanedAt: now.toISOString() });
    expect(await ids()).toContain(open.requestId);
    expect(await ids()).not.toContain(ended.requestId);
  });

  it('keeps of a request that is cleaned up the row and its custody record only', async () => {
    const record = await newRecord();
    await ledger.create(record, details);
    await ledger.move(record.requestId, 'nothingHeld');
    await ledger.putItems(record.requestId, 1, [item(1, 'exported')]);
    await ledger.putPageCounts(record.requestId, 1, countItems([]));
    await ledger.deleteWork(record.requestId, 1);
    expect(await ledger.items(record.requestId, 1)).toEqual([]);
    await expect(ledger.details(record)).rejects.toThrow(ConflictError);
    expect(await ledger.custody(record.requestId)).toHaveLength(1);
  });
});

describe('sealed data', () => {
  it('opens with its key and context only, and shows any change', () => {
    const key = Buffer.alloc(32, 1);
    const sealed = seal(key, Buffer.from('content'), 'here');
    expect(open(key, sealed, 'here').toString()).toBe('content');
    expect(() => open(Buffer.alloc(32, 2), sealed, 'here')).toThrow(IntegrityError);
    expect(() => open(key, sealed, 'there')).toThrow(IntegrityError);
    for (let i = 0; i < sealed.length; i += 1) {
      const changed = Buffer.from(sealed);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => open(key, changed, 'here')).toThrow(IntegrityError);
    }
    expect(() => open(key, sealed.subarray(0, 20), 'here')).toThrow(IntegrityError);
  });

  it('follows from a secret that is wrapped: same secret, same keys; another secret, other keys', async () => {
    const [one, two] = [await storage.keys.createSecret(), await storage.keys.createSecret()];
    const keys = await storage.keys.unwrap(one);
    expect(await storage.keys.unwrap(one)).toEqual(keys);
    expect(keys.passphrase).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect((await storage.keys.unwrap(two)).passphrase).not.toBe(keys.passphrase);
    expect(one).not.toContain(keys.passphrase);
  });
});

describe('work blobs', () => {
  it('are stored once where once is asked for, and deleted together', async () => {
    const work = new BlobWorkStore(storage.connectionString);
    const key = Buffer.alloc(32, 3);
    expect(await work.read('w', 'none.json', key)).toBeNull();
    expect(await work.writeOnce('w', 'part-1.json', key, { a: 1 })).toBe(true);
    expect(await work.writeOnce('w', 'part-1.json', key, { a: 2 })).toBe(false);
    await work.write('w', 'page-1.json', key, { b: 1 });
    await work.write('w2', 'part-1.json', key, { c: 1 });
    expect(await work.read('w', 'part-1.json', key)).toEqual({ a: 1 });
    expect(await work.list('w', 'part-')).toEqual(['part-1.json']);
    await work.deleteAll('w');
    expect(await work.list('w', '')).toEqual([]);
    expect(await work.list('w2', '')).toHaveLength(1);
  });
});

describe('package blobs', () => {
  it('are read by a link for minutes: reading only, this blob only', async () => {
    const packages = new BlobPackageStore({
      connectionString: storage.connectionString,
      linkMinutes: 10,
    });
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
    const link = await packages.link('r');
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
    expect(await packages.link('r')).toBeNull();
    expect((await fetch(url)).status).toBe(404);
  });

  it('are refused on storage that is not on loopback, where links would be signed with an account key', () => {
    const connectionString = `DefaultEndpointsProtocol=https;AccountName=real;AccountKey=${btoa('key')};EndpointSuffix=core.windows.net`;
    expect(() => new BlobPackageStore({ connectionString, linkMinutes: 10 })).toThrow('loopback');
  });
});

describe('codes and sessions', () => {
  const access = () => new TableAccess(storage.connectionString, storage.keys, clock);

  it('count guesses that come at once one by one: five tries and no more', async () => {
    const issued = await access().issueCode('guessed');
    const right = issued?.code ?? '';
    const wrong = right === '11111111' ? '22222222' : '11111111';
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => access().checkCode('guessed', wrong)),
    );
    expect(answers.filter((answer) => answer === 'wrong')).toHaveLength(5);
    expect(await access().checkCode('guessed', right)).toBe('expired');
  });

  it('take a code once, and not after ten minutes', async () => {
    const first = (await access().issueCode('once'))?.code ?? '';
    expect(first).toMatch(/^\d{8}$/);
    expect(await access().checkCode('once', first)).toBe('accepted');
    expect(await access().checkCode('once', first)).toBe('expired');
    const second = (await access().issueCode('once'))?.code ?? '';
    now = new Date(now.getTime() + 600_001);
    expect(await access().checkCode('once', second)).toBe('expired');
  });

  it('send five codes an hour and no more', async () => {
    for (let i = 0; i < 5; i += 1) expect(await access().issueCode('resend')).not.toBeNull();
    expect(await access().issueCode('resend')).toBeNull();
    now = new Date(now.getTime() + 3_600_001);
    expect(await access().issueCode('resend')).not.toBeNull();
  });

  it('lock out for a day after fifteen wrong tries', async () => {
    const answers: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const right = (await access().issueCode('locked'))?.code ?? '';
      const wrong = right === '11111111' ? '22222222' : '11111111';
      for (let j = 0; j < 5; j += 1) answers.push(await access().checkCode('locked', wrong));
    }
    expect(answers.at(-1)).toBe('lockedOut');
    expect(await access().issueCode('locked')).toBeNull();
    now = new Date(now.getTime() + 25 * 3_600_000);
    expect(await access().issueCode('locked')).not.toBeNull();
  });

  it('end a session after fifteen idle minutes, and all of a request at once', async () => {
    const token = await access().startSession({ requestId: 's', verifiedAt: null });
    now = new Date(now.getTime() + 14 * 60_000);
    expect(await access().session(token)).toEqual({ requestId: 's', verifiedAt: null });
    now = new Date(now.getTime() + 14 * 60_000);
    expect(await access().session(token)).not.toBeNull();
    now = new Date(now.getTime() + 15 * 60_000 + 1);
    expect(await access().session(token)).toBeNull();
    const other = await access().startSession({ requestId: 's', verifiedAt: now.toISOString() });
    await access().putInvitation('s', 'token');
    expect(await access().invitation('token')).toBe('s');
    await access().endAll('s');
    expect([await access().session(other), await access().invitation('token')]).toEqual([
      null,
      null,
    ]);
  });
});
