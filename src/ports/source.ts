import type { AuditQuery } from '../core/genesys/audits';
import type { SourceConversation } from '../core/genesys/conversation';
import type { ConversationDetails } from '../core/package/conversation-row';
import type { Contact, Identifier } from '../core/subject/identifiers';
import type { SubjectFilter } from '../core/subject/matching';
import type { SearchWindow } from '../core/genesys/search-windows';

export type SearchState = 'running' | 'fulfilled' | 'failed';
export type AudioFormat = 'mp3' | 'wav';

/** What was recorded; a medium that is not known here is exported as it is. */
export type RecordingMedia = 'audio' | 'screen' | 'chat' | 'messaging' | 'email' | 'other';

export interface RecordingListing {
  recordingId: string;
  media: RecordingMedia;
  /** Whether the media is at hand, can be had back, or is gone for good. */
  file: 'available' | 'archived' | 'deleted' | 'broken';
}

/** A recording that was asked for: a file behind an address, or a text as JSON. */
export type RequestedRecording =
  | { kind: 'file'; url: string }
  | { kind: 'document'; document: RecordedTexts }
  | { kind: 'preparing' }
  | { kind: 'archived' }
  /** Both voices are in one channel, where the customer's alone was asked for. */
  | { kind: 'mixed' }
  | { kind: 'missing' };

/** What was written in a recorded chat or thread of messages, as far as it is read. */
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
}

/** One recording of a batch; without `url` the source could not hand it over. */
export interface BatchResult {
  recordingId: string;
  url: string | undefined;
  contentType: string;
}

/** An email as the conversations API gives it (EmailMessage), as far as it is read. */
export interface SourceEmail {
  id: string;
  from?: SourceMailbox;
  to?: SourceMailbox[];
  cc?: SourceMailbox[];
  bcc?: SourceMailbox[];
  replyTo?: SourceMailbox;
  subject?: string;
  textBody?: string;
  htmlBody?: string;
  time?: string;
  attachments?: SourceAttachment[];
  [field: string]: unknown;
}

export interface SourceAttachment {
  attachmentId?: string;
  name?: string;
  contentType?: string;
  contentUri?: string;
}

export interface SourceMailbox {
  email?: string;
  name?: string;
}

