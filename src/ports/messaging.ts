/** A mail as it goes out. */
export interface Email {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The same when a message is sent again, so that mail systems can tell the copy (RFC 5322 section 3.6.4). */
  messageId: string;
}

/**
 * Sends messages. Both throw MessageNotAcceptedError when it may be tried again, MessageRefusedError
 * when the address is refused for good.
 */
export interface Notifier {
  email(message: Email): Promise<void>;
  /** @param operationId the same when a message is sent again (a UUID) */
  sms(message: { to: string; text: string; operationId: string }): Promise<void>;
}

/** Tells another system of something. */
export interface WebhookSender {
  /** @returns `gone` when the receiver wants no more of it */
  send(url: string, id: string, body: string): Promise<'delivered' | 'retry' | 'gone'>;
}

/** A code is superseded when another one was asked for. */
export type OutboxState = 'intended' | 'sent' | 'refused' | 'superseded';

export interface PendingMessage {
  requestId: string;
  key: string;
  /** When it was meant to be sent (ISO 8601). */
  at: string;
}

/** Messages on their way: an intent before each, a receipt after. */
export interface Outbox {
  /** Stores the intent, if there is none; returns what became of it. */
  intend(requestId: string, key: string): Promise<OutboxState>;
  settle(requestId: string, key: string, state: Exclude<OutboxState, 'intended'>): Promise<void>;
  /** Messages that were meant to be sent and were not. */
  pending(): Promise<PendingMessage[]>;
  forget(requestId: string): Promise<void>;
}
