import {
  bucketPrefixes,
  daysOfStarts,
  halveJob,
  isIn,
  newBulkJob,
  recordingOfKey,
  type BulkJob,
} from '../core/genesys/bulk-export';
import { SourceError } from '../core/errors';
import { bucketBeforeBlob, bulkBlob } from '../core/package/blob-names';
import type {
  BucketLedger,
  BucketObject,
  ExportSettings,
  RecordingBucket,
  ScratchStore,
  Source,
} from '../ports';
import type {
  RecordingExporter,
  RecordingOutcome,
  RecordingPage,
  WantedRecording,
} from './recording-exporter';
import { isBatched, recordingEntry, transferred } from './recordings';
import type { SoundServices } from './sound';

const attempts = 3;

/** What the bulk export uses. */
export interface BulkServices {
  source: SoundServices['source'] &
    Pick<
      Source,
      | 'organizationId'
      | 'startBulkExport'
      | 'executeBulkExport'
      | 'bulkExportState'
      | 'bulkExportFailures'
    >;
  bucketLedger: Pick<BucketLedger, 'use' | 'usedBy'>;
  scratch: Pick<ScratchStore, 'read' | 'write'>;
  settings: { export: Pick<ExportSettings, 'audioFormat' | 'policy'> };
}

/**
 * Exports the recordings of a page by a job that puts them into a bucket: start it, execute it once
 * its query is ready, then read the bucket. What an earlier job has put there is taken without
 * another. A finished job is never deleted: that would cancel it.
 */
export class BulkExporter implements RecordingExporter {
  /** @param single exports what the bulk export does not deliver */
  constructor(
    private readonly services: BulkServices,
    private readonly bucket: RecordingBucket,
    private readonly single: RecordingExporter,
  ) {}

  async *export(page: RecordingPage): AsyncGenerator<RecordingOutcome> {
    const { wanted } = page;
    yield* this.single.export({ ...page, wanted: wanted.filter(({ item }) => !isBatched(item)) });
    const batched = wanted.filter(({ item }) => isBatched(item));
    if (batched.length > 0) yield* this.exportFromBucket(page, batched);
  }

  private async *exportFromBucket(
    page: RecordingPage,
    wanted: readonly WantedRecording[],
  ): AsyncGenerator<RecordingOutcome> {
    const { audioFormat } = this.services.settings.export;
    const found = await inBucket(this.services, this.bucket, page, wanted);
    const rest: WantedRecording[] = [];
    for (const recording of wanted) {
      const { item } = recording;
      const object = found.get(item.sourceId ?? '');
      if (!object) {
        rest.push(recording);
        continue;
      }
      if (!(await page.hasTime())) return;
      const name = recordingEntry(item, audioFormat, object.ending);
      const content = this.bucket.read(object.key);
      const file = { recording, name };
      yield { recording, result: await transferred(this.services, page.writer, file, content) };
    }
    if (rest.length === 0) return;
    const undelivered = new Set(await advanceJobs(this.services, page, rest));
    for (const recording of rest) {
      yield {
        recording,
        result: undelivered.has(recording)
          ? { kind: 'failed', reason: 'notDelivered' }
          : { kind: 'notYet', cause: 'preparing' },
      };
    }
  }
}

/**
 * Objects of the bucket by the recording that they hold; of several with one id the first counts. Each is
 * recorded before it is read: as one of the request's own when it was not there before its job.
 */
async function inBucket(
  services: BulkServices,
  bucket: Pick<RecordingBucket, 'list' | 'current'>,
  page: RecordingPage,
  wanted: readonly WantedRecording[],
): Promise<Map<string, { key: string; ending: string }>> {
  const listed = await listedObjects(services, bucket, wanted);
  await recordObjects(services, bucket, page, listed);
  const found = new Map<string, { key: string; ending: string }>();
  for (const { key } of [...listed.values()].flat()) {
    const recording = recordingOfKey(key);
    if (recording && !found.has(recording.recordingId))
      found.set(recording.recordingId, { key, ending: recording.ending });
  }
  return found;
}

/** All objects of the conversations, by conversation. */
async function listedObjects(
  { source }: BulkServices,
  bucket: Pick<RecordingBucket, 'list'>,
  wanted: readonly WantedRecording[],
): Promise<Map<string, BucketObject[]>> {
  const organizationId = await source.organizationId();
  const listed = new Map<string, BucketObject[]>();
  const starts = new Map(wanted.map(({ conversationId, start }) => [conversationId, start]));
  for (const [conversationId, start] of starts) {
    const objects: BucketObject[] = [];
    for (const prefix of bucketPrefixes(organizationId, conversationId, start))
      objects.push(...(await bucket.list(prefix)));
    listed.set(conversationId, objects);
  }
  return listed;
}

const stampOf = ({ key, stamp }: BucketObject): string => `${key}\n${stamp}`;

/**
 * Records the objects that the request uses. What is there when a conversation is first looked for is
 * there before any job of this request for it, and never its own.
 */
