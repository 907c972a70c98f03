import { noLetters } from '../../src/core/letters';
import { newRequest } from '../../src/adapters/storage/new-request';
import { Secret, TOTP } from 'otpauth';
import { TableAccess } from '../../src/adapters/identity/access';
import { TableCaps } from '../../src/adapters/identity/caps';
import { TableAuthenticatorApps } from '../../src/adapters/identity/totp';
import { Table } from '../../src/adapters/storage/tables';
import type { CustodyEntry } from '../../src/core/custody';
import { chainProblems, linesOf } from '../../src/custody-check/chain';
import { BlobPackageStore, BlobWorkStore } from '../../src/adapters/storage/blobs';
import { TableLedger } from '../../src/adapters/storage/ledger';
import { open, seal } from '../../src/adapters/storage/seal';
import { CallBudget } from '../../src/adapters/genesys/budget';
import { QuotaNotifier } from '../../src/adapters/notify/notifier';
import { TableOutbox } from '../../src/adapters/storage/outbox';
import { ConflictError, IntegrityError, MessageNotTakenError } from '../../src/core/errors';
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
    hasCallback: false,
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
  letters: noLetters,
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
      Array.from({ length: 8 }, () => ledger.create(record, details, null)),
    );
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await ledger.get(record.requestId)).toEqual(record);
    expect(await ledger.details(record)).toEqual(details);
  });

  it('moves a request along its states and stamps each change', async () => {
    const record = await newRecord();
    await ledger.create(record, details, null);
    await ledger.move(record.requestId, 'awaitingVerification');
    await ledger.move(record.requestId, 'awaitingVerification');
    await ledger.move(record.requestId, 'failed', { reason: 'internalError' });
    await expect(ledger.move(record.requestId, 'available')).rejects.toThrow(ConflictError);
    const { entries } = await ledger.custody(record.requestId);
    expect(entries.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      [undefined, 'received', undefined],
      ['received', 'awaitingVerification', null],
      ['awaitingVerification', 'failed', 'internalError'],
    ]);
  });

  it('loses no change when many change a request at once', async () => {
    const record = await newRecord();
    await ledger.create(record, details, null);
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
    await ledger.create(record, details, null);
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
    await ledger.create(open, details, null);
    await ledger.create(ended, details, null);
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
    await ledger.create(record, details, null);
    await ledger.move(record.requestId, 'nothingHeld');
    await ledger.putItems(record.requestId, 1, [item(1, 'exported')]);
    await ledger.putPageCounts(record.requestId, 1, countItems([]));
    await ledger.deleteWork(record.requestId, 1);
    expect(await ledger.items(record.requestId, 1)).toEqual([]);
    await expect(ledger.details(record)).rejects.toThrow(ConflictError);
    expect((await ledger.custody(record.requestId)).entries).toHaveLength(2);
  });
});

