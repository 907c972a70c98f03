import { randomUUID } from 'node:crypto';
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { tableClient } from '../../src/adapters/storage/connection';
import { idPrefixes, type Turn } from '../../src/core/jobs/turn';
import { openRequestOf } from '../../src/core/request/request-index';
import type { RequestRecord } from '../../src/ports';
import { repairIndex } from '../../src/services/index-repair';
import { indexRepairOf } from '../helpers/retention';
import { TestStorage } from '../helpers/storage';
import { expectedRows, indexRows, someDetails, someRequest } from '../helpers/stored-requests';

let storage: TestStorage;
let index: TableClient;
let now: Date;
const clock = { now: () => now };
beforeEach(async () => {
  now = new Date('2026-11-23T12:00:00.000Z');
  storage = await TestStorage.start();
  index = tableClient(storage.connectionString, 'requestIndex');
  await index.createTable();
});
afterEach(() => storage.stop());

const pass = (milliseconds: number): void => {
  now = new Date(now.getTime() + milliseconds);
};
const stored = async (change: Partial<RequestRecord> = {}): Promise<RequestRecord> => {
  const record = await someRequest(storage, now, change);
  await storage.ledger(clock).create(record, someDetails, null);
  return record;
};
const ended = async (): Promise<RequestRecord> => {
  pass(1000);
  const record = await stored();
  await storage.ledger(clock).move(record.requestId, 'cancelled', { reason: 'withdrawn' });
  return record;
};
const expectRight = async (requestId: string): Promise<void> => {
  const truth = await storage.ledger(clock).get(requestId);
  expect(await indexRows(storage, requestId)).toEqual(expectedRows(truth));
};
const repair = () => repairIndex(indexRepairOf(storage, clock));
/** Repairs the rows of a request that is changed right before or after the repair reads it. */
async function repairDuring(
  when: 'before' | 'after',
  requestId: string,
  change: () => Promise<unknown>,
): Promise<void> {
  const ledger = storage.ledger(clock);
  const get = ledger.get.bind(ledger);
  jest.spyOn(ledger, 'get').mockImplementationOnce(async (...of) => {
    if (when === 'before') await change();
    const record = await get(...of);
    if (when === 'after') await change();
    return record;
  });
  await ledger.repairIndex(requestId);
}

describe('the index of requests', () => {
  it('has the last of many changes that are made at the same time', async () => {
    const { requestId } = await stored();
    const versions = [1, 2, 3, 4, 5, 6, 7, 8];
    await Promise.all(
      versions.map((version) =>
        storage
          .ledger(clock)
          .update(requestId, ({ decisionVersion }) =>
            version % 2 === 0
              ? { decisionVersion: decisionVersion + 1 }
              : { resolvedDecisionVersion: version },
          ),
      ),
    );
    // A mark may be left by a writer that another one has overtaken, and is looked at.
    const truth = await storage.ledger(clock).get(requestId);
    expect(await storage.ledger(clock).listOpen()).toEqual([truth && openRequestOf(truth)]);
    pass(600_000);
    await storage.ledger(clock).listOpen();
    await expectRight(requestId);
  });

  it('is left as it is by changes that it says nothing of', async () => {
    const { requestId } = await stored();
    const before = await index.getEntity('open', requestId);
    const ledger = storage.ledger(clock);
    await ledger.note(requestId, { event: 'linkMinted' });
    await ledger.update(requestId, { conversations: 3 });
    await ledger.noteCheckpoint(requestId, 1);
    expect((await index.getEntity('open', requestId)).etag).toBe(before.etag);
  });

  it('keeps what it says of a ticket that is posted again', async () => {
    const record = await stored();
    const ledger = storage.ledger(clock);
    await ledger.move(record.requestId, 'failed', { reason: 'packageIncomplete' });
    expect((await ledger.create(record, someDetails, null)).created).toBe(false);
    await expectRight(record.requestId);
    await ledger.move(record.requestId, 'cancelled');
    await ledger.note(record.requestId, { event: 'deleted' }, { cleanedAt: now.toISOString() });
    expect((await ledger.create(record, someDetails, null)).created).toBe(false);
    await expectRight(record.requestId);
    expect(await ledger.listOpen()).toEqual([]);
  });

  it('counts ended requests, also when many end at once, and pages them, the newest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 6; i += 1) ids.unshift((await ended()).requestId);
    const open = await Promise.all(Array.from({ length: 6 }, () => stored()));
    pass(1000);
    await Promise.all(
      open.map(({ requestId }) => storage.ledger(clock).move(requestId, 'noDataFound')),
    );
    const ledger = storage.ledger(clock);
    expect(await ledger.countEnded()).toBe(12);
    const pages: string[][] = [];
    for (let next: string | null = null; ;) {
      const page = await ledger.listEnded(next, 5);
      pages.push(page.requests.map(({ requestId }) => requestId));
      next = page.next;
      if (next === null) break;
    }
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(pages.flat().slice(6)).toEqual(ids);
    await ledger.forget(ids[0] ?? '');
    expect(await ledger.countEnded()).toBe(11);
  });

  it('is looked at once for a request that ends', async () => {
    const { requestId } = await stored();
    const reads = jest.spyOn(TableClient.prototype, 'getEntity');
    await storage.ledger(clock).move(requestId, 'cancelled', { reason: 'withdrawn' });
    const rows = reads.mock.calls.filter(([, row]) => row.endsWith(`_${requestId}`));
    reads.mockRestore();
    expect(rows).toHaveLength(1);
  });

  it('counts an ended request once although another process adds it at the same time', async () => {
    const { requestId } = await ended();
    for (const { partitionKey, rowKey } of await indexRows(storage))
      if (partitionKey === 'ended') await index.deleteEntity(partitionKey, rowKey);
    const add = jest.spyOn(TableClient.prototype, 'submitTransaction');
    add.mockImplementationOnce(async function (this: TableClient, actions) {
      await storage.ledger(clock).repairIndex(requestId);
      return this.submitTransaction(actions);
    });
    await storage.ledger(clock).repairIndex(requestId);
    add.mockRestore();
    expect(await storage.ledger(clock).countEnded()).toBe(1);
    await expectRight(requestId);
  });

  it('gives what was cleaned up in a period, both ends included', async () => {
    const ledger = storage.ledger(clock);
    const { requestId } = await ended();
    const cleanedAt = now.toISOString();
    await ledger.note(requestId, { event: 'deleted' }, { cleanedAt });
    const [before, after] = [new Date(now.getTime() - 1), new Date(now.getTime() + 1)].map((time) =>
      time.toISOString(),
    );
    const found = async (from: string | null, until: string | null) =>
      (await ledger.listCleaned('annotations', { from, until })).length;
    expect(await found(cleanedAt, cleanedAt)).toBe(1);
    expect(await found(null, null)).toBe(1);
    expect(await found(after ?? '', null)).toBe(0);
    expect(await found(null, before ?? '')).toBe(0);
    await ledger.update(requestId, { annotationsDeletedAt: cleanedAt });
    expect(await found(null, null)).toBe(0);
    expect(await ledger.listCleaned('proof', { from: null, until: null })).toMatchObject([
      { requestId },
    ]);
  });
});

