// Bundles the app's own code.
import { build } from 'esbuild';
import { isBuiltin } from 'node:module';
import { forNode, inputsOf } from './esbuild.mjs';
import { standIns } from './stand-ins.mjs';

/** Worker threads, each of which is started from a file of its own. */
const threads = ['hash-worker', 'key-worker'];

/**
 * Bundles the app: `app.js`, which loads packages from the folder `packages` beside its own, and the
 * threads that it starts. It is not minified, so the stack of an error names functions. Its source map comes
 * with it, without the sources, for `npm run where` (docs/decisions/0041-source-maps.md).
 * @param root folder of the project
 * @returns names of the packages that it imports, and paths of what was bundled, from the root
 */
export async function bundleApp({ root, to }) {
  const names = new Set();
  const isPackage = (name, { kind }) => kind !== 'entry-point' && !isBuiltin(name);
  const { metafile } = await build({
    ...forNode,
    absWorkingDir: root,
    entryPoints: { app: 'src/app.ts' },
    outdir: to,
    external: threads.map((name) => `./${name}`),
    plugins: [
      standIns('../packages', (name, from) => isPackage(name, from) && Boolean(names.add(name))),
    ],
    sourcemap: 'linked',
    sourcesContent: false,
  });
  const workers = await build({
    ...forNode,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      threads.map((name) => [name, `src/adapters/package/${name}.ts`]),
    ),
    outdir: to,
  });
  return {
    names: [...names].sort(),
    inputs: [...inputsOf(metafile), ...inputsOf(workers.metafile)],
  };
}
