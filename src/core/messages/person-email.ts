import type { Translator } from '../i18n/translator';
import type { EndState } from '../request/states';
import type { Branding } from './branding';
import { emailHtml, linkParts, paragraph, type EmailContent } from './email-html';

/** An email to the person. */
export type PersonMessage =
  | { kind: 'invitation' | 'reminder' | 'available' | 'expiring' | 'authenticatorEnrolled' }
  /** `reason` is the code of one of the reasons of this kind. */
  | { kind: 'extended' | EndState; reason: string; explanation: string | null };

/** Messages with a link to the portal. After its end a request has nothing to show there. */
const withPortalLink: ReadonlySet<PersonMessage['kind']> = new Set([
  'invitation',
  'reminder',
  'available',
  'expiring',
]);
/** Messages that may reach somebody who has not made a request. */
const maybeUnsolicited: ReadonlySet<PersonMessage['kind']> = new Set([
  'invitation',
  'reminder',
  'authenticatorEnrolled',
  'unverified',
  'cancelled',
  'refused',
]);

/**
 * Composes an email to the person. It holds no personal data, no download link and no passphrase: only
 * a link to the portal, with the token in the fragment, which browsers do not send.
 * @param until date in the person's language, for messages that name one
 */
export function personEmail(
  message: PersonMessage,
  translator: Translator,
  branding: Branding,
  { token, until }: { token: string; until: string },
): EmailContent {
  const { controllerName: controller, controllerContact: contact, portalOrigin } = branding;
  const { supervisoryAuthority } = branding;
  const { kind } = message;
  const t = (key: string): string =>
    translator.t(`messages.${key}`, {
      controller,
      contact,
      until,
      authority: supervisoryAuthority ?? '',
    });
  const before = [t('greeting'), t(`${kind}.text`)];
  if ('reason' in message) {
    before.push(t(`${kind}.reasons.${message.reason}`), message.explanation ?? '');
    before.push(...closingOf(message.kind, t, supervisoryAuthority));
  }
  const after = maybeUnsolicited.has(kind) ? [t('question')] : [];
  const link = withPortalLink.has(kind) ? `${portalOrigin}/portal#${token}` : '';
  const text = [...before, link, ...after, controller].filter((one) => one !== '').join('\n\n');
  const linkHtml =
    link === ''
      ? []
      : linkParts(link, branding, { action: t(`${kind}.action`), hint: t('linkHint') });
  const html = emailHtml(translator.tag, branding, t(`${kind}.subject`), [
    ...before.map(paragraph),
    ...linkHtml,
    ...after.map(paragraph),
  ]);
  return { subject: t(`${kind}.subject`), text: `${text}\n`, html };
}

/** How a message with a reason closes: an end names the right to complain and to go to court (Art. 12(4) GDPR). */
export const closingOf = (
  kind: 'extended' | EndState,
  t: (key: string) => string,
  authority: string | null,
): string[] =>
  kind === 'extended'
    ? [t('extended.closing')]
    : [t('rights'), ...(authority === null ? [] : [t('authority')]), t('toUs')];
