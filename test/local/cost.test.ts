import fc from 'fast-check';
import { busySeconds, priceOf, storageCallOf, storageCalls } from '../../local/cost/measured';

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
