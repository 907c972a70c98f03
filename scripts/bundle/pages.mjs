// Bundles the scripts of the pages: the portal, the page of officers, and those in a package.
import { build } from 'esbuild';
import { inputsOf } from './esbuild.mjs';

/**
 * @param root folder of the project
 * @param to folder of the pages
 * @returns paths of what was bundled, from the root
 */
export async function bundlePages({ root, to }) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      'portal/portal': 'src/web/portal/portal.ts',
      'portal/open': 'src/web/portal/open.ts',
      'officer/officer': 'src/web/officer/officer.ts',
      'viewer/viewer': 'src/web/viewer/viewer.ts',
      'viewer/check': 'src/web/viewer/check-page.ts',
    },
    outdir: to,
    // The build that inflates with the browser's own streams: the pages' policies refuse WebAssembly.
    alias: { '@zip.js/zip.js': './node_modules/@zip.js/zip.js/index-native.js' },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minify: true,
    preserveSymlinks: true,
    metafile: true,
    logLevel: 'warning',
  });
  return inputsOf(metafile);
}
