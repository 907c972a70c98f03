import { BlobServiceClient } from '@azure/storage-blob';
import { TableClient } from '@azure/data-tables';
import { randomBytes, randomUUID } from 'node:crypto';
import { BlobCustodyWitness } from '../../src/adapters/storage/custody-witness';
import type { TableLedger } from '../../src/adapters/storage/ledger';
import { chainProblems, emptyChain, nextEntry, type ChainHead } from '../../src/core/custody/chain';
import { noStatutoryNotices } from '../../src/core/messages/statutory-notices';
import { newRequest } from '../../src/core/request/record';
import type { CustodyEntry, CustodyFact } from '../../src/core/custody/record';
import { checkCustody, reviewCustody } from '../../src/services/custody';
import { TestStorage } from '../helpers/storage';

let storage: TestStorage;
let ledger: TableLedger;
let witness: BlobCustodyWitness;
let table: TableClient;
let now = new Date('2026-11-23T12:00:00Z');
const clock = { now: () => now };

async function start(): Promise<void> {
  storage = await TestStorage.start();
  ledger = storage.ledger(clock);
  witness = new BlobCustodyWitness(storage.connectionString);
  table = TableClient.fromConnectionString(storage.connectionString, 'requests', {
    allowInsecureConnection: true,
  });
}

beforeAll(start);
afterAll(() => storage.stop());
beforeEach(() => {
  now = new Date('2026-11-23T12:00:00Z');
});

const services = () => ({ clock, keys: storage.keys, ledger, witness, settings });
const settings = {
  branding: {
    portalOrigin: 'https://portal.example',
    controllerName: 'Shop',
    controllerContact: 'p@c.example',
    colour: '#000000',
    hasLogo: false,
    supervisoryAuthority: null,
  },
  proof: { retentionYears: 3 },
};
const facts: CustodyFact[] = [
  { event: 'codeSent', detail: { method: 'sms' } },
  { event: 'stepUpRefused', detail: { method: 'sms' } },
  { event: 'stepUpAccepted', detail: { method: 'sms' } },
  { event: 'linkMinted' },
];

/** A request whose record has five entries. */
async function created(): Promise<string> {
  const requestId = randomUUID();
  const record = newRequest({
    requestId,
    organisation: 'main',
    createdAt: now.toISOString(),
    receivedAt: now.toISOString(),
    bodyHash: 'hash',
    wrappedSecret: await storage.keys.createSecret(),
    hasCallback: false,
  });
  const details = {
    ticketId: 'T-1',
    identifiers: [],
    name: null,
    timeZone: 'UTC',
    locale: 'en',
    contactMatches: null,
    contact: null,
    decision: null,
    statutoryNotices: noStatutoryNotices,
  };
  await ledger.create(record, details, null);
  for (const fact of facts) {
    now = new Date(now.getTime() + 60_000);
    await ledger.note(requestId, fact);
  }
  return requestId;
}

const problemsOf = async (requestId: string): Promise<string[]> =>
  (await checkCustody(services(), requestId)).problems;
const rowKeyOf = (sequence: number): string => `custody-${String(sequence).padStart(6, '0')}`;

/** The record as somebody with write access to the table leaves it: a chain that holds. */
async function forge(
  requestId: string,
  change: (entries: CustodyEntry[]) => CustodyEntry[],
): Promise<void> {
  const { entries } = await ledger.custody(requestId);
  let head: ChainHead = emptyChain;
  const forged = change(entries).map(({ event, from, to, reasonCode, detail, at }) => {
    const fact = { event, from, to, reasonCode, detail } as CustodyFact;
    const { entry } = nextEntry(head, { fact, at, action: null, salt: '' });
    head = { sequence: entry.sequence, hash: entry.hash };
    return entry;
  });
  expect(chainProblems(forged, new Map())).toEqual([]);
  for (const { sequence } of entries) await table.deleteEntity(requestId, rowKeyOf(sequence));
  for (const entry of forged)
    await table.createEntity({
      partitionKey: requestId,
      rowKey: rowKeyOf(entry.sequence),
      entry: JSON.stringify(entry),
      mac: randomBytes(32).toString('hex'),
    });
  const { sequence, hash: chain } = head;
  const row = { partitionKey: requestId, rowKey: 'request', sequence, chain };
  await table.updateEntity(row, 'Merge');
}

