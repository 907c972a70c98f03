// Bundles the app's own code.
import { build } from 'esbuild';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { forNode, inputsOf } from './esbuild.mjs';
import { standIns } from './stand-ins.mjs';

/**
 * Bundles the app: `app.js`, which loads packages from the folder `packages` beside its own, and the
 * thread that hashes. It is not minified, so the stack of an error names functions. Its source map comes
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
    // A worker thread is started from a file.
    external: ['./hash-worker'],
    plugins: [
      standIns('../packages', (name, from) => isPackage(name, from) && Boolean(names.add(name))),
    ],
    sourcemap: 'linked',
    sourcesContent: false,
  });
  const worker = await build({
    ...forNode,
    absWorkingDir: root,
    entryPoints: { 'hash-worker': 'src/adapters/package/hash-worker.ts' },
    outfile: join(to, 'hash-worker.js'),
  });
  return {
    names: [...names].sort(),
    inputs: [...inputsOf(metafile), ...inputsOf(worker.metafile)],
  };
}
