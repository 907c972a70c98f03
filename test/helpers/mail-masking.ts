import { applyEdits } from '../../src/core/redaction/mail/edits';
import { maskMail, type MaskedMail } from '../../src/core/redaction/mail/mask-mail';
import type { MailMasking } from '../../src/core/redaction/mail/masking';
import { mailPeople } from '../../src/core/redaction/mail/people';
import { defaultPolicy, type Policy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';

/** The person's own address in mails of tests. */
export const ownAddress = 'zoe@home.example';

/** What the default policy masks in mails of a person. */
export function mailMasking(
  change: Partial<Policy> = {},
  own: readonly string[] = [ownAddress],
): MailMasking {
  const policy = { ...defaultPolicy, ...change };
  const sanitiser = new Sanitiser(policy, (id) => id);
  return {
    find: (text, field) => sanitiser.findInSteps(text, field),
    people: mailPeople(policy, own),
    attachments: policy.attachments,
  };
}

/** Runs work to its end, without a pause. */
export function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** A mail after it was masked, and what was changed in it. */
export function maskedBy(
  raw: Buffer | string,
  masking: MailMasking = mailMasking(),
): MaskedMail & { content: Buffer } {
  const bytes = typeof raw === 'string' ? Buffer.from(raw) : raw;
  const result = finish(maskMail(bytes, masking));
  return { ...result, content: finish(applyEdits(bytes, result.edits)) };
}

/** Lines as a mail has them. */
export const lines = (...texts: string[]): string => texts.join('\r\n');
