import { translator } from '../../src/core/i18n/translator';
import { codeText } from '../../src/core/messages/code-text';
import type { EmailContent } from '../../src/core/messages/email-html';
import { endNotices, endNoticeToTell } from '../../src/core/messages/end-notices';
import { wordedBy } from '../../src/core/messages/law-texts';
import { officerEmail, officerNotices } from '../../src/core/messages/officer-email';
import { personEmail, type PersonMessage } from '../../src/core/messages/person-email';
import { securityEmail } from '../../src/core/messages/security-notice';
import { extensionReasons } from '../../src/core/messages/statutory-notices';
import { availabilityHtml } from '../../src/core/package/availability-html';
import type { AvailabilityReport } from '../../src/core/package/availability-report';
import { itemKinds, itemReasons } from '../../src/core/package/items';
import { laws } from '../../src/core/request/clocks/period';
import { endStates } from '../../src/core/request/states';
import { madeProcessing, madeStatements } from '../helpers/made-report';
import { escaped, pseudo, pseudoLocales, pseudoTag } from '../helpers/pseudo-locale';

const branding = {
  ...{ controllerName: 'Εταιρεία', controllerContact: 'privacy@shop.example' },
  ...{ supervisoryAuthority: 'Αρχή', portalOrigin: 'https://privacy.shop.example' },
  ...{ colour: '#0b5c8a', hasLogo: false },
};
const token = 'A'.repeat(43);
const link = `https://privacy.shop.example/portal#${token}`;
const general = translator(pseudoLocales(), pseudoTag);

/** Texts between the tags of a page. */
const textsOf = (html: string): string[] =>
  html.replaceAll(/<style>[\s\S]*?<\/style>/g, '').split(/<[^>]*>/);

const messages: PersonMessage[] = [
  ...(['invitation', 'reminder', 'available', 'expiring', 'authenticatorEnrolled'] as const).map(
    (kind): PersonMessage => ({ kind }),
  ),
  ...extensionReasons.map((reason): PersonMessage => ({
    ...{ kind: 'extended', reason, explanation: 'Εξήγηση' },
  })),
  ...endStates.flatMap((kind) =>
    endNotices[kind].reasons.map((reason): PersonMessage => ({ kind, reason, explanation: null })),
  ),
];

describe('a language that nobody speaks', () => {
  it('is longer, keeps what is put in, and is told from any text that is not of it', () => {
    const text = pseudo('Until {time} it is here.');
    expect(text).toBe('⟦Úúñţííļ {time} ííţ ííš ĥééŕéé.⟧'.replace('Úú', 'Ú'));
    expect(escaped([text.replace('{time}', '24'), '3 MB', 'Ελένη'], [])).toEqual([]);
    expect(escaped(['⟦x', 'Until', '⟦óóf⟧ it'], [])).toEqual(['⟦x', 'Until', '⟦óóf⟧ it']);
    expect(escaped(['⟦ḿ⟧ PRIV-1'], ['PRIV-1'])).toEqual([]);
  });
});

describe('an email to the officers', () => {
  it.each(officerNotices)('is translated, with its reason: %s', (notice) => {
    const request = { requestId: 'id', reason: 'ambiguousContact' };
    const address = 'https://privacy.shop.example/portal/officer#id';
    const { subject, text, html } = officerEmail(notice, general, branding, request);
    const all = [subject, ...text.split('\n'), ...textsOf(html)];
    expect(escaped(all, [address, branding.controllerContact])).toEqual([]);
  });
});

describe.each(laws)('what is written under %s', (law) => {
  const words = wordedBy(law, general);

  it.each(messages)('is translated in an email: %j', (message) => {
    const until = '2 Δεκεμβρίου 2026';
    const email = personEmail(message, words, branding, { token, until });
    const all = [email.subject, ...email.text.split('\n'), ...textsOf(email.html)];
    expect(escaped(all, [link, branding.controllerContact])).toEqual([]);
  });

  it.each([...endStates])('is translated in a letter: %s', (end) => {
    const message = { end, reason: endNotices[end].reasons[0], explanation: 'Εξήγηση', until: '' };
    const { subject, text } = endNoticeToTell(message, words, branding);
    expect(escaped([subject, ...text.split('\n')], [branding.controllerContact])).toEqual([]);
  });

  it('is translated in what tells of an access, and in a text message', () => {
    const emails = (['handedOver', 'recalled', 'authenticatorEnrolled'] as const).map(
      (notice): EmailContent => securityEmail(notice, words, branding),
    );
    const all = emails.flatMap(({ subject, html }) => [subject, ...textsOf(html)]);
    all.push(codeText(words, branding, '48210937'));
    expect(escaped(all, [branding.controllerContact])).toEqual([]);
  });
});

describe('the report as a page', () => {
  const statements = madeStatements(branding.controllerContact);
  const report = {
    ...{ format: 'data-availability-report', version: 1, language: pseudoTag, sentences: [] },
    ...{ createdAt: '2026-11-25T14:15:00.000Z', statements },
    searched: { from: '2021-11-26T00:00:00.000Z', to: '2026-11-25T12:15:00.000Z' },
    missing: itemReasons.map((reason, i) => ({
      ...{ conversation: i + 1, kind: itemKinds[i % itemKinds.length], status: 'absent', reason },
    })),
  } as unknown as AvailabilityReport;
  const processing = madeProcessing(pseudoTag, branding.controllerContact);

  it('is translated', () => {
    const html = availabilityHtml(
      { report, groups: [], processing, controller: 'Εταιρεία', timeZone: 'UTC' },
      general,
    );
    const texts = textsOf(html);
    expect(texts.length).toBeGreaterThan(400);
    expect(escaped(texts, [branding.controllerContact, '&#39;', '&quot;'])).toEqual([]);
  });
});
