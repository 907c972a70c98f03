/** A batch of recordings that was requested from the source. */
export interface RecordingBatch {
  jobId: string;
  recordingIds: string[];
}
