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
    const catalog: unknown = entry.isDirectory()
      ? readSections(folder, name)
      : readJson(folder, name);
    if (!isCatalog(catalog)) throw new Error(`${name} is not a catalog: no name.`);
    locales[basename(name, '.json')] = catalog;
  }
  return locales;
}

/** The catalogs of the product, which are the same as long as it runs. */
const ownCatalogs = lazy(() => readCatalogs(ownFolder));

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

/** @throws Error naming the file, which the parser's own does not */
function readJson<T>(folder: string, name: string): T {
  const text = readFileSync(join(folder, name), 'utf8');
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`${name} is not a catalog: no JSON.`);
  }
}

const isCatalog = (value: unknown): value is Catalog =>
  typeof (value as Partial<Catalog> | null)?.name === 'string';

function readSections(parent: string, folder: string): Partial<Catalog> {
  const files = readdirSync(join(parent, folder)).filter((name) => name.endsWith('.json'));
  const sections = files
    .filter((name) => name !== languageFile)
    .map((name) => [basename(name, '.json'), readJson<MessageTree>(parent, `${folder}/${name}`)]);
  const language = files.includes(languageFile)
    ? readJson<Pick<Catalog, 'name'>>(parent, `${folder}/${languageFile}`)
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