/** The head of a record as it is now, put back by the function that is returned. */
async function rollBackLater(requestId: string): Promise<() => Promise<void>> {
  const { sequence, chain, mac } = await table.getEntity(requestId, 'request');
  return async () => {
    for (let next = Number(sequence) + 1; ; next += 1) {
      const isGone = await table.deleteEntity(requestId, rowKeyOf(next)).then(
        () => true,
        () => false,
      );
      if (!isGone) break;
    }
    const row = { partitionKey: requestId, rowKey: 'request', sequence, chain, mac };
    await table.updateEntity(row, 'Merge');
  };
}

describe('a custody record that nobody has touched', () => {
  it('is intact, and its heads are witnessed one by one', async () => {
    const requestId = await created();
    expect(await problemsOf(requestId)).toEqual([]);
    const { entries } = await ledger.custody(requestId);
    const heads = await witness.heads(requestId);
    expect(heads.map(({ sequence, hash }) => ({ sequence, hash }))).toEqual(
      entries.map(({ sequence, hash }) => ({ sequence, hash })),
    );
  });

  it('is intact while many write to it at once, with every head in its order', async () => {
    const requestId = await created();
    const others = [storage.ledger(clock), storage.ledger(clock)];
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        (others[i % 2] ?? ledger).note(requestId, { event: 'downloadReported' }),
      ),
    );
    expect(await problemsOf(requestId)).toEqual([]);
    const sequences = (await witness.heads(requestId)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: 17 }, (_, i) => i + 1));
  });
});

describe('whoever can write to the table', () => {
  const notAuthentic = 'The end of the record is not authentic.';

  it.each<[string, (entries: CustodyEntry[]) => CustodyEntry[], string[]]>([
    [
      'removes the last events',
      (all) => all.slice(0, 3),
      [
        notAuthentic,
        'Entry 4 was written, and is missing.',
        'Entry 5 was written, and is missing.',
      ],
    ],
    [
      'removes an event from the middle',
      (all) => all.filter((_, i) => i !== 2),
      [
        notAuthentic,
        ...[3, 4].map((entry) => `Entry ${entry} was not written by the app.`),
        ...[3, 4].map((entry) => `Entry ${entry} is not the one that was written.`),
        'Entry 5 was written, and is missing.',
      ],
    ],
    [
      'changes a time',
      (all) => all.map((one, i) => (i === 4 ? { ...one, at: '2026-11-23T15:00:00.000Z' } : one)),
      [
        notAuthentic,
        'Entry 5 was not written by the app.',
        'Entry 5 is not the one that was written.',
      ],
    ],
    [
      'swaps two events',
      ([a, b, c, d, e]) => [a, b, d, c, e] as CustodyEntry[],
      [
        notAuthentic,
        ...[3, 4, 5].map((entry) => `Entry ${entry} was not written by the app.`),
        ...[3, 4, 5].map((entry) => `Entry ${entry} is not the one that was written.`),
      ],
    ],
    [
      'adds an event',
      (all) => [...all, { ...all[4], at: '2026-11-23T15:00:00.000Z' } as CustodyEntry],
      [notAuthentic, 'Entry 6 was not written by the app.'],
    ],
  ])('%s, and makes the chain hold again, but is found', async (_name, change, problems) => {
    const requestId = await created();
    await forge(requestId, change);
    expect(await problemsOf(requestId)).toEqual(problems);
    // The app goes on, and what was done stays visible.
    await ledger.note(requestId, { event: 'downloadReported' });
    expect(await problemsOf(requestId)).not.toEqual([]);
  });

  it('puts an older head back, which was authentic, but is found', async () => {
    const requestId = await created();
    const rollBack = await rollBackLater(requestId);
    await ledger.note(requestId, { event: 'handedOver' });
    await rollBack();
    expect(await problemsOf(requestId)).toEqual(['Entry 6 was written, and is missing.']);
    await ledger.note(requestId, { event: 'downloadReported' });
    expect(await problemsOf(requestId)).toEqual(['Entry 6 is not the one that was written.']);
  });

  it('takes the head of another request, but is found', async () => {
    const [one, other] = [await created(), await created()];
    const { sequence, chain, mac } = await table.getEntity(other, 'request');
    const row = { partitionKey: one, rowKey: 'request', sequence, chain, mac };
    await table.updateEntity(row, 'Merge');
    expect(await problemsOf(one)).toContain(notAuthentic);
  });

  it('adds lines to the witness, which change nothing', async () => {
    const requestId = await created();
    const blob = BlobServiceClient.fromConnectionString(storage.connectionString)
      .getContainerClient('custody')
      .getAppendBlobClient(`heads/${requestId}`);
    const junk = `000005 ${'a'.repeat(64)} ${'b'.repeat(64)}\nnot a line`;
    await blob.appendBlock(junk, junk.length);
    expect(await problemsOf(requestId)).toEqual([]);
    await ledger.note(requestId, { event: 'downloadReported' });
    expect(await problemsOf(requestId)).toEqual([]);
  });
});

