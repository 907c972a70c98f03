import { SpeechTextAnalyticsApi } from 'purecloud-platform-client-v2';
import { z } from 'zod';
import type { TranscriptSource } from '../../ports';
import type { GenesysCaller } from './client';
import { bodyIfFound } from './responses';
import { list, reference, text } from './shapes';

const transcripts = z.object({
  urls: list(z.object({ recording: reference.nullish(), url: text })),
});

/** Transcripts of calls. */
export function transcriptCalls(client: GenesysCaller): TranscriptSource {
  const speech = new SpeechTextAnalyticsApi(client.sdk);
  return {
    async transcriptUrls(
      conversationId: string,
      communicationId: string,
    ): Promise<{ recordingId: string; url: string }[]> {
      const answer = await client.call(() =>
        speech.getSpeechandtextanalyticsConversationCommunicationTranscripturls(
          conversationId,
          communicationId,
        ),
      );
      return (bodyIfFound(answer, transcripts)?.urls ?? []).flatMap(({ recording, url }) =>
        url ? [{ recordingId: recording?.id ?? '', url }] : [],
      );
    },
  };
}
