import { bucketPrefixes, recordingOfKey } from '../core/genesys/bulk-export';
import { SourceError } from '../core/errors';
import { failed, type Item } from '../core/package/items';
import { bulkBlob } from '../core/package/blob-names';
import type { RecordingBucket } from '../ports';
import type { EntryWriter } from './entries';
import type { Environment, OpenRequest } from '../services/environment';
import type { WantedRecording } from './batches';
import { recordingEntry, transferred } from './recordings';

/** How far the export job of a page is; null before it was started. */
interface BulkJob {
  jobId: string;
  isExecuted: boolean;
  isDone: boolean;
  attempts: number;
}

const attempts = 3;
const day = 86_400_000;

/**
 * Exports the recordings of a page by a job that puts them into a bucket: start it, execute it once
 * its query is ready, then read the bucket. What an earlier job has put there is taken without
 * another. A finished job is never deleted: that would cancel it.
 * @returns the items as they are now
 */
export async function exportBulk(
  env: Environment,
  writer: EntryWriter,
  request: OpenRequest,
  { page, isLast }: { page: number; isLast: boolean },
  wanted: WantedRecording[],
): Promise<Item[]> {
  const { bucket } = env;
  if (bucket === null) throw new Error('The bulk export has no bucket.');
  const found = await inBucket(env, bucket, wanted);
  const changed: Item[] = [];
  const rest: WantedRecording[] = [];
  for (const recording of wanted) {
    const { item } = recording;
    const object = found.get(item.sourceId ?? '');
    if (!object) {
      rest.push(recording);
      continue;
    }
    const name = recordingEntry(item, env.settings.export.audioFormat, object.ending);
    changed.push(await transferred(writer, item, name, bucket.read(object.key), isLast));
  }
  if (rest.length === 0) return changed;
  const undelivered = await advanceJob(env, request, page, rest);
  return [
    ...changed,
    ...rest.flatMap(({ item }): Item[] => {
      if (undelivered === 'all' || undelivered.includes(item.sourceId ?? ''))
        return [failed(item, 'notDelivered')];
      return isLast ? [failed(item, 'preparationTimedOut')] : [];
    }),
  ];
}

/** Objects of the bucket by the recording that they hold; of several with one id the first counts. */
async function inBucket(
  { source }: Environment,
  bucket: RecordingBucket,
  wanted: WantedRecording[],
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
  { source, scratch: work }: Environment,
  { record: { requestId }, keys }: OpenRequest,
  page: number,
  wanted: WantedRecording[],
): Promise<string[] | 'all'> {
  const save = (job: BulkJob): Promise<void> =>
    work.write(requestId, bulkBlob(page), keys.dataKey, job);
  const stored = (await work.read(requestId, bulkBlob(page), keys.dataKey)) as BulkJob | null;
  const start = async (before: number): Promise<void> => {
    const ids = [...new Set(wanted.map(({ conversationId }) => conversationId))];
    const times = wanted.map((recording) => Date.parse(recording.start));
    const window = {
      from: new Date(Math.floor(Math.min(...times) / day) * day).toISOString(),
      to: new Date((Math.floor(Math.max(...times) / day) + 1) * day).toISOString(),
    };
    // Null when two jobs of the organisation are under way: ours waits for the next round.
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
