import { escapeHtml } from '../package/availability-report';
import type { Translator } from '../i18n/translator';

/** Who the company is, in messages, portal and package. */
export interface Branding {
  controllerName: string;
  controllerContact: string;
  portalOrigin: string;
  /** Colour of buttons (`#rrggbb`). */
  colour: string;
  /** Whether mails carry a logo; it goes with them and is loaded from nowhere. */
  hasLogo: boolean;
}

export interface Message {
  subject: string;
  text: string;
  html: string;
}

/** Content id of the logo in a mail. */
export const logoId = 'logo';

/** What a person is told by mail. */
export type PersonMessage =
  | { kind: 'invitation' | 'reminder' | 'available' | 'authenticatorEnrolled' }
  /** `reason` is the code of one of the kind's reasons. */
  | { kind: 'extended' | 'refused'; reason: string; explanation: string | null };

/** Messages that lead to the portal; after a refusal there is nothing to see there. */
const leadsToPortal: ReadonlySet<PersonMessage['kind']> = new Set([
  'invitation',
  'reminder',
  'available',
]);
/** Messages that may come to somebody who has not asked for anything. */
const mayBeUnasked: ReadonlySet<PersonMessage['kind']> = new Set([
  'invitation',
  'reminder',
  'authenticatorEnrolled',
]);

/**
 * Messages to the person. None holds personal data, a download link or a passphrase: a link to the
 * portal, whose token stands in the fragment, which browsers do not send.
 * @param until a date in words, where the message names one
 */
export function personEmail(
  message: PersonMessage,
  translator: Translator,
  branding: Branding,
  { token, until }: { token: string; until: string },
): Message {
  const { controllerName: controller, controllerContact: contact, portalOrigin } = branding;
  const { kind } = message;
  const say = (key: string): string =>
    translator.t(`messages.${key}`, { controller, contact, until });
  const before = [say('greeting'), say(`${kind}.text`)];
  if ('reason' in message) {
    before.push(say(`${kind}.reasons.${message.reason}`), message.explanation ?? '');
    before.push(say(`${kind}.closing`));
  }
  const after = mayBeUnasked.has(kind) ? [say('question')] : [];
  const link = leadsToPortal.has(kind) ? `${portalOrigin}/portal#${token}` : '';
  const text = [...before, link, ...after, controller].filter((one) => one !== '').join('\n\n');
  const html = mailPage(translator.tag, branding, say(`${kind}.subject`), [
    ...before.map(paragraph),
    ...(link === ''
      ? []
      : linkParts(link, branding.colour, say(`${kind}.action`), say('linkHint'))),
    ...after.map(paragraph),
  ]);
  return { subject: say(`${kind}.subject`), text: `${text}\n`, html };
}

/** A button, and its address for who cannot press it. */
const linkParts = (link: string, colour: string, action: string, hint: string): string[] => [
  `<p><a href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:${escapeHtml(colour)};color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(action)}</a></p>`,
  `<p style="color:#51606e;font-size:14px">${escapeHtml(hint)}<br><span style="word-break:break-all">${escapeHtml(link)}</span></p>`,
];

const paragraph = (text: string): string => (text === '' ? '' : `<p>${escapeHtml(text)}</p>`);

/** A mail as a page: one column, no picture from elsewhere, no script. */
const mailPage = (
  language: string,
  { controllerName, hasLogo }: Branding,
  title: string,
  parts: string[],
): string => `<!doctype html>
<html lang="${escapeHtml(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title></head>
<body style="margin:0;background:#f2f5f7">
<div style="max-width:560px;margin:0 auto;padding:24px;font:16px/1.5 sans-serif;color:#1b2733;background:#ffffff">
${hasLogo ? `<p><img src="cid:${logoId}" alt="${escapeHtml(controllerName)}" style="max-height:48px"></p>` : ''}
${parts.filter((part) => part !== '').join('\n')}
<p>${escapeHtml(controllerName)}</p>
</div>
</body>
</html>
`;

/** What an officer is told by mail, and what they are to do. In English, as the API is. */
export type OfficerNotice =
  | 'decision'
  | 'failed'
  | 'handOver'
  | 'statutoryNotice'
  | 'deadlineNear'
  | 'deadlinePassed'
  | 'exportStalled'
  | 'cleanupOverdue';

const officerTexts: Record<OfficerNotice, { subject: string; text: string }> = {
  decision: {
    subject: 'A data request waits for a decision',
    text: 'a data request cannot go on before somebody decides',
  },
  failed: {
    subject: 'A data request has failed',
    text: 'a data request could not be finished and can be taken up again',
  },
  handOver: {
    subject: 'A data package is ready to be handed over',
    text: 'a package is ready whose person cannot use the portal; it is to be handed over',
  },
  statutoryNotice: {
    subject: 'A letter about a data request is to be written',
    text: 'a person has to be told of a refusal or an extension, and has no mailbox on file',
  },
  deadlineNear: {
    subject: 'The deadline of a data request is near',
    text: 'a data request is not answered yet, and its legal deadline is near',
  },
  deadlinePassed: {
    subject: 'The deadline of a data request has passed',
    text: 'a data request was not answered within its legal deadline',
  },
  exportStalled: {
    subject: 'A data request does not go on',
    text: 'a data request has made no step for hours; the operators should look at it',
  },
  cleanupOverdue: {
    subject: 'Data is stored longer than was promised',
    text: 'something of a data request should have been deleted by now',
  },
};

/** To the officer: which request, and why. The evidence stands behind their sign-in. */
export function officerEmail(
  notice: OfficerNotice,
  branding: Branding,
  requestId: string,
  reason: string,
): Message {
  const { subject, text } = officerTexts[notice];
  const link = `${branding.portalOrigin}/portal/officer#${requestId}`;
  const sentence = `${text}${reason === '' ? '' : ` (${reason})`}:`;
  return {
    subject,
    text: `Hello,\n\n${sentence}\n\n${link}\n\n${branding.controllerName}\n`,
    html: mailPage('en', branding, subject, [
      paragraph('Hello,'),
      paragraph(sentence),
      `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`,
    ]),
  };
}

export const codeText = (translator: Translator, branding: Branding, code: string): string =>
  translator.t('messages.code', { code, controller: branding.controllerName });
