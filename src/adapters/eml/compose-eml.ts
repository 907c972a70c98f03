import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { EmailAttachment, SourceEmail, SourceMailbox } from '../../ports';
import { readingMail } from './reading-mail';

/** Composes messages in memory instead of sending them. */
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/**
 * An email as a message of RFC 5322, with its attachments. The same email gives the same bytes:
 * what a composer makes up (Message-ID, boundaries) follows from the email's id.
 * @throws UnreadableError when the email is of another form than emails of the source are
 */
export const composeEml = (email: SourceEmail, attachments: EmailAttachment[]): Promise<Buffer> =>
  readingMail(() => compose(email, attachments));

async function compose(email: SourceEmail, attachments: EmailAttachment[]): Promise<Buffer> {
  const mailboxes = (list: SourceMailbox[] | undefined) =>
    (list ?? []).map(({ name = '', email: address = '' }) => ({ name, address }));
  const id = createHash('sha256').update(email.id).digest('hex').slice(0, 32);
  const message = await composer.sendMail({
    from: mailboxes(email.from ? [email.from] : [])[0],
    to: mailboxes(email.to),
    cc: mailboxes(email.cc),
    replyTo: mailboxes(email.replyTo ? [email.replyTo] : []),
    subject: email.subject ?? '',
    date: new Date(email.time ?? 0),
    text: email.textBody ?? '',
    ...(email.htmlBody === undefined ? {} : { html: email.htmlBody }),
    messageId: `<${id}@genesys.invalid>`,
    ...{ baseBoundary: id },
    // No text in an email of the source may make the composer read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
    attachments: attachments.map(({ name, contentType, content }) => ({
      filename: name,
      contentType,
      content,
    })),
  });
  return message.message as unknown as Buffer;
}