describe('a mark in the index', () => {
  it('of a request that was never stored is not in view, and goes after some minutes', async () => {
    const record = await someRequest(storage, now);
    const { requestId } = record;
    const insert = jest.spyOn(TableClient.prototype, 'submitTransaction');
    insert.mockRejectedValueOnce(new Error('The process has ended.'));
    await expect(storage.ledger(clock).create(record, someDetails, null)).rejects.toThrow();
    insert.mockRestore();
    expect(await indexRows(storage, requestId)).toHaveLength(1);
    expect(await storage.ledger(clock).listOpen()).toEqual([]);
    // Whoever creates it may still be at it.
    expect(await indexRows(storage, requestId)).toHaveLength(1);
    pass(301_000);
    expect(await storage.ledger(clock).listOpen()).toEqual([]);
    expect(await indexRows(storage, requestId)).toEqual([]);
  });

  it('is not taken away from a change that is being made', async () => {
    const { requestId } = await stored();
    const ledger = storage.ledger(clock);
    await ledger.changeDetails(requestId, ({ details }) => ({ details, to: 'failed' }));
    const update = jest.spyOn(TableClient.prototype, 'submitTransaction');
    let seen: unknown[] = [];
    update.mockImplementationOnce(async function (this: TableClient, actions) {
      // Between the mark and the change somebody reads the index.
      seen = [await storage.ledger(clock).listOpen(), await repair()];
      return this.submitTransaction(actions);
    });
    await ledger.move(requestId, 'cancelled');
    update.mockRestore();
    expect(seen).toMatchObject([[{ state: 'failed' }], { repaired: 0 }]);
    await expectRight(requestId);
  });

  it('is repaired by the change that comes next as well', async () => {
    const { requestId } = await stored();
    const row = { partitionKey: 'open', rowKey: requestId, markedAt: now.toISOString() };
    await index.updateEntity(row, 'Merge');
    await storage.ledger(clock).move(requestId, 'cancelled');
    await expectRight(requestId);
  });
});

