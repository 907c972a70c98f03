import { simpleParser, type AddressObject, type Attachment } from 'mailparser';
import { createTransport } from 'nodemailer';
import { createHash } from 'node:crypto';
import { readingMail } from './reading-mail';

/** Composes messages in memory instead of sending them. */
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** Whether an attachment is text, and is masked as such. */
const isText = ({ contentType }: Attachment): boolean =>
  /^text\/|^application\/(json|xml)$/i.test(contentType);

const mailboxes = (given: AddressObject | AddressObject[] | undefined) =>
  [given ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .map(({ name, address = '' }) => ({ name, address }));

/**
 * A message of RFC 5322 with its texts masked: subject, bodies and attachments that are text. One in
 * which nothing has to be masked stays as it is, to the byte; another is composed anew from what it
 * says, and the same one gives the same bytes.
 * @param mask takes a text and returns it without what policy removes
 * @throws UnreadableError when it cannot be read, so that nobody can tell what stands in it
 */
export const maskEml = (raw: Buffer, mask: (text: string) => string): Promise<Buffer> =>
  readingMail(() => maskMail(raw, mask));

async function maskMail(raw: Buffer, mask: (text: string) => string): Promise<Buffer> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true });
  let isChanged = false;
  const masked = (text: string): string => {
    const result = mask(text);
    isChanged ||= result !== text;
    return result;
  };
  const subject = masked(mail.subject ?? '');
  const text = masked(mail.text ?? '');
  const html = typeof mail.html === 'string' ? masked(mail.html) : undefined;
  const attachments = mail.attachments.map((attachment) => ({
    filename: masked(attachment.filename ?? 'attachment'),
    contentType: attachment.contentType,
    content: isText(attachment)
      ? Buffer.from(masked(attachment.content.toString('utf8')), 'utf8')
      : attachment.content,
    ...(attachment.cid === undefined ? {} : { cid: attachment.cid }),
  }));
  if (!isChanged) return raw;
  const id = createHash('sha256').update(raw).digest('hex').slice(0, 32);
  const message = await composer.sendMail({
    from: mailboxes(mail.from)[0],
    to: mailboxes(mail.to),
    cc: mailboxes(mail.cc),
    replyTo: mailboxes(mail.replyTo),
    subject,
    date: mail.date ?? new Date(0),
    text,
    ...(html === undefined ? {} : { html }),
    messageId: mail.messageId ?? `<${id}@masked.invalid>`,
    headers: { 'X-Masked': 'parts of this message were removed; see redaction-log.json' },
    ...{ baseBoundary: id },
    disableFileAccess: true,
    disableUrlAccess: true,
    attachments,
  });
  return message.message as unknown as Buffer;
}
