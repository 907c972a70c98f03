import type { SearchWindow } from '../../core/genesys/search-windows';

/**
 * `busy`: the organisation has two jobs under way, which is its limit. `refused`: the source refuses the
 * query.
 */
export type BulkStart = { kind: 'started'; jobId: string } | { kind: 'busy' } | { kind: 'refused' };

/** Jobs that export recordings into a bucket of the company. */
export interface BulkJobSource {
  /** Id of the organisation, which is part of the names in the bucket. */
  organizationId(): Promise<string>;
  /** Starts a job that exports recordings of these conversations to the bucket. */
  startBulkExport(window: SearchWindow, conversationIds: string[]): Promise<BulkStart>;
  /** `ready` waits for `executeBulkExport`: nothing is exported before. */
  bulkExportState(jobId: string): Promise<'running' | 'ready' | 'fulfilled' | 'failed'>;
  executeBulkExport(jobId: string): Promise<void>;
  /** Ids of recordings that the job could not export. */
  bulkExportFailures(jobId: string): Promise<string[]>;
}
