import { failed, itemKey, type Item } from '../core/package/items';
import { batchBlob } from '../core/package/blob-names';
import type { BatchResult } from '../ports';
import type { EntryWriter } from './entries';
import type { Environment, OpenRequest } from '../services/environment';
import { mediaOf, recordingEntry, transferred } from './recordings';

/** Most recordings that the source takes in one batch. */
const batchSize = 100;

/** Batches of a page that are under way: which recordings were asked for in which. */
type Batches = { jobId: string; recordingIds: string[] }[];

/** A recording that is wanted, with the conversation that it is of. */
export interface WantedRecording {
  conversationId: string;
  /** When the conversation began (ISO 8601). */
  start: string;
  item: Item;
}

/** Whether a recording comes in batches or by bulk: texts come by the call for single recordings. */
export const isBatched = (item: Item): boolean => {
  const media = mediaOf(item);
  return media === 'audio' || media === 'screen' || media === 'other';
};

/** Endings by the type that the source gives; the format is the one that was recorded in. */
const endings: Record<string, string> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/opus': 'opus',
  'audio/webm': 'webm',
  'video/webm': 'webm',
  'video/mp4': 'mp4',
};

const endingOf = (contentType: string): string =>
  endings[contentType.split(';')[0]?.trim().toLowerCase() ?? ''] ?? 'bin';

/**
 * Exports recordings in their original format by batches: the fewest calls for each recording. The
 * first call asks for them; later ones stream what is ready. Batches are kept beside the page, so
 * that a fall does not ask anew.
 * @returns the items as they are now
 */
export async function exportBatches(
  env: Environment,
  writer: EntryWriter,
  request: OpenRequest,
  { page, isLast }: { page: number; isLast: boolean },
  wanted: WantedRecording[],
): Promise<Item[]> {
  const { requestId } = request.record;
  const key = request.keys.dataKey;
  const stored = (await env.scratch.read(requestId, batchBlob(page), key)) as Batches | null;
  const batches = stored ?? [];
  const asked = new Set(batches.flatMap(({ recordingIds }) => recordingIds));
  const fresh = wanted.filter(({ item }) => !asked.has(item.sourceId ?? ''));
  for (let i = 0; i < fresh.length; i += batchSize) {
    const recordings = fresh.slice(i, i + batchSize).map(({ conversationId, item }) => ({
      conversationId,
      recordingId: item.sourceId ?? '',
    }));
    const jobId = await env.source.requestBatch(recordings);
    batches.push({ jobId, recordingIds: recordings.map(({ recordingId }) => recordingId) });
    await env.scratch.write(requestId, batchBlob(page), key, batches);
  }
  const open = new Map(wanted.map(({ item }) => [item.sourceId ?? '', item]));
  const changed: Item[] = [];
  const kept: Batches = [];
  for (const batch of batches) {
    const isWanted = batch.recordingIds.some((id) => open.has(id));
    if (!isWanted) continue;
    const results = await env.source.batchResults(batch.jobId);
    const done = results === 'expired' ? [] : (results ?? []);
    for (const [recordingId, result] of firstOfEach(done)) {
      const item = open.get(recordingId);
      if (!item) continue;
      changed.push(await exportResult(env, writer, item, result, isLast));
      open.delete(recordingId);
    }
    // What a finished batch does not name was not handed over; an expired one is asked for again.
    if (results !== null && results !== 'expired') {
      for (const id of batch.recordingIds) {
        const item = open.get(id);
        if (item) changed.push(failed(item, 'notDelivered'));
        open.delete(id);
      }
    }
    // A transfer that broke is tried from a new batch: the addresses of this one may have ended.
    if (results === null) kept.push(batch);
  }
  await env.scratch.write(requestId, batchBlob(page), key, kept);
  const seen = new Set(changed.map(itemKey));
  return [
    ...changed,
    ...(isLast
      ? wanted
          .map(({ item }) => item)
          .filter((item) => !seen.has(itemKey(item)))
          .map((item): Item => failed(item, 'preparationTimedOut'))
      : []),
  ];
}

/** A recording may stand in several results of a batch: the first that has a file counts. */
function firstOfEach(results: BatchResult[]): Map<string, BatchResult> {
  const found = new Map<string, BatchResult>();
  for (const result of results) {
    if (found.get(result.recordingId)?.url === undefined) found.set(result.recordingId, result);
  }
  return found;
}

async function exportResult(
  env: Environment,
  writer: EntryWriter,
  item: Item,
  { url, contentType }: BatchResult,
  isLast: boolean,
): Promise<Item> {
  if (url === undefined) return failed(item, 'notDelivered');
  const name = recordingEntry(item, env.settings.export.audioFormat, endingOf(contentType));
  return transferred(writer, item, name, env.source.download(url, 'media'), isLast);
}
