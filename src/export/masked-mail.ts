import { mailPeople } from '../core/redaction/mail/people';
import type { Policy } from '../core/redaction/policy';
import { notExamined } from '../core/redaction/redactions';
import type { Sanitiser } from '../core/redaction/sanitiser';
import type { SubjectIdentifiers } from '../core/subject/contact';
import type { EmailComposer } from '../ports';

/** Whose mail is masked, and by what. */
export interface MailOwner {
  services: {
    emailComposer: Pick<EmailComposer, 'mask'>;
    settings: { export: { policy: Policy } };
  };
  subject: Pick<SubjectIdentifiers, 'emails'>;
  /** Notes what was masked. */
  sanitiser: Sanitiser;
}

/**
 * A mail without what policy masks in it. The addresses of the person stay.
 * @throws UnreadableError when it cannot be processed
 */
export async function maskedMail(
  { services, subject, sanitiser }: MailOwner,
  raw: Buffer,
): Promise<Buffer> {
  const { emailComposer, settings } = services;
  const { content, byField, attachmentsNotRead } = await emailComposer.mask(raw, {
    find: (text, field) => sanitiser.findInSteps(text, field),
    people: mailPeople(settings.export.policy, subject.emails),
    attachments: settings.export.policy.attachments,
  });
  for (const [reason, fields] of Object.entries(byField))
    for (const [field, count] of Object.entries(fields)) sanitiser.note(reason, field, count);
  if (attachmentsNotRead > 0) sanitiser.note(notExamined('attachment'), '', attachmentsNotRead);
  return content;
}
