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

/** A code is superseded when another one was requested. */
export type OutboxState = 'intended' | 'sent' | 'refused' | 'superseded';

export interface PendingMessage {
  requestId: string;
  key: string;
  /** When it was first meant to be sent (ISO 8601). */
  at: string;
}

/** Messages under way: an intent before each is sent, a receipt after. */
export interface Outbox {
  /** Stores the intent unless there is one; returns the state of the message. */
  intend(requestId: string, key: string): Promise<OutboxState>;
  /** Stores the receipt of an intent; nothing where the intent was deleted while the message was sent. */
  settle(requestId: string, key: string, state: Exclude<OutboxState, 'intended'>): Promise<void>;
  /** Messages that have an intent and no receipt. */
  pending(): Promise<PendingMessage[]>;
  forget(requestId: string): Promise<void>;
}