describe('the daily repair', () => {
  it('changes nothing that is right', async () => {
    await stored();
    await ended();
    expect(await repair()).toEqual({ repaired: 0, failed: [], stop: null });
  });

  it('puts back rows that are lost, and counts again', async () => {
    const records = [await stored(), await ended(), await ended()];
    for await (const { partitionKey = '', rowKey = '' } of index.listEntities())
      await index.deleteEntity(partitionKey, rowKey);
    expect((await repair()).repaired).toBe(3);
    for (const { requestId } of records) await expectRight(requestId);
    expect(await storage.ledger(clock).countEnded()).toBe(2);
  });

  it('puts back what is lost of a request whose custody record has no witness', async () => {
    const { requestId } = await ended();
    const cleanedAt = now.toISOString();
    await storage.ledger(clock).note(requestId, { event: 'deleted' }, { cleanedAt });
    const blobs = BlobServiceClient.fromConnectionString(storage.connectionString);
    await blobs.getContainerClient('custody').deleteBlob(`heads/${requestId}`);
    const rows = await indexRows(storage, requestId);
    const row = rows.find(({ partitionKey }) => partitionKey === 'ended');
    await index.deleteEntity('ended', row?.rowKey ?? '');
    // The row, and the number of ended requests, in which it was already.
    expect((await repair()).repaired).toBe(2);
    await expectRight(requestId);
  });

  it('changes rows that say something else, and removes those of no request', async () => {
    const [open, done] = [await stored(), await ended()];
    const request = JSON.stringify({ ...openRequestOf(open), state: 'failed' });
    await index.updateEntity({ partitionKey: 'open', rowKey: open.requestId, request }, 'Merge');
    const nobody = randomUUID();
    await index.createEntity({ partitionKey: 'open', rowKey: nobody, request: '{}' });
    await index.createEntity({
      ...{ partitionKey: 'ended', rowKey: `${'1'.repeat(16)}_${nobody}` },
      request: JSON.stringify({ requestId: nobody }),
    });
    await index.updateEntity({ partitionKey: 'ended', rowKey: '!count', count: 77 }, 'Merge');
    expect((await repair()).repaired).toBe(4);
    expect(await indexRows(storage, nobody)).toEqual([]);
    for (const { requestId } of [open, done]) await expectRight(requestId);
    expect(await storage.ledger(clock).countEnded()).toBe(1);
  });

  it.each(['before', 'after'] as const)(
    'does not put an older row in place of a newer one: a change right %s it reads the request',
    async (when) => {
      const { requestId } = await stored();
      const ledger = storage.ledger(clock);
      const change = { reason: 'packageIncomplete' } as const;
      await repairDuring(when, requestId, () => ledger.move(requestId, 'failed', change));
      await expectRight(requestId);
    },
  );

  it.each(['before', 'after'] as const)(
    'puts no older place in the clean-up in place of a newer one: a change right %s it reads the request',
    async (when) => {
      const { requestId } = await ended();
      const ledger = storage.ledger(clock);
      const cleanedAt = now.toISOString();
      await ledger.note(requestId, { event: 'deleted' }, { cleanedAt });
      const change = { annotationsDeletedAt: cleanedAt };
      await repairDuring(when, requestId, () => ledger.update(requestId, change));
      await expectRight(requestId);
    },
  );

  it('gets through everything in turns, however short they are', async () => {
    const records = [await stored(), await ended(), await ended()];
    for await (const { partitionKey = '', rowKey = '' } of index.listEntities())
      await index.deleteEntity(partitionKey, rowKey);
    let turns = 0;
    for (let after: string | null = null; ;) {
      const turn: Turn = { after, isOver: () => true };
      after = (await repairIndex(indexRepairOf(storage, clock), turn)).stop;
      turns += 1;
      if (after === null) break;
    }
    expect(turns).toBeGreaterThan(200);
    for (const { requestId } of records) await expectRight(requestId);
  });

  it('goes on among ended requests where the last turn stopped, a page at a time', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.unshift((await ended()).requestId);
    const services = indexRepairOf(storage, clock);
    const listEnded = services.ledger.listEnded.bind(services.ledger);
    jest.spyOn(services.ledger, 'listEnded').mockImplementation((after) => listEnded(after, 2));
    const compared = jest.spyOn(services.ledger, 'repairEnded');
    const counted = jest.spyOn(services.ledger, 'recountEnded');
    const turns: string[][] = [];
    // Where the first part of the work has come to its end.
    for (let after: string | null = idPrefixes.at(-1) ?? ''; ;) {
      compared.mockClear();
      const { failed, stop } = await repairIndex(services, { after, isOver: () => true });
      expect(failed).toEqual([]);
      turns.push(compared.mock.calls.map(([{ requestId }]) => requestId));
      expect(counted).toHaveBeenCalledTimes(stop === null ? 1 : 0);
      if (stop === null) break;
      after = stop;
    }
    expect(turns).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  it('goes on when a request cannot be read, and says which', async () => {
    const [broken, other] = [await stored(), await stored()];
    await index.deleteEntity('open', other.requestId);
    await tableClient(storage.connectionString, 'requests').updateEntity(
      { partitionKey: broken.requestId, rowKey: 'request', record: '{' },
      'Merge',
    );
    expect(await repair()).toMatchObject({ repaired: 1, failed: [broken.requestId] });
    await expectRight(other.requestId);
  });
});
