import type { OrgConversation, Organisation, OrgRecording } from './organisation';

/** Milliseconds that a phrase takes, at most: up to the next one, and to the end of the recording. */
const phraseMs = 2500;
const wordMs = 200;

/** When the phrases of a recording are said, in milliseconds from its start. */
export function phraseTimes({ transcript, seconds }: OrgRecording): { at: number; ms: number }[] {
  const starts = (transcript ?? []).map(({ at }) => Math.round(at * 1000));
  return starts.map((at, i) => {
    const until = Math.min(starts[i + 1] ?? Infinity, seconds * 1000);
    return { at, ms: Math.max(1, Math.min(phraseMs, until - at)) };
  });
}

/** The transcript of a recording in the form in which Speech and Text Analytics stores it. */
export function transcriptDocument(
  conversation: OrgConversation,
  recording: OrgRecording,
  organisation: Organisation,
): Record<string, unknown> {
  const start = Date.parse(conversation.start);
  const phrases = recording.transcript ?? [];
  const times = phraseTimes(recording);
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
        phrases: phrases.map(({ who, text }, index) => {
          const { at, ms } = times[index] ?? { at: 0, ms: phraseMs };
          const words = text.split(' ');
          const length = Math.min(wordMs, Math.floor(ms / words.length));
          return {
            phraseIndex: index,
            participantPurpose: purpose(who),
            text,
            decoratedText: text,
            stability: 1,
            confidence: 0.9,
            offset: { milliseconds: at },
            startTimeMs: start + at,
            duration: { milliseconds: ms },
            words: words.map((word, i) => ({
              word,
              confidence: 0.9,
              offset: { milliseconds: at + i * length },
              startTimeMs: start + at + i * length,
              duration: { milliseconds: length },
            })),
          };
        }),
        analytics: { sentiment: [], topics: [], acoustic: [] },
      },
    ],
  };
}
