import { loadLocales } from '../../src/adapters/locales';
import { webhookBody } from '../../src/core/api/webhooks';
import { noticePreviews, noticesText } from '../../src/cli/notices';
import { UsageError } from '../../src/cli/api';
import { translator } from '../../src/core/i18n/translator';
import { endNotices, endNoticeToTell, endReasonOf } from '../../src/core/messages/end-notices';
import { personEmail } from '../../src/core/messages/person-email';
import { endStates, isFinal, requestStates, type EndState } from '../../src/core/request/states';

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
const rightsOf = (tag: string): string => translator(locales, tag).t('messages.rights');

describe('the end of a request', () => {
  /** Every end with the reasons that its notice may give, and whom the app writes to. */
  const table: Record<EndState, [reasons: string, to: string]> = {
    expired: ['notFetched', 'person'],
    cancelled: ['failedTooLong withdrawn duplicate answeredOtherwise asExplained', 'person'],
    refused: ['unfounded excessive notIdentified asExplained', 'person'],
    unverified: ['notConfirmed', 'person'],
    noDataFound: ['nothingFound', 'person'],
    recalled: ['recalled', 'ticket'],
  };

  it('has a notice, whatever the end, and a text of it in every language', () => {
    expect(requestStates.filter(isFinal).sort()).toEqual(Object.keys(table).sort());
    expect([...endStates].sort()).toEqual(Object.keys(table).sort());
    for (const end of requestStates.filter(isFinal)) {
      const { reasons, to } = endNotices[end];
      expect([end, reasons.join(' '), to]).toEqual([end, ...table[end]]);
      for (const tag of tags)
        for (const key of ['subject', 'text', ...reasons.map((reason) => `reasons.${reason}`)])
          expect({ tag, has: translator(locales, tag).has(`messages.${end}.${key}`) }).toEqual({
            tag,
            has: true,
          });
    }
  });

  it('has the reason of the request, and another where that one is not known', () => {
    expect(endReasonOf('cancelled', 'duplicate')).toBe('duplicate');
    expect(endReasonOf('cancelled', 'cancelled')).toBe('asExplained');
    expect(endReasonOf('unverified', 'ambiguousContact')).toBe('notConfirmed');
  });
});

describe('the preview of the notices', () => {
  it.each(tags)('in %s names reason, complaint, remedy and contact of every end', (tag) => {
    const previews = noticePreviews({}, tag);
    expect(new Set(previews.map(({ kind }) => kind))).toEqual(new Set(['extended', ...endStates]));
    for (const { kind, subject, text, reasonCode } of previews) {
      expect(`${subject}${text}`).not.toMatch(/\{|\}|messages\.|\bundefined\b|\bnull\b/);
      expect(text).toContain('privacy@shop.example');
      expect(text).toContain(translator(locales, tag).t(`messages.${kind}.reasons.${reasonCode}`));
      expect(text.includes(rightsOf(tag))).toBe(kind !== 'extended');
    }
  });

  it('is in all languages, each with its own words, unless one is chosen', () => {
    const previews = noticePreviews({}, undefined);
    const texts = previews.filter(({ kind }) => kind === 'unverified').map(({ text }) => text);
    expect(new Set(texts).size).toBe(tags.length);
    expect(() => noticePreviews({}, 'xx')).toThrow(UsageError);
  });

  it('is text that names each notice above it', () => {
    const previews = noticePreviews({}, 'en');
    const pieces = noticesText(previews).split(/^=== /m).slice(1);
    expect(pieces).toHaveLength(previews.length);
    for (const [i, { kind, reasonCode, subject, text }] of previews.entries())
      expect(pieces[i]?.trimEnd()).toBe(
        `${kind}: ${reasonCode} (en)\n${subject}\n\n${text}`.trimEnd(),
      );
  });

  it('names the company and its supervisory authority by the settings', () => {
    const settings = {
      CONTROLLER_NAME: 'Shop',
      SUPERVISORY_AUTHORITY: 'Data Commission, Street 1',
    };
    for (const { kind, text } of noticePreviews(settings, undefined)) {
      expect(text).toContain('Shop');
      expect(text.includes('Data Commission, Street 1')).toBe(kind !== 'extended');
    }
  });
});

describe('what the ticketing system is told of an end', () => {
  const words = translator(locales, 'en');
  const explained = {
    end: 'refused',
    reason: 'asExplained',
    explanation: 'Zoe Secret asked ten times.',
    until: '',
  } as const;

  it('marks the place of what an officer wrote, which the person alone is told', () => {
    const { text } = endNoticeToTell(explained, words, branding);
    expect(text).not.toContain('Zoe');
    expect(text).toContain(words.t('messages.explanationHere'));
    const message = { ...explained, kind: explained.end };
    const mail = personEmail(message, words, branding, { token: 'secret', until: '' });
    expect(mail.text).toContain('Zoe Secret asked ten times.');
    expect(mail.text).not.toContain('/portal');
  });

  it('is an event of its own, beside those of states', () => {
    const tell = { language: 'en', subject: 'S', text: 'T' };
    const notice = { end: 'noDataFound', reasonCode: 'nothingFound', by: 'ticket', tell } as const;
    const event = {
      ...{ sequence: 3, at: '2026-11-24T09:00:00.000Z', to: 'noDataFound' as const },
      ...{ reasonCode: 'nothingFound', state: 'pending' as const, attempts: 0 },
    };
    const bodyOf = (one: Parameters<typeof webhookBody>[1]): unknown =>
      JSON.parse(webhookBody('r1', one, 'T-1'));
    expect(bodyOf({ ...event, notice })).toMatchObject({
      type: 'request.endNotice',
      data: { state: 'noDataFound', notice: { by: 'ticket', tell } },
    });
    expect(bodyOf(event)).toMatchObject({ type: 'request.noDataFound' });
    expect(bodyOf(event)).not.toHaveProperty('data.notice');
  });
});
