export type AudioFormat = 'mp3' | 'wav';

/** Kinds of recordings; `other` is exported as it is. */
export type RecordingMedia = 'audio' | 'screen' | 'chat' | 'messaging' | 'email' | 'other';

export interface RecordingListing {
  recordingId: string;
  media: RecordingMedia;
  /** Whether the media is available, can be restored, or is lost. */
  file: 'available' | 'archived' | 'deleted' | 'broken';
  /** When it began and ended (ISO 8601), where this call says so: the source promises it of screens alone. */
  startTime?: string | null;
  endTime?: string | null;
}

/** When a recording began and ended (ISO 8601); the source does not always say. */
export interface RecordingTimes {
  startTime: string | null;
  endTime: string | null;
}

/**
 * The answer to a request for a recording: a file behind an address, or a text as JSON. That of a call says
 * when it began and ended as well.
 */
export type RequestedRecording =
  | { kind: 'file'; url: string; times?: RecordingTimes }
  | { kind: 'document'; document: RecordedTexts }
  | { kind: 'preparing' }
  | { kind: 'archived' }
  /** A file for each channel, by the name of the channel. */
  | { kind: 'channels'; urls: ReadonlyMap<string, string>; times?: RecordingTimes }
  /** All voices are in one channel, where channels apart were requested. */
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
   * @param channel of audio: all voices in one, or channels apart, where they were recorded so
   */
  requestRecording(
    conversationId: string,
    recording: Pick<RecordingListing, 'recordingId' | 'media'>,
    format: AudioFormat,
    channel: 'merged' | 'apart',
  ): Promise<RequestedRecording>;
  /**
   * Asks when a recording of a call began and ended, by the same call that requests it.
   * @returns null while it is prepared, or not at hand
   */
  recordingTimes(
    conversationId: string,
    recordingId: string,
    format: AudioFormat,
    channel: 'merged' | 'apart',
  ): Promise<RecordingTimes | null>;
  /** Requests that an archived recording is restored, which may take hours. */
  restoreRecording(conversationId: string, recordingId: string): Promise<void>;
}
