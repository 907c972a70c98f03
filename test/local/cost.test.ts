import fc from 'fast-check';
import { busySeconds, priceOf, storageCallOf, storageCalls } from '../../local/cost/measured';
import { phasesOf } from '../../local/cost/phases';
import { storageRequestOf, storageTally } from '../../local/cost/storage-requests';
import { EventType } from '../../local/host/durable/history';

const line = (call: string): string => `127.0.0.1 - - [29/Nov/2026:03:30:25 +0000] "${call}" 200 -`;

describe('a line of the log of the storage emulator', () => {
  it.each([
    ["GET /account1/requests(PartitionKey='a',RowKey='b')?$select=state HTTP/1.1", 'tableCalls'],
    ['GET /account1/items()?$filter=x HTTP/1.1', 'tableCalls'],
    ['POST /account1/$batch HTTP/1.1', 'tableCalls'],
    ["DELETE /account1/tokens(PartitionKey='a',RowKey='b') HTTP/1.1", 'tableCalls'],
    ['PUT /account1/packages?restype=container HTTP/1.1', 'blobWrites'],
    ['GET /account1/scratch?restype=container&comp=list&prefix=a HTTP/1.1', 'blobWrites'],
    ['PUT /account1/packages/a.zip?comp=block&blockid=a HTTP/1.1', 'blobWrites'],
    ['GET /account1/scratch/a/page-1.json HTTP/1.1', 'blobReads'],
    ['HEAD /account1/packages/a.zip HTTP/1.1', 'blobReads'],
    ['DELETE /account1/scratch/a/page-1.json HTTP/1.1', 'blobDeletes'],
    ['OPTIONS /account1/packages/a.zip HTTP/1.1', null],
  ])('%s counts as %s', (call, kind) => {
    expect(storageCallOf(line(call))).toBe(kind);
  });

  it('that is no call counts as nothing', () => {
    const started = 'Azurite Blob service is successfully listening';
    expect(storageCalls([started, '', line('POST /account1/$batch HTTP/1.1')])).toEqual({
      tableCalls: 1,
      blobWrites: 0,
      blobReads: 0,
      blobDeletes: 0,
    });
  });
});

const request = '3f0d8a3e-95a1-4b52-8a8b-1f2f4f6c8d10';

describe('a request of storage', () => {
  it.each([
    [
      `GET /a/requests(PartitionKey='${request}',RowKey='request')`,
      'app: table get requests request',
    ],
    [`GET /a/items()?$filter=x`, 'app: table query items'],
    [`GET /a/items?$filter=x`, 'app: table query items'],
    [`POST /a/$batch`, 'app: table batch $batch'],
    [`POST /a/Tables`, 'app: table insert Tables'],
    [
      `PUT /a/requests(PartitionKey='${request}',RowKey='page-000012')`,
      'app: table update requests page',
    ],
    [`DELETE /a/items(PartitionKey='${request}-000001',RowKey='a')`, 'app: table delete items a'],
    [`GET /a/scratch/${request}/part-p000001-0001-00002.json`, 'app: blob get scratch part-p'],
    [`PUT /a/scratch/${request}/page-000001.json`, 'app: blob put scratch page'],
    [`HEAD /a/packages/${request}.zip`, 'app: blob head packages'],
    [`PUT /a/packages/${request}.zip?comp=block&blockid=QUJD`, 'app: blob block packages'],
    [`GET /a/scratch?restype=container&comp=list&prefix=x`, 'app: container list scratch'],
    [`PUT /a/custody/heads/${request}?comp=appendblock`, 'app: blob appendblock custody'],
    ['GET /a/hubHistory?$filter=x', 'durableFunctions: table query hubHistory'],
    [
      'PUT /a/hub-leases/hub/hub-control?comp=lease',
      'durableFunctions: blob lease hub-leases hub-control',
    ],
    [
      'GET /a/hub-control-00/messages?numofmessages=32',
      'durableFunctions: queue get hub-control-00',
    ],
    ['GET /a/hub-workitems/messages?peekonly=true', 'durableFunctions: queue peek hub-workitems'],
    ['POST /a/hub-workitems/messages', 'durableFunctions: queue put hub-workitems'],
    [
      'DELETE /a/hub-workitems/messages/7?popreceipt=x',
      'durableFunctions: queue delete hub-workitems',
    ],
    [
      'PUT /a/azure-webjobs-hosts/locks/x?comp=lease',
      'functionsHost: blob lease azure-webjobs-hosts x',
    ],
  ])('%s is %s', (call, kind) => {
    const { requester, operation, object } = storageRequestOf(line(`${call} HTTP/1.1`)) ?? {};
    expect(`${requester}: ${operation} ${object}`).toBe(kind);
  });

  it('is counted by who makes it, what it does, and what it is about', () => {
    const calls = [
      'GET /a/items()',
      'GET /a/items()',
      'GET /a/hubHistory()',
      'OPTIONS /a/packages',
    ];
    expect(storageTally(['started', ...calls.map((call) => line(`${call} HTTP/1.1`))])).toEqual({
      total: 3,
      byRequester: { app: 2, durableFunctions: 1 },
      byOperation: { 'table query': 3 },
      byKind: { 'app: table query items': 2, 'durableFunctions: table query hubHistory': 1 },
    });
  });
});

