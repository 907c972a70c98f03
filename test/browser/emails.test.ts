import type { Page } from 'playwright-core';
import { loadLocales } from '../../src/adapters/locales';
import { translator } from '../../src/core/i18n/translator';
import type { Branding } from '../../src/core/messages/branding';
import type { EmailContent } from '../../src/core/messages/email-html';
import { officerEmail } from '../../src/core/messages/officer-email';
import { personEmail, type PersonMessage } from '../../src/core/messages/person-email';
import { securityEmail } from '../../src/core/messages/security-notice';
import { momentIn } from '../../src/services/messaging';
import {
  describeInBrowser,
  startBrowser,
  violations,
  violationsOfColour,
} from '../helpers/browser';

const locales = loadLocales(null);
const branding: Branding = {
  controllerName: 'Example Mail Order',
  controllerContact: 'privacy@shop.example',
  supervisoryAuthority: 'the Data Protection Commission, https://www.dataprotection.ie',
  portalOrigin: 'https://privacy.shop.example',
  colour: '#0b5c8a',
  hasLogo: false,
};
const token = 'A'.repeat(43);
const link = `https://privacy.shop.example/portal#${token}`;
const untilIn = (tag: string): string => momentIn(tag, 'Europe/Berlin', '2026-12-02T13:15:00.000Z');

const messages: [name: string, message: PersonMessage, hasLink: boolean][] = [
  ['invitation', { kind: 'invitation' }, true],
  ['reminder', { kind: 'reminder' }, true],
  ['available', { kind: 'available' }, true],
  ['expiring', { kind: 'expiring' }, true],
  [
    'refused',
    { kind: 'refused', reason: 'excessive', explanation: 'It is the fifth in two months.' },
    false,
  ],
];
const emailOf = (message: PersonMessage, tag: string): EmailContent =>
  personEmail(message, translator(locales, tag), branding, { token, until: untilIn(tag) });
const officerEmailIn = (tag: string): EmailContent =>
  officerEmail('decision', translator(locales, tag), branding, {
    requestId: '0196a4f0-0000-7000-8000-000000000001',
    reason: 'ambiguousContact',
  });
const all: [name: string, email: EmailContent][] = [
  ...messages.map(([name, message]): [string, EmailContent] => [
    `${name} in English`,
    emailOf(message, 'en'),
  ]),
  ['available in German', emailOf({ kind: 'available' }, 'de')],
  ['handedOver in French', securityEmail('handedOver', translator(locales, 'fr'), branding)],
  ['decision in English', officerEmailIn('en')],
  ['decision in German', officerEmailIn('de')],
];

describe.each(Object.keys(locales))('the plain text of an email in %s', (tag) => {
  it.each(messages)('says all that the page does, the link on a line of its own: %s', (...one) => {
    const [, message, hasLink] = one;
    const { text, html, subject } = emailOf(message, tag);
    const lines = text.trimEnd().split('\n\n');
    expect(lines.includes(link)).toBe(hasLink);
    const spaced = (one: string): string => one.replaceAll(/[ \t\r\n]+/g, ' ');
    const words = spaced(html.replaceAll(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' '));
    for (const line of lines) expect(words).toContain(spaced(line));
    expect(lines.at(-1)).toBe('Example Mail Order');
    expect(`${subject} ${text}`).not.toMatch(/\{|\bundefined\b|\bnull\b/);
    // What comes before the link ends so that one expects it.
    if (hasLink) expect(lines[lines.indexOf(link) - 1]).toMatch(/:$/);
  });
});

describe('the emails that are looked at', () => {
  it('name a time in the language of the email', () => {
    const texts = new Map(all.map(([name, { text }]) => [name, text]));
    expect(texts.get('available in English')).toContain(
      'December 2, 2026 at 2:15 PM (Europe/Berlin)',
    );
    expect(texts.get('available in German')).toContain('2. Dezember 2026 um 14:15 (Europe/Berlin)');
  });
});

describeInBrowser('an email', () => {
  let page: Page;
  const asked: string[] = [];
  beforeAll(async () => {
    page = await (await startBrowser()).newPage({ locale: 'en' });
    page.on('request', (request) => asked.push(request.url()));
  });

  it.each(all)('fits a narrow and a wide window, by day and by night: %s', async (_name, email) => {
    await page.setContent(email.html);
    await page.emulateMedia({ colorScheme: 'light' });
    for (const width of [320, 1000]) {
      await page.setViewportSize({ width, height: 800 });
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect([width, overflow]).toEqual([width, 0]);
      // A mail program has landmarks of its own around an email.
      const found = (await violations(page)).filter((one) => !/^(region|landmark)/.test(one));
      expect(found).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violationsOfColour(page)).toEqual([]);
    expect(await page.locator('h1').innerText()).toBe(email.subject);
    expect(asked.splice(0).filter((url) => !url.startsWith('about:'))).toEqual([]);
  });
});
