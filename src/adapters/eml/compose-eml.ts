import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { lazy } from '../../core/lazy';
import { applyEdits } from '../../core/redaction/mail/edits';
import { readStructure } from '../../core/redaction/mail/structure';
import type { EmailAttachment, SourceEmail, SourceMailbox } from '../../ports';
import { inBits } from './in-bits';
import { readingMail } from './reading-mail';

/** Composes messages in memory instead of sending them. */
const composer = lazy(() =>
  createTransport({ streamTransport: true, buffer: true, newline: 'windows' }),
);

/**
 * An email as a message of RFC 5322, with its attachments. The same email gives the same bytes:
 * what a composer makes up (Message-ID, boundaries) follows from the email's id. Nothing in it becomes a
 * header field or a part of its own. An email without a time that can be read has no `Date`.
 * @throws UnreadableError when the email is of another form than emails of the source are
 */
export const composeEml = (email: SourceEmail, attachments: EmailAttachment[]): Promise<Buffer> =>
  readingMail(() => compose(email, attachments));

async function compose(email: SourceEmail, attachments: EmailAttachment[]): Promise<Buffer> {
  const mailboxes = (list: SourceMailbox[] | undefined) =>
    (list ?? []).map(({ name = '', email: address = '' }) => ({
      name: inOneLine(name),
      address: inOneLine(address),
    }));
  const id = createHash('sha256').update(email.id).digest('hex').slice(0, 32);
  const time = new Date(email.time ?? Number.NaN);
  const isTime = !Number.isNaN(time.getTime());
  const message = await composer().sendMail({
    from: mailboxes(email.from ? [email.from] : [])[0],
    to: mailboxes(email.to),
    cc: mailboxes(email.cc),
    replyTo: mailboxes(email.replyTo ? [email.replyTo] : []),
    subject: inOneLine(email.subject ?? ''),
    date: isTime ? time : new Date(0),
    text: email.textBody ?? '',
    ...(email.htmlBody === undefined ? {} : { html: email.htmlBody }),
    messageId: `<${id}@genesys.invalid>`,
    ...{ baseBoundary: id },
    // No text in an email of the source may make the composer read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
    attachments: attachments.map(({ name, contentType, content }) => ({
      filename: inOneLine(name),
      contentType: mediaType(contentType),
      content,
    })),
  });
  const composed = message.message as unknown as Buffer;
  return isTime ? composed : withoutDate(composed);
}

/** A value of a header field, which control characters would end. */
const inOneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** A media type with its parameters (RFC 2045 section 5.1); what is none would become the composer's. */
function mediaType(given: string): string {
  const token = String.raw`[\w!#$&^.+-]{1,127}`;
  const parameter = String.raw`\s*;\s*${token}=(?:${token}|"[^"\\\p{Cc}]{0,200}")`;
  return new RegExp(`^${token}/${token}(?:${parameter}){0,10}$`, 'u').test(given)
    ? given
    : 'application/octet-stream';
}

/** The composer always writes a date. */
async function withoutDate(message: Buffer): Promise<Buffer> {
  const { parts } = await inBits(readStructure(message));
  const dates = (parts[0]?.fields ?? []).filter(({ name }) => name === 'date');
  const nothing = Buffer.alloc(0);
  const edits = dates.map(({ value: { start, end } }) => ({
    start: message.lastIndexOf('\n', start) + 1,
    end: message.indexOf('\n', end) + 1,
    content: nothing,
  }));
  return inBits(applyEdits(message, edits));
}
