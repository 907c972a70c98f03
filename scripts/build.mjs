// Compiles src/ and local/ to dist/ (CommonJS, one file each), bundles the scripts of the pages and
// copies other files. Types are checked by `npm run typecheck`, not here, so that a demo starts at once.
import { build } from 'esbuild';
import fastGlob from 'fast-glob';
import { cp, rm } from 'node:fs/promises';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: await fastGlob(['src/**/*.ts', 'local/**/*.ts'], {
    ignore: ['src/web/{portal,officer,shared,viewer}/**'],
  }),
  outdir: 'dist',
  outbase: '.',
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  sourcemap: 'linked',
  logLevel: 'warning',
});
await build({
  entryPoints: {
    'portal/portal': 'src/web/portal/portal.ts',
    'portal/open': 'src/web/portal/open.ts',
    'officer/officer': 'src/web/officer/officer.ts',
    'viewer/viewer': 'src/web/viewer/viewer.ts',
    'viewer/check': 'src/web/viewer/check-page.ts',
  },
  outdir: 'dist/src/web',
  // The build that inflates with the browser's own streams: the pages' policies refuse WebAssembly.
  alias: { '@zip.js/zip.js': './node_modules/@zip.js/zip.js/index-native.js' },
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  logLevel: 'warning',
});
for (const asset of await fastGlob([
  'src/**/*.{html,css,svg}',
  'src/locales/*.json',
  'local/**/*.{html,css,mp3,raw}',
])) {
  await cp(asset, `dist/${asset}`);
}
