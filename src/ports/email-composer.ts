import type { SourceEmail } from './source';

export interface EmailAttachment {
  name: string;
  contentType: string;
  content: Buffer;
}

/** Composes and masks emails as messages of RFC 5322. The same input gives the same bytes. */
export interface EmailComposer {
  /** @throws UnreadableError when the email does not have the form of an email of the source */
  compose(email: SourceEmail, attachments: EmailAttachment[]): Promise<Buffer>;
  /**
   * Masks subject, bodies and text attachments of a message. A message in which nothing has to be
   * masked stays as it is, to the byte.
   * @param mask returns a text without what the policy removes
   * @throws UnreadableError when the message cannot be read
   */
  mask(raw: Buffer, mask: (text: string) => string): Promise<Buffer>;
}
