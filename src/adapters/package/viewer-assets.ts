import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { viewerScript } from '../../core/package/viewer-data';
import type { Locales, Catalog } from '../../core/i18n/translator';

const folder = join(__dirname, '../../web/viewer');
/** What of a language the pages of a package say. */
const sections = ['report', 'viewer', 'check'] as const;

const forPackage = (words: Catalog): Catalog => ({
  name: words.name,
  ...Object.fromEntries(sections.map((section) => [section, words[section] ?? {}])),
});

/** The files of the viewer that are the same in every package. */
export async function viewerAssets(
  languages: Locales,
): Promise<{ name: string; content: Buffer }[]> {
  const read = (name: string): Promise<Buffer> => readFile(join(folder, name));
  const texts = Object.fromEntries(
    Object.entries(languages).map(([tag, words]) => [tag, forPackage(words)]),
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
