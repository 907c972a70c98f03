// Whether `dist` holds what a build of the project as it is would make. A build that changes nothing would take the files
// of an app that runs from under it: `npm run cli` builds, too.
import fastGlob from 'fast-glob';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashOfFiles } from './hash-of-files.cjs';

/** What a build reads: the packages that are installed stand in a list of npm. */
const inputs = [
  '{controller,local,scripts,src}/**',
  '{host,package,package-lock,tsconfig}.json',
  'LICENSE',
  'node_modules/.package-lock.json',
];
const stampOf = (root) => join(root, 'node_modules/.cache/build.json');

const hashOf = async (root, patterns) => {
  const files = await fastGlob(patterns, { cwd: root, dot: true });
  return hashOfFiles([process.version], root, files.sort());
};

/** A hash of all that a build of a project reads. @param {string} root its folder */
export const inputsOf = (root) => hashOf(root, inputs);

/** Whether the last build of a project read what there is now, and what it made is as it was. */
export async function isBuilt(root) {
  const { read, made } = await stampIn(root);
  return read === (await inputsOf(root)) && made === (await hashOf(root, ['dist/**']));
}

/** What was kept in mind; nothing where there is none, or it was not written to its end. */
async function stampIn(root) {
  try {
    return JSON.parse(await readFile(stampOf(root), 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Keeps in mind that a project was built.
 * @param {string} read what it read, as it was before the build: what has changed since was not read for sure
 */
export async function noteBuilt(root, read) {
  await mkdir(dirname(stampOf(root)), { recursive: true });
  await writeFile(stampOf(root), JSON.stringify({ read, made: await hashOf(root, ['dist/**']) }));
}
