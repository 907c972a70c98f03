import { escapeHtml } from '../html';
import type { Branding } from './branding';

/** Subject and body of an email, as text and as HTML. */
export interface EmailContent {
  subject: string;
  text: string;
  html: string;
}

/** Content id of the logo in an email. */
export const logoId = 'logo';

export const paragraph = (text: string): string =>
  text === '' ? '' : `<p>${escapeHtml(text)}</p>`;

/** An email as an HTML document: one column, no external image, no script. */
export const emailHtml = (
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
