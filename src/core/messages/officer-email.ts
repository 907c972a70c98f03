import type { Translator } from '../i18n/translator';
import type { Branding } from './branding';
import { emailHtml, linkParts, paragraph, type EmailContent } from './email-html';

/** Emails that ask the officers to act. Each has its words in `messages.officers`. */
export const officerNotices = [
  'decision',
  'failed',
  'handOver',
  'tellPerson',
  'statutoryNotice',
  'endNotice',
  'deadlineNear',
  'deadlinePassed',
  'acknowledgementDue',
  'exportStalled',
  'cleanupOverdue',
] as const;
export type OfficerNotice = (typeof officerNotices)[number];

const templates: ReadonlySet<string> = new Set(officerNotices);

/** Whether a template is that of an email to the officers. */
export const isOfficerNotice = (template: string): template is OfficerNotice =>
  templates.has(template);

/** The request that an email to the officers is about, and the code of its reason; null without one. */
export interface NotedRequest {
  requestId: string;
  reason: string | null;
}

/**
 * Composes an email to the officers: which request, and why, in the words of their console. The evidence
 * requires their sign-in.
 * @param translator speaks the language of the officers
 */
export function officerEmail(
  notice: OfficerNotice,
  translator: Translator,
  branding: Branding,
  { requestId, reason }: NotedRequest,
): EmailContent {
  const { controllerName, portalOrigin } = branding;
  const t = (key: string): string => translator.t(`messages.${key}`);
  const subject = t(`officers.${notice}.subject`);
  const link = `${portalOrigin}/portal/officer#${requestId}`;
  const before = [
    t('greeting'),
    t(`officers.${notice}.text`),
    reasonLine(reason, translator),
    t('officers.open'),
  ].filter((line) => line !== '');
  return {
    subject,
    text: `${[...before, link, controllerName].join('\n\n')}\n`,
    html: emailHtml(translator.tag, branding, subject, [
      ...before.map(paragraph),
      ...linkParts(link, branding, { action: t('officers.action'), hint: t('linkHint') }),
    ]),
  };
}

/** Why a request waits, failed or ended, as the console says it; a code without words as it is. */
function reasonLine(code: string | null, { t, has }: Translator): string {
  if (code === null) return '';
  const key = `officer.reasons.${code}`;
  return t('messages.officers.reason', { reason: has(key) ? t(key) : code });
}
