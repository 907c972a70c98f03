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
  text === '' ? '' : `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;

/** A button, and its address as text for readers who cannot press it. */
export const linkParts = (
  link: string,
  { colour }: Pick<Branding, 'colour'>,
  { action, hint }: { action: string; hint: string },
): string[] => [
  `<p style="margin:24px 0"><a href="${escapeHtml(link)}" class="button" style="display:inline-block;padding:14px 24px;border-radius:8px;background:${escapeHtml(colour)};color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(action)}</a></p>`,
  `<p class="soft" style="margin:0 0 16px;color:#4b5967;font-size:13px;line-height:19px">${escapeHtml(hint)}<br><span style="word-break:break-all">${escapeHtml(link)}</span></p>`,
];

/**
 * Colours of the portal at night (`src/web/shared/tokens.css`), for mail programs that know them; the others
 * show those of the day. Nothing is loaded.
 */
const night = `@media (prefers-color-scheme: dark) {
  body { background: #10161c !important; }
  .sheet { background: #18202a !important; border-color: #2d3945 !important; color: #e9eef3 !important; }
  .name { color: #e9eef3 !important; }
  .soft, .foot { color: #abb8c5 !important; }
}
@media (max-width: 480px) {
  .button { display: block !important; text-align: center; }
}`;

/** An email as an HTML document: one column that reads like the portal, no external image, no script. */
export const emailHtml = (
  language: string,
  { controllerName, controllerContact, hasLogo }: Branding,
  title: string,
  parts: string[],
): string => `<!doctype html>
<html lang="${escapeHtml(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title>
<style>${night}</style></head>
<body style="margin:0;background:#f5f6f8">
<div style="max-width:592px;margin:0 auto;padding:16px;font:16px/24px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<p class="name" style="margin:8px 0 16px;color:#17212c;font-weight:600">${hasLogo ? `<img src="cid:${logoId}" alt="" style="max-height:32px;margin-right:12px;vertical-align:middle">` : ''}${escapeHtml(controllerName)}</p>
<div class="sheet" style="overflow-wrap:anywhere;padding:24px;background:#ffffff;color:#17212c;border:1px solid #dce1e7;border-radius:12px">
<h1 style="margin:0 0 16px;font-size:24px;line-height:30px">${escapeHtml(title)}</h1>
${parts.filter((part) => part !== '').join('\n')}
</div>
<p class="foot" style="margin:16px 8px;color:#4b5967;font-size:13px;line-height:19px">${escapeHtml(controllerName)}<br>${escapeHtml(controllerContact)}</p>
</div>
</body>
</html>
`;
