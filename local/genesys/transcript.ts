import type { OrgConversation, Organisation, OrgRecording } from './organisation';

/** The transcript of a recording in the form in which Speech and Text Analytics stores it. */
export function transcriptDocument(
  conversation: OrgConversation,
  recording: OrgRecording,
  organisation: Organisation,
): Record<string, unknown> {
  const start = Date.parse(conversation.start);
  const phrases = recording.transcript ?? [];
  const purpose = (who: 'customer' | 'agent'): string =>
    who === 'customer' ? 'external' : 'internal';
  return {
    organizationId: organisation.id,
    conversationId: conversation.id,
    communicationId: conversation.communicationId,
    mediaType: conversation.channel === 'callback' ? 'callback' : 'call',
    conversationStartTime: start,
    startTime: start,
    duration: { milliseconds: recording.seconds * 1000 },
    uri: `/transcripts/${recording.id}`,
    participants: [
      {
        participantPurpose: 'external',
        ani: conversation.address,
        initialDirection: conversation.direction,
      },
      {
        participantPurpose: 'internal',
        userId: conversation.userId,
        queueId: conversation.queueId,
      },
    ],
    transcripts: [
      {
        transcriptId: recording.id,
        language: 'en-us',
        engineId: 'r2d2',
        startTime: start,
        duration: { milliseconds: recording.seconds * 1000 },
        phrases: phrases.map(({ who, text, at }, index) => ({
          phraseIndex: index,
          participantPurpose: purpose(who),
          text,
          decoratedText: text,
          stability: 1,
          confidence: 0.9,
          offset: { milliseconds: Math.round(at * 1000) },
          startTimeMs: start + Math.round(at * 1000),
          duration: { milliseconds: 2500 },
          words: text.split(' ').map((word, i) => ({
            word,
            confidence: 0.9,
            startTimeMs: start + Math.round(at * 1000) + i * 200,
            duration: { milliseconds: 200 },
          })),
        })),
        analytics: { sentiment: [], topics: [], acoustic: [] },
      },
    ],
  };
}
