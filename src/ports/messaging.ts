import type { KeptMessage, MessageContent, MessageState } from '../core/messages/kept-messages';

/** An email as it is sent. */
export interface Email {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same when a message is sent again, so that mail systems recognise the copy (RFC 5322 section 3.6.4). */
  messageId: string;
}

/** A picture that every email carries. */
export interface Logo {
  contentType: string;
  content: Buffer;
}

/** A text message as it is sent. */
export interface TextMessage {
  to: string;
  text: string;
  /** A UUID that is the same when a message is sent again. */
  operationId: string;
}

/**
 * Sends messages. Both throw MessageNotAcceptedError when the message may be sent again, and
 * MessageRefusedError when the address is refused for good.
 */
export interface Notifier {
  email(message: Email): Promise<void>;
  sms(message: TextMessage): Promise<void>;
}

export interface PendingMessage {
  requestId: string;
  key: string;
  /** When it was first meant to be sent (ISO 8601). */
  at: string;
}

/** What a message says, and the data key of its request that it is kept under; null once it is destroyed. */
export interface SealedContent {
  content: MessageContent;
  dataKey: Buffer | null;
}

/**
 * Messages of each request: an intent before each is sent, a receipt after. Content is kept encrypted, in
 * the same writes, and goes with the key of the request.
 */
export interface Outbox {
  /**
   * Stores the intent unless there is one; returns the state of the message.
   * @param message what it says; null where somebody else composes it
   */
  intend(requestId: string, key: string, message: SealedContent | null): Promise<MessageState>;
  /** Stores the receipt of an intent; nothing where the intent was deleted while the message was sent. */
  settle(requestId: string, key: string, state: Exclude<MessageState, 'intended'>): Promise<void>;
  /** Stores that a message was not accepted, and when it is tried again. */
  postpone(requestId: string, key: string, afterSeconds: number): Promise<void>;
  /** Messages that have an intent and no receipt. */
  pending(): Promise<PendingMessage[]>;
  /**
   * The messages of a request, oldest first.
   * @param dataKey of the request; null once it is destroyed
   */
  list(requestId: string, dataKey: Buffer | null): Promise<KeptMessage[]>;
  forget(requestId: string): Promise<void>;
}
