import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fallbackLocale, type Locales, type Catalog } from '../core/i18n/translator';

const ownFolder = join(__dirname, '../locales');

/**
 * Reads the languages that people are spoken to in: those of the product, and those of a folder with
 * further ones, a file each, named by its tag (`pt-BR.json`). What a language lacks is said in English.
 * @throws Error naming a file that is not a language
 */
export function loadLocales(furtherFolder: string | null): Locales {
  const languages: Locales = {};
  for (const folder of furtherFolder === null ? [ownFolder] : [ownFolder, furtherFolder]) {
    for (const file of readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()) {
      const words = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Catalog;
      if (typeof words.name !== 'string') throw new Error(`${file} is not a language: no name.`);
      languages[basename(file, '.json')] = words;
    }
  }
  if (!languages[fallbackLocale]) throw new Error('The English texts are missing.');
  return languages;
}
