import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appFolder } from '../../app-folder';
import { viewerScript } from '../../core/package/viewer-script';
import type { Locales, Catalog } from '../../core/i18n/translator';
import type { PackageFile } from '../../ports';

const folder = join(appFolder, 'web/viewer');
/** Sections of a catalog that the pages of a package use. */
const sections = ['shared', 'report', 'processing', 'viewer', 'check'] as const;

const forPackage = (catalog: Catalog): Catalog => ({
  name: catalog.name,
  ...Object.fromEntries(sections.map((section) => [section, catalog[section] ?? {}])),
});

/** Files of the viewer that are the same in every package. */
export async function viewerAssets(locales: Locales): Promise<PackageFile[]> {
  const read = (name: string): Promise<Buffer> => readFile(join(folder, name));
  const texts = Object.fromEntries(
    Object.entries(locales).map(([tag, catalog]) => [tag, forPackage(catalog)]),
  );
  return [
    { name: 'index.html', content: await read('index.html') },
    { name: 'check.html', content: await read('check.html') },
    { name: 'viewer/viewer.css', content: await read('viewer.css') },
    { name: 'viewer/viewer.js', content: await read('viewer.js') },
    { name: 'viewer/check.js', content: await read('check.js') },
    {
      name: 'viewer/languages.js',
      content: Buffer.from(viewerScript('languages', texts), 'utf8'),
    },
  ];
}
