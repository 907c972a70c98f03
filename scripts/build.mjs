// `npm run build`: compiles src/ and local/ to dist/ (CommonJS, one file each) for the tools on this machine,
// and stages what is deployed in dist/deploy. Types are checked by `npm run typecheck`, not here, so that a
// demo starts at once. What is built already is left as it is, but for `--anew` (`npm run package`).
import { build } from 'esbuild';
import fastGlob from 'fast-glob';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { inputsOf, isBuilt, noteBuilt } from './built.mjs';
import { stage } from './bundle/stage.mjs';

async function buildAll(root) {
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
  for (const asset of await fastGlob('local/**/*.{html,css,mp3,raw}'))
    await cp(asset, `dist/${asset}`);

  await stage({ root, to: 'dist/deploy' });
  // The tools read the same files of the app, and its version beside its folder.
  for (const folder of ['web', 'locales'])
    await cp(`dist/deploy/app/${folder}`, `dist/src/${folder}`, { recursive: true });
  const { name, version } = JSON.parse(await readFile('package.json', 'utf8'));
  await writeFile('dist/package.json', JSON.stringify({ name, version }));
}

const root = process.cwd();
if (process.argv.includes('--anew') || !(await isBuilt(root))) {
  const read = await inputsOf(root);
  await buildAll(root);
  await noteBuilt(root, read);
}
