import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { appFolder } from '../app-folder';
import { lazy } from '../core/lazy';
import {
  fallbackLocale,
  type Catalog,
  type Locales,
  type MessageTree,
} from '../core/i18n/translator';

const ownFolder = join(appFolder, 'locales');

/** What `language.json` of a folder says of its language; other files there are sections of the catalog. */
const languageFile = 'language.json';

/**
 * Reads the catalogs of a folder: for each locale one file named by its tag (`pt-BR.json`), or, as the
 * sources of the product are kept, a folder with a file for each section.
 * @throws Error naming a file or folder that is not a catalog
 */
export function readCatalogs(folder: string): Locales {
  const locales: Locales = {};
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort(byName)) {
    const { name } = entry;
    if (!entry.isDirectory() && !name.endsWith('.json')) continue;
    const path = join(folder, name);
    const catalog: Partial<Catalog> = entry.isDirectory() ? readSections(path) : readJson(path);
    if (!isCatalog(catalog)) throw new Error(`${name} is not a catalog: no name.`);
    locales[basename(name, '.json')] = catalog;
  }
  return locales;
}

/** The catalogs of the product, which are the same as long as it runs. */
const ownCatalogs = lazy(() => readCatalogs(ownFolder));

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;

const isCatalog = (value: Partial<Catalog>): value is Catalog => typeof value.name === 'string';

function readSections(folder: string): Partial<Catalog> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const sections = files
    .filter((name) => name !== languageFile)
    .map((name) => [basename(name, '.json'), readJson<MessageTree>(join(folder, name))]);
  const language = files.includes(languageFile)
    ? readJson<Pick<Catalog, 'name'>>(join(folder, languageFile))
    : {};
  return { ...language, ...(Object.fromEntries(sections) as Record<string, MessageTree>) };
}

/**
 * Reads the catalogs of the product, and those of a folder with further ones. Messages that a catalog
 * lacks are shown in English.
 * @throws Error naming a file that is not a catalog
 */
export function loadLocales(furtherFolder: string | null): Locales {
  const locales = {
    ...ownCatalogs(),
    ...(furtherFolder === null ? {} : readCatalogs(furtherFolder)),
  };
  if (!locales[fallbackLocale]) throw new Error('The English catalog is missing.');
  return locales;
}