async function recordObjects(
  { bucketLedger, scratch }: BulkServices,
  bucket: Pick<RecordingBucket, 'current'>,
  { owner, page }: RecordingPage,
  listed: ReadonlyMap<string, readonly BucketObject[]>,
): Promise<void> {
  const { requestId } = owner.record;
  const { dataKey } = owner.keys;
  const before = (await scratch.read(requestId, bucketBeforeBlob(page), dataKey)) ?? {};
  const unseen = [...listed].filter(([conversationId]) => before[conversationId] === undefined);
  for (const [conversationId, objects] of unseen) before[conversationId] = objects.map(stampOf);
  if (unseen.length > 0) await scratch.write(requestId, bucketBeforeBlob(page), dataKey, before);
  const recorded = new Set((await bucketLedger.usedBy(requestId)).map(stampOf));
  for (const [conversationId, objects] of listed) {
    const known = new Set(before[conversationId]);
    for (const object of objects) {
      if (recorded.has(stampOf(object))) continue;
      const isOwn = !known.has(stampOf(object));
      const version = isOwn ? await bucket.current(object.key) : null;
      // What was replaced since the listing is another's, or is seen by the next pass.
      const isSame = version?.stamp === object.stamp;
      const versionId = isSame ? version.versionId : null;
      await bucketLedger.use(requestId, { ...object, versionId, isOwn: isOwn && isSame });
    }
  }
}

/** Moves the page's jobs on by as much as it can; returns recordings that they cannot deliver. */
async function advanceJobs(
  services: BulkServices,
  { owner, page }: RecordingPage,
  wanted: readonly WantedRecording[],
): Promise<WantedRecording[]> {
  const { scratch } = services;
  const { requestId } = owner.record;
  const { dataKey } = owner.keys;
  const all = daysOfStarts(wanted.map(({ start }) => start));
  const jobs = (await scratch.read(requestId, bulkBlob(page), dataKey)) ?? [newBulkJob(all)];
  const undelivered: WantedRecording[] = [];
  for (let i = 0; i < jobs.length;) {
    const job = jobs[i] ?? newBulkJob(all);
    const ofJob = wanted.filter(({ start }) => isIn(job.window, start));
    // Everything of this window has been read from the bucket.
    const advanced =
      ofJob.length === 0
        ? { jobs: [job], undelivered: [] }
        : await advanceJob(services, job, ofJob);
    jobs.splice(i, 1, ...advanced.jobs);
    await scratch.write(requestId, bulkBlob(page), dataKey, jobs);
    undelivered.push(...advanced.undelivered);
    // The parts of a window that was cut are submitted at once.
    if (advanced.jobs.length === 1 && advanced.jobs[0]?.window === job.window) i += 1;
  }
  return undelivered;
}

/** What has become of a job: itself, changed, or those in its place. */
interface AdvancedJob {
  jobs: BulkJob[];
  undelivered: readonly WantedRecording[];
}

/** Submits a job, executes it once its query is ready, and asks how it ended. */
async function advanceJob(
  { source }: BulkServices,
  job: BulkJob,
  wanted: readonly WantedRecording[],
): Promise<AdvancedJob> {
  const { jobId } = job;
  const unchanged = { jobs: [job], undelivered: [] };
  if (jobId === null) return submitJob(source, job, wanted);
  const failed = async (): Promise<WantedRecording[]> => {
    const ids = await source.bulkExportFailures(jobId);
    return wanted.filter(({ item }) => ids.includes(item.sourceId ?? ''));
  };
  if (job.isDone) return { jobs: [job], undelivered: await failed() };
  switch (await source.bulkExportState(jobId)) {
    case 'running':
      return unchanged;
    case 'ready':
      if (job.isExecuted) return unchanged;
      await source.executeBulkExport(jobId);
      return { jobs: [{ ...job, isExecuted: true }], undelivered: [] };
    case 'fulfilled':
      // The files may come later than the job's end.
      return { jobs: [{ ...job, isDone: true }], undelivered: await failed() };
    case 'failed':
      return afterFailure(source, job, wanted);
  }
}

const startsOf = (wanted: readonly WantedRecording[]): string[] => wanted.map(({ start }) => start);

async function submitJob(
  source: BulkServices['source'],
  job: BulkJob,
  wanted: readonly WantedRecording[],
): Promise<AdvancedJob> {
  const ids = [...new Set(wanted.map(({ conversationId }) => conversationId))];
  const start = await source.startBulkExport(job.window, ids);
  switch (start.kind) {
    case 'started': {
      const { attempts } = job;
      const started = { ...newBulkJob(job.window), jobId: start.jobId, attempts: attempts + 1 };
      return { jobs: [started], undelivered: [] };
    }
    case 'busy':
      // It waits for the next pass.
      return { jobs: [job], undelivered: [] };
    case 'refused': {
      const halves = halveJob(job, startsOf(wanted));
      if (halves === null) throw new SourceError({ kind: 'failed', code: 'sourceRefusedSearch' });
      return { jobs: halves, undelivered: [] };
    }
  }
}

/** A job that failed is submitted again, and then halved; its query may have taken too long. */
async function afterFailure(
  source: BulkServices['source'],
  job: BulkJob,
  wanted: readonly WantedRecording[],
): Promise<AdvancedJob> {
  if (job.attempts < attempts) return submitJob(source, { ...job, jobId: null }, wanted);
  const halves = halveJob(job, startsOf(wanted));
  return halves === null ? { jobs: [job], undelivered: wanted } : { jobs: halves, undelivered: [] };
}
