import type { MaskedMail } from '../core/redaction/mail/mask-mail';
import type { MailMasking } from '../core/redaction/mail/masking';
import type { SourceEmail } from './source';

export interface EmailAttachment {
  name: string;
  contentType: string;
  content: Buffer;
}

/** A message after it was masked, and what is to be told of it. */
export interface MaskedEml extends Omit<MaskedMail, 'edits'> {
  content: Buffer;
}

/** Composes and masks emails as messages of RFC 5322. The same input gives the same bytes. */
export interface EmailComposer {
  /** @throws UnreadableError when the email does not have the form of an email of the source */
  compose(email: SourceEmail, attachments: EmailAttachment[]): Promise<Buffer>;
  /**
   * Masks a message in place: header, bodies, attachments that are text, and messages in it. A message in
   * which nothing has to be masked stays as it is, to the byte.
   * @throws UnreadableError when the message cannot be processed
   */
  mask(raw: Buffer, masking: MailMasking): Promise<MaskedEml>;
}
