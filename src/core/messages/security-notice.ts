import type { Translator } from '../i18n/translator';
import type { Branding } from './branding';
import { emailHtml, paragraph, type EmailContent } from './email-html';
import { closingOf } from './person-email';

/** What others did with a person's package or sign-in, of which the person is told. */
export type SecurityNotice = 'handedOver' | 'recalled' | 'authenticatorEnrolled';

/**
 * Composes an email that tells a person what was done, so that they can object. A recall ends the request:
 * its email names the reason, and where to complain. It holds no personal data and no link.
 */
export function securityEmail(
  notice: SecurityNotice,
  translator: Translator,
  branding: Branding,
): EmailContent {
  const { controllerName: controller, controllerContact: contact, supervisoryAuthority } = branding;
  const authority = supervisoryAuthority ?? '';
  const t = (key: string): string =>
    translator.t(`messages.${key}`, { controller, contact, authority });
  const subject = t(`${notice}.subject`);
  const closing =
    notice === 'recalled'
      ? [t('recalled.reasons.recalled'), ...closingOf('recalled', t, supervisoryAuthority)]
      : [t('unexpected')];
  const parts = [t('greeting'), t(`${notice}.text`), ...closing];
  return {
    subject,
    text: `${[...parts, controller].join('\n\n')}\n`,
    html: emailHtml(translator.tag, branding, subject, parts.map(paragraph)),
  };
}
