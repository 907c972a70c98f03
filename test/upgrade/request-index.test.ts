import { tableClient } from '../../src/adapters/storage/connection';
import { openRequestOf } from '../../src/core/request/request-index';
import type { RequestRecord } from '../../src/ports';
import { repairIndex } from '../../src/services/index-repair';
import { applyRetention } from '../../src/services/retention';
import { indexRepairOf, retentionOf } from '../helpers/retention';
import { TestStorage } from '../helpers/storage';
import { expectedRows, indexRows, someDetails, someRequest } from '../helpers/stored-requests';
import { requestIdsIn } from '../helpers/test-account';

/** Requests that a version of the app has stored which knew no index. */

let storage: TestStorage;
let now = new Date('2026-11-23T12:00:00.000Z');
const clock = { now: () => now };
beforeEach(async () => {
  now = new Date('2026-11-23T12:00:00.000Z');
  storage = await TestStorage.start();
});
afterEach(() => storage.stop());

/** Leaves of all requests what the earlier version stored: no index, and no column about it. */
async function forgetIndex(): Promise<void> {
  const index = tableClient(storage.connectionString, 'requestIndex');
  for await (const { partitionKey = '', rowKey = '' } of index.listEntities())
    await index.deleteEntity(partitionKey, rowKey);
  const requests = tableClient(storage.connectionString, 'requests');
  for (const requestId of await requestIdsIn(storage)) {
    const { indexVersion, ...row } = await requests.getEntity(requestId, 'request');
    expect(indexVersion).toBe(1);
    await requests.updateEntity({ ...row, partitionKey: requestId, rowKey: 'request' }, 'Replace');
  }
}

async function before(): Promise<{
  open: RequestRecord;
  closing: RequestRecord;
  old: RequestRecord;
}> {
  const ledger = storage.ledger(clock);
  const [open, closing, old] = [
    await someRequest(storage, now),
    await someRequest(storage, now),
    await someRequest(storage, now),
  ];
  for (const record of [open, closing, old]) await ledger.create(record, someDetails, null);
  for (const { requestId } of [closing, old]) await ledger.move(requestId, 'noDataFound');
  const cleanedAt = now.toISOString();
  await ledger.note(old.requestId, { event: 'deleted' }, { cleanedAt, wrappedSecret: null });
  await forgetIndex();
  return { open, closing, old };
}

const expectRight = async ({ requestId }: RequestRecord): Promise<void> => {
  const truth = await storage.ledger(clock).get(requestId);
  expect(await indexRows(storage, requestId)).toEqual(expectedRows(truth));
};
const repair = () => repairIndex(indexRepairOf(storage, clock));

it('are in the sweeper’s view at its first run, with what the index says of them', async () => {
  const { open, closing, old } = await before();
  const truths = await Promise.all(
    [open, closing].map(async ({ requestId }) => storage.ledger(clock).get(requestId)),
  );
  const expected = truths.flatMap((truth) => (truth ? [openRequestOf(truth)] : []));
  const view = await storage.ledger(clock).listOpen();
  expect(view).toHaveLength(2);
  expect(view).toEqual(expect.arrayContaining(expected));
  for (const record of [open, closing]) await expectRight(record);
  expect(await indexRows(storage, old.requestId)).toEqual([]);
});

it('are found by the first repair when they have ended, and listed and cleaned up from then on', async () => {
  const { open, closing, old } = await before();
  expect((await repair()).repaired).toBe(3);
  for (const record of [open, closing, old]) await expectRight(record);
  const ledger = storage.ledger(clock);
  expect(await ledger.countEnded()).toBe(2);
  now = new Date(now.getTime() + 4 * 366 * 86_400_000);
  await applyRetention(retentionOf(storage, clock), {
    failedDays: 30,
    annotationRetentionDays: 30,
    proofRetentionYears: 3,
  });
  expect(await ledger.get(old.requestId)).toBeNull();
  expect(await indexRows(storage, old.requestId)).toEqual([]);
});

it('get their rows by the first change, whatever it is', async () => {
  const { open, closing, old } = await before();
  const ledger = storage.ledger(clock);
  for (const record of [open, closing, old]) {
    await ledger.note(record.requestId, { event: 'linkMinted' });
    await expectRight(record);
  }
});

it('are found by the next repair when the earlier version comes back for a while', async () => {
  await storage.ledger(clock).listOpen();
  const { open, closing } = await before();
  const index = tableClient(storage.connectionString, 'requestIndex');
  await index.upsertEntity({ partitionKey: 'state', rowKey: 'built' });
  expect(await storage.ledger(clock).listOpen()).toEqual([]);
  await repair();
  expect(await storage.ledger(clock).listOpen()).toHaveLength(2);
  for (const record of [open, closing]) await expectRight(record);
});
