import { pickLocale, translator, type Locales, type Translator } from '../../core/i18n/translator';

let translated: Translator = translator({}, 'en');

/** Takes the words of the page in the language of the browser. */
export function useWords(locales: Locales): void {
  translated = translator(locales, pickLocale(navigator.languages, locales));
}

/** Language of the words. */
export const tag = (): string => translated.tag;

/** Words of the officers' page. */
export const t = (key: string, values: Record<string, string | number> = {}): string =>
  translated.t(`officer.${key}`, values);

/** A day, and a time, as they are written in the language of the page. */
export const dayOf = (iso: string): string => new Date(iso).toLocaleDateString(tag());
export const timeOf = (iso: string): string => new Date(iso).toLocaleString(tag());