describe('the nightly review of all custody records', () => {
  // It reads what every other test has left, too.
  beforeEach(async () => {
    await storage.stop();
    await start();
  });

  it('signs a checkpoint of what has changed, once, and finds what was changed or removed since', async () => {
    const [changed, removed, cut, quiet] = await Promise.all([1, 2, 3, 4].map(created));
    if (!changed || !removed || !cut || !quiet) throw new Error('There are no requests.');
    const ids = [changed, removed, cut, quiet];
    const first = await reviewCustody(services());
    expect(first.broken.filter((id) => ids.includes(id))).toEqual([]);
    const rollBack = await rollBackLater(cut);
    await ledger.note(cut, { event: 'handedOver' });
    now = new Date(now.getTime() + 86_400_000);
    await reviewCustody(services());
    expect((await witness.checkpoints(quiet)).map(({ sequence }) => sequence)).toEqual([5]);
    expect((await witness.checkpoints(cut)).map(({ sequence }) => sequence)).toEqual([5, 6]);

    await forge(changed, (all) => all.slice(0, 4));
    await rollBack();
    await table.deleteEntity(removed, 'request');
    const { broken, failed } = await reviewCustody(services());
    expect(broken.filter((id) => ids.includes(id)).sort()).toEqual([changed, cut, removed].sort());
    expect(failed).toEqual([]);
    // A record that was changed is not signed.
    expect(await witness.checkpoints(changed)).toHaveLength(1);
  });

  it('goes on past a record that it cannot read, and says which, and signs it another night', async () => {
    const ids = [await created(), await created(), await created()];
    const away = ids[1] ?? '';
    const unread = { ...services(), ledger: storage.ledger(clock) };
    const custody = unread.ledger.custody.bind(unread.ledger);
    jest
      .spyOn(unread.ledger, 'custody')
      .mockImplementation((requestId) =>
        requestId === away ? Promise.reject(new Error('storage is away')) : custody(requestId),
      );
    expect(await reviewCustody(unread)).toMatchObject({ broken: [], failed: [away], stop: null });
    const signed = async (): Promise<number[]> =>
      Promise.all(ids.map(async (id) => (await witness.checkpoints(id)).length));
    expect(await signed()).toEqual([1, 0, 1]);
    expect(await reviewCustody(services())).toMatchObject({ broken: [], failed: [] });
    expect(await signed()).toEqual([1, 1, 1]);
  });

  it('lists the witnesses by one call where they are few, and finds the same where they are many', async () => {
    const [requestId] = [await created(), await created()];
    await forge(requestId, (entries) => entries.slice(0, -1));
    const byPrefix = jest.spyOn(witness, 'summaries');
    const few = await reviewCustody(services());
    expect(byPrefix).not.toHaveBeenCalled();
    const many = new BlobCustodyWitness(storage.connectionString, 1);
    expect(await many.allSummaries()).toBeNull();
    expect((await reviewCustody({ ...services(), witness: many })).broken).toEqual(few.broken);
    expect(few.broken).toContain(requestId);
  });

  it('reads the record of a request whose witness was removed, also when it is closed and cleaned up', async () => {
    const closed = async (): Promise<string> => {
      const requestId = await created();
      await ledger.move(requestId, 'noDataFound');
      await ledger.note(requestId, { event: 'deleted' }, { cleanedAt: now.toISOString() });
      return requestId;
    };
    const [changed, untouched] = [await closed(), await closed()];
    await reviewCustody(services());
    const blobs = BlobServiceClient.fromConnectionString(storage.connectionString);
    for (const requestId of [changed, untouched])
      await blobs.getContainerClient('custody').deleteBlob(`heads/${requestId}`);
    await forge(changed, (entries) => entries.slice(0, -1));
    const { broken } = await reviewCustody(services());
    expect(broken).toContain(changed);
    expect(broken).not.toContain(untouched);
    expect(await witness.heads(untouched)).toHaveLength(7);
  });

  it('reads each record within 28 days, also one that nothing was added to', async () => {
    const requestId = await created();
    await reviewCustody(services());
    const { entries } = await ledger.custody(requestId);
    const row = { partitionKey: requestId, rowKey: rowKeyOf(2) };
    const entry = JSON.stringify({ ...entries[1], at: '2020-01-01T00:00:00.000Z' });
    await table.updateEntity({ ...row, entry }, 'Merge');
    const nights: boolean[] = [];
    for (let night = 0; night < 28; night += 1) {
      now = new Date(now.getTime() + 86_400_000);
      nights.push((await reviewCustody(services())).broken.includes(requestId));
    }
    expect(nights.filter(Boolean)).toHaveLength(1);
  });
});

