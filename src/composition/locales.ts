import { loadLocales } from '../adapters/locales';
import { fallbackLocale, pickLocale, type Locales } from '../core/i18n/translator';

/** The languages of the product, and those of a folder with further ones; null for none. */
export const localesOf = (furtherFolder: string | null): Locales => loadLocales(furtherFolder);

/**
 * The same, with texts in the language of the officers: emails to them would be in English otherwise, and
 * nobody would notice that the setting has no effect.
 * @throws Error when there are no texts in that language
 */
export function localesFor({
  localesFolder,
  officerLocale,
}: {
  localesFolder: string | null;
  officerLocale: string;
}): Locales {
  const locales = localesOf(localesFolder);
  const isEnglish = officerLocale.split('-')[0] === fallbackLocale;
  if (!isEnglish && pickLocale([officerLocale], locales) === fallbackLocale)
    throw new Error(`OFFICER_LOCALE must be one of ${Object.keys(locales).join(', ')}`);
  return locales;
}
