import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { s3Credentials, s3Region } from '../../local/s3/emulator';
import { s3Writer, startS3 } from '../../local/s3/server';
import { createCleanUp } from '../../src/activities/clean-up';
import { createMoveRequest } from '../../src/activities/move-request';
import { createRelease } from '../../src/activities/release';
import { S3RecordingBucket } from '../../src/adapters/bucket/s3';
import { TableBucketLedger } from '../../src/adapters/storage/bucket-ledger';
import { SourceError } from '../../src/core/errors';
import { bucketPrefixes } from '../../src/core/genesys/bulk-export';
import { newItem } from '../../src/core/package/items';
import { wholePlan } from '../../src/core/redaction/spoken';
import type { RequestState } from '../../src/core/request/states';
import { BulkExporter } from '../../src/export/bulk';
import type { RecordingOutcome, RecordingPage } from '../../src/export/recording-exporter';
import type { CustodyFact } from '../../src/core/custody/record';
import { deleteOwnObjects } from '../../src/services/bucket-objects';
import { fakeSource, MemoryWriter, requestEnvironment } from '../helpers/exports';
import { TestStorage } from '../helpers/storage';

const start = '2026-02-03T10:00:00Z';
const [prefix = ''] = bucketPrefixes('org', 'c1', start);
const recording = `${prefix}r1.wav`;
const metadata = `${prefix}r1.wav_metadata.json`;
const foreign = `${prefix}older.wav`;

let storage: TestStorage;
let s3: { stop: () => Promise<void> };
let bucket: S3RecordingBucket;
let write: (key: string, content: Buffer) => Promise<void>;
let bucketLedger: TableBucketLedger;
const before = { ...process.env };
beforeAll(async () => {
  const { accessKeyId, secretAccessKey } = s3Credentials;
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
  storage = await TestStorage.start();
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  const directory = join(storage.folder, 's3');
  mkdirSync(directory);
  s3 = await startS3({ port, directory, bucket: 'recordings' });
  const endpoint = `http://127.0.0.1:${port}`;
  bucket = new S3RecordingBucket({ bucket: 'recordings', region: s3Region, endpoint, role: null });
  write = s3Writer(endpoint, 'recordings');
  bucketLedger = new TableBucketLedger(storage.connectionString);
});
afterEach(async () => {
  for (const { key, stamp } of await bucket.list(''))
    await bucket.delete({ key, stamp, versionId: null });
});
afterAll(async () => {
  process.env = { ...before };
  await s3.stop();
  await storage.stop();
});

let requests = 0;
const newId = (): string => {
  requests += 1;
  return `request-${requests}`;
};
const keys = async (): Promise<string[]> => (await bucket.list('')).map(({ key }) => key).sort();

/** Exports the page of a request whose job delivers the recording, and something about it. */
async function exported(requestId: string): Promise<string[]> {
  let isExecuted = false;
  const { source } = fakeSource({
    organizationId: () => Promise.resolve('org'),
    startBulkExport: () => Promise.resolve({ kind: 'started', jobId: '1' }),
    bulkExportState: () => Promise.resolve(isExecuted ? 'fulfilled' : 'ready'),
    executeBulkExport: async () => {
      isExecuted = true;
      await write(recording, Buffer.from(`sound for ${requestId}`));
      await write(metadata, Buffer.from('{}'));
    },
    bulkExportFailures: () => Promise.resolve([]),
  });
  const { env } = requestEnvironment(source);
  const none = { async *export() {} };
  const exporter = new BulkExporter({ ...env, source, bucketLedger }, bucket, none);
  const outcomes: string[] = [];
  for (let pass = 0; pass < 5 && outcomes.at(-1) !== 'exported'; pass += 1) {
    const page = {
      owner: { record: { requestId }, keys: { dataKey: Buffer.alloc(32) } },
      ...{ page: 1, writer: new MemoryWriter(), own: new Set() },
      wanted: [
        { item: newItem(1, 'audio', 1, 'r1'), conversationId: 'c1', start, sound: wholePlan },
      ],
      siblingsOf: () => [],
      hasTime: () => Promise.resolve(true),
    } as unknown as RecordingPage;
    for await (const { result } of exporter.export(page) as AsyncIterable<RecordingOutcome>)
      outcomes.push(result.kind);
  }
  return outcomes;
}