describe('a process that ends between an entry and its head', () => {
  /** A ledger whose witness cannot be written. */
  const withoutWitness = () =>
    storage.ledger(clock, {
      ...{ heads: () => Promise.resolve([]), summaries: () => Promise.resolve(new Map()) },
      allSummaries: () => Promise.resolve(null),
      ...{ checkpoints: () => Promise.resolve([]), putDay: () => Promise.resolve() },
      putCheckpoint: () => Promise.resolve(),
      append: () => Promise.reject(new Error('The process has ended.')),
    });

  it.each([
    ['the next entry', (id: string) => ledger.note(id, { event: 'linkMinted' })],
    ['the next reading', (id: string) => checkCustody(services(), id)],
    ['the nightly review', () => reviewCustody(services())],
  ])('leaves an intact record, which %s completes', async (_name, next) => {
    const requestId = await created();
    for (let i = 0; i < 3; i += 1)
      await withoutWitness().note(requestId, { event: 'downloadReported' });
    expect(await witness.heads(requestId)).toHaveLength(5);
    await next(requestId);
    const { entries } = await ledger.custody(requestId);
    expect((await witness.heads(requestId)).map(({ hash }) => hash)).toEqual(
      entries.map(({ hash }) => hash),
    );
    expect(await problemsOf(requestId)).toEqual([]);
  });

  it('leaves a record without a witness when it ends after the first entry', async () => {
    const requestId = randomUUID();
    const other = await created();
    const record = { ...(await ledger.get(other)), requestId } as NonNullable<
      Awaited<ReturnType<TableLedger['get']>>
    >;
    const source = await ledger.get(other);
    const details = source && (await ledger.details(source));
    if (!details) throw new Error('There is no request.');
    await withoutWitness().create(record, details, null);
    expect(await witness.heads(requestId)).toEqual([]);
    expect(await problemsOf(requestId)).toEqual([]);
    expect(await witness.heads(requestId)).toHaveLength(1);
  });
});
