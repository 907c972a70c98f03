// What the tools that deploy leave out of a folder whatever it says, each by its source: azd (project_utils.go), the
// Functions Core Tools (FileSystemHelpers.cs), actions/upload-artifact (hidden files). A package without such names
// arrives whole by every way.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const leftOut = ['node_modules', 'local.settings.json', 'project.lock.json'];

/**
 * Files that some tool would leave out.
 * @param {string[]} paths paths in the folder, with `/`
 * @returns {string[]}
 */
export const filesLeftOut = (paths) =>
  paths.filter((path) =>
    path
      .toLowerCase()
      .split('/')
      .some((part) => part.startsWith('.') || leftOut.includes(part)),
  );

/**
 * The files of a folder and of those in it.
 * @param {string} folder
 * @returns {Promise<string[]>} paths with `/`, in order
 * @throws {Error} when one is a link, which no tool treats as another does
 */
export async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link) throw new Error(`${link.name} is a link: only files are deployed.`);
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name).slice(join(folder, '/').length).replaceAll('\\', '/'),
    )
    .sort();
}
