import { configure, BlobReader, ZipReader } from '@zip.js/zip.js';
import { createWriteStream, mkdirSync, openAsBlob } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { Writable } from 'node:stream';

/**
 * Opens a package with zip.js, a reader that is not ours, and writes its files to a folder.
 * @returns names of the files that were written
 * @throws Error when the passphrase is wrong or an entry's name leaves the folder
 */
export async function extractPackage(
  path: string,
  passphrase: string,
  folder: string,
): Promise<string[]> {
  configure({ useWebWorkers: false });
  const reader = new ZipReader(new BlobReader(await openAsBlob(path)), { password: passphrase });
  const names: string[] = [];
  try {
    for (const entry of await reader.getEntries()) {
      const target = resolve(folder, entry.filename);
      if (!target.startsWith(resolve(folder) + sep)) throw new Error('An entry leaves the folder.');
      if (entry.directory) continue;
      mkdirSync(dirname(target), { recursive: true });
      await entry.getData(Writable.toWeb(createWriteStream(target)) as WritableStream, {
        checkSignature: true,
      });
      names.push(entry.filename);
    }
  } finally {
    await reader.close();
  }
  return names;
}
