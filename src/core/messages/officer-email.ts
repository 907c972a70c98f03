import { escapeHtml } from '../html';
import type { Branding } from './branding';
import { emailHtml, paragraph, type EmailContent } from './email-html';

/** An email that asks an officer to act. In English, as the API is. */
export type OfficerNotice =
  | 'decision'
  | 'failed'
  | 'handOver'
  | 'tellPerson'
  | 'statutoryNotice'
  | 'endNotice'
  | 'deadlineNear'
  | 'deadlinePassed'
  | 'acknowledgementDue'
  | 'exportStalled'
  | 'cleanupOverdue';

const officerTexts: Record<OfficerNotice, { subject: string; text: string }> = {
  decision: {
    subject: 'A data request needs your decision',
    text: 'This data request cannot continue until you make a decision',
  },
  failed: {
    subject: 'A data request has failed',
    text: 'This data request has failed. You can retry it',
  },
  handOver: {
    subject: 'A data package is ready to hand over',
    text: 'This data package is ready. The person cannot use the portal; please hand it over',
  },
  tellPerson: {
    subject: 'A person has to be told what was done with their data package',
    text: 'This data package was handed over or recalled, and the person has no working mailbox on file. Please tell them',
  },
  statutoryNotice: {
    subject: 'A statutory notice has to be sent by post',
    text: 'An extension has to be notified, and the person has no working mailbox on file',
  },
  endNotice: {
    subject: 'The end of a data request has to be notified',
    text: 'This data request has ended, and the app could not write to a mailbox on file. Please tell the person at an address on file, or through the ticket where nobody is on file. The status of the request has the text',
  },
  deadlineNear: {
    subject: 'The deadline of a data request is near',
    text: 'The legal deadline of this data request is near, and it has not been answered',
  },
  deadlinePassed: {
    subject: 'The deadline of a data request has passed',
    text: 'This data request was not answered by its legal deadline',
  },
  acknowledgementDue: {
    subject: 'The receipt of a data request has to be confirmed',
    text: 'The law sets a time for confirming receipt of this data request to the person, who was not written to yet. Please confirm it now',
  },
  exportStalled: {
    subject: 'A data request has stalled',
    text: 'This data request has stalled for hours. Please ask the operators to investigate',
  },
  cleanupOverdue: {
    subject: 'Data is stored beyond its retention period',
    text: 'Some data of this request should have been deleted by now',
  },
};

/** Whether a template is that of an email to the officers. */
export const isOfficerNotice = (template: string): template is OfficerNotice =>
  Object.hasOwn(officerTexts, template);

/** Composes an email to an officer: which request, and why. The evidence requires their sign-in. */
export function officerEmail(
  notice: OfficerNotice,
  branding: Branding,
  requestId: string,
  reason: string,
): EmailContent {
  const { subject, text } = officerTexts[notice];
  const link = `${branding.portalOrigin}/portal/officer#${requestId}`;
  const sentence = `${text}${reason === '' ? '' : ` (${reason})`}:`;
  return {
    subject,
    text: `Hello,\n\n${sentence}\n\n${link}\n\n${branding.controllerName}\n`,
    html: emailHtml('en', branding, subject, [
      paragraph('Hello,'),
      paragraph(sentence),
      `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`,
    ]),
  };
}
