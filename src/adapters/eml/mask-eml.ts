import { applyEdits } from '../../core/redaction/mail/edits';
import { maskMail, type MaskedMail } from '../../core/redaction/mail/mask-mail';
import type { MailMasking } from '../../core/redaction/mail/masking';
import type { MaskedEml } from '../../ports';
import { inBits } from './in-bits';
import { readingMail } from './reading-mail';

/**
 * A message of RFC 5322 in which nothing stands any more that is masked; every other byte stays. One in
 * which nothing has to be masked is returned as it is.
 * @throws UnreadableError when it cannot be processed; it holds nothing of the message
 */
export const maskEml = (raw: Buffer, masking: MailMasking): Promise<MaskedEml> =>
  readingMail(async () => {
    const { edits, ...told }: MaskedMail = await inBits(maskMail(raw, masking));
    return { content: await inBits(applyEdits(raw, edits)), ...told };
  });
