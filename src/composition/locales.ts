import { loadLocales } from '../adapters/locales';
import type { Locales } from '../core/i18n/translator';

/** The languages of the product, and those of a folder with further ones; null for none. */
export const localesOf = (furtherFolder: string | null): Locales => loadLocales(furtherFolder);