describe('the custody record', () => {
  const act = { actor: 'abc', by: 'Ms Privacy', why: 'Spoke with the person.' };

  it('is a chain that shows every change, and holds when what is personal is forgotten', async () => {
    const { requestId } = await recordWithCustody();
    const { entries, sides } = await ledger.custody(requestId);
    expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(chainProblems(entries, sides)).toEqual([]);
    expect(JSON.stringify(entries)).not.toContain('Privacy');
    expect(linesOf(entries, sides)[2]?.act).toEqual({ by: act.by, why: act.why });
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
      [...sides].map(([key, side]) => [key, { ...side, why: 'Something else' }]),
    );
    expect(chainProblems(entries, other)).not.toEqual([]);
    await ledger.forgetCustody(requestId);
    const after = await ledger.custody(requestId);
    expect(after.sides.size).toBe(0);
    expect(chainProblems(after.entries, after.sides)).toEqual([]);
    expect(linesOf(after.entries, after.sides)[2]?.act).toBeNull();
  });

  it('loses nothing when many write into it at once', async () => {
    const record = await newRecord();
    await ledger.create(record, details, null);
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        ledger.note(record.requestId, { event: 'linkMinted', detail: { n } }),
      ),
    );
    const { entries, sides } = await ledger.custody(record.requestId);
    expect(entries).toHaveLength(9);
    expect(chainProblems(entries, sides)).toEqual([]);
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

describe('codes and sessions', () => {
  const policy = { offered: ['sms', 'totp'], isSmsEnough: true } as const;
  const codeKey = Buffer.alloc(32, 7);
  const access = (isSmsEnough = true) =>
    new TableAccess(storage.connectionString, storage.keys, clock, { ...policy, isSmsEnough });
  const issue = async (requestId: string): Promise<string> => {
    const issued = await access().issueCode(requestId, 'sms', codeKey);
    return issued.kind === 'issued' ? issued.code : '';
  };
  const check = (requestId: string, code: string) => access().checkCode(requestId, 'sms', code);
  const otherThan = (code: string): string => (code === '11111111' ? '22222222' : '11111111');

  it('count guesses that come at once one by one: five tries and no more', async () => {
    const right = await issue('guessed');
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => check('guessed', otherThan(right))),
    );
    expect(answers.filter((answer) => answer === 'wrong')).toHaveLength(5);
    expect(await check('guessed', right)).toBe('expired');
  });

  it('take a code once, and not after ten minutes', async () => {
    const first = await issue('once');
    expect(first).toMatch(/^\d{8}$/);
    expect(await check('once', first)).toBe('accepted');
    expect(await check('once', first)).toBe('expired');
    const second = await issue('once');
    now = new Date(now.getTime() + 600_001);
    expect(await check('once', second)).toBe('expired');
  });

  it('repeat a code as it was, differ from one to the next, and tell those of an officer apart', async () => {
    const issued = await access().issueCode('repeat', 'sms', codeKey);
    const next = await access().issueCode('repeat', 'officer', codeKey);
    if (issued.kind !== 'issued' || next.kind !== 'issued') throw new Error('no codes');
    expect(access().repeatCode(issued.number, codeKey)).toBe(issued.code);
    expect(next.code).not.toBe(issued.code);
    expect(await access().hasCode('repeat', 'officer')).toBe(true);
    expect(await access().checkCode('repeat', 'sms', next.code)).toBe('wrong');
    expect(await access().checkCode('repeat', 'officer', next.code)).toBe('accepted');
    expect(await access().hasCode('repeat', 'officer')).toBe(false);
  });

  it('send five codes an hour and no more', async () => {
    for (let i = 0; i < 5; i += 1) expect(await issue('resend')).not.toBe('');
    expect(await issue('resend')).toBe('');
    now = new Date(now.getTime() + 3_600_001);
    expect(await issue('resend')).not.toBe('');
  });

  it('lock out for a day after fifteen wrong tries, by whatever way', async () => {
    const answers: string[] = [];
    for (let i = 0; i < 2; i += 1) {
      const right = await issue('locked');
      for (let j = 0; j < 5; j += 1) answers.push(await check('locked', otherThan(right)));
    }
    const byApp = await Promise.all(
      Array.from({ length: 20 }, () => access().checkByApp('locked', () => Promise.resolve(false))),
    );
    expect(byApp.filter((answer) => answer === 'wrong')).toHaveLength(4);
    expect(byApp.filter((answer) => answer === 'lockedOut')).toHaveLength(16);
    expect(await access().checkByApp('locked', () => Promise.resolve(true))).toBe('lockedOut');
    expect(await issue('locked')).toBe('');
    now = new Date(now.getTime() + 25 * 3_600_000);
    expect(await issue('locked')).not.toBe('');
  });

  it('prove who somebody is by a text message only where policy says that it is enough', () => {
    expect(access().sessionOf('p', ['sms']).verifiedAt).not.toBeNull();
    expect(access(false).sessionOf('p', ['sms']).verifiedAt).toBeNull();
    expect(access(false).sessionOf('p', ['sms', 'totp']).verifiedAt).not.toBeNull();
    expect(access(false).sessionOf('p', []).verifiedAt).toBeNull();
  });

  it('end a session after fifteen idle minutes, and all of a request at once', async () => {
    const token = await access().startSession('s', []);
    now = new Date(now.getTime() + 14 * 60_000);
    const session = { requestId: 's', passed: [], verifiedAt: null };
    expect(await access().session(token)).toEqual(session);
    now = new Date(now.getTime() + 14 * 60_000);
    expect(await access().session(token)).not.toBeNull();
    now = new Date(now.getTime() + 15 * 60_000 + 1);
    expect(await access().session(token)).toBeNull();
    const other = await access().startSession('s', ['sms']);
    await access().putInvitation('s', 'token');
    expect(await access().invitation('token')).toBe('s');
    await access().endAll('s');
    expect([await access().session(other), await access().invitation('token')]).toEqual([
      null,
      null,
    ]);
  });
});

