import type { ExportSettings, RecordingBucket } from '../ports';
import { BatchExporter, type BatchServices } from './batches';
import { BulkExporter, type BulkServices } from './bulk';
import { FormattedExporter, type RecordingServices } from './recordings';
import type { RecordingExporter } from './recording-exporter';

export type RecordingExporterServices = RecordingServices &
  BatchServices &
  BulkServices & {
    /** Null without the bulk export. */
    bucket: RecordingBucket | null;
    settings: { export: Pick<ExportSettings, 'recordingExporter'> };
  };

/** The recording exporter that the settings name. */
export function recordingExporterOf(services: RecordingExporterServices): RecordingExporter {
  const formatted = new FormattedExporter(services);
  switch (services.settings.export.recordingExporter) {
    case 'formatted':
      return formatted;
    case 'batch':
      return new BatchExporter(services, formatted);
    case 'bulkS3':
      if (services.bucket === null) throw new Error('The bulk export has no bucket.');
      return new BulkExporter(services, services.bucket, formatted);
  }
}
