import {
  CallWatch,
  countedCall,
  isOnePartition,
  kindOf,
  type CountedCall,
} from '../../local/ledger/counted-calls';
import { TableLedger } from '../../src/adapters/storage/ledger';
import { applyRetention } from '../../src/services/retention';
import { retentionOf } from '../helpers/retention';
import { TestStorage } from '../helpers/storage';
import { someDetails, someRequest } from '../helpers/stored-requests';

/** `npm run bench:ledger` measures the same with a million ended requests. */

let storage: TestStorage;
const calls: CountedCall[] = [];
let watch: CallWatch;
let ledger: TableLedger;
let now = new Date('2026-11-23T12:00:00.000Z');
const clock = { now: () => now };
beforeAll(async () => {
  storage = await TestStorage.start();
  const [, port = ''] =
    /TableEndpoint=http:\/\/127\.0\.0\.1:(\d+)/.exec(storage.connectionString) ?? [];
  watch = await CallWatch.start(Number(port), (call) => calls.push(countedCall(call)));
  const behind = storage.connectionString.replace(
    /(TableEndpoint=http:\/\/127\.0\.0\.1):\d+/,
    `$1:${watch.port}`,
  );
  ledger = new TableLedger(behind, storage.keys, clock, storage.witness());
});
afterAll(async () => {
  watch.stop();
  await storage.stop();
});

const limits = { failedDays: 30, annotationRetentionDays: 30, proofRetentionYears: 3 };
const readers: Record<string, () => Promise<unknown>> = {
  'the open requests': () => ledger.listOpen(),
  'their ids': () => ledger.listOpenIds(),
  'a page of ended ones': () => ledger.listEnded(null, 2),
  'their number': () => ledger.countEnded(),
  'the clean-up': () => applyRetention(retentionOf(storage, clock), limits),
};

async function end(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    now = new Date(now.getTime() + 1000);
    const record = await someRequest(storage, now);
    const { requestId } = record;
    await ledger.create(record, someDetails, null);
    await ledger.move(requestId, 'noDataFound');
    await ledger.note(requestId, { event: 'deleted' }, { cleanedAt: now.toISOString() });
  }
}

it.each(Object.keys(readers))(
  'reads no other request for %s, however many have ended',
  async (name) => {
    const costs: object[] = [];
    await ledger.create(await someRequest(storage, now), someDetails, null);
    for (const count of [2, 4]) {
      await end(count);
      // Nothing is recent, and what is due is done.
      now = new Date(now.getTime() + 20 * 86_400_000);
      await readers[name]?.();
      calls.length = 0;
      await readers[name]?.();
      expect(calls.filter(({ kind }) => kind === 'scan')).toEqual([]);
      const entities = calls.reduce((sum, call) => sum + call.entities, 0);
      costs.push({ calls: calls.length, entities });
    }
    expect(costs[1]).toEqual(costs[0]);
  },
);

describe('a call of storage', () => {
  it.each([
    ["/account/requests(PartitionKey='a',RowKey='request')?$select=state", 'point'],
    ['/account/requests', 'point'],
    ['/account/$batch', 'point'],
    ['/account/requestIndex()?$filter=PartitionKey%20eq%20%27open%27', 'partition'],
    [
      '/account/requestIndex()?$filter=PartitionKey%20eq%20%27ended%27%20and%20RowKey%20gt%20%27a%27',
      'partition',
    ],
    ['/account/requests()?$filter=RowKey%20eq%20%27request%27', 'scan'],
    ['/account/requests()', 'scan'],
    ['/account/scratch?comp=list&restype=container&prefix=id', 'prefix'],
    ['/account/scratch?comp=list&restype=container', 'scan'],
    ['/account/packages/id.zip', 'point'],
  ])('%s is of kind %s', (target, kind) => {
    expect(kindOf(target).kind).toBe(kind);
  });

  it('is of one partition only where nothing widens that', () => {
    expect(isOnePartition("PartitionKey eq 'a' and RowKey ge 'b' and RowKey lt 'c'")).toBe(true);
    expect(isOnePartition("PartitionKey eq 'a' and RowKey eq 'b' or RowKey eq 'c'")).toBe(false);
    expect(isOnePartition("PartitionKey gt 'a'")).toBe(false);
    expect(isOnePartition("PartitionKey eq 'a' or PartitionKey eq 'b'")).toBe(false);
  });
});
