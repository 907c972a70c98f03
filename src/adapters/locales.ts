import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { appFolder } from '../app-folder';
import { fallbackLocale, type Locales, type Catalog } from '../core/i18n/translator';

const ownFolder = join(appFolder, 'locales');

/**
 * Reads the catalogs of a folder: one file for each locale, named by its tag (`pt-BR.json`).
 * @throws Error naming a file that is not a catalog
 */
export function readCatalogs(folder: string): Locales {
  const locales: Locales = {};
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const catalog = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Catalog;
    if (typeof catalog.name !== 'string') throw new Error(`${file} is not a catalog: no name.`);
    locales[basename(file, '.json')] = catalog;
  }
  return locales;
}

/**
 * Reads the catalogs of the product, and those of a folder with further ones. Messages that a catalog
 * lacks are shown in English.
 * @throws Error naming a file that is not a catalog
 */
export function loadLocales(furtherFolder: string | null): Locales {
  const locales = {
    ...readCatalogs(ownFolder),
    ...(furtherFolder === null ? {} : readCatalogs(furtherFolder)),
  };
  if (!locales[fallbackLocale]) throw new Error('The English catalog is missing.');
  return locales;
}
