// What is bundled in the place of a package: code that loads it from the file of its group.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { groupOf, isDeferred } from './groups.mjs';

const deferredFile = fileURLToPath(new URL('deferred.cjs', import.meta.url));
const deferred = 'deferred';

/** Code that loads a package from a folder of groups, at once or when it is first used. */
function loader(name, folder) {
  const load = `require('${folder}/${groupOf(name)}.js')['${name}']()`;
  return isDeferred(name)
    ? `module.exports = require('${deferred}')(() => ${load});`
    : `module.exports = ${load};`;
}

/**
 * A plugin of esbuild that bundles a stand-in where a package is imported.
 * @param folder folder of the groups, seen from the bundle
 * @param isFor whether it does so for a module, given its name and how esbuild was led there
 */
export const standIns = (folder, isFor) => ({
  name: 'stand-ins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path, namespace, kind }) =>
      namespace !== 'stand-in' && isFor(path, { namespace, kind })
        ? { path, namespace: 'stand-in' }
        : undefined,
    );
    onResolve({ filter: /.*/, namespace: 'stand-in' }, ({ path }) =>
      path === deferred ? { path, namespace: deferred } : { path, external: true },
    );
    onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({
      contents: loader(path, folder),
    }));
    onLoad({ filter: /.*/, namespace: deferred }, async () => ({
      contents: await readFile(deferredFile, 'utf8'),
    }));
  },
});
