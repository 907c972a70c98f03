import type { SearchWindow } from '../../core/genesys/search-windows';

/** Jobs that export recordings into a bucket of the company. */
export interface BulkJobSource {
  /** Id of the organisation, which is part of the names in the bucket. */
  organizationId(): Promise<string>;
  /**
   * Starts a job that exports recordings of these conversations to the bucket, and returns its id;
   * null when the organisation has two jobs under way, which is its limit.
   */
  startBulkExport(window: SearchWindow, conversationIds: string[]): Promise<string | null>;
  /** `ready` waits for `executeBulkExport`: nothing is exported before. */
  bulkExportState(jobId: string): Promise<'running' | 'ready' | 'fulfilled' | 'failed'>;
  executeBulkExport(jobId: string): Promise<void>;
  /** Ids of recordings that the job could not export. */
  bulkExportFailures(jobId: string): Promise<string[]>;
}