/** A text message (MessageData) with its normalised form, as far as it is read. */
export interface SourceMessage {
  id: string;
  normalizedMessage?: {
    content?: { attachment?: SourceMessageAttachment; [field: string]: unknown }[];
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

export interface SourceMessageAttachment {
  id?: string;
  mediaType?: string;
  url?: string;
  filename?: string;
  mime?: string;
}

export interface SourceNote {
  id: string;
  [field: string]: unknown;
}

/** Something that a search for the person's data found besides contacts. */
export interface CampaignContactRef {
  id: string;
  contactListId: string;
}

/**
 * Genesys Cloud. Every call may throw SourceError: with `again` when the source cannot be reached or
 * limits calls, with `failed` when credentials or permissions are refused.
 */
export interface Source {
  /** The contact that has exactly this identifier, or null. */
  lookUpContact(identifier: Identifier): Promise<Contact | null>;
  /** A contact that was merged into another, as it was before; null when the source has let go of it. */
  mergedContact(contactId: string): Promise<Contact | null>;
  /** All that the source holds in a contact's record; null when there is none. */
  contactRecord(contactId: string, isMerged: boolean): Promise<unknown>;
  /** Contacts that a keyword search finds; those that only share a word are among them. */
  searchContacts(keywords: string): Promise<{ contacts: Contact[]; isPartial: boolean }>;
  /** Starts an asynchronous search and returns its job id, or null when the query was refused. */
  submitSearch(window: SearchWindow, filter: SubjectFilter): Promise<string | null>;
  searchState(jobId: string): Promise<SearchState>;
  /**
   * One page of results; `cursor` is null for the first and in the last. Null when the source does not
   * take the cursor, or has let go of the results.
   */
  searchResults(
    jobId: string,
    cursor: string | null,
  ): Promise<{ conversations: SourceConversation[]; cursor: string | null } | null>;
  deleteSearch(jobId: string): Promise<void>;
  /** Days for which the organisation keeps conversation details, and the source's own present time. */
  retention(): Promise<{ days: number; now: Date }>;
  /** Time up to which conversations can be searched by now (ISO 8601); null when it does not say. */
  indexedUntil(): Promise<string | null>;
  /** Details that analytics does not have; null when the source has let go of them. */
  conversation(conversationId: string): Promise<ConversationDetails | null>;
  /** What was recorded of a conversation, by the call that delivers nothing. */
  listRecordings(conversationId: string): Promise<RecordingListing[]>;
  /**
   * Asks for a recording; audio in the format given, once it is ready.
   * @param channel of audio: both voices in one, or the customer's alone, where it was recorded apart
   */
  requestRecording(
    conversationId: string,
    recording: Pick<RecordingListing, 'recordingId' | 'media'>,
    format: AudioFormat,
    channel: 'merged' | 'customer',
  ): Promise<RequestedRecording>;
  /** Those of the conversations (100 at most) whose deletion somebody has forbidden. */
  heldConversations(conversationIds: string[]): Promise<string[]>;
  /**
   * Tells the source to delete nothing of these conversations (100 at most).
   * @returns false when it cannot protect so many
   */
  setDeletionHold(conversationIds: string[]): Promise<boolean>;
  clearDeletionHold(conversationIds: string[]): Promise<void>;
  /** Asks for an archived recording to be restored, which may take hours. */
  restoreRecording(conversationId: string, recordingId: string): Promise<void>;
  /** Asks for up to 100 recordings in their original format; returns the batch's id. */
  requestBatch(recordings: { conversationId: string; recordingId: string }[]): Promise<string>;
  /** What is in a finished batch; null while it is not finished, `expired` when it is gone. */
  batchResults(batchId: string): Promise<BatchResult[] | 'expired' | null>;
  organizationId(): Promise<string>;
  /**
   * Starts a job that exports recordings of these conversations to the bucket, and returns its id;
   * null when the organisation has two jobs under way, which is all that it may have.
   */
  startBulkExport(window: SearchWindow, conversationIds: string[]): Promise<string | null>;
  /** `ready` waits for its execution: nothing is exported before. */
  bulkExportState(jobId: string): Promise<'running' | 'ready' | 'fulfilled' | 'failed'>;
  executeBulkExport(jobId: string): Promise<void>;
  /** Ids of recordings that the job could not export. */
  bulkExportFailures(jobId: string): Promise<string[]>;
  /** Ids of a conversation's emails; none when the source has let go of them. */
  listEmails(conversationId: string): Promise<string[]>;
  email(conversationId: string, emailId: string): Promise<SourceEmail | null>;
  /** Those of the messages that the source still has. */
  messages(conversationId: string, messageIds: string[]): Promise<SourceMessage[]>;
  surveys(conversationId: string): Promise<{ id?: string }[]>;
  summary(conversationId: string): Promise<unknown>;
  /** Sentiment that was measured in a conversation; null when none was. */
  sentiment(conversationId: string): Promise<unknown>;

  /** Notes on a contact and on those merged into it; `isWhole` is false when the source says so. */
  notes(contactId: string): Promise<{ notes: SourceNote[]; total: number; isWhole: boolean }>;
  journeySessions(contactId: string): Promise<{ id?: string }[]>;
  /** Rows of outbound campaigns under this identifier. */
  campaignContacts(identifier: Identifier): Promise<CampaignContactRef[]>;
  campaignContact(ref: CampaignContactRef): Promise<unknown>;
  /** Starts a query of the audit trail and returns its id, or null when it was refused. */
  submitAuditQuery(query: AuditQuery): Promise<string | null>;
  auditQueryState(id: string): Promise<SearchState>;
  /** Null when the source has let go of the results. */
  auditQueryResults(id: string): Promise<Record<string, unknown>[] | null>;

  /** Names of permissions that the export needs and the client lacks. */
  missingPermissions(needs: { summaries: boolean; protection: boolean }): Promise<string[]>;
  transcriptUrls(
    conversationId: string,
    communicationId: string,
  ): Promise<{ recordingId: string; url: string }[]>;
  /**
   * Content behind a pre-signed address. A broken transfer is continued where it stopped, also from
   * another address of the same file when this one expires. An error page that comes instead of
   * media is refused.
   * @param renew gives another address, or null when there is none by now
   */
  download(
    url: string,
    expected: 'media' | 'any',
    renew?: () => Promise<string | null>,
  ): AsyncIterable<Buffer>;
}

/** The bucket that the source exports recordings to. Both throw SourceError, as the source does. */
export interface RecordingBucket {
  list(prefix: string): Promise<string[]>;
  read(key: string): AsyncIterable<Buffer>;
}