describe('authenticator apps', () => {
  const apps = () =>
    new TableAuthenticatorApps(storage.connectionString, storage.keys, clock, 'Shop');
  const codeAt = (secret: string, time: Date): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: time.getTime() });
  const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

  it('count once their first code was entered, and each code once, a step early or late at most', async () => {
    const id = apps().factorIdOf('main', 'contact-1');
    expect(id).not.toBe(apps().factorIdOf('other', 'contact-1'));
    const { secret, uri } = await apps().enrol(id);
    expect(uri).toContain(`secret=${secret}`);
    expect(await apps().isEnrolled(id)).toBe(false);
    expect(await apps().check(id, codeAt(secret, now))).toBe(false);
    const first = codeAt(secret, now);
    const recovery = await apps().confirm(id, first);
    expect(new Set(recovery).size).toBe(10);
    expect(await apps().isEnrolled(id)).toBe(true);
    expect(await apps().check(id, first)).toBe(false);
    expect(await apps().check(id, codeAt(secret, later(90)))).toBe(false);
    const next = codeAt(secret, later(30));
    const answers = await Promise.all([1, 2, 3, 4].map(() => apps().check(id, next)));
    expect(answers.filter((answer) => answer)).toHaveLength(1);
    expect(await apps().check(id, codeAt(secret, later(-30)))).toBe(false);
  });

  it('are replaced by recovery codes, each once, however it is written', async () => {
    const id = apps().factorIdOf('main', 'contact-2');
    const { secret } = await apps().enrol(id);
    const [one = '', two = ''] = (await apps().confirm(id, codeAt(secret, now))) ?? [];
    expect(await apps().check(id, one.toLowerCase().replace(/^(.{5})/, '$1-'))).toBe(true);
    expect(await apps().check(id, one)).toBe(false);
    expect(await apps().check(id, two)).toBe(true);
    await apps().remove(id);
    expect(await apps().isEnrolled(id)).toBe(false);
  });

  it('keep their secret from who reads the table', async () => {
    const id = apps().factorIdOf('main', 'contact-3');
    const { secret } = await apps().enrol(id);
    const rows = await new Table(storage.connectionString, 'factors').query(
      "PartitionKey eq 'totp'",
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain('contact-');
  });
});

describe('messages', () => {
  it('that are more than the provider takes are not taken, and counted over all processes', async () => {
    let sent = 0;
    const sender = {
      email: () => Promise.resolve(),
      sms: () => {
        sent += 1;
        return Promise.resolve();
      },
    };
    // A window of a day: none ends while this test runs.
    const quota = () =>
      new CallBudget(
        storage.connectionString,
        { calls: 4, windowSeconds: 86_400 },
        Date.now,
        'messages',
      );
    const notifiers = [quota(), quota()].map((one) => new QuotaNotifier(sender, sender, one));
    const message = { to: '+491511', text: 'x', operationId: 'x' };
    const answers = await Promise.allSettled(
      notifiers.flatMap((one) => Array.from({ length: 4 }, () => one.sms(message))),
    );
    expect(sent).toBe(4);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(MessageNotTakenError);
    }
  });

  it('leave an intent before and a receipt after', async () => {
    const outbox = new TableOutbox(storage.connectionString, clock);
    expect(await outbox.intend('m', 'code-1')).toBe('intended');
    expect(await outbox.intend('m', 'code-1')).toBe('intended');
    expect(await outbox.pending()).toEqual([
      { requestId: 'm', key: 'code-1', at: now.toISOString() },
    ]);
    await outbox.settle('m', 'code-1', 'sent');
    expect(await outbox.intend('m', 'code-1')).toBe('sent');
    expect(await outbox.pending()).toEqual([]);
    await outbox.forget('m');
    expect(await outbox.intend('m', 'code-1')).toBe('intended');
  });
});

describe('caps', () => {
  it('count over all processes, at once and by the clock, and forget what is over', async () => {
    const caps = () => new TableCaps(storage.connectionString, storage.keys, clock);
    const take = () => caps().take('number', '+491511', 3, 86_400);
    const answers = await Promise.all(Array.from({ length: 8 }, take));
    expect(answers.filter((answer) => answer)).toHaveLength(3);
    expect(await caps().take('number', '+491512', 3, 86_400)).toBe(true);
    now = new Date(now.getTime() + 86_400_000);
    expect(await take()).toBe(true);
    await caps().forgetEnded();
    expect(await new Table(storage.connectionString, 'caps').query("RowKey ne ''")).toHaveLength(1);
  });
});

describe('a row that somebody else deletes between reading and writing', () => {
  it('counts as changed: nothing is written, and whoever wrote reads again', async () => {
    const table = new Table(storage.connectionString, 'rows');
    const row = { partitionKey: 'p', rowKey: 'r', value: 1 };
    const added = { partitionKey: 'p', rowKey: 'added', value: 2 };
    await table.insert(row);
    const etag = (await table.get('p', 'r'))?.etag ?? '';
    await table.delete('p', 'r');
    expect(await table.replace(row, etag)).toBe(false);
    expect(await table.replaceAndAdd(row, etag, [added])).toBe(false);
    expect(await table.list('p')).toEqual([]);
  });
});
