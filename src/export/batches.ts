import type { RecordingBatch } from '../core/genesys/recording-batches';
import { batchBlob } from '../core/package/blob-names';
import type { BatchResult, ExportSettings, ScratchStore, Source } from '../ports';
import type {
  RecordingExporter,
  RecordingOutcome,
  RecordingPage,
  RecordingResult,
  WantedRecording,
} from './recording-exporter';
import { isBatched, recordingEntry, transferred } from './recordings';
import type { SoundServices } from './sound';

/** Most recordings that the source takes in one batch. */
const batchSize = 100;

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

/** What the export in batches uses. */
export interface BatchServices {
  source: SoundServices['source'] & Pick<Source, 'requestBatch' | 'batchResults' | 'download'>;
  scratch: Pick<ScratchStore, 'read' | 'write'>;
  settings: { export: Pick<ExportSettings, 'audioFormat' | 'policy'> };
}

const idOfRecording = ({ item }: WantedRecording): string => item.sourceId ?? '';

/**
 * Exports recordings in their original format by batches: the fewest calls for each recording. The
 * first call asks for them; later ones stream what is ready. Batches are kept beside the page, so
 * that none is asked for anew after a crash.
 */
export class BatchExporter implements RecordingExporter {
  /** @param single exports what does not come in batches */
  constructor(
    private readonly services: BatchServices,
    private readonly single: RecordingExporter,
  ) {}

  async *export(page: RecordingPage): AsyncGenerator<RecordingOutcome> {
    const { wanted } = page;
    yield* this.single.export({ ...page, wanted: wanted.filter(({ item }) => !isBatched(item)) });
    const batched = wanted.filter(({ item }) => isBatched(item));
    if (batched.length > 0) yield* this.exportBatched({ ...page, wanted: batched });
  }

  private async *exportBatched(page: RecordingPage): AsyncGenerator<RecordingOutcome> {
    const { batches, isNew } = await this.requestMissing(page);
    const open = new Map(page.wanted.map((recording) => [idOfRecording(recording), recording]));
    const kept: RecordingBatch[] = [];
    let hasTime = true;
    for (const batch of batches) {
      if (!batch.recordingIds.some((id) => open.has(id))) continue;
      if (!hasTime) {
        kept.push(batch);
        for (const id of batch.recordingIds) open.delete(id);
        continue;
      }
      // What is requested now is prepared later: another pass asks for it.
      const results = isNew(batch) ? null : await this.services.source.batchResults(batch.jobId);
      if (results === null) kept.push(batch);
      // An expired batch is asked for again.
      if (results === null || results === 'expired') continue;
      const byId = firstOfEach(results);
      const waiting: string[] = [];
      for (const id of batch.recordingIds) {
        const recording = open.get(id);
        if (!recording) continue;
        open.delete(id);
        hasTime &&= await page.hasTime();
        // Without an outcome it stays as it is, also in the last pass.
        if (!hasTime) {
          waiting.push(id);
          continue;
        }
        // What a finished batch does not name was not handed over.
        const outcome = await this.exportResult(page, recording, byId.get(id));
        if (outcome.kind === 'notYet' && outcome.cause === 'preparing') waiting.push(id);
        yield { recording, result: outcome };
      }
      // It still has what waits for something else. A transfer that broke is tried from a new batch: the
      // addresses of this one may have ended.
      if (waiting.length > 0) kept.push({ ...batch, recordingIds: waiting });
    }
    // Nothing is stored of a pass in which the source has finished none.
    if (kept.some((batch) => !batches.includes(batch)) || kept.length < batches.length)
      await this.store(page, kept);
    for (const recording of open.values())
      yield { recording, result: { kind: 'notYet', cause: 'preparing' } };
  }

  /** Requests what is in no batch yet; returns all batches of the page, and which are new. */
  private async requestMissing(
    page: RecordingPage,
  ): Promise<{ batches: RecordingBatch[]; isNew: (batch: RecordingBatch) => boolean }> {
    const { record, keys } = page.owner;
    const { scratch, source } = this.services;
    const blob = batchBlob(page.page);
    const batches = (await scratch.read(record.requestId, blob, keys.dataKey)) ?? [];
    const before = new Set(batches);
    const asked = new Set(batches.flatMap(({ recordingIds }) => recordingIds));
    const fresh = page.wanted.filter((recording) => !asked.has(idOfRecording(recording)));
    for (let i = 0; i < fresh.length; i += batchSize) {
      const recordings = fresh.slice(i, i + batchSize).map((recording) => ({
        conversationId: recording.conversationId,
        recordingId: idOfRecording(recording),
      }));
      const jobId = await source.requestBatch(recordings);
      batches.push({ jobId, recordingIds: recordings.map(({ recordingId }) => recordingId) });
      await this.store(page, batches);
    }
    return { batches, isNew: (batch) => !before.has(batch) };
  }

  private store({ owner, page }: RecordingPage, batches: RecordingBatch[]): Promise<void> {
    const { record, keys } = owner;
    return this.services.scratch.write(record.requestId, batchBlob(page), keys.dataKey, batches);
  }

  private async exportResult(
    { writer }: RecordingPage,
    recording: WantedRecording,
    given: BatchResult | undefined,
  ): Promise<RecordingResult> {
    if (given?.url === undefined) return { kind: 'failed', reason: 'notDelivered' };
    const { url, contentType } = given;
    const { source, settings } = this.services;
    const ending = endingOf(contentType);
    const name = recordingEntry(recording.item, settings.export.audioFormat, ending);
    const content = source.download(url, 'media');
    return transferred(this.services, writer, { recording, name }, content);
  }
}

/** A recording may stand in several results of a batch: the first that has a file counts. */
function firstOfEach(results: BatchResult[]): Map<string, BatchResult> {
  const found = new Map<string, BatchResult>();
  for (const result of results) {
    if (found.get(result.recordingId)?.url === undefined) found.set(result.recordingId, result);
  }
  return found;
}