/** Requests by their states; those that are not named are gone. */
function cleaning(states: Record<string, RequestState> = {}, over: object = {}) {
  const facts: CustodyFact[] = [];
  const isReleased = (state: RequestState): boolean => state === 'available';
  const ledger = {
    get: (id: string) => {
      const state = states[id];
      const releasedAt = state !== undefined && isReleased(state) ? start : null;
      return Promise.resolve(state === undefined ? null : { requestId: id, state, releasedAt });
    },
    note: (_id: string, fact: CustodyFact) => Promise.resolve(void facts.push(fact)),
  };
  const services = { bucket, bucketLedger, ledger, ...over } as unknown as Parameters<
    typeof deleteOwnObjects
  >[0];
  return { facts, run: (requestId: string) => deleteOwnObjects(services, requestId) };
}

describe('what a job of a request has put into the bucket', () => {
  it('is deleted, and nothing that was there before or is of another conversation', async () => {
    const requestId = newId();
    const others = [foreign, `${prefix}older.json`, 'org/year=2020/other.wav'];
    for (const key of others) await write(key, Buffer.from('not ours'));
    expect(await exported(requestId)).toEqual(['notYet', 'notYet', 'exported']);
    expect(await keys()).toEqual([...others, recording, metadata].sort());
    const { facts, run } = cleaning();
    expect(await run(requestId)).toBe(0);
    expect(await keys()).toEqual([...others].sort());
    expect(facts).toEqual([{ event: 'bucketObjectsDeleted', detail: { objects: 2 } }]);
    expect(await bucketLedger.usedBy(requestId)).toEqual([]);
    expect(await run(requestId)).toBe(0);
    expect(facts).toHaveLength(1);
  });

  it('is not what the request has found there and used', async () => {
    const requestId = newId();
    await write(recording, Buffer.from('of an earlier job'));
    expect(await exported(requestId)).toEqual(['exported']);
    expect(await cleaning().run(requestId)).toBe(0);
    expect(await keys()).toEqual([recording]);
    expect(await bucketLedger.usersOf(recording)).not.toContain(requestId);
  });

  it('is kept for another open request that uses it, which deletes it in the end', async () => {
    const [first, second] = [newId(), newId()];
    await exported(first);
    expect(await exported(second)).toEqual(['exported']);
    const { run, facts } = cleaning({ [second]: 'packaging', [first]: 'available' });
    expect(await run(first)).toBe(0);
    expect(await keys()).toEqual([recording, metadata].sort());
    expect(facts).toEqual([]);
    expect(await run(second)).toBe(0);
    expect(await keys()).toEqual([]);
  });

  it.each<RequestState>(['available', 'cancelled', 'recalled'])(
    'is not kept for another request that is %s',
    async (state) => {
      const [first, second] = [newId(), newId()];
      await exported(first);
      await exported(second);
      expect(await cleaning({ [second]: state }).run(first)).toBe(0);
      expect(await keys()).toEqual([]);
    },
  );

  it('stays its own where it is recorded as found there later, and becomes it where it was found first', async () => {
    const [first, second] = [newId(), newId()];
    const own = { key: recording, stamp: '1', versionId: 'v1', isOwn: true };
    const found = { ...own, stamp: '2', versionId: null, isOwn: false };
    for (const object of [own, found]) await bucketLedger.use(first, object);
    for (const object of [found, own]) await bucketLedger.use(second, object);
    expect(await bucketLedger.usedBy(first)).toStrictEqual([own]);
    expect(await bucketLedger.usedBy(second)).toStrictEqual([own]);
    for (const id of [first, second]) await bucketLedger.forget(id, recording);
  });

  it('is not what has come in its place', async () => {
    const requestId = newId();
    await exported(requestId);
    await write(recording, Buffer.from('something else, by somebody else'));
    expect(await cleaning().run(requestId)).toBe(0);
    expect(await keys()).toEqual([recording]);
  });

  it('stays recorded where the bucket refuses to delete it, and the clean-up is not done', async () => {
    const requestId = newId();
    await exported(requestId);
    const refusing = {
      current: bucket.current.bind(bucket),
      delete: () => Promise.reject(new SourceError({ kind: 'failed', code: 'bucketRefused' })),
    };
    const { run, facts } = cleaning({}, { bucket: refusing });
    expect(await run(requestId)).toBe(2);
    expect(facts).toEqual([]);
    expect((await bucketLedger.usedBy(requestId)).filter(({ isOwn }) => isOwn)).toHaveLength(2);
    expect(await cleaning().run(requestId)).toBe(0);
    expect(await keys()).toEqual([]);
  });

  it('stays recorded where a fault of the app is in the way, which nobody takes for a refusal', async () => {
    const requestId = newId();
    await exported(requestId);
    const fault = new TypeError('a fault');
    const faulty = {
      current: bucket.current.bind(bucket),
      delete: () => Promise.reject(fault),
    };
    const { run, facts } = cleaning({}, { bucket: faulty });
    await expect(run(requestId)).rejects.toBe(fault);
    expect(facts).toEqual([]);
    expect((await bucketLedger.usedBy(requestId)).filter(({ isOwn }) => isOwn)).toHaveLength(2);
    expect(await cleaning().run(requestId)).toBe(0);
    expect(await keys()).toEqual([]);
  });

  it.each<['failed' | 'available', string]>([
    ['failed', 'fails, which an officer may look at weeks later'],
    ['available', 'has its package released'],
  ])('is deleted when the request is %s: it %s', async (to) => {
    const requestId = newId();
    await exported(requestId);
    const { env, record } = requestEnvironment(
      fakeSource({ releaseDeletionHold: () => Promise.resolve() } as never).source,
    );
    Object.assign(record, { requestId, state: 'packaging', releasedAt: null });
    const services = {
      ...env,
      ...{ bucket, bucketLedger },
      // Requests of other tests are gone.
      ledger: {
        ...env.ledger,
        get: (id: string) => (id === requestId ? env.ledger.get(id) : Promise.resolve(null)),
      },
      metrics: { countRelease: () => undefined },
      settings: { ...env.settings, delivery: { availabilityHours: 24 } },
    } as unknown as Parameters<typeof createRelease>[0];
    if (to === 'failed') {
      await createMoveRequest(services)({ requestId, to: 'exporting' } as never);
      expect(await keys()).toEqual([recording, metadata].sort());
      await createMoveRequest(services)({ requestId, to, reason: 'packageIncomplete' });
    } else await createRelease(services)({ requestId });
    expect(await keys()).toEqual([]);
  });

  it('is deleted at the clean-up of a request whose key is gone, or that is not done', async () => {
    const requestId = newId();
    await exported(requestId);
    const { env, record } = requestEnvironment(fakeSource({}).source);
    Object.assign(record, { requestId, state: 'recalled', wrappedSecret: null, cleanedAt: null });
    const at = '2026-11-20T12:00:00.000Z';
    Object.assign(record, { receivedAt: at, stateSince: at });
    const nothing = () => Promise.resolve();
    const services = {
      ...env,
      bucketLedger,
      codesAndSessions: { endAll: nothing },
      outbox: { forget: nothing },
      packages: { delete: nothing, size: () => Promise.resolve(null) },
      ledger: {
        ...env.ledger,
        deleteDetails: nothing,
        custodyEntries: () => Promise.resolve([]),
      },
      statistics: { count: nothing },
      settings: { legalClock: { timeZone: 'UTC', holidays: new Set() } },
    } as unknown as Parameters<typeof createCleanUp>[0];
    const refusal = new SourceError({ kind: 'failed', code: 'bucketRefused' });
    const refusing = {
      current: bucket.current.bind(bucket),
      delete: () => Promise.reject(refusal),
    };
    const stuck = createCleanUp({ ...services, bucket: refusing });
    await expect(stuck({ requestId })).rejects.toThrow('still stored');
    expect(record['cleanedAt']).toBeNull();
    await createCleanUp({ ...services, bucket })({ requestId });
    expect(await keys()).toEqual([]);
    expect(record['cleanedAt']).not.toBeNull();
  });
});
