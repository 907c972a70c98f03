import { randomUUID } from 'node:crypto';
import { TableClient } from '@azure/data-tables';
import { BlobCustodyWitness } from '../../src/adapters/storage/custody-witness';
import type { TableLedger } from '../../src/adapters/storage/ledger';
import { noStatutoryNotices } from '../../src/core/messages/statutory-notices';
import { wholeTurn, type Stop } from '../../src/core/jobs/turn';
import { newRequest } from '../../src/core/request/record';
import { reviewCustody, type CustodyReview } from '../../src/services/custody';
import { applyRetention } from '../../src/services/retention';
import { TestStorage } from '../helpers/storage';
import { requestIdsIn } from '../helpers/test-account';

let storage: TestStorage;
let ledger: TableLedger;
let witness: BlobCustodyWitness;
let table: TableClient;
// Storage notes by its own clock when a head was added.
const startedAt = new Date();
let now = startedAt;
const clock = { now: () => now };

// What one test leaves behind is another's to review.
beforeEach(async () => {
  now = startedAt;
  storage = await TestStorage.start();
  ledger = storage.ledger(clock);
  witness = new BlobCustodyWitness(storage.connectionString);
  table = TableClient.fromConnectionString(storage.connectionString, 'requests', {
    allowInsecureConnection: true,
  });
});
afterEach(() => storage.stop());

const day = 86_400_000;
const after = (days: number): Date => new Date(startedAt.getTime() + days * day);
const legalClock = {
  timeZone: 'UTC',
  holidays: new Set<string>(),
  isSuspendedByVerification: false,
};
const limits = { failedDays: 30, annotationRetentionDays: 30, proofRetentionYears: 3 };

/** A request that was received, refused by an officer, and cleaned up. */
async function ended(): Promise<string> {
  const requestId = randomUUID();
  const at = now.toISOString();
  const record = newRequest({
    ...{ requestId, organisation: 'main', createdAt: at, receivedAt: at, bodyHash: 'hash' },
    ...{ law: 'gdpr', rights: ['access', 'portability'], hasCallback: true },
    wrappedSecret: await storage.keys.createSecret(),
  });
  const details = {
    ...{ ticketId: 'T-1', identifiers: [], name: null, locale: 'en', timeZone: 'UTC' },
    ...{ contactMatches: null, contact: null, decision: null },
    statutoryNotices: noStatutoryNotices,
  };
  await ledger.create(record, details, 'callback');
  const officer = { actor: 'officer', displayName: 'Ms Privacy', justification: 'Why.' };
  await ledger.move(requestId, 'refused', { reason: 'excessive' }, officer);
  await ledger.note(requestId, { event: 'deleted' }, { cleanedAt: at, wrappedSecret: null });
  return requestId;
}

const retentionWith = (change: object) => ({
  clock,
  ledger,
  outbox: { forget: () => Promise.resolve() },
  packages: { delete: () => Promise.resolve() },
  scratch: { deleteAll: () => Promise.resolve() },
  settings: { legalClock },
  statistics: {
    count: () => Promise.resolve(),
    read: () => Promise.resolve({ months: new Map(), counted: new Set<string>() }),
    settle: () => Promise.resolve(),
  },
  ...change,
});
const retain = async (change: object = {}): Promise<string[]> => {
  const { failed } = await applyRetention(retentionWith(change), limits);
  return failed;
};
const review = (years = 3, turn = wholeTurn) =>
  reviewCustody(
    {
      ...{ clock, keys: storage.keys, ledger, witness },
      settings: {
        branding: {
          ...{ portalOrigin: 'https://portal.example', controllerName: 'Shop' },
          ...{ controllerContact: 'p@c.example', colour: '#000000', hasLogo: false },
          supervisoryAuthority: null,
        },
        proof: { retentionYears: years },
      },
    },
    turn,
  );
async function rowsOf(requestId: string): Promise<string[]> {
  const rows: string[] = [];
  const filter = `PartitionKey eq '${requestId}'`;
  for await (const { rowKey } of table.listEntities({ queryOptions: { filter } }))
    rows.push(rowKey ?? '');
  return rows;
}

