import type { AuditSource } from './audits';
import type { BulkJobSource } from './bulk-jobs';
import type { ContactRecordSource, ContactSource } from './contacts';
import type { ConversationSearchSource } from './conversation-searches';
import type { ConversationSource, ConversationTextSource } from './conversations';
import type { DeletionHoldSource } from './deletion-holds';
import type { DownloadSource } from './download';
import type { ProbeSource } from './probes';
import type { RecordingBatchSource } from './recording-batches';
import type { RecordingSource } from './recordings';
import type { TranscriptSource } from './transcripts';

/**
 * Genesys Cloud, all topics together, for composition; a consumer asks for the topics that it uses.
 * Every call may throw SourceError: `retryLater` when the source cannot be reached or limits calls,
 * `failed` when credentials or permissions are refused.
 */
export interface Source
  extends
    ContactSource,
    ContactRecordSource,
    ConversationSearchSource,
    ConversationSource,
    ConversationTextSource,
    RecordingSource,
    RecordingBatchSource,
    BulkJobSource,
    DeletionHoldSource,
    TranscriptSource,
    AuditSource,
    ProbeSource,
    DownloadSource {}
