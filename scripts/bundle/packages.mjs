// Bundles the packages that the app imports into the files of `packages/`.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forNode, inputsOf } from './esbuild.mjs';
import { deferredInside, groupOf } from './groups.mjs';
import { standIns } from './stand-ins.mjs';

const inputsFile = 'inputs.json';

/** A group's file gives each of its packages by name, evaluated when it is asked for. */
const groupModule = (names) =>
  `module.exports = {${names.map((name) => `'${name}': () => require('${name}')`).join(',')}};`;

/** zod has its messages in forty languages. The English ones are enough: nobody but us reads them. */
const englishOnly = `exports.en = require('./en.cjs').default;`;

const groupFiles = (root, groups) => ({
  name: 'group-files',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^group:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'group' }));
    onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
      contents: groupModule(groups.get(path)),
      resolveDir: root,
    }));
    onLoad({ filter: /\/zod\/v4\/locales\/index\.cjs$/ }, () => ({ contents: englishOnly }));
  },
});

/** Names of packages by group, in order. */
function groupsOf(names) {
  const groups = new Map();
  for (const name of [...new Set([...names, ...deferredInside])].sort())
    groups.set(groupOf(name), [...(groups.get(groupOf(name)) ?? []), name]);
  return groups;
}

async function bundle({ root, names, to }) {
  const groups = groupsOf(names);
  const { metafile } = await build({
    ...forNode,
    absWorkingDir: root,
    entryPoints: Object.fromEntries([...groups.keys()].map((group) => [group, `group:${group}`])),
    outdir: to,
    // The worker of the Functions host provides the first. `debug` does without the second, which only tools
    // for development bring.
    external: ['@azure/functions-core', 'supports-color'],
    plugins: [
      standIns('.', (name, { namespace }) => namespace === 'file' && deferredInside.includes(name)),
      groupFiles(root, groups),
    ],
    minifyWhitespace: true,
    minifySyntax: true,
    // The licences of all packages are in a file of their own.
    legalComments: 'none',
  });
  return inputsOf(metafile);
}

/** Changes when anything changes that the files are made of. */
async function keyOf(root, names) {
  const hash = createHash('sha256').update(JSON.stringify([...names].sort()));
  hash.update(await readFile(join(root, 'node_modules/.package-lock.json')));
  for (const file of (await readdir(import.meta.dirname)).sort())
    hash.update(await readFile(join(import.meta.dirname, file)));
  return hash.digest('hex');
}

/**
 * Bundles packages. That takes seconds and changes only with the packages, so the result is kept.
 * @param names packages that the app imports
 * @param isKept whether a result that was kept before is taken
 * @returns paths of what was bundled, from the root
 */
export async function bundlePackages({ root, names, to, isKept }) {
  if (!isKept) return bundle({ root, names, to });
  const cache = join(root, 'node_modules/.cache/packages');
  const kept = join(cache, await keyOf(root, names));
  if (!existsSync(kept)) {
    const fresh = join(cache, `fresh-${process.pid}`);
    const inputs = await bundle({ root, names, to: fresh });
    await writeFile(join(fresh, inputsFile), JSON.stringify(inputs));
    for (const old of await readdir(cache))
      if (!old.startsWith('fresh-')) await rm(join(cache, old), { recursive: true });
    await rename(fresh, kept);
  }
  await cp(kept, to, { recursive: true, filter: (path) => !path.endsWith(inputsFile) });
  return JSON.parse(await readFile(join(kept, inputsFile), 'utf8'));
}
