/** The bucket to which the source exports recordings. Both throw SourceError, as the source does. */
export interface RecordingBucket {
  list(prefix: string): Promise<string[]>;
  read(key: string): AsyncIterable<Buffer>;
}
