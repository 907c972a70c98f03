import { bucketPrefixes, recordingOfKey, type BulkJob } from '../core/genesys/bulk-export';
import { SourceError } from '../core/errors';
import { bulkBlob } from '../core/package/blob-names';
import { msPerDay } from '../core/time/time';
import type { ExportSettings, RecordingBucket, ScratchStore, Source } from '../ports';
import type {
  RecordingExporter,
  RecordingOutcome,
  RecordingPage,
  WantedRecording,
} from './recording-exporter';
import { isBatched, recordingEntry, transferred } from './recordings';

const attempts = 3;

/** What the bulk export uses. */
export interface BulkServices {
  source: Pick<
    Source,
    | 'organizationId'
    | 'startBulkExport'
    | 'executeBulkExport'
    | 'bulkExportState'
    | 'bulkExportFailures'
  >;
  scratch: Pick<ScratchStore, 'read' | 'write'>;
  settings: { export: Pick<ExportSettings, 'audioFormat'> };
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
    const found = await inBucket(this.services, this.bucket, wanted);
    const rest: WantedRecording[] = [];
    for (const recording of wanted) {
      const { item } = recording;
      const object = found.get(item.sourceId ?? '');
      if (!object) {
        rest.push(recording);
        continue;
      }
      const name = recordingEntry(item, audioFormat, object.ending);
      const content = this.bucket.read(object.key);
      yield { recording, result: await transferred(page.writer, { item, name }, content) };
    }
    if (rest.length === 0) return;
    const undelivered = await advanceJob(this.services, page, rest);
    for (const recording of rest) {
      const isUndelivered =
        undelivered === 'all' || undelivered.includes(recording.item.sourceId ?? '');
      yield {
        recording,
        result: isUndelivered
          ? { kind: 'failed', reason: 'notDelivered' }
          : { kind: 'notYet', cause: 'preparing' },
      };
    }
  }
}

/** Objects of the bucket by the recording that they hold; of several with one id the first counts. */
async function inBucket(
  { source }: BulkServices,
  bucket: Pick<RecordingBucket, 'list'>,
  wanted: readonly WantedRecording[],
): Promise<Map<string, { key: string; ending: string }>> {
  const organizationId = await source.organizationId();
  const found = new Map<string, { key: string; ending: string }>();
  const starts = new Map(wanted.map(({ conversationId, start }) => [conversationId, start]));
  for (const [conversationId, start] of starts) {
    for (const prefix of bucketPrefixes(organizationId, conversationId, start)) {
      for (const key of await bucket.list(prefix)) {
        const recording = recordingOfKey(key);
        if (recording && !found.has(recording.recordingId))
          found.set(recording.recordingId, { key, ending: recording.ending });
      }
    }
  }
  return found;
}

/** Moves the page's job on by as much as it can; returns recordings that it cannot deliver. */
async function advanceJob(
  { source, scratch }: BulkServices,
  { owner, page }: RecordingPage,
  wanted: readonly WantedRecording[],
): Promise<string[] | 'all'> {
  const { requestId } = owner.record;
  const { dataKey } = owner.keys;
  const save = (job: BulkJob): Promise<void> =>
    scratch.write(requestId, bulkBlob(page), dataKey, job);
  const stored = await scratch.read(requestId, bulkBlob(page), dataKey);
  const start = async (before: number): Promise<void> => {
    const ids = [...new Set(wanted.map(({ conversationId }) => conversationId))];
    const times = wanted.map((recording) => Date.parse(recording.start));
    const window = {
      from: new Date(Math.floor(Math.min(...times) / msPerDay) * msPerDay).toISOString(),
      to: new Date((Math.floor(Math.max(...times) / msPerDay) + 1) * msPerDay).toISOString(),
    };
    // Null when two jobs of the organisation are under way: ours waits for the next pass.
    const jobId = await source.startBulkExport(window, ids);
    if (jobId !== null)
      await save({ jobId, isExecuted: false, isDone: false, attempts: before + 1 });
  };
  if (stored === null) {
    await start(0);
    return [];
  }
  if (stored.isDone) return source.bulkExportFailures(stored.jobId);
  switch (await source.bulkExportState(stored.jobId)) {
    case 'running':
      return [];
    case 'ready':
      if (!stored.isExecuted) {
        await source.executeBulkExport(stored.jobId);
        await save({ ...stored, isExecuted: true });
      }
      return [];
    case 'fulfilled':
      // The files may come later than the job's end.
      await save({ ...stored, isDone: true });
      return source.bulkExportFailures(stored.jobId);
    case 'failed':
      if (stored.attempts >= attempts) return 'all';
      await start(stored.attempts);
      return [];
    default:
      throw new SourceError({ kind: 'failed', code: 'sourceAnswerUnexpected' });
  }
}
