// Joins the texts of each language, which are kept in one file for each section.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import fastGlob from 'fast-glob';

/**
 * Writes one catalog for each language, such as `de.json`: its name, then its sections.
 * @param root folder of the project
 * @param to folder of the catalogs
 */
export async function joinCatalogs({ root, to }) {
  const folder = join(root, 'src/locales');
  const catalogs = new Map();
  for (const file of (await fastGlob('*/*.json', { cwd: folder })).sort()) {
    const [tag, section] = [dirname(file), basename(file, '.json')];
    const content = JSON.parse(await readFile(join(folder, file), 'utf8'));
    const catalog = catalogs.get(tag) ?? {};
    catalogs.set(
      tag,
      section === 'language' ? { ...content, ...catalog } : { ...catalog, [section]: content },
    );
  }
  await mkdir(to, { recursive: true });
  for (const [tag, catalog] of catalogs)
    await writeFile(join(to, `${tag}.json`), `${JSON.stringify(catalog, undefined, 2)}\n`);
}
