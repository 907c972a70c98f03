import { signal } from '@preact/signals';
import { pickLocale, type Locales } from '../../core/i18n/translator';
import type { OfficerRole } from '../../core/authentication/officer-roles';
import { request } from '../shared/api';
import { Arrivals } from './arrivals';
import type { Me } from './officer-api';

/** Who is signed in, and in which language they read; nothing of it outlives the browser's session. */

/** Null without a sign-in; undefined until that is known. */
export const me = signal<Me | null | undefined>(undefined);

export const may = (role: OfficerRole): boolean => me.value?.roles.includes(role) === true;

/** How many requests wait for an officer; null before it is known. */
export const needsYou = signal<number | null>(null);

/** Catalogs by language: the chosen one and English with their words, the others by name. */
export const locales = signal<Locales>({});
export const language = signal('en');

const keyOfLanguage = 'language';
const keyOfPlace = 'place';

/** Takes the words of a language; the choice lasts as long as the tab. */
export async function chooseLanguage(tag: string): Promise<void> {
  await readWords(tag);
  if (language.value === tag) keep(keyOfLanguage, tag);
}

/** Takes the words of the language that was chosen in this tab, or else of the browser's. */
export async function startLanguage(): Promise<void> {
  const wanted = kept(keyOfLanguage);
  const names = await readWords('');
  const tag = pickLocale([...(wanted === null ? [] : [wanted]), ...navigator.languages], names);
  await readWords(tag);
}

/** Words that are asked for: the language that was chosen last counts. */
const arrivals = new Arrivals();

async function readWords(tag: string): Promise<Locales> {
  const isNews = arrivals.ask();
  const query = new URLSearchParams({ tag }).toString();
  const read = await request<Locales>('GET', `/portal/officer/languages.json?${query}`);
  if (!isNews()) return read;
  locales.value = read;
  if (tag !== '') language.value = tag;
  document.documentElement.lang = language.value;
  return read;
}

/** Keeps the place of the page while the officer signs in elsewhere. */
export const keepPlace = (): void => keep(keyOfPlace, globalThis.location.hash);

/** The place that was kept; '' without one. */
export function takePlace(): string {
  const place = kept(keyOfPlace) ?? '';
  keep(keyOfPlace, '');
  return place;
}

// A browser may refuse storage; then the choice lasts as long as the page.
function keep(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    return;
  }
}

function kept(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
