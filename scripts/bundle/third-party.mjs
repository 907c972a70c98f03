// The licences of what is bundled.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const isLicence = (file) => /^(licen[cs]e|copying|notice)/i.test(file);
const rule = '='.repeat(80);

/** Folder of the package that a file belongs to; null for a file of ours. */
const folderOf = (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? null;

async function packageAt(root, folder) {
  const { name, version, license, author } = JSON.parse(
    await readFile(join(root, folder, 'package.json'), 'utf8'),
  );
  const files = (await readdir(join(root, folder), { withFileTypes: true }))
    .filter((entry) => entry.isFile() && isLicence(entry.name))
    .map((entry) => entry.name)
    .sort();
  const texts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')));
  const by = typeof author === 'string' ? author : author?.name;
  const text =
    texts.length > 0
      ? texts.map((one) => one.replaceAll('\r\n', '\n').trim()).join('\n\n')
      : `${String(license)}${by === undefined ? '' : `, ${by}`}. The package comes without a text of its licence.`;
  return { title: `${name} ${version}`, licence: String(license), text };
}

/**
 * The file with the licences of the packages in bundles, each text once.
 * @param inputs files that the bundles have something of: paths from the root
 */
export async function thirdParty(root, inputs) {
  const folders = [...new Set(inputs.map(folderOf).filter((folder) => folder !== null))];
  const packages = await Promise.all(folders.map((folder) => packageAt(root, folder)));
  const byText = new Map();
  for (const { title, licence, text } of packages)
    byText.set(text, new Set([...(byText.get(text) ?? []), `${title} (${licence})`]));
  const sections = [...byText]
    .map(([text, titles]) => `${[...titles].sort().join('\n')}\n\n${text}\n`)
    .sort();
  const heading = 'This software contains the following packages, under these licences.\n';
  return [heading, ...sections].join(`\n${rule}\n\n`);
}
