// Bundles the scripts of the pages: the portal, the page of officers, and those in a package.
import { build } from 'esbuild';
import { inputsOf } from './esbuild.mjs';

/** Script and style of each page, by the path of what is deployed. */
const scripts = [
  { out: 'portal/portal', in: 'src/web/portal/portal.tsx' },
  { out: 'portal/request', in: 'src/web/portal/request.tsx' },
  { out: 'portal/puzzle', in: 'src/web/portal/puzzle.ts' },
  { out: 'portal/open', in: 'src/web/portal/open.tsx' },
  { out: 'officer/officer', in: 'src/web/officer/officer.tsx' },
  { out: 'viewer/viewer', in: 'src/web/viewer/viewer.tsx' },
  { out: 'viewer/check', in: 'src/web/viewer/check-page.tsx' },
];
/** Modules that a page loads when it needs them. */
const modules = [{ out: 'officer/officer-check', in: 'src/web/officer/package-checker.ts' }];
const styles = [
  { out: 'portal/portal', in: 'src/web/portal/portal.css' },
  { out: 'officer/officer', in: 'src/web/officer/officer.css' },
  { out: 'viewer/viewer', in: 'src/web/viewer/viewer.css' },
];

/**
 * @param root folder of the project
 * @param to folder of the pages
 * @returns paths of what was bundled, from the root
 */
export async function bundlePages({ root, to }) {
  const common = {
    absWorkingDir: root,
    outdir: to,
    // The build that inflates with the browser's own streams, because the pages' policies refuse WebAssembly,
    // and that brings no worker, because the pages start none.
    alias: { '@zip.js/zip.js': './node_modules/@zip.js/zip.js/lib/zip-core-native.js' },
    bundle: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    target: 'es2022',
    minify: true,
    preserveSymlinks: true,
    metafile: true,
    logLevel: 'warning',
  };
  const built = await Promise.all([
    build({ ...common, entryPoints: [...scripts, ...styles], format: 'iife' }),
    build({ ...common, entryPoints: modules, format: 'esm' }),
  ]);
  return [...new Set(built.flatMap(({ metafile }) => inputsOf(metafile)))].sort();
}
