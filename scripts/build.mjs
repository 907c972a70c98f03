// Compiles src/ and local/ to dist/ (CommonJS, a file each), bundles the portal's page script and
// copies what is not code. Types are checked by `npm run typecheck`, not here, so that a demo
// starts at once.
import { build } from 'esbuild';
import fastGlob from 'fast-glob';
import { cp, rm } from 'node:fs/promises';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: await fastGlob(['src/**/*.ts', 'local/**/*.ts'], {
    ignore: ['src/portal/browser/**'],
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
  entryPoints: ['src/portal/browser/portal.ts'],
  outfile: 'dist/src/portal/portal.js',
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  logLevel: 'warning',
});
for (const asset of await fastGlob(['src/**/*.{html,css}', 'local/**/*.{html,css,mp3,raw}'])) {
  await cp(asset, `dist/${asset}`);
}
