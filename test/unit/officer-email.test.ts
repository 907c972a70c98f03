import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLocales } from '../../src/adapters/locales';
import { localesFor } from '../../src/composition/locales';
import { translator, type MessageTree } from '../../src/core/i18n/translator';
import { paragraph } from '../../src/core/messages/email-html';
import {
  isOfficerNotice,
  officerEmail,
  officerNotices,
  type OfficerNotice,
} from '../../src/core/messages/officer-email';

const locales = loadLocales(null);
const tags = Object.keys(locales);
const branding = {
  controllerName: 'Example Mail Order',
  controllerContact: 'privacy@shop.example',
  supervisoryAuthority: null,
  portalOrigin: 'https://privacy.shop.example',
  colour: '#0b5c8a',
  hasLogo: false,
};
const requestId = '0196a4f0-0000-7000-8000-000000000001';
const link = `https://privacy.shop.example/portal/officer#${requestId}`;
const officer = locales['en']?.['officer'] as MessageTree;
const reasons = Object.keys(officer['reasons'] as MessageTree);

const emailOf = (notice: OfficerNotice, tag: string, reason: string | null) =>
  officerEmail(notice, translator(locales, tag), branding, { requestId, reason });
const linesOf = ({ text }: { text: string }): string[] => text.trimEnd().split('\n\n');

describe.each(tags)('an email to the officers in %s', (tag) => {
  const { t } = translator(locales, tag);

  it.each(officerNotices)('says in whole sentences what to do, and where: %s', (notice) => {
    const email = emailOf(notice, tag, null);
    const [greeting, text, open, address, controller, ...more] = linesOf(email);
    expect({ greeting, address, controller, more }).toEqual({
      greeting: t('messages.greeting'),
      address: link,
      controller: 'Example Mail Order',
      more: [],
    });
    expect(text).toMatch(/\.$/);
    expect(open).toMatch(/:$/);
    expect(email.subject).not.toMatch(/[.:]$/);
    expect(`${email.subject}${email.text}${email.html}`).not.toMatch(
      /\{\w|messages\.|\bundefined\b|\bnull\b/,
    );
    if (tag !== 'en') {
      const english = emailOf(notice, 'en', null);
      const own = new Set([email.subject, ...linesOf(email)]);
      const same = [english.subject, ...linesOf(english)].filter((line) => own.has(line));
      // Dutch greets as English does.
      const shared = [link, branding.controllerName, t('messages.greeting')];
      expect(same.filter((line) => !shared.includes(line))).toEqual([]);
    }
  });

  it('says why in the words of the console, on a line of its own, for each reason', () => {
    for (const reason of reasons) {
      const words = t(`officer.reasons.${reason}`);
      const line = t('messages.officers.reason', { reason: words });
      expect(words).not.toBe(reason);
      for (const notice of officerNotices) {
        const email = emailOf(notice, tag, reason);
        const { subject, html, ...without } = emailOf(notice, tag, null);
        // Nothing else tells of the reason, so its code stands nowhere.
        expect({
          line: linesOf(email)[2],
          others: linesOf(email).filter((one) => one !== line),
          subject: email.subject,
          html: email.html.replace(`${paragraph(line)}\n`, ''),
        }).toEqual({ line, others: linesOf(without), subject, html });
      }
    }
  });

  it('shows a reason without words as it is', () => {
    const [, , reason] = linesOf(emailOf('failed', tag, 'somethingNew'));
    expect(reason).toBe(t('messages.officers.reason', { reason: 'somethingNew' }));
    expect(reason).toContain('somethingNew');
  });

  it('has a button like the emails to people, in its language', () => {
    const { html } = emailOf('decision', tag, 'ambiguousContact');
    expect(html).toContain(`<html lang="${tag}">`);
    expect(html).toMatch(
      new RegExp(`<a href="${link}" class="button"[^>]*>${t('messages.officers.action')}</a>`),
    );
    // The address is there as text, too, for readers who cannot press it.
    expect(html).toContain(`>${link}</span>`);
  });
});

describe('the notices to the officers', () => {
  it('have words in the catalogs, and the catalogs no others', () => {
    const { officers } = locales['en']?.['messages'] as MessageTree;
    const { reason, open, action, ...notices } = officers as MessageTree;
    expect([typeof reason, typeof open, typeof action]).toEqual(['string', 'string', 'string']);
    expect(Object.keys(notices).sort()).toEqual([...officerNotices].sort());
    expect(officerNotices.every(isOfficerNotice)).toBe(true);
    expect(['invitation', 'reason', 'toString'].some(isOfficerNotice)).toBe(false);
  });
});

describe('the language of the officers', () => {
  const chosen = (officerLocale: string, localesFolder: string | null = null) =>
    Object.keys(localesFor({ officerLocale, localesFolder }));

  it.each([...tags, 'de-AT', 'en-GB'])('is one that there are texts in: %s', (tag) => {
    expect(chosen(tag)).toEqual(tags);
  });

  it('may be one that the company has added, and no other', () => {
    const message = 'OFFICER_LOCALE must be one of de, en, es, fr, it, nl';
    expect(() => chosen('pt')).toThrow(message);
    const folder = mkdtempSync(join(tmpdir(), 'languages-'));
    try {
      writeFileSync(join(folder, 'pt.json'), JSON.stringify({ name: 'Português' }));
      expect(chosen('pt', folder)).toContain('pt');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
