/** Export job of a page: a recording job of the source that writes to a bucket. */
export interface BulkJob {
  jobId: string;
  isExecuted: boolean;
  isDone: boolean;
  attempts: number;
}

/**
 * Prefixes of the bucket under which a conversation's recordings may be: by the organisation and the
 * hour (UTC) in which the conversation began. The source does not document whether numbers are padded.
 */
export function bucketPrefixes(
  organizationId: string,
  conversationId: string,
  start: string,
): string[] {
  const year = start.slice(0, 4);
  const padded = [start.slice(5, 7), start.slice(8, 10), start.slice(11, 13)];
  const forms = [padded, padded.map((text) => String(Number(text)))];
  const prefixes = forms.map(
    ([month = '', day = '', hour = '']) =>
      `${organizationId}/year=${year}/month=${month}/day=${day}/hour=${hour}/conversation_id=${conversationId}/`,
  );
  return [...new Set(prefixes)];
}

/** The recording that an object holds, and its file extension; null for metadata and transcripts. */
export function recordingOfKey(key: string): { recordingId: string; ending: string } | null {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const dot = name.indexOf('.');
  if (dot <= 0) return null;
  const ending = name.slice(dot + 1).toLowerCase();
  return /^[a-z0-9]{1,5}$/.test(ending) && ending !== 'json'
    ? { recordingId: name.slice(0, dot), ending }
    : null;
}