describe('the proof of an ended request', () => {
  it('keeps what was asked for, and how it ended, without names after their retention', async () => {
    const requestId = await ended();
    now = after(3 * 365 - 1);
    expect(await retain()).toEqual([]);
    const { entries, annotations } = await ledger.custody(requestId);
    expect(entries).toMatchObject([
      { event: 'stateChanged', detail: { law: 'gdpr', rights: 'access portability' } },
      { event: 'stateChanged', to: 'refused', reasonCode: 'excessive' },
      { event: 'deleted' },
    ]);
    expect(annotations.size).toBe(0);
    expect((await ledger.get(requestId))?.rights).toEqual(['access', 'portability']);
  });

  it('ends with nothing left, and without an alarm about the heads that cannot be deleted', async () => {
    const requestId = await ended();
    expect(await rowsOf(requestId)).not.toEqual([]);
    now = after(3 * 366);
    expect(await retain()).toEqual([]);
    expect(await rowsOf(requestId)).toEqual([]);
    expect(await witness.heads(requestId)).toHaveLength(3);
    expect((await review()).broken).toEqual([]);
  });

  it('is looked at in as many turns as it takes, and every one of them', async () => {
    const mine = [await ended(), await ended(), await ended()];
    now = after(3 * 366);
    const forgotten: string[] = [];
    const all = await requestIdsIn(storage);
    let stop: Stop = null;
    do {
      const turn = { after: stop, isOver: () => true };
      const services = retentionWith({
        ledger: Object.assign(Object.create(ledger) as TableLedger, {
          forget: (requestId: string) => {
            forgotten.push(requestId);
            return ledger.forget(requestId);
          },
        }),
      });
      ({ stop } = await applyRetention(services, limits, turn));
    } while (stop !== null);
    expect(forgotten).toEqual(all.filter((id) => forgotten.includes(id)));
    for (const requestId of mine) expect(await rowsOf(requestId)).toEqual([]);
  });

  it('is reviewed in turns, and what is gone in one of them', async () => {
    const mine = [await ended(), await ended()];
    const [gone = ''] = mine;
    await ledger.forget(gone);
    now = after(1);
    const turns: CustodyReview[] = [];
    do {
      const turn = { after: turns.at(-1)?.stop ?? null, isOver: () => true };
      turns.push(await review(3, turn));
    } while (turns.at(-1)?.stop !== null);
    expect(turns.filter(({ broken }) => broken.includes(gone))).toHaveLength(1);
    for (const requestId of mine.slice(1))
      expect(await witness.checkpoints(requestId)).toHaveLength(1);
  });

  it('is missed by the review when it is gone before its time', async () => {
    const requestId = await ended();
    await ledger.forget(requestId);
    now = after(3 * 365 - 30);
    expect((await review()).broken).toContain(requestId);
    now = after(366);
    expect((await review(1)).broken).not.toContain(requestId);
  });

  it('lasts as long again as something was added to it', async () => {
    const requestId = await ended();
    now = after(2 * 365);
    await ledger.note(requestId, { event: 'webhookDelivered' });
    now = after(3 * 366);
    await retain();
    expect((await ledger.custody(requestId)).entries).toHaveLength(4);
    now = after(5 * 366);
    await retain();
    expect(await rowsOf(requestId)).toEqual([]);
  });

  it('is deleted by the next run when one ends in the middle', async () => {
    const requestId = await ended();
    now = after(3 * 366);
    const remove = jest.spyOn(TableClient.prototype, 'deleteEntity');
    const { length } = await rowsOf(requestId);
    for (let reached = 0; reached < length; reached += 1) {
      remove.mockClear();
      remove.mockRejectedValueOnce(new Error('The process has ended.'));
      expect(await retain()).toEqual([requestId]);
      expect(await rowsOf(requestId)).toContain('request');
      // One row further than the time before.
      const [row = ''] = (await rowsOf(requestId)).filter((key) => key !== 'request');
      if (row !== '') await table.deleteEntity(requestId, row);
    }
    remove.mockRestore();
    expect(await retain()).toEqual([]);
    expect(await rowsOf(requestId)).toEqual([]);
  });

  it('is kept while an ended request is not cleaned up', async () => {
    const requestId = await ended();
    await ledger.update(requestId, { cleanedAt: null });
    now = after(9 * 366);
    await retain();
    expect(await ledger.get(requestId)).not.toBeNull();
  });
});
