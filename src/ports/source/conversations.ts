import type { ConversationDetails } from '../../core/genesys/conversation';

/** An email of the conversations API (EmailMessage); only the fields that are read. */
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
  /** In bytes. */
  contentLength?: unknown;
}

export interface SourceMailbox {
  email?: string;
  name?: string;
}

/** A text message (MessageData) with its normalised form; only the fields that are read. */
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
  /** In bytes. */
  contentSizeBytes?: unknown;
  mime?: string;
}

/** Conversations and what was measured and said about them. */
export interface ConversationSource {
  /** Details that analytics lacks; null when the source has deleted them. */
  conversation(conversationId: string): Promise<ConversationDetails | null>;
  surveys(conversationId: string): Promise<{ id?: string }[]>;
  summary(conversationId: string): Promise<unknown>;
  /** Attributes that only flows for secure data may read, by name; null when the source has none. */
  secureAttributes(conversationId: string): Promise<Record<string, unknown> | null>;
  /** Evaluations of how agents have handled a conversation. */
  evaluations(conversationId: string): Promise<{ id?: string }[]>;
  /** The measured sentiment of a conversation; null when none was measured. */
  sentiment(conversationId: string): Promise<unknown>;
}

/** Emails and text messages of conversations. */
export interface ConversationTextSource {
  /** Ids of a conversation's emails; none when the source has deleted them. */
  listEmails(conversationId: string): Promise<string[]>;
  email(conversationId: string, emailId: string): Promise<SourceEmail | null>;
  /** Those of the messages that the source still has. */
  messages(conversationId: string, messageIds: string[]): Promise<SourceMessage[]>;
}
