export type AudioFormat = 'mp3' | 'wav';

/** Kinds of recordings; `other` is exported as it is. */
export type RecordingMedia = 'audio' | 'screen' | 'chat' | 'messaging' | 'email' | 'other';

export interface RecordingListing {
  recordingId: string;
  media: RecordingMedia;
  /** Whether the media is available, can be restored, or is lost. */
  file: 'available' | 'archived' | 'deleted' | 'broken';
}

/** The answer to a request for a recording: a file behind an address, or a text as JSON. */
export type RequestedRecording =
  | { kind: 'file'; url: string }
  | { kind: 'document'; document: RecordedTexts }
  | { kind: 'preparing' }
  | { kind: 'archived' }
  /** Both voices are in one channel, where the customer's alone was requested. */
  | { kind: 'mixed' }
  | { kind: 'missing' };

/** The text of a recorded chat or message thread; only the fields that are read. */
export interface RecordedTexts {
  messagingTranscript?:
    | {
        messageMediaAttachments?: RecordedAttachment[];
        [field: string]: unknown;
      }[]
    | undefined;
  [field: string]: unknown;
}

export interface RecordedAttachment {
  id?: string;
  name?: string;
  mediaType?: string;
  url?: string;
  /** In bytes. */
  contentLength?: unknown;
}

/** Recordings, one at a time. */
export interface RecordingSource {
  /** Recordings of a conversation, by the call that prepares no media. */
  listRecordings(conversationId: string): Promise<RecordingListing[]>;
  /**
   * Requests a recording; audio in the given format, once it is ready.
   * @param channel of audio: both voices in one, or the customer's alone, where it was recorded apart
   */
  requestRecording(
    conversationId: string,
    recording: Pick<RecordingListing, 'recordingId' | 'media'>,
    format: AudioFormat,
    channel: 'merged' | 'customer',
  ): Promise<RequestedRecording>;
  /** Requests that an archived recording is restored, which may take hours. */
  restoreRecording(conversationId: string, recordingId: string): Promise<void>;
}