describe('the phases of a request', () => {
  const event = (type: number, second: number, more: object) => ({
    EventType: type,
    EventId: -1,
    IsPlayed: true,
    Timestamp: new Date(second * 1000).toISOString(),
    ...more,
  });
  const { TaskScheduled, TaskCompleted, TimerFired } = EventType;

  it('are the seconds of each step, of which some run side by side', () => {
    const historyEvents = [
      event(TaskScheduled, 0, { EventId: 0, Name: 'first' }),
      event(TaskCompleted, 2, { TaskScheduledId: 0 }),
      event(EventType.SubOrchestrationInstanceCreated, 2, { EventId: 1, Name: 'worker' }),
      event(EventType.SubOrchestrationInstanceCreated, 3, { EventId: 2, Name: 'worker' }),
      event(EventType.SubOrchestrationInstanceCompleted, 7, { TaskScheduledId: 2 }),
      event(EventType.SubOrchestrationInstanceCompleted, 8.5, { TaskScheduledId: 1 }),
      event(TimerFired, 9, { TimerId: 4 }),
      event(TaskScheduled, 9, { EventId: 5, Name: 'first' }),
      event(TaskCompleted, 9.5, { TaskScheduledId: 5 }),
    ];
    const other = { instanceId: 'request-b', historyEvents: [] };
    expect(phasesOf([other, { instanceId: 'request-a', historyEvents }], 'a')).toEqual({
      first: 2.5,
      worker: 6.5,
    });
    expect(phasesOf([other], 'a')).toEqual({});
  });
});

describe('the seconds in which an instance is busy', () => {
  const at = (from: number, to: number) => ({ from, to });
  it.each([
    ['nothing', [], 0],
    ['one run', [at(0, 2500)], 2.5],
    ['a short run, which is billed with a second', [at(0, 20)], 1],
    ['two runs at a time', [at(0, 2000), at(1000, 3000)], 3],
    ['a run within another', [at(0, 5000), at(1000, 1500)], 5],
    ['two runs with a pause', [at(9000, 11_000), at(0, 2000)], 4],
  ])('of %s', (_name, invocations, seconds) => {
    expect(busySeconds(invocations)).toBe(seconds);
  });

  it('are no more than the runs take together, and a second for each', () => {
    const runs = fc.array(fc.tuple(fc.nat(100_000), fc.nat(10_000)));
    fc.assert(
      fc.property(runs, (pairs) => {
        const invocations = pairs.map(([from, length]) => at(from, from + length));
        const sum = invocations.reduce((all, { from, to }) => all + Math.max(to - from, 1000), 0);
        expect(busySeconds(invocations)).toBeLessThanOrEqual(sum / 1000);
      }),
    );
  });
});

describe('the price of a request', () => {
  const nothing = {
    gigabyteSeconds: 0,
    executions: 0,
    storage: { tableCalls: 0, blobWrites: 0, blobReads: 0, blobDeletes: 0 },
    packageBytes: 0,
    storedDays: 7,
    downloadedBytes: 0,
    loggedBytes: 0,
    emails: 0,
    textMessages: 0,
  };

  it('is nothing for nothing, and the sum of its parts', () => {
    expect(priceOf(nothing)['total']).toBe(0);
    const { total, ...parts } = priceOf({ ...nothing, gigabyteSeconds: 690, textMessages: 2 });
    expect(total).toBeCloseTo(
      Object.values(parts).reduce((sum, part) => sum + part, 0),
      5,
    );
    expect(parts['compute']).toBeGreaterThan(0);
  });

  it('counts deletions of blobs as free', () => {
    const storage = { ...nothing.storage, blobDeletes: 1_000_000 };
    expect(priceOf({ ...nothing, storage })['total']).toBe(0);
  });
});
