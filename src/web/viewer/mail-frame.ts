import createPurifier from 'dompurify';
import { make } from '../shared/dom';

/** What the frame of a mail may do, whatever the mail contains: nothing but show text. */
const policy = "default-src 'none'; base-uri 'none'; form-action 'none'";
const head = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">`;

const purifier = createPurifier(window);
/**
 * Elements and attributes that a mail is read with: none of them loads anything. Styles are left out
 * because they can load, and the frame's policy would not apply them.
 */
const readable = {
  ALLOWED_TAGS: [
    ...['#text', 'a', 'abbr', 'address', 'article', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br'],
    ...[
      'caption',
      'center',
      'cite',
      'code',
      'col',
      'colgroup',
      'dd',
      'del',
      'details',
      'dfn',
      'div',
    ],
    ...[
      'dl',
      'dt',
      'em',
      'figcaption',
      'figure',
      'font',
      'footer',
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
    ],
    ...['header', 'hr', 'i', 'ins', 'kbd', 'li', 'main', 'mark', 'nav', 'ol', 'p', 'pre', 'q', 's'],
    ...['samp', 'section', 'small', 'span', 'strike', 'strong', 'sub', 'summary', 'sup', 'table'],
    ...['tbody', 'td', 'tfoot', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr'],
  ],
  ALLOWED_ATTR: ['align', 'colspan', 'dir', 'href', 'lang', 'rowspan', 'scope', 'start', 'valign'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

// A link is shown with its address and leads nowhere: whoever follows one tells the sender so.
purifier.addHook('afterSanitizeAttributes', (element) => {
  const address = element.getAttribute('href');
  if (address === null) return;
  element.removeAttribute('href');
  if (/^(https?|mailto|tel):/i.test(address) && element.textContent.trim() !== address)
    element.append(` <${address}>`);
});

const asShown = (html: string): string => head + purifier.sanitize(html, readable);

/** What TypeScript's types of browsers lack of the API of trusted types. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string },
  ): { createHTML(html: string): string };
}
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
// A page whose policy asks for trusted types takes the document of a frame from here only.
const mails = trustedTypes?.createPolicy('mail', { createHTML: asShown });

/**
 * The HTML of an email in a frame that loads nothing, runs nothing and leads nowhere.
 * @param html as the sender wrote it
 * @param title what the frame is called for those who do not see it
 */
export function mailFrame(html: string, title: string): HTMLIFrameElement {
  const frame = make('iframe', { sandbox: '', referrerpolicy: 'no-referrer', title });
  frame.srcdoc = mails?.createHTML(html) ?? asShown(html);
  return frame;
}

/** The words of an HTML mail, as the frame would show them. The document that is made for it loads nothing. */
export function mailText(html: string): string {
  const body = purifier.sanitize(html, { ...readable, RETURN_DOM: true });
  for (const element of body.querySelectorAll(
    'br, p, div, tr, li, h1, h2, h3, h4, blockquote, pre',
  )) {
    if (element.tagName === 'BR') element.replaceWith('\n');
    else element.append('\n');
  }
  return body.textContent.replaceAll(/[ \t]*\n\s*\n\s*/g, '\n\n').trim();
}
