/** Texts that are sent. None holds personal data, a download link or a passphrase. */
export interface Branding {
  controllerName: string;
  controllerContact: string;
  portalOrigin: string;
}

/** The invitation: a link to the portal whose token stands in the fragment, which is never sent. */
export function invitationEmail(
  branding: Branding,
  token: string,
): { subject: string; text: string } {
  return {
    subject: `Your data request to ${branding.controllerName}`,
    text: `Hello,

we have received a request for a copy of your personal data.

To go on, open this page and confirm who you are with a code that we send
to your phone:

${branding.portalOrigin}/portal#${token}

If you did not ask for this, do nothing, or tell us: ${branding.controllerContact}

${branding.controllerName}
`,
  };
}

export function availableEmail(
  branding: Branding,
  token: string,
  availableUntil: string,
): { subject: string; text: string } {
  return {
    subject: `Your data from ${branding.controllerName} is ready`,
    text: `Hello,

the copy of your personal data is ready. You can download it until
${availableUntil.slice(0, 16).replace('T', ' ')} UTC.

Open this page and confirm again who you are:

${branding.portalOrigin}/portal#${token}

${branding.controllerName}
`,
  };
}

/** To the officer: which request waits, and why. The evidence stands behind the officer's key. */
export function reminderEmail(
  branding: Branding,
  requestId: string,
  reason: string,
): { subject: string; text: string } {
  return {
    subject: 'A data request waits for a decision',
    text: `Hello,

a data request cannot go on before somebody decides (${reason}):

${branding.portalOrigin}/api/requests/${requestId}/decision

${branding.controllerName}
`,
  };
}

export const codeText = (branding: Branding, code: string): string =>
  `${code} is your code for ${branding.controllerName}. It is valid for 10 minutes. Tell it to nobody.`;
