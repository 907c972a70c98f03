// The controller's own files (docs/controller.md): checks them by the code that the app reads them with, and
// copies them beside the app that is deployed, with a list of them. They are hashed apart from the app, which is
// the same for everybody.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** What is wrong with the controller's files: each problem names a file, and nothing of its content. */
export class ControllerFilesError extends Error {
  constructor(problems) {
    super(
      ["The controller's files cannot be deployed:", ...problems.map((one) => `  - ${one}`)].join(
        '\n',
      ),
    );
    this.name = 'ControllerFilesError';
    this.problems = problems;
  }
}

/**
 * Examines a folder of the controller's files.
 * @param {string} folder
 * @returns {Promise<{files: string[], missing: string[], problems: string[]}>} paths of what is deployed; names of
 *   what the app needs and is not there; what is wrong
 */
export async function examineController(folder) {
  // In node_modules, so that the packages that it needs are found from there.
  const outfile = join(root, `node_modules/.cache/controller-files/${process.pid}.cjs`);
  try {
    await build({
      entryPoints: [join(root, 'src/composition/controller-files.ts')],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'cjs',
      logLevel: 'warning',
    });
    return createRequire(import.meta.url)(outfile).examineControllerFolder(folder);
  } finally {
    await rm(outfile, { force: true });
  }
}

const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/**
 * Replaces the controller's files beside the app that is deployed.
 * @param {{from: string, to: string}} folders where the controller keeps them; where the app looks for them, which
 *   holds nothing else
 * @returns {Promise<{files: {path: string, size: number, sha256: string}[], sha256: string, missing: string[]}>} what
 *   was copied, in order; a hash of their paths and contents; names of what the app needs and is not there
 * @throws {ControllerFilesError} when a file is wrong or unknown; nothing is copied then
 */
export async function stageController({ from, to }) {
  const { files: paths, missing, problems } = await examineController(from);
  if (problems.length > 0) throw new ControllerFilesError(problems);
  await rm(to, { recursive: true, force: true });
  const files = [];
  for (const path of paths) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(join(from, path), join(to, path));
    const content = await readFile(join(to, path));
    files.push({ path, size: content.length, sha256: sha256(content) });
  }
  const hash = sha256(files.map((file) => `${file.sha256}  ${file.path}\n`).join(''));
  if (files.length > 0)
    await writeFile(
      join(to, 'manifest.json'),
      `${JSON.stringify({ sha256: hash, files }, null, 2)}\n`,
    );
  return { files, sha256: hash, missing };
}
