/** A recording of a batch; without `url` the source could not deliver it. */
export interface BatchResult {
  recordingId: string;
  url: string | undefined;
  contentType: string;
}

/** Recordings in batches of up to 100. */
export interface RecordingBatchSource {
  /** Requests up to 100 recordings in their original format; returns the batch's id. */
  requestBatch(recordings: { conversationId: string; recordingId: string }[]): Promise<string>;
  /** Results of a finished batch; null while it is not finished, `expired` when it was deleted. */
  batchResults(batchId: string): Promise<BatchResult[] | 'expired' | null>;
}
