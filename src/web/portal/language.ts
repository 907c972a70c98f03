import { signal } from '@preact/signals';
import { pickLocale, type Catalog, type Locales } from '../../core/i18n/translator';
import { request } from '../shared/api';
import { facts } from './facts';

/** The texts that were loaded, by language. */
export const locales = signal<Locales>({});
export const language = signal(pickLocale(navigator.languages, facts.languages));

/** Whether the person has chosen the language, which then stays. */
let isChosen = false;

/** Which language was asked for last, by number: texts may come in another order. */
let asked = 0;

/** Loads the texts of a language, and shows the page in it. */
async function speak(tag: string): Promise<void> {
  const mine = (asked += 1);
  if (locales.value[tag] === undefined) {
    const catalog = await request<Catalog>('GET', `/portal/languages/${tag}`);
    locales.value = { ...locales.value, [tag]: catalog };
  }
  if (mine !== asked) return;
  language.value = tag;
  document.documentElement.lang = tag;
}

/** The language of the browser, until another is known. */
export const startLanguage = (): Promise<void> => speak(language.value);

/** The language of the request, unless the person has chosen one. */
export async function suggestLanguage(tag: string | undefined): Promise<void> {
  if (isChosen || tag === undefined) return;
  const wanted = pickLocale([tag, ...navigator.languages], facts.languages);
  if (wanted !== language.value) await speak(wanted);
}

export async function chooseLanguage(tag: string): Promise<void> {
  isChosen = true;
  await speak(tag);
}
