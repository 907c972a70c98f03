import { localesOf } from '../composition/locales';
import { translator, type Locales } from '../core/i18n/translator';
import type { Branding } from '../core/messages/branding';
import { endNotices, endNoticeText } from '../core/messages/end-notices';
import { personEmail } from '../core/messages/person-email';
import { extensionReasons } from '../core/messages/statutory-notices';
import { endStates, type EndState } from '../core/request/states';
import { UsageError } from './api';

/** A notice as a person would receive it. */
export interface NoticePreview {
  language: string;
  kind: 'extended' | EndState;
  reasonCode: string;
  subject: string;
  text: string;
}

/** A time that notices name, as an example. */
const exampleTime = Date.UTC(2026, 11, 23, 11);

/**
 * Every statutory notice with each of its reasons, in one language or in all. Of the settings it needs none:
 * without them it names an example company.
 * @throws UsageError for a language that there is not
 */
export function noticePreviews(
  settings: Readonly<Record<string, string | undefined>>,
  locale: string | undefined,
): NoticePreview[] {
  const locales = localesOf(settings['LOCALES_FOLDER'] || null);
  const tags = Object.keys(locales);
  if (locale !== undefined && !tags.includes(locale))
    throw new UsageError(`--locale is one of ${tags.join(', ')}.`);
  const branding = brandingOf(settings);
  return (locale === undefined ? tags : [locale]).flatMap((tag) =>
    previewsIn(locales, tag, branding),
  );
}

const brandingOf = (settings: Readonly<Record<string, string | undefined>>): Branding => ({
  controllerName: settings['CONTROLLER_NAME'] || 'Example Mail Order',
  controllerContact: settings['CONTROLLER_CONTACT'] || 'privacy@shop.example',
  supervisoryAuthority: settings['SUPERVISORY_AUTHORITY'] || null,
  portalOrigin: 'https://privacy.shop.example',
  colour: '#0b5c8a',
  hasLogo: false,
});

function previewsIn(locales: Locales, language: string, branding: Branding): NoticePreview[] {
  const words = translator(locales, language);
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  const until = `${format.format(exampleTime)} (UTC)`;
  const explanationOf = (reason: string): string | null =>
    reason === 'asExplained' ? words.t('messages.explanationHere') : null;
  const extensions = extensionReasons.map((reason): NoticePreview => {
    const message = { kind: 'extended', reason, explanation: null } as const;
    const { subject, text } = personEmail(message, words, branding, { token: '', until });
    return { language, kind: 'extended', reasonCode: reason, subject, text };
  });
  const ends = endStates.flatMap((end) =>
    endNotices[end].reasons.map((reason): NoticePreview => {
      const message = { end, reason, explanation: explanationOf(reason), until };
      const notice = endNoticeText(message, words, branding);
      return { language, kind: end, reasonCode: reason, ...notice };
    }),
  );
  return [...extensions, ...ends];
}

/** Notices as text, one below the other. */
export const noticesText = (previews: readonly NoticePreview[]): string =>
  previews
    .map(
      ({ language, kind, reasonCode, subject, text }) =>
        `=== ${kind}: ${reasonCode} (${language})\n${subject}\n\n${text}`,
    )
    .join('\n');
