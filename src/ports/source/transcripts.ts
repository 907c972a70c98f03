/** Transcripts of calls. */
export interface TranscriptSource {
  /** Addresses of the transcripts of a communication, one for each of its recordings. */
  transcriptUrls(
    conversationId: string,
    communicationId: string,
  ): Promise<{ recordingId: string; url: string }[]>;
}
