import type { OrgConversation, OrgRecording } from './organisation';

/** Most recordings that the source takes in one batch. */
const batchSize = 100;

const conversation = '/api/v2/conversations/{conversationId}';
const speech = '/api/v2/speechandtextanalytics/conversations/{conversationId}';
const emails = '/api/v2/conversations/emails/{conversationId}/messages';

/** Operations by which conversations are exported. */
const operations = {
  conversation: `GET ${conversation}`,
  listing: `GET ${conversation}/recordingmetadata`,
  summary: `GET ${conversation}/summaries`,
  transcripts: `GET ${speech}/communications/{communicationId}/transcripturls`,
  sentiment: `GET ${speech}`,
  emails: `GET ${emails}`,
  email: `GET ${emails}/{messageId}`,
  messages: 'POST /api/v2/conversations/messages/{conversationId}/messages/bulk',
  surveys: 'GET /api/v2/quality/conversations/{conversationId}/surveys',
  recording: `GET ${conversation}/recordings/{recordingId}`,
  batch: 'POST /api/v2/recording/batchrequests',
  batchResults: 'GET /api/v2/recording/batchrequests/{jobId}',
};

const isAtHand = ({ fileState }: OrgRecording): boolean =>
  fileState === 'AVAILABLE' || fileState === 'RESTORED';
const isFile = ({ media }: OrgRecording): boolean => media === 'audio' || media === 'screen';

const countOf = <T>(values: readonly T[], is: (value: T) => boolean): number =>
  values.filter(is).length;

/**
 * The least calls, by operation, by which the API gives what is exported of conversations when what is
 * expected has to come from another call than what delivers it; docs/calls.md says why. Restored recordings
 * and the person's conversations in several channels are not counted.
 */
export function leastCalls(
  conversations: readonly OrgConversation[],
  exporter: 'formatted' | 'batch',
): Record<string, number> {
  const recordings = conversations.flatMap((one) => one.recordings).filter(isAtHand);
  const files = countOf(recordings, isFile);
  const texts = recordings.length - files;
  const batches = exporter === 'batch' ? Math.ceil(files / batchSize) : 0;
  const counts: Record<keyof typeof operations, number> = {
    conversation: conversations.length,
    listing: conversations.length,
    summary: conversations.length,
    transcripts: countOf(conversations, (one) =>
      one.recordings.some(({ media }) => media === 'audio'),
    ),
    sentiment: countOf(conversations, (one) =>
      one.recordings.some(({ transcript }) => (transcript ?? []).length > 0),
    ),
    emails: countOf(conversations, ({ channel }) => channel === 'email'),
    email: conversations.reduce((sum, one) => sum + one.emails.length, 0),
    messages: countOf(conversations, ({ messages }) => messages.length > 0),
    surveys: countOf(conversations, ({ survey }) => survey !== undefined),
    // A file that is asked for by itself is prepared first, and asked for again.
    recording: exporter === 'batch' ? texts : texts + 2 * files,
    batch: batches,
    batchResults: batches,
  };
  const made = Object.entries(counts).filter(([, count]) => count > 0);
  return Object.fromEntries(
    made.map(([name, count]) => [operations[name as keyof typeof operations], count]),
  );
}
